package dev.wsclient.internal.protocol.message;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import io.netty.buffer.ByteBuf;

/**
 * Proves UTF-8 piece by piece (<a href="https://www.rfc-editor.org/rfc/rfc3629">RFC
 * 3629</a>): no overlong forms, no surrogates, nothing above U+10FFFF. Stops at the first
 * byte that no valid text can have there.
 * <p>
 * A state machine of nine states. A state is the number of bits by which a row of the
 * table is shifted right to find the next state in its lowest six bits, so a step is one
 * load, which doesn't depend on the step before, and one shift.
 */
final class Utf8Validator {

	private static final int BITS_PER_STATE = 6;

	/** Between characters. */
	private static final int START = 0;

	/** One byte of the character is missing, 80-BF. */
	private static final int ONE_LEFT = BITS_PER_STATE;

	/** Two bytes are missing, each 80-BF. */
	private static final int TWO_LEFT = 2 * BITS_PER_STATE;

	/** Three bytes are missing, each 80-BF. */
	private static final int THREE_LEFT = 3 * BITS_PER_STATE;

	/** After E0: two are missing, the next A0-BF, else the form were overlong. */
	private static final int AFTER_E0 = 4 * BITS_PER_STATE;

	/** After ED: two are missing, the next 80-9F, else it were a surrogate. */
	private static final int AFTER_ED = 5 * BITS_PER_STATE;

	/** After F0: three are missing, the next 90-BF, else the form were overlong. */
	private static final int AFTER_F0 = 6 * BITS_PER_STATE;

	/** After F4: three are missing, the next 80-8F, else it were above U+10FFFF. */
	private static final int AFTER_F4 = 7 * BITS_PER_STATE;

	/** Not UTF-8; never left. */
	private static final int BAD = 8 * BITS_PER_STATE;

	private static final int STATE_MASK = (1 << BITS_PER_STATE) - 1;

	private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

	private static final long NON_ASCII = 0x8080808080808080L;

	private static final int BLOCK = 4 * Long.BYTES;

	private static final long[] NEXT = new long[256];

	static {
		for (int value = 0; value < NEXT.length; value++) {
			NEXT[value] = ((long) afterStart(value) << START) | moveIf(value, 0x80, 0xBF, ONE_LEFT, START)
					| moveIf(value, 0x80, 0xBF, TWO_LEFT, ONE_LEFT) | moveIf(value, 0x80, 0xBF, THREE_LEFT, TWO_LEFT)
					| moveIf(value, 0xA0, 0xBF, AFTER_E0, ONE_LEFT) | moveIf(value, 0x80, 0x9F, AFTER_ED, ONE_LEFT)
					| moveIf(value, 0x90, 0xBF, AFTER_F0, TWO_LEFT) | moveIf(value, 0x80, 0x8F, AFTER_F4, TWO_LEFT)
					| ((long) BAD << BAD);
		}
	}

	private long state = START;

	private static int afterStart(int value) {
		if (value < 0x80) {
			return START;
		}
		if (value < 0xC2 || value > 0xF4) {
			return BAD;
		}
		if (value < 0xE0) {
			return ONE_LEFT;
		}
		return switch (value) {
			case 0xE0 -> AFTER_E0;
			case 0xED -> AFTER_ED;
			case 0xF0 -> AFTER_F0;
			case 0xF4 -> AFTER_F4;
			default -> (value < 0xF0) ? TWO_LEFT : THREE_LEFT;
		};
	}

	private static long moveIf(int value, int low, int high, int from, int to) {
		return (long) ((value >= low && value <= high) ? to : BAD) << from;
	}

	/**
	 * Begins a new text.
	 */
	void reset() {
		this.state = START;
	}

	/**
	 * Whether the text may end here.
	 * @return {@code false} within a character and after a bad byte
	 */
	boolean isComplete() {
		return this.state == START;
	}

	/**
	 * Goes on with a piece of the text.
	 * @param buffer holds the piece; its indices don't matter
	 * @param index where the piece begins
	 * @param length the bytes of the piece
	 * @return where the first bad byte stands, or -1 if there is none
	 */
	int findBadByte(ByteBuf buffer, int index, int length) {
		byte[] array = buffer.hasArray() ? buffer.array() : null;
		int offset = (array != null) ? buffer.arrayOffset() : 0;
		int end = index + length;
		long state = this.state;
		int i = index;
		if (array != null && state == START) {
			i += asciiBlocks(array, offset + index, length);
		}
		for (; i <= end - Long.BYTES; i += Long.BYTES) {
			// Without the checks that a buffer makes each time
			long word = (array != null) ? (long) LONGS.get(array, offset + i) : buffer.getLong(i);
			if (state != START || (word & NON_ASCII) != 0) {
				long next = step(state, word);
				if (next == BAD) {
					break;
				}
				state = next;
			}
		}
		for (; i < end; i++) {
			state = (NEXT[buffer.getByte(i) & 0xFF] >>> state) & STATE_MASK;
			if (state == BAD) {
				this.state = BAD;
				return i;
			}
		}
		this.state = state;
		return -1;
	}

	/**
	 * Returns how many bytes at the beginning lie in blocks that are all ASCII.
	 */
	private static int asciiBlocks(byte[] bytes, int start, int length) {
		int end = start + length - BLOCK;
		int i = start;
		while (i <= end && (((long) LONGS.get(bytes, i) | (long) LONGS.get(bytes, i + Long.BYTES)
				| (long) LONGS.get(bytes, i + 2 * Long.BYTES) | (long) LONGS.get(bytes, i + 3 * Long.BYTES))
				& NON_ASCII) == 0) {
			i += BLOCK;
		}
		return i - start;
	}

	// Eight steps. Shifting a long looks at the lowest six bits of the distance only, so
	// the state needs a mask but once.
	private static long step(long state, long word) {
		long next = NEXT[(int) (word >>> 56)] >>> state;
		next = NEXT[(int) (word >>> 48) & 0xFF] >>> next;
		next = NEXT[(int) (word >>> 40) & 0xFF] >>> next;
		next = NEXT[(int) (word >>> 32) & 0xFF] >>> next;
		next = NEXT[(int) (word >>> 24) & 0xFF] >>> next;
		next = NEXT[(int) (word >>> 16) & 0xFF] >>> next;
		next = NEXT[(int) (word >>> 8) & 0xFF] >>> next;
		next = NEXT[(int) word & 0xFF] >>> next;
		return next & STATE_MASK;
	}

}
