package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;

/**
 * What a handler method is called for. Besides the connection only that is set which
 * belongs to the annotation.
 *
 * @since 0.1.0
 * @see WsArgumentResolver
 */
public final class WsHandlerEvent {

	private final WsConnection connection;

	private final @Nullable WsSession session;

	private final @Nullable WsHandshakeResponse handshakeResponse;

	private final @Nullable WsMessage message;

	/** What belongs to the annotation, other than a message. */
	private final @Nullable Object detail;

	/** The message as JSON and as payload, if they are looked at before the handlers. */
	private @Nullable MessageContent content;

	/** Kept for what handlers of this event began; most often nothing. */
	private @Nullable Place place;

	private WsHandlerEvent(WsConnection connection, @Nullable WsSession session,
			@Nullable WsHandshakeResponse handshakeResponse, @Nullable WsMessage message, @Nullable Object detail) {
		this.connection = connection;
		this.session = session;
		this.handshakeResponse = handshakeResponse;
		this.message = message;
		this.detail = detail;
	}

	static WsHandlerEvent plain(WsConnection connection) {
		return new WsHandlerEvent(connection, null, null, null, null);
	}

	static WsHandlerEvent message(WsConnection connection, @Nullable WsHandshakeResponse response, WsMessage message) {
		return new WsHandlerEvent(connection, message.session(), response, message, null);
	}

	static WsHandlerEvent open(WsConnection connection, WsSession session, WsHandshakeResponse response) {
		return new WsHandlerEvent(connection, session, response, null, null);
	}

	static WsHandlerEvent close(WsConnection connection, @Nullable WsSession session,
			@Nullable WsHandshakeResponse response, WsCloseEvent event) {
		return new WsHandlerEvent(connection, session, response, null, event);
	}

	static WsHandlerEvent error(WsConnection connection, Throwable error) {
		return new WsHandlerEvent(connection, null, null, null, error);
	}

	static WsHandlerEvent control(WsConnection connection, @Nullable WsSession session,
			@Nullable WsHandshakeResponse response, ByteBuffer payload) {
		return new WsHandlerEvent(connection, session, response, null, payload);
	}

	static WsHandlerEvent reconnecting(WsConnection connection, int attempt, Duration delay) {
		return new WsHandlerEvent(connection, null, null, null, new Reconnecting(attempt, delay));
	}

	/**
	 * Returns the connection.
	 * @return the connection
	 */
	public WsConnection connection() {
		return this.connection;
	}

	/**
	 * Returns the session that it happened in, which may be over: what is sent by it goes
	 * out in no other. For {@link OnWsOpen}, {@link OnWsMessage}, {@link OnWsClose},
	 * {@link OnWsPing} and {@link OnWsPong}; that of a batch is that of its messages.
	 * @return the session, or {@code null} for another annotation
	 */
	public @Nullable WsSession session() {
		return this.session;
	}

	/**
	 * Returns the message for {@link OnWsMessage}.
	 * @return the message, valid during the call, or {@code null} for another annotation
	 * and for a batch
	 */
	public @Nullable WsMessage message() {
		return this.message;
	}

	/**
	 * Returns the payloads of the messages for {@link OnWsMessage} with a
	 * {@link OnWsMessage#batchSize() batchSize}, converted as the method declares them.
	 * @return the payloads in order, unmodifiable, or {@code null} without a batch
	 */
	public @Nullable List<@Nullable Object> batch() {
		return (this.detail instanceof Batched batched) ? batched.payloads() : null;
	}

	/**
	 * Returns the payloads for one call of the method. Reading a buffer moves its
	 * position, so each call gets views of its own.
	 */
	List<@Nullable Object> batchViews() {
		List<@Nullable Object> views = new ArrayList<@Nullable Object>(Objects.requireNonNull(batch()));
		views.replaceAll((payload) -> (payload instanceof ByteBuffer buffer) ? buffer.asReadOnlyBuffer() : payload);
		return Collections.unmodifiableList(views);
	}

