package dev.wsclient;

import java.nio.ByteBuffer;

/**
 * One received message.
 * <p>
 * A message handed to {@link WsListener#onMessage} is valid until that call returns: its
 * payload may lie in the network buffer. {@link #copy()} makes one that stays valid;
 * {@link #retain()} one that counts as unfinished work until it is released, which is
 * what a listener wants that hands messages over to other threads. Not safe for use by
 * several threads at once.
 *
 * @since 0.1.0
 */
public interface WsMessage {

	/**
	 * Returns whether the message is text or binary.
	 * @return the type
	 */
	Type type();

	/**
	 * Whether this is a text message.
	 * @return {@code true} for text, {@code false} for binary
	 */
	default boolean isText() {
		return type() == Type.TEXT;
	}

	/**
	 * Returns the size of the payload.
	 * @return the number of bytes, 0 or more
	 */
	int size();

	/**
	 * Returns the payload without copying it. The payload of a text message is valid
	 * UTF-8.
	 * @return a read-only buffer, from position 0 to the size, valid as long as this
	 * message
	 */
	ByteBuffer payload();

	/**
	 * Returns the payload as text, decoded from UTF-8 at the first call.
	 * @return the text
	 */
	String text();

	/**
	 * Returns a copy of the payload.
	 * @return a new array
	 */
	byte[] bytes();

	/**
	 * Returns the session that the message arrived in: what is sent by it goes to the
	 * sender of this message, or nowhere. Copies and retained messages have the same.
	 * @return the session, which may be over
	 */
	WsSession session();

	/**
	 * Returns a message that stays valid after the listener call.
	 * @return a copy, or this message if it is one
	 */
	WsMessage copy();

	/**
	 * Returns a message that stays valid after the listener call and keeps a place in the
	 * connection's backlog, by number and by size, until it is released. When too many
	 * are retained the socket is not read, as when calls wait for an executor, so that
	 * other threads may take their time with what is handed to them
	 * ({@link dev.wsclient.options.WsOptions.Builder#executorBacklog executorBacklog},
	 * {@link dev.wsclient.options.WsOptions.Builder#executorBacklogBytes
	 * executorBacklogBytes}; both hold on the event loop too). A message that is never
	 * released keeps its place for ever. Each call takes another place; a {@link #copy()}
	 * has none.
	 * @return the retained message
	 */
	Retained retain();

	/**
	 * A message that keeps its place in the backlog of its connection.
	 */
	interface Retained extends WsMessage {

		/**
		 * Gives the place back: the message is done with, and must not be used any more.
		 * Any thread may call this, also when the connection is closed; only the first
		 * call counts.
		 */
		void release();

	}

	/**
	 * The type of a message, given by the opcode of its first frame (RFC 6455, section
	 * 5.6).
	 */
	enum Type {

		/**
		 * UTF-8 text.
		 */
		TEXT,

		/**
		 * Arbitrary bytes.
		 */
		BINARY

	}

}
