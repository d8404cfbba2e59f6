package dev.wsclient;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

/**
 * A long-lived, named connection to a WebSocket server. It survives its <em>sessions</em>
 * (the physical WebSockets): when one breaks, the next is opened by the reconnect policy,
 * and listener, attributes and this object stay the same.
 * <p>
 * All methods may be called from any thread, at any time, in any state; none blocks.
 * Methods that finish later return a stage; its dependents run on the connection's event
 * loop unless they are given an executor. Waiting for a stage on an event loop throws an
 * {@link IllegalStateException} instead of hanging.
 *
 * @since 0.1.0
 */
public interface WsConnection {

	/**
	 * Returns the name that logs, errors and meters carry.
	 * @return the name
	 */
	String name();

	/**
	 * Returns the server's URI without its query, which may hold secrets.
	 * @return the redacted URI
	 */
	String uri();

	/**
	 * Returns the state at this moment.
	 * @return the state
	 */
	WsState state();

	/**
	 * Whether the state is {@link WsState#OPEN}.
	 * @return {@code true} if a session is open
	 */
	default boolean isOpen() {
		return state() == WsState.OPEN;
	}

	/**
	 * Returns a stage that completes when the connection is open: at once if it is,
	 * otherwise at the next success. It fails when the connection becomes
	 * {@link WsState#CLOSED}; failed attempts that will be retried don't fail it.
	 * @return the stage; it fails with a {@link dev.wsclient.exception.WsException}
	 */
	CompletionStage<WsConnection> whenOpen();

	/**
	 * Starts to connect if the state is {@link WsState#IDLE}, {@link WsState#CLOSED} or
	 * {@link WsState#BACKOFF} (then without further waiting). Otherwise does nothing;
	 * during {@link WsState#CLOSING} it makes the connection come back after the close.
	 * Does nothing either when the client is {@link WsClient#suspend suspended}, closing
	 * or closed.
	 */
	void connect();

	/**
	 * Ends the session, if there is one, and opens the next after a delay. Does nothing
	 * when the client is {@link WsClient#suspend suspended}, closing or closed, so that a
	 * listener may call it in {@link WsListener#onClose} whatever ended the session.
	 * @param delay how long to wait, zero to 365 days
	 * @throws IllegalArgumentException if the delay is negative or longer
	 */
	void reconnect(Duration delay);

	/**
	 * Gives up the next attempt: a connection in {@link WsState#BACKOFF} becomes
	 * {@link WsState#CLOSED}, and in {@link WsState#CLOSING} the session that closes is
	 * the last, also if {@link #reconnect} closes it. Otherwise does nothing.
	 */
	void cancelReconnect();

	/**
	 * Sends a text message.
	 * @param text the text; unpaired surrogates are sent as {@code ?}
	 * @return a stage that completes when all bytes were written to the socket, or fails
	 * with a {@link dev.wsclient.exception.WsSendException} that says what became of the
	 * message
	 */
	CompletionStage<Void> send(String text);

	/**
	 * Sends a binary message.
	 * @param payload the payload, from position to limit; it must not be changed until
	 * the stage completes, and its position stays as it is
	 * @return a stage as that of {@link #send(String)}
	 */
	CompletionStage<Void> send(ByteBuffer payload);

	/**
	 * Sends a binary message.
	 * @param payload the payload; it must not be changed until the stage completes
	 * @return a stage as that of {@link #send(String)}
	 */
	default CompletionStage<Void> send(byte[] payload) {
		return send(ByteBuffer.wrap(payload));
	}

	/**
	 * Sends a text message that is not compressed, whatever was agreed on with the
	 * server: for text that holds a secret beside something an attacker may choose, as
	 * the size of the compressed message would tell about the secret. Otherwise as
	 * {@link #send(String)}, which an implementation without compression calls.
	 * @param text the text
	 * @return a stage as that of {@link #send(String)}
	 */
	default CompletionStage<Void> sendUncompressed(String text) {
		return send(text);
	}

