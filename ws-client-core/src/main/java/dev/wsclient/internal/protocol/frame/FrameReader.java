package dev.wsclient.internal.protocol.frame;

import io.netty.buffer.ByteBuf;

import dev.wsclient.CloseStatus;

/**
 * Reads the headers of frames that a server sent and refuses those that break a rule
 * which needs no knowledge of the frames before: reserved bits, opcode, masking, shape of
 * control frames, encoding of the length. Holds one header at a time and keeps a partial
 * one between calls. Not safe for use by several threads.
 *
 * @since 0.1.0
 */
public final class FrameReader {

	/**
	 * The reserved bits that an extension gives a meaning.
	 */
	private final int claimedBits;

	private Part next = Part.FIRST_BYTE;

	private boolean fin;

	private int opcode;

	private int reservedBits;

	private long payloadLength;

	private int lengthBytes;

	private int missingLengthBytes;

	/**
	 * Creates a reader for sessions without an extension.
	 */
	public FrameReader() {
		this(0);
	}

	/**
	 * Creates a reader.
	 * @param claimedBits the reserved bits that an extension marks the first frame of a
	 * message with, a set of 0x40 (RSV1), 0x20 (RSV2) and 0x10 (RSV3)
	 */
	public FrameReader(int claimedBits) {
		this.claimedBits = claimedBits;
	}

	/**
	 * Reads on. Consumes nothing behind the header.
	 * @param in the bytes
	 * @return {@code true} if the header is complete: the accessors tell what it says
	 * until the next call
	 * @throws ProtocolViolation if the header breaks a rule; the reader is of no use any
	 * more
	 */
	public boolean read(ByteBuf in) {
		if (this.next == Part.FIRST_BYTE && in.readableBytes() >= 2) {
			int bytes = in.readUnsignedShort();
			readFirstByte(bytes >>> 8);
			readSecondByte(bytes & 0xFF);
		}
		while (this.next != Part.PAYLOAD) {
			if (!in.isReadable()) {
				return false;
			}
			readByte(in.readUnsignedByte());
		}
		this.next = Part.FIRST_BYTE;
		return true;
	}

	private void readByte(int value) {
		switch (this.next) {
			case FIRST_BYTE -> readFirstByte(value);
			case SECOND_BYTE -> readSecondByte(value);
			default -> readLengthByte(value);
		}
	}

	private void readFirstByte(int value) {
		this.fin = (value & FrameBits.FIN) != 0;
		this.opcode = value & FrameBits.OPCODE;
		checkReservedBits(value & FrameBits.RSV);
		if (!Opcode.isKnown(this.opcode)) {
			throw violation("Opcode must be 0x0-0x2 or 0x8-0xA, was " + Opcode.name(this.opcode), "5.2");
		}
		if (!this.fin && Opcode.isControl(this.opcode)) {
			throw violation("Control frame must not be fragmented, but a " + Opcode.name(this.opcode)
					+ " frame came without FIN", "5.5");
		}
		this.next = Part.SECOND_BYTE;
	}

	// The one place that looks at reserved bits (RFC 6455, section 9.1).
	private void checkReservedBits(int bits) {
		this.reservedBits = bits;
		if (bits != 0) {
			checkClaimed(bits & ~this.claimedBits);
			if (this.opcode == Opcode.CONTINUATION || Opcode.isControl(this.opcode)) {
				throw new ProtocolViolation(CloseStatus.PROTOCOL_ERROR.code(), "RFC 7692, 6.1",
						"Only the first frame of a message may be marked by an extension, but" + names(bits)
								+ " was set in a " + Opcode.name(this.opcode) + " frame");
			}
		}
	}

	private void checkClaimed(int unclaimed) {
		if (unclaimed != 0) {
			throw violation("Reserved bits must be 0 without an extension that defines them, but" + names(unclaimed)
					+ " was set in a " + Opcode.name(this.opcode) + " frame", "5.2");
		}
	}

	private static String names(int bits) {
		return (((bits & FrameBits.RSV1) != 0) ? " RSV1" : "") + (((bits & FrameBits.RSV2) != 0) ? " RSV2" : "")
				+ (((bits & FrameBits.RSV3) != 0) ? " RSV3" : "");
	}

	private void readSecondByte(int value) {
		if ((value & FrameBits.MASK) != 0) {
			throw violation("Server must not mask frames, but a " + Opcode.name(this.opcode) + " frame was masked",
					"5.1");
		}
		int length = value & FrameBits.LENGTH;
		if (length <= FrameBits.MAX_SHORT_LENGTH) {
			this.payloadLength = length;
			this.next = Part.PAYLOAD;
			return;
		}
		if (Opcode.isControl(this.opcode)) {
			throw violation("Control frame must have at most " + FrameBits.MAX_SHORT_LENGTH
					+ " bytes of payload, but a " + Opcode.name(this.opcode) + " frame declares more", "5.5");
		}
		this.payloadLength = 0;
		this.lengthBytes = (length == FrameBits.LENGTH_16) ? 2 : 8;
		this.missingLengthBytes = this.lengthBytes;
		this.next = Part.LENGTH;
	}

	private void readLengthByte(int value) {
		this.payloadLength = (this.payloadLength << 8) | value;
		if (--this.missingLengthBytes == 0) {
			checkLength();
			this.next = Part.PAYLOAD;
		}
	}

	private void checkLength() {
		if (this.payloadLength < 0) {
			throw violation(
					"Length of 64 bits must have its highest bit 0, was 0x" + Long.toHexString(this.payloadLength),
					"5.2");
		}
		int longestShorter = (this.lengthBytes == 2) ? FrameBits.MAX_SHORT_LENGTH : FrameBits.MAX_16_LENGTH;
		if (this.payloadLength <= longestShorter) {
			throw violation("Length must be encoded in as few bytes as possible, but " + this.payloadLength
					+ " came in " + this.lengthBytes + " bytes", "5.2");
		}
	}

	private static ProtocolViolation violation(String message, String section) {
		return new ProtocolViolation(CloseStatus.PROTOCOL_ERROR.code(), "RFC 6455, " + section, message);
	}

	/**
	 * Whether no byte of a header was read since the last one was complete.
	 * @return {@code true} if the next byte begins a header
	 */
	public boolean isBetweenFrames() {
		return this.next == Part.FIRST_BYTE;
	}

	/**
	 * Whether this frame is the last one of its message.
	 * @return {@code true} if FIN is set
	 */
	public boolean isFin() {
		return this.fin;
	}

	/**
	 * Returns what kind of frame it is.
	 * @return one of the constants of {@link Opcode}
	 */
	public int opcode() {
		return this.opcode;
	}

	/**
	 * Whether an extension marked this frame.
	 * @return {@code true} if a reserved bit is set
	 */
	public boolean isMarked() {
		return this.reservedBits != 0;
	}

	/**
	 * Returns the length the header declares. No promise: the bytes may never come.
	 * @return 0 to 2^63-1
	 */
	public long payloadLength() {
		return this.payloadLength;
	}

	/**
	 * What the next byte belongs to.
	 */
	private enum Part {

		FIRST_BYTE, SECOND_BYTE, LENGTH, PAYLOAD

	}

}
