package dev.wsclient.oracle;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * Inflates whole messages in the simplest way, bit by bit, and takes nothing that RFC
 * 1951 and RFC 7692 don't allow. Shares nothing with the code under test. Remembers the
 * longest distance it saw.
 */
public final class StrictInflate {

	private static final int[] LENGTHS = { 3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67,
			83, 99, 115, 131, 163, 195, 227, 258 };

	private static final int[] LENGTH_BITS = { 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4,
			5, 5, 5, 5, 0 };

	private static final int[] DISTANCES = { 1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513,
			769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577 };

	private static final int[] DISTANCE_BITS = { 0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10,
			10, 11, 11, 12, 12, 13, 13 };

	private static final int[] ORDER = { 16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15 };

	private final int window;

	private byte[] history = new byte[1 << 16];

	private int size;

	private int forgotten;

	private byte[] data = new byte[0];

	private long bit;

	/**
	 * Where the lengths of the newest stored block stand.
	 */
	private long lengthsAt;

	private int maxDistance;

	public StrictInflate(int windowBits) {
		this.window = 1 << windowBits;
	}

	/**
	 * Returns the longest distance of all messages.
	 */
	public int maxDistance() {
		return this.maxDistance;
	}

	/**
	 * Inflates a message.
	 * @throws IllegalArgumentException if it is damaged or incomplete; nothing of it
	 * becomes history
	 */
	public byte[] inflate(byte[] message) {
		int start = begin(Arrays.copyOf(message, message.length + 4));
		this.data[message.length + 2] = (byte) 0xFF;
		this.data[message.length + 3] = (byte) 0xFF;
		long messageEnd = message.length * 8L;
		boolean atEnd = false;
		try {
			while (!atEnd) {
				boolean last = block();
				// The tail is the lengths of a stored block, and nothing else
				require(this.bit <= messageEnd || this.lengthsAt == messageEnd, "block ends within the tail");
				// A final block may be the end, and needs no tail
				atEnd = this.bit == messageEnd + 32 || (last && this.bit == messageEnd);
			}
			return Arrays.copyOfRange(this.history, start, this.size);
		}
		catch (IllegalArgumentException ex) {
			this.size = start;
			throw ex;
		}
	}

	/**
	 * Inflates the start of a message, and forgets it again.
	 * @param message the start
	 * @param output takes what there is until the message is damaged or the start ends
	 * @return whether it is damaged
	 */
	public boolean inflateStart(byte[] message, ByteArrayOutputStream output) {
		int start = begin(message);
		boolean damaged = true;
		try {
			while (true) {
				block();
			}
		}
		catch (EndOfData ex) {
			damaged = false;
		}
		catch (IllegalArgumentException ex) {
			// Damaged it is
		}
		output.write(this.history, start, this.size - start);
		this.size = start;
		return damaged;
	}

	private int begin(byte[] data) {
		this.data = data;
		this.bit = 0;
		this.lengthsAt = -1;
		return this.size;
	}

	/**
	 * Ends the history: what follows refers to nothing before.
	 */
	public void forget() {
		this.forgotten = this.size;
	}

	private boolean block() {
		boolean last = bits(1) == 1;
		switch (bits(2)) {
			case 0 -> stored();
			case 1 -> {
				int[] literals = new int[288];
				Arrays.fill(literals, 0, 144, 8);
				Arrays.fill(literals, 144, 256, 9);
				Arrays.fill(literals, 256, 280, 7);
				Arrays.fill(literals, 280, 288, 8);
				int[] distances = new int[32];
				Arrays.fill(distances, 5);
				symbols(literals, distances);
			}
			case 2 -> dynamic();
			default -> throw new IllegalArgumentException("type 3");
		}
		if (last) {
			// Another stream may follow
			this.bit = (this.bit + 7) / 8 * 8;
		}
		return last;
	}

	private void stored() {
		this.bit = (this.bit + 7) / 8 * 8;
		this.lengthsAt = this.bit;
		int length = bits(16);
		require((length ^ bits(16)) == 0xFFFF, "complement");
		for (int i = 0; i < length; i++) {
			put((byte) bits(8));
		}
	}

