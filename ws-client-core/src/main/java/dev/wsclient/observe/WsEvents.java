package dev.wsclient.observe;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsStateChange;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsSendException;

/**
 * Watches connections for metrics and tracing. One object may watch many connections.
 * <p>
 * Methods are called on the event loop of the connection, except
 * {@link #messageNotAccepted} and {@link #messageFailed}, which may be called by a
 * sender's thread, and {@link #callbackFinished}, which is called where the listener is.
 * They must be quick and must not block. An exception they throw is logged and changes
 * nothing.
 *
 * @since 0.1.0
 */
public interface WsEvents {

	/**
	 * Watches nothing.
	 */
	WsEvents NONE = new WsEvents() {
	};

	/**
	 * The state changed.
	 * @param connection the connection
	 * @param change the old and the new state
	 */
	default void stateChanged(WsConnection connection, WsStateChange change) {
	}

	/**
	 * An attempt to connect began. It ends in {@link #connectSucceeded} or
	 * {@link #connectFailed}, unless the user gives it up.
	 * @param connection the connection
	 * @param attempt how many attempts the connection made before without becoming
	 * stable, so 0 for the first
	 */
	default void connectStarted(WsConnection connection, int attempt) {
	}

	/**
	 * An opening handshake of the attempt is about to be made. Called for each request of
	 * an attempt, but not when a redirect leads to another origin, which a trace is not
	 * meant for.
	 * @param connection the connection
	 * @return header fields to add, such as those that carry a trace, in place of any of
	 * the same names; empty for none
	 */
	default Map<String, String> handshakeHeaders(WsConnection connection) {
		return Map.of();
	}

	/**
	 * An attempt succeeded and a session is open.
	 * @param connection the connection
	 * @param connectTime from the start of the attempt until TCP and TLS were up
	 * @param handshakeTime from then until the session was open
	 */
	default void connectSucceeded(WsConnection connection, Duration connectTime, Duration handshakeTime) {
	}

	/**
	 * An attempt failed.
	 * @param connection the connection
	 * @param error why
	 * @param time from the start of the attempt
	 */
	default void connectFailed(WsConnection connection, WsException error, Duration time) {
	}

	/**
	 * Another attempt was scheduled.
	 * @param connection the connection
	 * @param attempt its number since the connection was last stable, from 1
	 * @param delay how long the connection waits
	 * @param cause why the attempt or session before it ended, or {@code null} if the
	 * user asked for it
	 */
	default void reconnectScheduled(WsConnection connection, int attempt, Duration delay, @Nullable Throwable cause) {
	}

	/**
	 * A message arrived.
	 * @param connection the connection
	 * @param type its type
	 * @param size its payload's size in bytes
	 */
	default void messageReceived(WsConnection connection, WsMessage.Type type, int size) {
	}

	/**
	 * A message was written to the socket.
	 * @param connection the connection
	 * @param type its type
	 * @param size its payload's size in bytes
	 */
	default void messageSent(WsConnection connection, WsMessage.Type type, int size) {
	}

	/**
	 * A message was refused by {@code send}.
	 * @param connection the connection
	 * @param type its type
	 * @param size its payload's size in bytes
	 */
	default void messageNotAccepted(WsConnection connection, WsMessage.Type type, int size) {
	}

	/**
	 * An accepted message was not written, or not known to be written wholly.
	 * @param connection the connection
	 * @param type its type
	 * @param size its payload's size in bytes
	 * @param outcome what became of it
	 */
	default void messageFailed(WsConnection connection, WsMessage.Type type, int size,
			WsSendException.Outcome outcome) {
	}

	/**
	 * The answer to a keep-alive ping arrived.
	 * @param connection the connection
	 * @param time from the ping to its pong
	 */
	default void pingRoundTrip(WsConnection connection, Duration time) {
	}

	/**
	 * A session ended.
	 * @param connection the connection
	 * @param event how
	 */
	default void sessionClosed(WsConnection connection, WsCloseEvent event) {
	}

	/**
	 * Whether {@link #callbackFinished} is to be called, which takes two readings of the
	 * clock for each call of the listener. Asked once, when the connection is made.
	 * @return {@code true} by default
	 */
	default boolean timesCallbacks() {
		return true;
	}

	/**
	 * A method of the listener returned or threw. Not called if {@link #timesCallbacks()}
	 * is {@code false}.
	 * @param connection the connection
	 * @param callback the name of the method, such as {@code onMessage}
	 * @param nanos how long it ran, in nanoseconds
	 * @param thrown what it threw, or {@code null}
	 */
	default void callbackFinished(WsConnection connection, String callback, long nanos, @Nullable Throwable thrown) {
	}

}
