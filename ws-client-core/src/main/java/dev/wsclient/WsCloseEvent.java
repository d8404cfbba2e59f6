package dev.wsclient;

import org.jspecify.annotations.Nullable;

/**
 * How a session ended.
 *
 * @param status the code and reason: the server's if it sent a Close frame first,
 * otherwise ours; {@link CloseStatus#ABNORMAL 1006} when the connection broke without a
 * Close frame
 * @param initiator who ended the session
 * @param clean whether both sides sent a Close frame (RFC 6455, section 7.1.4)
 * @param cause the error that ended the session, or {@code null}
 * @param willReconnect whether another attempt follows
 * @since 0.1.0
 */
public record WsCloseEvent(CloseStatus status, Initiator initiator, boolean clean, @Nullable Throwable cause,
		boolean willReconnect) {

	/**
	 * Who ended a session.
	 */
	public enum Initiator {

		/**
		 * This client: its Close frame came first, or it aborted.
		 */
		CLIENT,

		/**
		 * The server: its Close frame came first.
		 */
		SERVER,

		/**
		 * Nobody said Close: the network or a vanished peer.
		 */
		NETWORK

	}

}