	/**
	 * Returns the server's answer that opened the session, for {@link OnWsOpen},
	 * {@link OnWsMessage}, {@link OnWsClose}, {@link OnWsPing} and {@link OnWsPong}.
	 * @return the answer, or {@code null} for another annotation
	 */
	public @Nullable WsHandshakeResponse handshakeResponse() {
		return this.handshakeResponse;
	}

	/**
	 * Returns how the session ended, for {@link OnWsClose}.
	 * @return the event, or {@code null} for another annotation
	 */
	public @Nullable WsCloseEvent closeEvent() {
		return (this.detail instanceof WsCloseEvent event) ? event : null;
	}

	/**
	 * Returns what failed, for {@link OnWsError}.
	 * @return the error, or {@code null} for another annotation
	 */
	public @Nullable Throwable error() {
		return (this.detail instanceof Throwable error) ? error : null;
	}

	/**
	 * Returns the payload for {@link OnWsPing} and {@link OnWsPong}.
	 * @return the payload, read-only, valid during the call, or {@code null} for another
	 * annotation
	 */
	public @Nullable ByteBuffer controlPayload() {
		return (this.detail instanceof ByteBuffer payload) ? payload : null;
	}

	/**
	 * Returns the number of the coming attempt for {@link OnWsReconnecting}.
	 * @return the number, or {@code null} for another annotation
	 */
	public @Nullable Integer attempt() {
		return (this.detail instanceof Reconnecting reconnecting) ? reconnecting.attempt() : null;
	}

	/**
	 * Returns how long it is until the coming attempt, for {@link OnWsReconnecting}.
	 * @return the delay, or {@code null} for another annotation
	 */
	public @Nullable Duration delay() {
		return (this.detail instanceof Reconnecting reconnecting) ? reconnecting.delay() : null;
	}

	/**
	 * Returns what was found out about the message, shared by all its handlers.
	 * @return the content of the message
	 */
	MessageContent content() {
		if (this.content == null) {
			this.content = new MessageContent(Objects.requireNonNull(this.message));
		}
		return this.content;
	}

	/**
	 * Returns this event with the message as it is kept, and with what was found out
	 * about it.
	 * @param message the same message
	 * @return the event
	 */
	WsHandlerEvent withMessage(WsMessage message) {
		WsHandlerEvent event = new WsHandlerEvent(this.connection, this.session, this.handshakeResponse, message,
				this.detail);
		event.content = (this.content != null) ? this.content.withMessage(message) : null;
		return event;
	}

	/**
	 * Returns the event of a batch that begins with this event's message.
	 * @param payloads those of all its messages that could be converted
	 * @param messages all its messages
	 * @return the event
	 */
	WsHandlerEvent withBatch(List<@Nullable Object> payloads, List<WsMessage> messages) {
		return new WsHandlerEvent(this.connection, this.session, this.handshakeResponse, null,
				new Batched(Collections.unmodifiableList(payloads), messages));
	}

	/**
	 * Keeps the places of the event's messages in the backlog, for work that goes on
	 * after the call. During the call only.
	 * @return the place, to be released, or {@code null} if there is no message
	 */
	@Nullable Place keepPlace() {
		if (this.place != null && this.place.keep()) {
			return this.place;
		}
		List<WsMessage> messages = (this.detail instanceof Batched batched) ? batched.messages()
				: (this.message != null) ? List.of(this.message) : List.of();
		this.place = messages.isEmpty() ? null : new Place(messages.stream().map(WsMessage::retain).toList());
		return this.place;
	}

	/**
	 * Names the connection only: a message may hold secrets.
	 */
	@Override
	public String toString() {
		return "WsHandlerEvent[connection=" + this.connection.name() + "]";
	}

	/**
	 * What several messages stand for.
	 *
	 * @param payloads the payloads of the messages
	 * @param messages the messages
	 */
	private record Batched(List<@Nullable Object> payloads, List<WsMessage> messages) {

	}

	/**
	 * The coming attempt.
	 *
	 * @param attempt its number
	 * @param delay how long it is until then
	 */
	private record Reconnecting(int attempt, Duration delay) {

	}

}
