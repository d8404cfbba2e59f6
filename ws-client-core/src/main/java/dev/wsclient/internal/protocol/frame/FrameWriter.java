package dev.wsclient.internal.protocol.frame;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntSupplier;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;

import dev.wsclient.CloseStatus;

/**
 * Writes masked frames the way a client has to
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-5.3">RFC 6455, section
 * 5.3</a>). Each method appends one whole frame to a buffer that the caller owns; if it
 * throws, the buffer is as before. Safe for use by several threads if the supplier of
 * keys is, each with its own buffer.
 *
 * @since 0.1.0
 */
public final class FrameWriter {

	/**
	 * The longest payload of a ping, pong or Close frame (RFC 6455, section 5.5).
	 */
	public static final int MAX_CONTROL_PAYLOAD = FrameBits.MAX_SHORT_LENGTH;

	private static final int MASKING_KEY_SIZE = 4;

	private static final int CLOSE_CODE_SIZE = 2;

	/**
	 * Eight bytes of an array at once, without the checks a buffer makes for each.
	 */
	private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

	private final IntSupplier maskingKeys;

	/**
	 * Creates a writer.
	 * @param maskingKeys gives a fresh key for each frame; must not be predictable to the
	 * source of the data (RFC 6455, section 10.3)
	 */
	public FrameWriter(IntSupplier maskingKeys) {
		this.maskingKeys = maskingKeys;
	}

	/**
	 * Returns how many bytes a frame takes: header, masking key and payload.
	 * @param payloadLength the bytes of payload
	 * @return the bytes on the wire
	 * @throws IllegalArgumentException if the length is negative or the frame would not
	 * fit into a buffer
	 */
	public static int frameSize(int payloadLength) {
		int overhead = 2 + extendedLengthSize(payloadLength) + MASKING_KEY_SIZE;
		if (payloadLength < 0 || payloadLength > Integer.MAX_VALUE - overhead) {
			throw new IllegalArgumentException("Payload must be of 0 to " + (Integer.MAX_VALUE - overhead)
					+ " bytes to fit into one frame, was " + payloadLength);
		}
		return overhead + payloadLength;
	}

	private static int extendedLengthSize(int payloadLength) {
		if (payloadLength <= FrameBits.MAX_SHORT_LENGTH) {
			return 0;
		}
		return (payloadLength <= FrameBits.MAX_16_LENGTH) ? 2 : 8;
	}

	/**
	 * Writes a text message as one frame.
	 * @param out where the frame is appended
	 * @param utf8 the text
	 */
	public void writeText(ByteBuf out, byte[] utf8) {
		int key = startFrame(out, Opcode.TEXT, utf8.length);
		if (out.hasArray()) {
			int index = out.writerIndex();
			copyMasked(utf8, out.array(), out.arrayOffset() + index, key);
			out.writerIndex(index + utf8.length);
		}
		else {
			out.writeBytes(utf8);
			mask(out, out.writerIndex() - utf8.length, utf8.length, key);
		}
	}

	// One pass instead of two
	private static void copyMasked(byte[] from, byte[] to, int index, int key) {
		long key64 = littleEndian(key);
		int words = from.length & -Long.BYTES;
		for (int i = 0; i < words; i += Long.BYTES) {
			WORDS.set(to, index + i, (long) WORDS.get(from, i) ^ key64);
		}
		for (int i = words; i < from.length; i++) {
			to[index + i] = (byte) (from[i] ^ key64);
			key64 >>>= Byte.SIZE;
		}
	}

	/**
	 * Writes a binary message as one frame.
	 * @param out where the frame is appended
	 * @param payload the payload, from position to limit; its position doesn't move
	 */
	public void writeBinary(ByteBuf out, ByteBuffer payload) {
		write(out, Opcode.BINARY, payload);
	}

	/**
	 * Writes a fragment of a message.
	 * @param out where the frame is appended
	 * @param opcode {@link Opcode#TEXT} or {@link Opcode#BINARY} for the first fragment,
	 * {@link Opcode#CONTINUATION} for the others
	 * @param last whether the message ends here
	 * @param payload the payload, from position to limit; its position doesn't move
	 */
	public void writeFragment(ByteBuf out, int opcode, boolean last, ByteBuffer payload) {
		int start = out.writerIndex();
		write(out, opcode, payload);
		if (!last) {
			out.setByte(start, opcode);
		}
	}

	/**
	 * Writes a message that an extension encoded, as one frame.
	 * @param out where the frame is appended
	 * @param opcode {@link Opcode#TEXT} or {@link Opcode#BINARY}
	 * @param reservedBits the bits that mark it, a set of 0x40 (RSV1), 0x20 (RSV2) and
	 * 0x10 (RSV3)
	 * @param payload the payload, its readable bytes; its indices don't move
	 */
	public void writeEncoded(ByteBuf out, int opcode, int reservedBits, ByteBuf payload) {
		write(out, opcode | reservedBits, payload);
	}

	/**
	 * Writes a ping.
	 * @param out where the frame is appended
	 * @param payload the payload, from position to limit, at most
	 * {@value #MAX_CONTROL_PAYLOAD} bytes; its position doesn't move
	 * @throws IllegalArgumentException if the payload is too long
	 */
	public void writePing(ByteBuf out, ByteBuffer payload) {
		checkControl(payload.remaining());
		write(out, Opcode.PING, payload);
	}