	/**
	 * Sends a binary message that is not compressed: for a payload that is compressed
	 * already, such as an image, or that holds a secret as with
	 * {@link #sendUncompressed(String)}. Otherwise as {@link #send(ByteBuffer)}, which an
	 * implementation without compression calls.
	 * @param payload the payload, from position to limit; it must not be changed until
	 * the stage completes, and its position stays as it is
	 * @return a stage as that of {@link #send(String)}
	 */
	default CompletionStage<Void> sendUncompressed(ByteBuffer payload) {
		return send(payload);
	}

	/**
	 * Sends a large message in fragments (RFC 6455, section 5.4), which are never all in
	 * memory: each is requested from the publisher when the socket took the one before.
	 * The message takes its turn among the others; those behind it wait until it is
	 * complete, while pings, pongs and a Close frame go between its fragments. It is not
	 * compressed, and not sent again in another session. A publisher that fails when
	 * fragments were sent ends the session, as a message can't be taken back.
	 * @param type the type of the message; the fragments of a text must be UTF-8
	 * together, not each
	 * @param fragments gives the payload, each buffer from position to limit; subscribed
	 * to once, on the connection's event loop, when the message's turn has come
	 * @return a stage as that of {@link #send(String)}
	 */
	CompletionStage<Void> send(WsMessage.Type type, Flow.Publisher<ByteBuffer> fragments);

	/**
	 * Sends a ping (RFC 6455, section 5.5.2), in order with the messages, or between the
	 * fragments of one that is streamed.
	 * @param payload the payload, at most 125 bytes
	 * @return a stage as that of {@link #send(String)}; without an open session it fails
	 * as not accepted; one that still waits when its session ends is dropped
	 * @throws IllegalArgumentException if the payload is longer than 125 bytes
	 */
	CompletionStage<Void> ping(ByteBuffer payload);

	/**
	 * Sends a pong (RFC 6455, section 5.5.3), in order as a ping.
	 * @param payload the payload, at most 125 bytes
	 * @return a stage as that of {@link #ping(ByteBuffer)}
	 * @throws IllegalArgumentException if the payload is longer than 125 bytes
	 */
	CompletionStage<Void> pong(ByteBuffer payload);

	/**
	 * Closes with {@link CloseStatus#NORMAL}; see {@link #close(CloseStatus)}.
	 * @return a stage that completes when the connection is closed
	 */
	default CompletionStage<Void> close() {
		return close(CloseStatus.NORMAL);
	}

	/**
	 * Closes for good: messages accepted before are written first, then the closing
	 * handshake runs, bounded by the close timeout, and no reconnect follows. Does
	 * nothing if the connection is closed.
	 * @param status the code and reason for the server
	 * @return a stage that completes when the connection is {@link WsState#CLOSED}, or a
	 * later {@link #connect()} brought it back, and the listener has heard of it or its
	 * executor refused to call it for five seconds; it never fails
	 * @throws IllegalArgumentException if the code may not be sent (RFC 6455, section
	 * 7.4)
	 */
	CompletionStage<Void> close(CloseStatus status);

	/**
	 * Closes for good with another reason; see {@link #close(CloseStatus)}.
	 * @param status the code for the server
	 * @param reason the reason for the server, at most 123 bytes as UTF-8
	 * @return a stage that completes when the connection is closed
	 * @throws IllegalArgumentException if the code may not be sent or the reason is too
	 * long
	 */
	default CompletionStage<Void> close(CloseStatus status, String reason) {
		return close(status.withReason(reason));
	}

	/**
	 * Sends a last text message and closes with {@link CloseStatus#NORMAL} behind it.
	 * @param text the text
	 * @return a stage that completes when the message was written and the connection is
	 * closed, or fails with a {@link dev.wsclient.exception.WsSendException} that says
	 * what became of the message
	 */
	default CompletionStage<Void> closeAfter(String text) {
		return send(text).runAfterBoth(close(), () -> {
		});
	}

	/**
	 * Sends a last binary message and closes with {@link CloseStatus#NORMAL} behind it.
	 * @param payload the payload, as in {@link #send(ByteBuffer)}
	 * @return a stage as that of {@link #closeAfter(String)}
	 */
	default CompletionStage<Void> closeAfter(ByteBuffer payload) {
		return send(payload).runAfterBoth(close(), () -> {
		});
	}

