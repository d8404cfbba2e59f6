package dev.wsclient.spring;

import java.lang.annotation.Annotation;
import java.util.Set;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsHandshakeResponse;

/**
 * What a handler method is called for.
 */
enum HandlerKind {

	/**
	 * TCP and TLS are up.
	 */
	CONNECT(OnWsConnect.class, false, "WsConnection"),

	/**
	 * A session opened.
	 */
	OPEN(OnWsOpen.class, true, "WsConnection, WsHandshakeResponse"),

	/**
	 * A message arrived.
	 */
	MESSAGE(OnWsMessage.class, true, "String, byte[], ByteBuffer, WsMessage, WsConnection"),

	/**
	 * A session ended.
	 */
	CLOSE(OnWsClose.class, false, "WsConnection, WsCloseEvent, CloseStatus"),

	/**
	 * Something failed.
	 */
	ERROR(OnWsError.class, false, "WsConnection, Throwable and its subclasses"),

	/**
	 * A ping arrived.
	 */
	PING(OnWsPing.class, false, "WsConnection, byte[], ByteBuffer"),

	/**
	 * A pong arrived.
	 */
	PONG(OnWsPong.class, false, "WsConnection, byte[], ByteBuffer"),

	/**
	 * Another attempt is scheduled.
	 */
	RECONNECTING(OnWsReconnecting.class, false, "WsConnection, Duration, int"),

	/**
	 * The send buffer is full.
	 */
	BUFFER_FULL(OnWsBufferFull.class, false, "WsConnection"),

	/**
	 * The send buffer has room again.
	 */
	BUFFER_DRAIN(OnWsBufferDrain.class, false, "WsConnection");

	/** Types that are an event of another kind, never a payload. */
	private static final Set<Class<?>> EVENT_TYPES = Set.of(WsHandshakeResponse.class, WsCloseEvent.class,
			CloseStatus.class);

	private final Class<? extends Annotation> annotation;

	private final boolean replies;

	private final String argumentTypes;

	HandlerKind(Class<? extends Annotation> annotation, boolean replies, String argumentTypes) {
		this.annotation = annotation;
		this.replies = replies;
		this.argumentTypes = argumentTypes;
	}

	Class<? extends Annotation> annotation() {
		return this.annotation;
	}

	/**
	 * Whether a returned value is sent.
	 * @return {@code true} if it is
	 */
	boolean replies() {
		return this.replies;
	}

	/**
	 * Returns the built-in types of arguments, for messages.
	 * @return simple names
	 */
	String argumentTypes() {
		return this.argumentTypes;
	}

	/**
	 * Whether a type can only be an event, not a payload.
	 * @param type the type
	 * @return {@code true} if it is never converted from JSON
	 */
	static boolean isEventType(Class<?> type) {
		return EVENT_TYPES.contains(type) || Throwable.class.isAssignableFrom(type);
	}

}