	/**
	 * Writes a pong.
	 * @param out where the frame is appended
	 * @param payload the payload, from position to limit, at most
	 * {@value #MAX_CONTROL_PAYLOAD} bytes; its position doesn't move
	 * @throws IllegalArgumentException if the payload is too long
	 */
	public void writePong(ByteBuf out, ByteBuffer payload) {
		checkControl(payload.remaining());
		write(out, Opcode.PONG, payload);
	}

	/**
	 * Writes the answer to a ping straight from the buffer the ping came in.
	 * @param out where the frame is appended
	 * @param payload the payload, its readable bytes, at most
	 * {@value #MAX_CONTROL_PAYLOAD}; its indices don't move
	 * @throws IllegalArgumentException if the payload is too long
	 */
	public void writePong(ByteBuf out, ByteBuf payload) {
		checkControl(payload.readableBytes());
		write(out, Opcode.PONG, payload);
	}

	private static void checkControl(int length) {
		if (length > MAX_CONTROL_PAYLOAD) {
			throw new IllegalArgumentException("Payload of a ping or pong must be of at most " + MAX_CONTROL_PAYLOAD
					+ " bytes (RFC 6455, 5.5), was " + length);
		}
	}

	private void write(ByteBuf out, int opcode, ByteBuf payload) {
		int length = payload.readableBytes();
		int key = startFrame(out, opcode, length);
		out.writeBytes(payload, payload.readerIndex(), length);
		mask(out, out.writerIndex() - length, length, key);
	}

	private void write(ByteBuf out, int opcode, ByteBuffer payload) {
		int length = payload.remaining();
		int key = startFrame(out, opcode, length);
		out.writeBytes(payload.duplicate());
		mask(out, out.writerIndex() - length, length, key);
	}

	/**
	 * Writes a Close frame.
	 * @param out where the frame is appended
	 * @param status code and reason; {@link CloseStatus#NO_STATUS 1005} makes a frame
	 * without a body
	 * @throws IllegalArgumentException if the code must not stand in a Close frame, such
	 * as 1006 and 1015 (RFC 6455, section 7.4.1)
	 */
	public void writeClose(ByteBuf out, CloseStatus status) {
		if (status.code() == CloseStatus.NO_STATUS.code()) {
			startFrame(out, Opcode.CLOSE, 0);
			return;
		}
		if (!status.isSendable()) {
			throw new IllegalArgumentException(
					"Close code must be 1000-1003, 1007-1014 or 3000-4999 to be sent (RFC 6455, 7.4), was "
							+ status.code());
		}
		int reasonLength = ByteBufUtil.utf8Bytes(status.reason());
		int length = CLOSE_CODE_SIZE + reasonLength;
		int key = startFrame(out, Opcode.CLOSE, length);
		out.writeShort(status.code());
		ByteBufUtil.reserveAndWriteUtf8(out, status.reason(), reasonLength);
		mask(out, out.writerIndex() - length, length, key);
	}

	private int startFrame(ByteBuf out, int opcode, int payloadLength) {
		out.ensureWritable(frameSize(payloadLength));
		int key = this.maskingKeys.getAsInt();
		int firstByte = FrameBits.FIN | opcode;
		switch (extendedLengthSize(payloadLength)) {
			case 0 -> out.writeShort((firstByte << 8) | FrameBits.MASK | payloadLength);
			case 2 -> out.writeInt((((firstByte << 8) | FrameBits.MASK | FrameBits.LENGTH_16) << 16) | payloadLength);
			default -> {
				out.writeShort((firstByte << 8) | FrameBits.MASK | FrameBits.LENGTH_64);
				out.writeLong(payloadLength);
			}
		}
		out.writeInt(key);
		return key;
	}

	// Masks in place. Little-endian on both sides costs no swap of bytes where it runs
	// most, and gives the same result anywhere.
	private static void mask(ByteBuf out, int index, int length, int key) {
		long key64 = littleEndian(key);
		int tail = length % Long.BYTES;
		if (out.hasArray()) {
			maskWords(out.array(), out.arrayOffset() + index, length - tail, key64);
		}
		else {
			maskWords(out, index, length - tail, key64);
		}
		for (int i = index + length - tail; i < index + length; i++) {
			out.setByte(i, out.getByte(i) ^ (int) key64);
			key64 >>>= Byte.SIZE;
		}
	}

	private static long littleEndian(int key) {
		int key32 = Integer.reverseBytes(key);
		return ((long) key32 << 32) | (key32 & 0xFFFFFFFFL);
	}

	private static void maskWords(byte[] out, int index, int length, long key) {
		for (int i = index; i < index + length; i += Long.BYTES) {
			WORDS.set(out, i, (long) WORDS.get(out, i) ^ key);
		}
	}

	private static void maskWords(ByteBuf out, int index, int length, long key) {
		for (int i = index; i < index + length; i += Long.BYTES) {
			out.setLongLE(i, out.getLongLE(i) ^ key);
		}
	}

}
