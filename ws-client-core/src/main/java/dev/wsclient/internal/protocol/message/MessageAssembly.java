package dev.wsclient.internal.protocol.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One growing buffer for a message that comes in pieces. Takes memory for bytes that
 * came: of bytes that were announced at most eight times as much, sixteen times where
 * they cost the sender next to nothing.
 */
final class MessageAssembly {

	private static final int MIN_CAPACITY = 256;

	private final ByteBufAllocator allocator;

	/**
	 * Null until the first byte of a message is kept.
	 */
	private @Nullable ByteBuf buffer;

	MessageAssembly(ByteBufAllocator allocator) {
		this.allocator = allocator;
	}

	int size() {
		return (this.buffer != null) ? this.buffer.readableBytes() : 0;
	}

	/**
	 * Appends bytes.
	 * @param in where they are read from
	 * @param length how many
	 * @param maxSize how large the message may become; not exceeded by the caller
	 */
	void append(ByteBuf in, int length, int maxSize) {
		append(in, length, maxSize, false, 8);
	}

	/**
	 * Appends text, on the heap: strings are made of arrays, and an array is checked
	 * faster.
	 * @param in where it is read from
	 * @param length how many bytes
	 * @param maxSize how large the message may become; not exceeded by the caller
	 * @return the message so far
	 */
	ByteBuf appendText(ByteBuf in, int length, int maxSize) {
		append(in, length, maxSize, true, 8);
		return (this.buffer != null) ? this.buffer : Unpooled.EMPTY_BUFFER;
	}

	/**
	 * Appends bytes that cost the sender next to nothing. A buffer of the largest size is
	 * taken soon: growing to it from half of it would take one and a half times as much.
	 * @param in where they are read from
	 * @param length how many
	 * @param maxSize how large the message may become; not exceeded by the caller
	 */
	void appendDecoded(ByteBuf in, int length, int maxSize) {
		append(in, length, maxSize, false, 16);
	}

	private void append(ByteBuf in, int length, int maxSize, boolean heap, int lastGrowth) {
		if (length > 0) {
			writable(length, maxSize, heap, lastGrowth).writeBytes(in, length);
		}
	}

	private ByteBuf writable(int length, int maxSize, boolean heap, int lastGrowth) {
		ByteBuf buffer = this.buffer;
		if (buffer == null) {
			int capacity = Math.min(Math.max(length, MIN_CAPACITY), maxSize);
			buffer = heap ? this.allocator.heapBuffer(capacity) : this.allocator.buffer(capacity);
			this.buffer = buffer;
		}
		else if (buffer.writableBytes() < length) {
			// Doubling keeps the sum of all copies below twice the size
			int capacity = buffer.capacity();
			int grown = ((long) lastGrowth * capacity < maxSize) ? 2 * capacity : maxSize;
			buffer.capacity(Math.max(grown, buffer.writerIndex() + length));
		}
		return buffer;
	}

	/**
	 * Hands out the message and forgets it.
	 * @return the message, to be released by the caller
	 */
	ByteBuf take() {
		ByteBuf message = (this.buffer != null) ? this.buffer : Unpooled.EMPTY_BUFFER;
		this.buffer = null;
		return message;
	}

	void release() {
		take().release();
	}

}
