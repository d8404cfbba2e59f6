package dev.wsclient.internal.protocol.frame;

/**
 * The bits of a frame header
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-5.2">RFC 6455, section
 * 5.2</a>).
 *
 * <pre>
 *            7     6      5      4     3  2  1  0
 *         +-----+------+------+------+-------------+
 * byte 0  | FIN | RSV1 | RSV2 | RSV3 |   opcode    |
 *         +-----+------+------+------+-------------+
 * byte 1  | MASK|        payload length            |
 *         +-----+----------------------------------+
 *           then: 2 more bytes of length if it is 126, 8 if it is 127;
 *                 4 bytes of masking key if MASK; the payload
 * </pre>
 */
final class FrameBits {

	static final int FIN = 0x80;

	static final int RSV1 = 0x40;

	static final int RSV2 = 0x20;

	static final int RSV3 = 0x10;

	static final int RSV = RSV1 | RSV2 | RSV3;

	static final int OPCODE = 0x0F;

	static final int MASK = 0x80;

	static final int LENGTH = 0x7F;

	/**
	 * Marks a length in the next 2 bytes.
	 */
	static final int LENGTH_16 = 126;

	/**
	 * Marks a length in the next 8 bytes.
	 */
	static final int LENGTH_64 = 127;

	/**
	 * The longest payload whose length needs no further bytes; no control frame is
	 * longer.
	 */
	static final int MAX_SHORT_LENGTH = 125;

	/**
	 * The longest payload whose length fits into 2 bytes.
	 */
	static final int MAX_16_LENGTH = 0xFFFF;

	private FrameBits() {
	}

}
