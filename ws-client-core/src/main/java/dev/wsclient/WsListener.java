package dev.wsclient;

import java.nio.ByteBuffer;
import java.time.Duration;

/**
 * Hears what happens to one connection. Every method has a default that does nothing (but
 * {@link #onMessage}, which calls {@link #onText} or {@link #onBinary}).
 * <p>
 * The story of a connection:
 * <ol>
 * <li>Each attempt may reach {@link #onConnect} (TCP and TLS are up) and then
 * {@link #onOpen} (the opening handshake succeeded, a session begins). An attempt that
 * fails ends in {@link #onError}.
 * <li>A session sees any number of {@link #onMessage}, {@link #onPing}, {@link #onPong}
 * calls and ends in exactly one {@link #onClose}, after {@link #onError} if an error
 * ended it.
 * <li>When another attempt follows, {@link #onReconnecting} tells its number and delay.
 * </ol>
 * <p>
 * Calls come one at a time and in order: on the connection's event loop, where they must
 * not block, or on the executor given by the connection's options. No lock is held during
 * a call. An exception thrown by a method is logged and passed to {@link #onError}; it
 * never ends the connection. A listener that hands messages over to other threads keeps
 * the bounds by {@link WsMessage#retain()}; one that wants no call before it is done with
 * something else uses {@link WsConnection#holdCalls()}.
 *
 * @since 0.1.0
 */
public interface WsListener {

	/**
	 * TCP (and TLS) is up; the opening handshake begins.
	 * @param connection the connection
	 */
	default void onConnect(WsConnection connection) {
	}

	/**
	 * The opening handshake succeeded and a session began. The default passes this to
	 * {@link #onOpen(WsConnection, WsHandshakeResponse)}. On an executor the call may
	 * come when the session is over; what is sent by the session then is dropped, while
	 * the connection would send it in another one.
	 * @param connection the connection
	 * @param session the session that opened
	 * @param response the server's answer
	 */
	default void onOpen(WsConnection connection, WsSession session, WsHandshakeResponse response) {
		onOpen(connection, response);
	}

	/**
	 * The opening handshake succeeded and a session began. Messages that were sent
	 * earlier and still wait go out before those sent during this call.
	 * @param connection the connection
	 * @param response the server's answer
	 */
	default void onOpen(WsConnection connection, WsHandshakeResponse response) {
	}

	/**
	 * A message arrived. The default passes it to {@link #onText} or {@link #onBinary}.
	 * @param connection the connection
	 * @param message the message, valid during this call
	 */
	default void onMessage(WsConnection connection, WsMessage message) {
		if (message.isText()) {
			onText(connection, message.text());
		}
		else {
			onBinary(connection, message.payload());
		}
	}

	/**
	 * A text message arrived.
	 * @param connection the connection
	 * @param text the text
	 */
	default void onText(WsConnection connection, String text) {
	}

	/**
	 * A binary message arrived.
	 * @param connection the connection
	 * @param payload the payload, read-only, valid during this call
	 */
	default void onBinary(WsConnection connection, ByteBuffer payload) {
	}

	/**
	 * A piece of a message arrived, in place of {@link #onMessage}, if the connection
	 * streams ({@link dev.wsclient.options.WsOptions.Builder#streaming}).
	 * @param connection the connection
	 * @param fragment the piece, its payload valid during this call
	 */
	default void onFragment(WsConnection connection, WsFragment fragment) {
	}

	/**
	 * A ping arrived; the pong is sent without this method's help.
	 * @param connection the connection
	 * @param payload the payload, at most 125 bytes, read-only, valid during this call
	 */
	default void onPing(WsConnection connection, ByteBuffer payload) {
	}

	/**
	 * A pong arrived, also one that answers the keep-alive.
	 * @param connection the connection
	 * @param payload the payload, at most 125 bytes, read-only, valid during this call
	 */
	default void onPong(WsConnection connection, ByteBuffer payload) {
	}

	/**
	 * Something failed: an attempt, the session, or a method of this listener.
	 * @param connection the connection
	 * @param error a {@link dev.wsclient.exception.WsException}, or what a method of this
	 * listener threw
	 */
	default void onError(WsConnection connection, Throwable error) {
	}

	/**
	 * The session ended; called exactly once for each {@link #onOpen}.
	 * @param connection the connection
	 * @param event how it ended
	 */
	default void onClose(WsConnection connection, WsCloseEvent event) {
	}

	/**
	 * Another attempt is scheduled.
	 * @param connection the connection
	 * @param attempt the number of the coming attempt, counted from 1 since the
	 * connection was last stable
	 * @param delay how long the connection waits before it
	 */
	default void onReconnecting(WsConnection connection, int attempt, Duration delay) {
	}

	/**
	 * The state changed.
	 * @param connection the connection
	 * @param change the old and the new state
	 */
	default void onStateChange(WsConnection connection, WsStateChange change) {
	}

	/**
	 * A send was refused because the send buffer is full; called once until
	 * {@link #onBufferDrain}.
	 * @param connection the connection
	 */
	default void onBufferFull(WsConnection connection) {
	}

	/**
	 * The send buffer, full before, fell to half of its size.
	 * @param connection the connection
	 */
	default void onBufferDrain(WsConnection connection) {
	}

}
