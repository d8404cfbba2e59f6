package dev.wsclient.internal.protocol.extension;

import java.nio.ByteBuffer;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;

/**
 * An extension in use by one session
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-9">RFC 6455, section 9</a>):
 * it encodes the payload of messages, and marks those it encoded by reserved bits of
 * their first frame. Takes memory when it is first needed. Not safe for use by several
 * threads.
 *
 * @since 0.1.0
 */
public interface Extension {

	/**
	 * Returns the bits that mark an encoded message.
	 * @return a set of 0x40 (RSV1), 0x20 (RSV2) and 0x10 (RSV3)
	 */
	int reservedBits();

	/**
	 * Creates what decodes the messages received; one for a session.
	 * @param allocator gives the buffers for decoded payload
	 * @return the decoder, to be released by the caller
	 */
	PayloadDecoder newDecoder(ByteBufAllocator allocator);

	/**
	 * Whether a message of this size is worth being encoded.
	 * @param payloadSize the size of the payload in bytes
	 * @return {@code false} if it is better sent as it is
	 */
	boolean isWorthEncoding(int payloadSize);

	/**
	 * Encodes the payload of a whole message.
	 * @param payload the payload, from position to limit; its position moves
	 * @param out where the result is appended
	 */
	void encode(ByteBuffer payload, ByteBuf out);

	/**
	 * Frees what encoding took. May be called several times; afterwards nothing can be
	 * encoded.
	 */
	void release();

	/**
	 * Returns what was agreed on.
	 * @return name and parameters as the server answered
	 */
	@Override
	String toString();

}
