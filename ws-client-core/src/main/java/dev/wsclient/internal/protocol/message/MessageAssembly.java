package dev.wsclient.internal.protocol.message;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.Unpooled;
import org.jspecify.annotations.Nullable;

/**
 * One growing buffer for a message that comes in pieces. Takes memory for bytes that
 * came, never for bytes that were announced.
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
		if (length > 0) {
			writable(length, maxSize).writeBytes(in, length);
		}
	}

	private ByteBuf writable(int length, int maxSize) {
		ByteBuf buffer = this.buffer;
		if (buffer == null) {
			buffer = this.allocator.buffer(Math.min(Math.max(length, MIN_CAPACITY), maxSize));
			this.buffer = buffer;
		}
		else if (buffer.writableBytes() < length) {
			// Doubling keeps the sum of all copies below twice the size
			long doubled = Math.min(2L * buffer.capacity(), maxSize);
			buffer.capacity((int) Math.max(doubled, buffer.writerIndex() + length));
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
