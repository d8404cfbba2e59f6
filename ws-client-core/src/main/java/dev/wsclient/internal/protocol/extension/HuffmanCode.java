package dev.wsclient.internal.protocol.extension;

import java.util.Arrays;

/**
 * A prefix code of DEFLATE
 * (<a href="https://www.rfc-editor.org/rfc/rfc1951#section-3.2.2">RFC 1951, section
 * 3.2.2</a>): finds the symbol that the next bits stand for. Short codes take one load
 * from a table, longer ones, which are rare, a walk.
 * <p>
 * A symbol is found as an <em>entry</em>, which holds all there is to know about it:
 *
 * <pre>
 *   bits 31-16       bits 15-12   bits 11-8                bits 7-0
 *  +----------------+------------+------------------------+---------------------+
 *  | value or base  | kind       | number of extra bits   | length of the code  |
 *  +----------------+------------+------------------------+---------------------+
 * </pre>
 */
final class HuffmanCode {

	static final int LITERAL = 0x1000;

	static final int END_OF_BLOCK = 0x2000;

	/**
	 * Bits that have no meaning: the code of a reserved symbol, or of none.
	 */
	static final int MEANINGLESS = 0x4000;

	/**
	 * More bits are needed to tell the symbol.
	 */
	static final int INCOMPLETE = 0;

	private static final int MAX_LENGTH = 15;

	/**
	 * The entry for each symbol, but for the length of its code.
	 */
	private final int[] entries;

	private final int[] table;

	private final int tableBits;

	/**
	 * How many codes there are of each length.
	 */
	private final int[] counts = new int[MAX_LENGTH + 1];

	/**
	 * The symbols in the order of their codes.
	 */
	private final short[] symbols;

	HuffmanCode(int[] entries, int tableBits) {
		this.entries = entries;
		this.tableBits = tableBits;
		this.table = new int[1 << tableBits];
		this.symbols = new short[entries.length];
	}

	static int codeLength(int entry) {
		return entry & 0xFF;
	}

	static int extraBits(int entry) {
		return (entry >>> 8) & 0xF;
	}

	static int value(int entry) {
		return entry >>> 16;
	}

	/**
	 * Returns what a symbol and its extra bits mean.
	 * @param entry the symbol
	 * @param bits what follows its code
	 */
	static int valueWithExtra(int entry, long bits) {
		return value(entry) + ((int) bits & ((1 << extraBits(entry)) - 1));
	}

	static int entry(int value, int kind, int extraBits) {
		return (value << 16) | kind | (extraBits << 8);
	}

	/**
	 * Takes another code. It must be complete: each sequence of bits stands for symbols.
	 * @param lengths the length of each symbol's code, 0 if it has none
	 * @param start where the lengths begin
	 * @param count how many there are
	 * @param sparse whether no code at all, or a single one of length 1, will do as well
	 * @return {@code false} if the lengths make no such code
	 */
	boolean set(byte[] lengths, int start, int count, boolean sparse) {
		Arrays.fill(this.counts, 0);
		for (int i = start; i < start + count; i++) {
			this.counts[lengths[i]]++;
		}
		int used = count - this.counts[0];
		this.counts[0] = 0;
		int unused = 1;
		for (int length = 1; length <= MAX_LENGTH; length++) {
			unused = 2 * unused - this.counts[length];
			if (unused < 0) {
				return false;
			}
		}
		if (unused > 0 && !(sparse && (used == 0 || (used == 1 && this.counts[1] == 1)))) {
			return false;
		}
		sort(lengths, start, count);
		fillTable();
		return true;
	}

	private void sort(byte[] lengths, int start, int count) {
		int[] next = new int[MAX_LENGTH + 2];
		for (int length = 1; length <= MAX_LENGTH; length++) {
			next[length + 1] = next[length] + this.counts[length];
		}
		for (int i = 0; i < count; i++) {
			int length = lengths[start + i];
			if (length != 0) {
				this.symbols[next[length]++] = (short) i;
			}
		}
	}

	// Codes come with their first bit lowest, so a short one owns every place of the
	// table whose lowest bits are the code
	private void fillTable() {
		Arrays.fill(this.table, INCOMPLETE);
		int code = 0;
		int index = 0;
		for (int length = 1; length <= this.tableBits; length++) {
			for (int end = index + this.counts[length]; index < end; index++) {
				int entry = this.entries[this.symbols[index]] | length;
				for (int i = Integer
					.reverse(code) >>> (Integer.SIZE - length); i < this.table.length; i += 1 << length) {
					this.table[i] = entry;
				}
				code++;
			}
			code <<= 1;
		}
	}

	/**
	 * Finds the symbol at the start of some bits. Its code may be longer than the bits
	 * are: then those that are missing were taken for what stands in their place.
	 * @param bits the bits, the first one lowest
	 * @param available how many of them are known
	 * @return an entry, or {@link #INCOMPLETE}
	 */
	int find(long bits, int available) {
		int entry = this.table[(int) bits & (this.table.length - 1)];
		return (entry != INCOMPLETE) ? entry : walk(bits, available);
	}

	private int walk(long bits, int available) {
		int code = 0;
		int first = 0;
		int index = 0;
		for (int length = 1; length <= Math.min(MAX_LENGTH, available); length++) {
			code = (code << 1) | ((int) (bits >>> (length - 1)) & 1);
			first <<= 1;
			int count = this.counts[length];
			if (code - first < count) {
				return this.entries[this.symbols[index + code - first]] | length;
			}
			index += count;
			first += count;
		}
		return (available < MAX_LENGTH) ? INCOMPLETE : MEANINGLESS;
	}

}