	private void dynamic() {
		int literalCount = bits(5) + 257;
		int distanceCount = bits(5) + 1;
		int codeCount = bits(4) + 4;
		require(literalCount <= 286 && distanceCount <= 30, "too many symbols");
		int[] codeLengths = new int[19];
		for (int i = 0; i < codeCount; i++) {
			codeLengths[ORDER[i]] = bits(3);
		}
		require(unused(codeLengths) == 0, "code of code lengths");
		int[] codeLengthCodes = codes(codeLengths);
		int[] lengths = new int[literalCount + distanceCount];
		int index = 0;
		while (index < lengths.length) {
			int symbol = symbol(codeLengthCodes);
			int value = symbol;
			int times = 1;
			if (symbol == 16) {
				require(index > 0, "nothing to repeat");
				value = lengths[index - 1];
				times = 3 + bits(2);
			}
			else if (symbol > 16) {
				value = 0;
				times = (symbol == 17) ? 3 + bits(3) : 11 + bits(7);
			}
			require(index + times <= lengths.length, "too many lengths");
			Arrays.fill(lengths, index, index + times, value);
			index += times;
		}
		int[] literals = Arrays.copyOf(lengths, literalCount);
		int[] distances = Arrays.copyOfRange(lengths, literalCount, lengths.length);
		require(literals[256] > 0, "no end of block");
		require(unused(literals) == 0 || isSingle(literals), "code of literals");
		require(unused(distances) == 0 || isSingle(distances) || Arrays.stream(distances).allMatch((l) -> l == 0),
				"code of distances");
		symbols(literals, distances);
	}

	// In 2^-15 of all codes
	private static int unused(int[] lengths) {
		int left = 1 << 15;
		for (int length : lengths) {
			left -= (length > 0) ? 1 << (15 - length) : 0;
		}
		return left;
	}

	private static boolean isSingle(int[] lengths) {
		return Arrays.stream(lengths).filter((length) -> length > 0).sum() == 1;
	}

	private void symbols(int[] literalLengths, int[] distanceLengths) {
		int[] literals = codes(literalLengths);
		int[] distances = codes(distanceLengths);
		int symbol = symbol(literals);
		while (symbol != 256) {
			if (symbol < 256) {
				put((byte) symbol);
			}
			else {
				require(symbol <= 285, "reserved length");
				int length = LENGTHS[symbol - 257] + bits(LENGTH_BITS[symbol - 257]);
				int code = symbol(distances);
				require(code < 30, "reserved distance");
				repeat(DISTANCES[code] + bits(DISTANCE_BITS[code]), length);
			}
			symbol = symbol(literals);
		}
	}

	private void repeat(int distance, int length) {
		require(distance <= this.size - this.forgotten && distance <= this.window, "distance " + distance);
		this.maxDistance = Math.max(this.maxDistance, distance);
		for (int i = 0; i < length; i++) {
			put(this.history[this.size - distance]);
		}
	}

	// The symbol for each code that there is, found at the code with a 1 in front
	private static int[] codes(int[] lengths) {
		int longest = Arrays.stream(lengths).max().orElse(0);
		int[] symbols = new int[1 << (longest + 1)];
		Arrays.fill(symbols, -1);
		int code = 0;
		for (int length = 1; length <= longest; length++) {
			code *= 2;
			for (int symbol = 0; symbol < lengths.length; symbol++) {
				if (lengths[symbol] == length) {
					symbols[(1 << length) + code++] = symbol;
				}
			}
		}
		return symbols;
	}

	private int symbol(int[] codes) {
		int code = 1;
		for (int length = 1; length <= 15; length++) {
			code = 2 * code + bits(1);
			if (code < codes.length && codes[code] >= 0) {
				return codes[code];
			}
		}
		throw new IllegalArgumentException("no such code");
	}

	private int bits(int count) {
		int value = 0;
		for (int i = 0; i < count; i++) {
			int index = (int) (this.bit / 8);
			if (index >= this.data.length) {
				throw new EndOfData();
			}
			value |= ((this.data[index] >> (this.bit % 8)) & 1) << i;
			this.bit++;
		}
		return value;
	}

	private void put(byte value) {
		if (this.size == this.history.length) {
			this.history = Arrays.copyOf(this.history, 2 * this.size);
		}
		this.history[this.size++] = value;
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	/**
	 * There was nothing wrong until the bytes ended.
	 */
	private static final class EndOfData extends IllegalArgumentException {

		EndOfData() {
			super("ends within a block");
		}

	}

}
