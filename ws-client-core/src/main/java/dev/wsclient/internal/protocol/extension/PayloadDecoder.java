package dev.wsclient.internal.protocol.extension;

import io.netty.buffer.ByteBuf;

/**
 * Decodes the payload of messages that an {@link Extension} of the server encoded. Not
 * safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface PayloadDecoder {

	/**
	 * Decodes a piece of a message. What comes of it is in {@link #decoded()} after each
	 * call; as long as the call returns {@code true} that is only a part, and another
	 * call with the rest of the piece gives the next.
	 * @param in where the piece is read from
	 * @param length how many bytes of it belong to the message, may be 0
	 * @param last whether they are the last of the message
	 * @return {@code true} if the output was full: call again; {@code false} if the whole
	 * piece is decoded, and with the last one the message
	 * @throws dev.wsclient.internal.protocol.frame.ProtocolViolation if the message is
	 * damaged or incomplete; {@link #decoded()} has what comes before the damage, and the
	 * decoder can't go on
	 */
	boolean decode(ByteBuf in, int length, boolean last);

	/**
	 * Returns what the last call of {@link #decode} gave, to be read before the next one.
	 * @return the readable bytes, owned by the decoder; whatever becomes of the indices
	 * doesn't matter, and whoever needs the bytes longer takes a
	 * {@link ByteBuf#retainedSlice()}
	 */
	ByteBuf decoded();

	/**
	 * Frees what the next message doesn't need. To be called when the last bytes of a
	 * message were taken; those that were not retained are gone then.
	 */
	void trim();

	/**
	 * Frees all memory. May be called several times; afterwards nothing can be decoded.
	 */
	void release();

}
