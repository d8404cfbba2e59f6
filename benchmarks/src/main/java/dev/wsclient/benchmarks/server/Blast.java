package dev.wsclient.benchmarks.server;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.zip.Deflater;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;

/**
 * A chunk of whole frames that may be sent again and again.
 */
final class Blast {

	private static final int CHUNK_SIZE = 256 * 1024;

	private static final int FIN = 0x80;

	private static final int RSV1 = 0x40;

	private static final int TEXT = 0x1;

	private static final int BINARY = 0x2;

	private Blast() {
	}

	static ByteBuf binary(int size) {
		byte[] payload = Payload.ASCII.text(size, 0).getBytes(StandardCharsets.UTF_8);
		return chunk(FIN | BINARY, (number) -> payload);
	}

	static ByteBuf text(Payload payload, int size) {
		return chunk(FIN | TEXT, (number) -> payload.text(size, number).getBytes(StandardCharsets.UTF_8));
	}

	/**
	 * Makes compressed text. The first message looks at none before it, so the chunk can
	 * follow itself.
	 * @param takeover whether a message may look at those before it
	 */
	static ByteBuf deflated(Payload payload, int size, boolean takeover) {
		Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
		try {
			return chunk(FIN | RSV1 | TEXT, (number) -> {
				if (!takeover) {
					deflater.reset();
				}
				return deflate(deflater, payload.text(size, number).getBytes(StandardCharsets.UTF_8));
			});
		}
		finally {
			deflater.end();
		}
	}

	private static byte[] deflate(Deflater deflater, byte[] payload) {
		deflater.setInput(payload);
		byte[] out = new byte[payload.length + 64];
		int length = deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH);
		// Without the four bytes at the end of a flush (RFC 7692, section 7.2.1)
		return Arrays.copyOf(out, length - 4);
	}

	private static ByteBuf chunk(int firstByte, IntFunction<byte[]> payloads) {
		ByteBuf chunk = Unpooled.directBuffer(CHUNK_SIZE + 1024);
		for (int number = 0; chunk.readableBytes() < CHUNK_SIZE; number++) {
			writeFrame(chunk, firstByte, payloads.apply(number));
		}
		return Unpooled.unreleasableBuffer(chunk);
	}

	static void writeFrame(ByteBuf out, int firstByte, byte[] payload) {
		writeHeader(out, firstByte, payload.length);
		out.writeBytes(payload);
	}

	static void writeHeader(ByteBuf out, int firstByte, int length) {
		out.writeByte(firstByte);
		if (length <= 125) {
			out.writeByte(length);
		}
		else if (length <= 0xFFFF) {
			out.writeByte(126).writeShort(length);
		}
		else {
			out.writeByte(127).writeLong(length);
		}
	}

}
