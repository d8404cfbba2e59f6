package dev.wsclient.internal.protocol.extension;

import java.util.Arrays;

/**
 * What the symbols of DEFLATE's three alphabets mean
 * (<a href="https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5">RFC 1951, section
 * 3.2.5</a>), as entries of a {@link HuffmanCode}, and the codes that are fixed.
 */
final class DeflateSymbols {

	static final int END_OF_BLOCK = 256;

	/**
	 * How many symbols for literals and lengths a block may give a code to.
	 */
	static final int MAX_LITERALS = 286;

	/**
	 * How many symbols for distances a block may give a code to.
	 */
	static final int MAX_DISTANCES = 30;

	static final int MAX_MATCH = 258;

	/**
	 * Symbols up to here are code lengths themselves; those above repeat one.
	 */
	static final int MAX_CODE_LENGTH = 15;

	/**
	 * Repeats the length before, 3 times or more.
	 */
	static final int REPEAT_LENGTH = 16;

	/**
	 * Repeats a length of 0, 3 times or more.
	 */
	static final int REPEAT_ZERO = 17;

	/**
	 * Repeats a length of 0, 11 times or more.
	 */
	static final int REPEAT_ZERO_LONG = 18;

	/**
	 * In which order a block tells the lengths of the codes for code lengths (section
	 * 3.2.7).
	 */
	static final byte[] CODE_LENGTH_ORDER = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };

	/**
	 * Most codes for literals are no longer; a table of 4 KiB stays in the cache.
	 */
	private static final int LITERAL_TABLE_BITS = 10;

	private static final int DISTANCE_TABLE_BITS = 8;

	private static final int CODE_LENGTH_TABLE_BITS = 7;

	private static final int FIXED_LITERALS = 288;

	private static final int FIXED_DISTANCES = 32;

	private static final int[] LITERALS = literals();

	private static final int[] DISTANCES = distances();

	private static final int[] CODE_LENGTHS = codeLengths();

	private static final HuffmanCode FIXED_LITERAL_CODE = newLiteralCode();

	private static final HuffmanCode FIXED_DISTANCE_CODE = newDistanceCode();

	static {
		byte[] lengths = new byte[FIXED_LITERALS];
		Arrays.fill(lengths, 0, 144, (byte) 8);
		Arrays.fill(lengths, 144, 256, (byte) 9);
		Arrays.fill(lengths, 256, 280, (byte) 7);
		Arrays.fill(lengths, 280, FIXED_LITERALS, (byte) 8);
		FIXED_LITERAL_CODE.set(lengths, 0, FIXED_LITERALS, false);
		Arrays.fill(lengths, (byte) 5);
		FIXED_DISTANCE_CODE.set(lengths, 0, FIXED_DISTANCES, false);
	}

	private DeflateSymbols() {
	}

	private static int[] literals() {
		int[] entries = new int[FIXED_LITERALS];
		for (int value = 0; value < END_OF_BLOCK; value++) {
			entries[value] = HuffmanCode.entry(value, HuffmanCode.LITERAL, 0);
		}
		entries[END_OF_BLOCK] = HuffmanCode.entry(0, HuffmanCode.END_OF_BLOCK, 0);
		int length = 3;
		for (int symbol = END_OF_BLOCK + 1; symbol < MAX_LITERALS - 1; symbol++) {
			// Four symbols a number of extra bits, but eight without any
			int extraBits = Math.max(0, (symbol - END_OF_BLOCK - 5) / 4);
			entries[symbol] = HuffmanCode.entry(length, 0, extraBits);
			length += 1 << extraBits;
		}
		entries[MAX_LITERALS - 1] = HuffmanCode.entry(MAX_MATCH, 0, 0);
		Arrays.fill(entries, MAX_LITERALS, FIXED_LITERALS, HuffmanCode.MEANINGLESS);
		return entries;
	}

	private static int[] distances() {
		int[] entries = new int[FIXED_DISTANCES];
		int distance = 1;
		for (int symbol = 0; symbol < MAX_DISTANCES; symbol++) {
			// Two symbols a number of extra bits, but four without any
			int extraBits = Math.max(0, symbol / 2 - 1);
			entries[symbol] = HuffmanCode.entry(distance, 0, extraBits);
			distance += 1 << extraBits;
		}
		Arrays.fill(entries, MAX_DISTANCES, FIXED_DISTANCES, HuffmanCode.MEANINGLESS);
		return entries;
	}

	private static int[] codeLengths() {
		int[] entries = new int[CODE_LENGTH_ORDER.length];
		for (int symbol = 0; symbol <= MAX_CODE_LENGTH; symbol++) {
			entries[symbol] = HuffmanCode.entry(symbol, 0, 0);
		}
		entries[REPEAT_LENGTH] = HuffmanCode.entry(REPEAT_LENGTH, 0, 2);
		entries[REPEAT_ZERO] = HuffmanCode.entry(REPEAT_ZERO, 0, 3);
		entries[REPEAT_ZERO_LONG] = HuffmanCode.entry(REPEAT_ZERO_LONG, 0, 7);
		return entries;
	}

	static HuffmanCode newLiteralCode() {
		return new HuffmanCode(LITERALS, LITERAL_TABLE_BITS);
	}

	static HuffmanCode newDistanceCode() {
		return new HuffmanCode(DISTANCES, DISTANCE_TABLE_BITS);
	}

	static HuffmanCode newCodeLengthCode() {
		return new HuffmanCode(CODE_LENGTHS, CODE_LENGTH_TABLE_BITS);
	}

	static HuffmanCode fixedLiteralCode() {
		return FIXED_LITERAL_CODE;
	}

	static HuffmanCode fixedDistanceCode() {
		return FIXED_DISTANCE_CODE;
	}

}