	/**
	 * Ends the connection for good without a closing handshake. Messages that wait to be
	 * sent are reported as dropped; messages that were not delivered yet because of a
	 * pause are given up.
	 */
	void abort();

	/**
	 * Stops reading from the socket, so that the server feels back-pressure, and stops
	 * delivering what was read. Called on the event loop, as by a listener without an
	 * executor, it takes effect at once: the message under way is the last until
	 * {@link #resume()}. Called elsewhere, some more may be delivered meanwhile, and
	 * calls that wait for an executor are still made, at most
	 * {@linkplain dev.wsclient.options.WsOptions#executorBacklog() its backlog};
	 * {@link #holdCalls()} holds those back too. What was read before a session ended is
	 * delivered before {@link WsListener#onClose}, unless {@link #abort()} ends it. While
	 * paused no pong can arrive, so the pong deadline rests; pings still go out, and a
	 * server that is gone is found when the system can't deliver them. One that closed in
	 * order is noticed on {@link #resume()}. The pause lasts over sessions.
	 */
	void pause();

	/**
	 * Reads on after {@link #pause()}: what was read already comes first.
	 */
	void resume();

	/**
	 * Holds the listener's calls back, for a listener that goes on after its call
	 * returned and wants to finish before it hears more. What happens meanwhile waits in
	 * order, in the backlog that stops reading when it is full; a stage of
	 * {@link #close()} waits behind it. A call that is under way goes on, so within a
	 * call the next one is held back for sure. Whoever holds calls back must release
	 * them, or the listener hears nothing any more.
	 * @return lets the calls go on when this and all other holds are released
	 */
	Hold holdCalls();

	/**
	 * Returns the messages that arrive, for subscribers besides the listener. The socket
	 * is read as long as every subscriber has demand, so one that stops asking holds up
	 * all. A subscriber gets the messages from its subscription on, over all sessions;
	 * then, when the connection becomes {@link WsState#CLOSED}, {@code onComplete}, or
	 * {@code onError} if an error closed it; {@code onComplete} at once if it is closed
	 * already. It is called on the connection's event loop and must not block. Messages
	 * are copies that stay valid.
	 * @return a publisher for any number of subscribers
	 * @throws IllegalStateException if the connection streams its messages in pieces
	 */
	Flow.Publisher<WsMessage> messages();

	/**
	 * Sends each message that arrives from now on to another connection, and reads only
	 * as fast as that one takes them.
	 * @param target where the messages go
	 * @return a stage that completes when this connection is {@link WsState#CLOSED} and
	 * all messages were written, or fails with the first error: that of a message the
	 * target did not send, a {@link dev.wsclient.exception.WsSendException}, which ends
	 * the pipe, or the one that closed this connection
	 * @throws IllegalStateException as {@link #messages()}
	 */
	CompletionStage<Void> pipeTo(WsConnection target);

	/**
	 * Runs a task on this connection's event loop after a delay, once and whatever the
	 * state is then. Without an executor the listener is called on the same thread, so
	 * that both may share what no other thread uses. The task must not block; what it
	 * throws goes to {@link WsListener#onError}. It does not run if the client is closed
	 * before its time comes, or already is.
	 * @param task the task
	 * @param delay how long to wait, zero to 365 days
	 * @return takes the task back
	 * @throws IllegalArgumentException if the delay is negative or longer
	 */
	Timer schedule(Runnable task, Duration delay);

	/**
	 * Returns a map for the user's own data; it lives as long as the connection.
	 * @return a mutable map that is safe for use by several threads
	 */
	Map<String, Object> attributes();

	/**
	 * Returns the figures of this moment.
	 * @return a snapshot without secrets
	 */
	WsSnapshot snapshot();

	/**
	 * A task that waits for its time.
	 */
	@FunctionalInterface
	interface Timer {

		/**
		 * Takes the task back: if it does not run yet, it will not. Any thread may call
		 * this at any time.
		 */
		void cancel();

	}

	/**
	 * Holds the listener's calls back.
	 */
	@FunctionalInterface
	interface Hold {

		/**
		 * Lets the calls go on, unless there is another hold. Any thread may call this;
		 * only the first call counts.
		 */
		void release();

	}

}
