package dev.wsclient.internal.protocol.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * A place on the heap for a few bytes at a time: there they are checked and decoded
 * without the checks that a buffer makes for each word. Given back after each read, so an
 * idle session has none.
 */
final class HeapCopy {

	/**
	 * How many bytes there is room for: they stay in the processor's nearest cache.
	 */
	static final int SIZE = 4096;

	private final ByteBufAllocator allocator;

	private @Nullable ByteBuf buffer;

	HeapCopy(ByteBufAllocator allocator) {
		this.allocator = allocator;
	}

	/**
	 * Copies bytes.
	 * @param in holds them; its indices don't matter
	 * @param index where they begin
	 * @param length how many, at most {@link #SIZE}
	 * @return the copy, which has an array, valid until the next call
	 */
	ByteBuf of(ByteBuf in, int index, int length) {
		ByteBuf buffer = this.buffer;
		if (buffer == null) {
			buffer = this.allocator.heapBuffer(SIZE, SIZE);
			this.buffer = buffer;
		}
		in.getBytes(index, buffer.array(), buffer.arrayOffset(), length);
		return buffer.setIndex(0, length);
	}

	void release() {
		if (this.buffer != null) {
			this.buffer.release();
			this.buffer = null;
		}
	}

}
