package dev.wsclient.internal.protocol.extension;

import java.nio.ByteBuffer;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.oracle.StrictInflate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link MessageDeflater}.
 */
class MessageDeflaterTests {

	@Test
	void emptyMessageIsOneByte() {
		assertThat(deflate(new MessageDeflater(6, 15, true), ByteBuffer.allocate(0))).containsExactly(0);
	}

	@ParameterizedTest
	@ValueSource(ints = { 8, 9, 10, 11, 12, 13, 14, 15 })
	void distancesStayInsideTheWindow(int bits) {
		Random random = new Random(bits);
		MessageDeflater deflater = new MessageDeflater(9, bits, true);
		StrictInflate oracle = new StrictInflate(bits);
		MessageInflater inflater = new MessageInflater(Unpooled.EMPTY_BUFFER.alloc(), bits, true);
		for (int i = 0; i < 20; i++) {
			int kind = i % Payloads.KINDS;
			check(deflater, oracle, inflater, Payloads.make(random, kind, random.nextInt(10_000)));
			check(deflater, oracle, inflater, Payloads.make(random, kind, (1 << bits) - 1 + random.nextInt(3)));
		}
		// A repetition as far back as it may be, and a little farther
		byte[] noise = new byte[(1 << bits) - 20];
		random.nextBytes(noise);
		check(deflater, oracle, inflater, noise);
		check(deflater, oracle, inflater, noise);
		deflater.release();
		inflater.release();
		assertThat(oracle.maxDistance()).isBetween(1 << (bits - 1), 1 << bits);
	}

	@ParameterizedTest
	@CsvSource({ "15, true", "15, false", "8, true", "8, false", "11, true", "11, false" })
	void messagesOfAllSizesComeBack(int bits, boolean keepsHistory) {
		Random random = new Random(9);
		for (int level : new int[] { 0, 1, 6 }) {
			MessageDeflater deflater = new MessageDeflater(level, bits, keepsHistory);
			StrictInflate oracle = new StrictInflate(bits);
			for (int size : new int[] { 0, 1, 2, 5, 64, 255, 256, 257, 1000, 1024, 4096, 16_384 }) {
				for (int kind = 0; kind < Payloads.KINDS; kind++) {
					check(deflater, oracle, Payloads.make(random, kind, size));
					if (!keepsHistory) {
						oracle.forget();
					}
				}
			}
			check(deflater, oracle, Payloads.make(random, 0, 131_072));
			deflater.release();
		}
	}

	@Test
	void payloadMayBeInAnyBuffer() {
		byte[] payload = Payloads.make(new Random(3), 0, 5000);
		MessageDeflater deflater = new MessageDeflater(6, 12, true);
		StrictInflate oracle = new StrictInflate(12);
		ByteBuffer direct = ByteBuffer.allocateDirect(5010).position(10).put(payload).position(10);
		ByteBuffer heap = ByteBuffer.allocate(5010).position(10).put(payload).position(10);
		for (ByteBuffer buffer : new ByteBuffer[] { direct, heap.slice(), heap.asReadOnlyBuffer() }) {
			assertThat(oracle.inflate(deflate(deflater, buffer))).isEqualTo(payload);
			assertThat(buffer.hasRemaining()).isFalse();
		}
		deflater.release();
	}

	@Test
	void historyMakesTheSecondMessageSmall() {
		byte[] payload = Payloads.make(new Random(3), 2, 1000);
		MessageDeflater keeping = new MessageDeflater(6, 15, true);
		deflate(keeping, ByteBuffer.wrap(payload));
		assertThat(deflate(keeping, ByteBuffer.wrap(payload))).hasSizeLessThan(50);
		keeping.release();
		MessageDeflater forgetting = new MessageDeflater(6, 15, false);
		byte[] first = deflate(forgetting, ByteBuffer.wrap(payload));
		assertThat(deflate(forgetting, ByteBuffer.wrap(payload))).isEqualTo(first);
		forgetting.release();
	}

	@Test
	void nothingIsDeflatedAfterRelease() {
		MessageDeflater deflater = new MessageDeflater(6, 15, true);
		deflate(deflater, ByteBuffer.wrap(new byte[10]));
		deflater.release();
		deflater.release();
		assertThatIllegalStateException().isThrownBy(() -> deflate(deflater, ByteBuffer.wrap(new byte[10])));
	}

	// Also by our own inflater, which keeps no more history than agreed on
	private static void check(MessageDeflater deflater, StrictInflate oracle, MessageInflater inflater,
			byte[] payload) {
		byte[] message = deflate(deflater, ByteBuffer.wrap(payload));
		assertThat(oracle.inflate(message)).isEqualTo(payload);
		assertThat(MessageInflaterTests.inflate(inflater, message, message.length + 1)).isEqualTo(payload);
	}

	private static void check(MessageDeflater deflater, StrictInflate oracle, byte[] payload) {
		byte[] message = deflate(deflater, ByteBuffer.wrap(payload));
		assertThat(oracle.inflate(message)).isEqualTo(payload);
	}

	private static byte[] deflate(MessageDeflater deflater, ByteBuffer payload) {
		ByteBuf out = Unpooled.directBuffer(16).writeByte(42);
		try {
			deflater.deflate(payload, out);
			assertThat(out.readByte()).isEqualTo((byte) 42);
			return ByteBufUtil.getBytes(out);
		}
		finally {
			out.release();
		}
	}

}
