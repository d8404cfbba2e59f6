package dev.wsclient.benchmarks.jmh;

import java.nio.charset.StandardCharsets;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;

import dev.wsclient.benchmarks.server.Payload;

/**
 * Bytes as a server sends them.
 */
final class Frames {

	private static final int TEXT = 0x81;

	private Frames() {
	}

	/**
	 * Returns frames, one behind the other.
	 */
	static ByteBuf text(Payload payload, int size, int count) {
		ByteBuf frames = PooledByteBufAllocator.DEFAULT.directBuffer();
		for (int i = 0; i < count; i++) {
			byte[] bytes = payload.text(size, i).getBytes(StandardCharsets.UTF_8);
			frames.writeByte(TEXT);
			if (size <= 125) {
				frames.writeByte(size);
			}
			else if (size <= 0xFFFF) {
				frames.writeByte(126).writeShort(size);
			}
			else {
				frames.writeByte(127).writeLong(size);
			}
			frames.writeBytes(bytes);
		}
		return frames;
	}

}
