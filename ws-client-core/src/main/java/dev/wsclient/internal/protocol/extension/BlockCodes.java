package dev.wsclient.internal.protocol.extension;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/**
 * The codes of a block: the fixed ones, or those that its header tells
 * (<a href="https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7">RFC 1951, section
 * 3.2.7</a>), read step by step.
 */
final class BlockCodes {

	/**
	 * The next step needs more bits than were given.
	 */
	static final int INCOMPLETE = 0;

	/**
	 * These are not codes.
	 */
	static final int BAD = -1;

	private static final int SIZES_BITS = 14;

	private static final int LENGTH_BITS = 3;

	private HuffmanCode literals = DeflateSymbols.fixedLiteralCode();

	private HuffmanCode distances = DeflateSymbols.fixedDistanceCode();

	/**
	 * Null until a header tells codes.
	 */
	private @Nullable Header header;

	HuffmanCode literals() {
		return this.literals;
	}

	HuffmanCode distances() {
		return this.distances;
	}

	void useFixed() {
		this.literals = DeflateSymbols.fixedLiteralCode();
		this.distances = DeflateSymbols.fixedDistanceCode();
	}

	/**
	 * Begins to read codes.
	 */
	void begin() {
		Header header = header();
		header.step = Step.SIZES;
		this.literals = header.literals;
		this.distances = header.distances;
	}

	private Header header() {
		Header header = this.header;
		if (header == null) {
			header = new Header();
			this.header = header;
		}
		return header;
	}

	boolean isComplete() {
		return header().step == Step.COMPLETE;
	}

	/**
	 * Reads one step on.
	 * @param bits the next bits, the first one lowest
	 * @param bitCount how many there are; 14 will always do
	 * @return how many were used, {@link #INCOMPLETE} or {@link #BAD}
	 */
	int read(long bits, int bitCount) {
		Header header = header();
		return switch (header.step) {
			case SIZES -> (bitCount < SIZES_BITS) ? INCOMPLETE : header.readSizes((int) bits);
			case CODE_LENGTH_CODE -> (bitCount < LENGTH_BITS) ? INCOMPLETE : header.readCodeLength((int) bits);
			case CODE_LENGTHS -> header.readLength(bits, bitCount);
			case COMPLETE -> throw new IllegalStateException("the codes are complete");
		};
	}

	/**
	 * Which part of the header comes next.
	 */
	private enum Step {

		SIZES, CODE_LENGTH_CODE, CODE_LENGTHS, COMPLETE

	}

	/**
	 * The header of a block, as far as it was read.
	 */
	private static final class Header {

		private final HuffmanCode literals = DeflateSymbols.newLiteralCode();

		private final HuffmanCode distances = DeflateSymbols.newDistanceCode();

		private final HuffmanCode codeLengthCode = DeflateSymbols.newCodeLengthCode();

		private final byte[] codeLengthLengths = new byte[DeflateSymbols.CODE_LENGTH_ORDER.length];

		private final byte[] lengths = new byte[DeflateSymbols.MAX_LITERALS + DeflateSymbols.MAX_DISTANCES];

		private Step step = Step.SIZES;

		private int literalCount;

		private int distanceCount;

		private int codeLengthCount;

		private int index;

		int readSizes(int bits) {
			this.literalCount = (bits & 0x1F) + 257;
			this.distanceCount = ((bits >>> 5) & 0x1F) + 1;
			this.codeLengthCount = ((bits >>> 10) & 0xF) + 4;
			if (this.literalCount > DeflateSymbols.MAX_LITERALS || this.distanceCount > DeflateSymbols.MAX_DISTANCES) {
				return BAD;
			}
			Arrays.fill(this.codeLengthLengths, (byte) 0);
			this.index = 0;
			this.step = Step.CODE_LENGTH_CODE;
			return SIZES_BITS;
		}

		int readCodeLength(int bits) {
			this.codeLengthLengths[DeflateSymbols.CODE_LENGTH_ORDER[this.index++]] = (byte) (bits & 7);
			if (this.index == this.codeLengthCount) {
				if (!this.codeLengthCode.set(this.codeLengthLengths, 0, this.codeLengthLengths.length, false)) {
					return BAD;
				}
				this.index = 0;
				this.step = Step.CODE_LENGTHS;
			}
			return LENGTH_BITS;
		}

		int readLength(long bits, int bitCount) {
			int symbol = this.codeLengthCode.find(bits, bitCount);
			int used = HuffmanCode.codeLength(symbol) + HuffmanCode.extraBits(symbol);
			if (symbol == HuffmanCode.INCOMPLETE || used > bitCount) {
				return INCOMPLETE;
			}
			int value = HuffmanCode.value(symbol);
			boolean good = (value <= DeflateSymbols.MAX_CODE_LENGTH) ? add(value, 1)
					: repeat(value, (int) (bits >>> HuffmanCode.codeLength(symbol)));
			return good ? used : BAD;
		}

		private boolean repeat(int symbol, int bits) {
			return switch (symbol) {
				case DeflateSymbols.REPEAT_LENGTH ->
					this.index > 0 && add(this.lengths[this.index - 1], 3 + (bits & 3));
				case DeflateSymbols.REPEAT_ZERO -> add(0, 3 + (bits & 7));
				default -> add(0, 11 + (bits & 0x7F));
			};
		}

		private boolean add(int length, int times) {
			int count = this.literalCount + this.distanceCount;
			if (times > count - this.index) {
				return false;
			}
			Arrays.fill(this.lengths, this.index, this.index + times, (byte) length);
			this.index += times;
			if (this.index < count) {
				return true;
			}
			this.step = Step.COMPLETE;
			return this.lengths[DeflateSymbols.END_OF_BLOCK] != 0
					&& this.literals.set(this.lengths, 0, this.literalCount, true)
					&& this.distances.set(this.lengths, this.literalCount, this.distanceCount, true);
		}

	}

}
