package dev.wsclient;

import java.nio.ByteBuffer;

/**
 * One received message.
 * <p>
 * A message handed to {@link WsListener#onMessage} is valid until that call returns: its
 * payload may lie in the network buffer. {@link #copy()} makes one that stays valid. Not
 * safe for use by several threads at once.
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
	 * Returns a message that stays valid after the listener call.
	 * @return a copy, or this message if it is one
	 */
	WsMessage copy();

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
