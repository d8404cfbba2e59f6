package dev.wsclient.internal.protocol.extension;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * What was inflated last: the history that later data refers to, and at its end what
 * nobody has taken yet. One buffer that begins small and slides when it is full, so that
 * most messages lie in one piece and are handed on in place.
 */
final class InflateWindow {

	/**
	 * The longest match, and what copying it eight bytes a step writes too much.
	 */
	private static final int MARGIN = DeflateSymbols.MAX_MATCH + Long.BYTES;

	private static final int MIN_CAPACITY = 1024;

	/**
	 * How much a full window has for new bytes: sliding 32 KiB now and then costs less
	 * than a tenth of inflating what came in between.
	 */
	private static final int MAX_NEW = 16 * 1024;

	/**
	 * A message begins with at least this much room, if it can be had.
	 */
	private static final int MIN_NEW = 1024;

	private static final VarHandle WORDS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.nativeOrder());

	private final ByteBufAllocator allocator;

	private final int size;

	private final int maxCapacity;

	/**
	 * Null until something is inflated.
	 */
	private @Nullable ByteBuf buffer;

	/**
	 * The array of the buffer.
	 */
	byte[] bytes = new byte[0];

	/**
	 * Where the history begins in the array.
	 */
	private int start;

	/**
	 * Where begins what nobody has taken yet.
	 */
	private int taken;

	/**
	 * Where the next byte goes.
	 */
	int end;

	/**
	 * Where the array has no more room for new bytes, but a match may reach beyond.
	 */
	int limit;

	InflateWindow(ByteBufAllocator allocator, int windowBits) {
		this.allocator = allocator;
		this.size = 1 << windowBits;
		this.maxCapacity = this.size + MAX_NEW + MARGIN;
	}

	/**
	 * Makes room. Everything in the window counts as taken.
	 */
	void prepare() {
		ByteBuf buffer = this.buffer;
		this.taken = this.end;
		if (buffer == null) {
			move(MIN_CAPACITY + MARGIN);
		}
		else if (buffer.refCnt() > 1) {
			// Somebody keeps what was handed out
			move(Math.min(this.maxCapacity, buffer.capacity()));
		}
		if (this.limit - this.end < MIN_NEW) {
			makeRoom();
		}
	}

	private void makeRoom() {
		int capacity = this.limit + MARGIN - base();
		if (capacity < this.maxCapacity) {
			move((int) Math.min(this.maxCapacity, 2L * capacity));
		}
		else {
			int kept = Math.min(this.end - this.start, this.size);
			System.arraycopy(this.bytes, this.end - kept, this.bytes, base(), kept);
			this.start = base();
			this.end = this.start + kept;
			this.taken = this.end;
		}
	}

	private int base() {
		return (this.buffer != null) ? this.buffer.arrayOffset() : 0;
	}

	private void move(int capacity) {
		ByteBuf target = this.allocator.heapBuffer(capacity, capacity);
		int kept = Math.min(this.end - this.start, this.size);
		System.arraycopy(this.bytes, this.end - kept, target.array(), target.arrayOffset(), kept);
		if (this.buffer != null) {
			this.buffer.release();
		}
		this.buffer = target;
		this.bytes = target.array();
		this.start = target.arrayOffset();
		this.end = this.start + kept;
		this.taken = this.end;
		this.limit = this.start + capacity - MARGIN;
	}

	/**
	 * Returns what was inflated since the window was prepared.
	 */
	ByteBuf piece() {
		if (this.buffer == null) {
			return Unpooled.EMPTY_BUFFER;
		}
		int base = this.buffer.arrayOffset();
		return this.buffer.setIndex(this.taken - base, this.end - base);
	}

	/**
	 * Whether there is history as far back as this.
	 */
	boolean reaches(int end, int distance) {
		return distance <= end - this.start && distance <= this.size;
	}

	/**
	 * Repeats history.
	 * @param end where it goes
	 * @param distance how far back it begins; if that is less than the length, it repeats
	 * itself
	 * @param length how many bytes
	 */
	static void repeat(byte[] bytes, int end, int distance, int length) {
		int from = end - distance;
		if (distance >= Long.BYTES) {
			for (int i = 0; i < length; i += Long.BYTES) {
				WORDS.set(bytes, end + i, (long) WORDS.get(bytes, from + i));
			}
		}
		else if (distance == 1) {
			Arrays.fill(bytes, end, end + length, bytes[from]);
		}
		else {
			for (int i = 0; i < length; i++) {
				bytes[end + i] = bytes[from + i];
			}
		}
	}

	/**
	 * Forgets the history: later data refers to nothing before.
	 */
	void forget() {
		this.start = this.end;
	}

	void release() {
		if (this.buffer != null) {
			this.buffer.release();
			this.buffer = null;
			this.bytes = new byte[0];
			this.start = 0;
			this.taken = 0;
			this.end = 0;
			this.limit = 0;
		}
	}

}
