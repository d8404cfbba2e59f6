package dev.wsclient.spring;

import java.lang.annotation.Annotation;
import java.util.Set;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsStateChange;

/**
 * What a handler method is called for.
 */
enum HandlerKind {

	/**
	 * TCP and TLS are up.
	 */
	CONNECT(OnWsConnect.class, false, false, ""),

	/**
	 * A session opened.
	 */
	OPEN(OnWsOpen.class, true, true, ""),

	/**
	 * A message arrived.
	 */
	MESSAGE(OnWsMessage.class, true, true, "String, byte[], ByteBuffer, WsMessage, "),

	/**
	 * A session ended.
	 */
	CLOSE(OnWsClose.class, false, true, "WsCloseEvent, CloseStatus, Throwable, "),

	/**
	 * Something failed.
	 */
	ERROR(OnWsError.class, false, false, "Throwable and its subclasses, "),

	/**
	 * A ping arrived.
	 */
	PING(OnWsPing.class, false, true, "byte[], ByteBuffer, "),

	/**
	 * A pong arrived.
	 */
	PONG(OnWsPong.class, false, true, "byte[], ByteBuffer, "),

	/**
	 * Another attempt is scheduled.
	 */
	RECONNECTING(OnWsReconnecting.class, false, false, "Duration, int, "),

	/**
	 * The send buffer is full.
	 */
	BUFFER_FULL(OnWsBufferFull.class, false, false, ""),

	/**
	 * The send buffer has room again.
	 */
	BUFFER_DRAIN(OnWsBufferDrain.class, false, false, "");

	/** Types that are an event of another kind, never a payload. */
	private static final Set<Class<?>> EVENT_TYPES = Set.of(WsHandshakeResponse.class, WsCloseEvent.class,
			CloseStatus.class, WsStateChange.class, WsStateChangedEvent.class);

	private final Class<? extends Annotation> annotation;

	private final boolean replies;

	private final boolean session;

	private final String ownTypes;

	HandlerKind(Class<? extends Annotation> annotation, boolean replies, boolean session, String ownTypes) {
		this.annotation = annotation;
		this.replies = replies;
		this.session = session;
		this.ownTypes = ownTypes;
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
	 * Whether it happens in a session, so that there is an answer to its handshake.
	 * @return {@code true} if there is one
	 */
	boolean hasSession() {
		return this.session;
	}

	/**
	 * Returns the built-in types of arguments, for messages.
	 * @return simple names and annotations
	 */
	String argumentTypes() {
		return this.ownTypes + "WsConnection, " + (this.session ? "WsHandshakeResponse, @WsHeader, " : "")
				+ "@WsAttribute";
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
