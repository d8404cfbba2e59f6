package dev.wsclient.internal.protocol.extension;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import java.util.zip.Deflater;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.oracle.StrictInflate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/**
 * Tests for {@link MessageInflater}.
 */
class MessageInflaterTests {

	private static final String HELLO = "f248cdc9c90700";

	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

	private MessageInflater inflater = newInflater(true);

	private MessageInflater newInflater(boolean keepsHistory) {
		return new MessageInflater(this.allocator, 15, keepsHistory);
	}

	@AfterEach
	void nothingIsKept() {
		this.inflater.release();
		this.inflater.release();
		assertThat(this.allocator.metric().usedHeapMemory()).isZero();
	}

	@ParameterizedTest
	@ValueSource(strings = { HELLO, "000500faff48656c6c6f00", "f348cdc9c9070000", "f348cdc9c90700",
			"f248050000 00ffffcac9c90700", "010500faff48656c6c6f", "010500faff48656c6c6f00",
			"f248cdc9c907000000ffff01" })
	void examplesOfTheRfcAndTheirLikeAreInflated(String hex) {
		assertThat(inflate(hex(hex))).asString(StandardCharsets.UTF_8).isEqualTo("Hello");
		assertThat(inflate(hex("f200110000"))).asString(StandardCharsets.UTF_8).isEqualTo("Hello");
	}

	@Test
	void emptyMessageIsOneByte() {
		assertThat(inflate(hex("00"))).isEmpty();
		assertThat(inflate(hex(HELLO))).hasSize(5);
		assertThat(inflate(hex("000000ffff00"))).isEmpty();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = {
			"'' | must end with an empty stored block less its last 4 bytes, but it ends before one, after 0 bytes",
			"f248cdc9c907 | must end with an empty stored block less its last 4 bytes, but it ends within a block, after 6 bytes",
			"f248cdc9 | must end with an empty stored block less its last 4 bytes, but it ends within a block, after 4 bytes",
			"000500faff4865 | must end with an empty stored block less its last 4 bytes, but it ends within a block, after 7 bytes",
			"000000 | must end with an empty stored block less its last 4 bytes, but it ends within a block, after 3 bytes",
			"07 | must be DEFLATE data, but a block is of the reserved type 3, within the first 1 bytes",
			"000500fbff48656c6c6f00 | must be DEFLATE data, but the length of a stored block differs from its complement, within the first 7 bytes",
			"f200110000 | must be DEFLATE data, but something is repeated from 5 bytes before, where nothing is, within the first 5 bytes",
			"fcff00 | must be DEFLATE data, but the codes of a block are not valid, within the first 3 bytes" })
	void whatIsDamagedOrIncompleteIsRefused(String hex, String message) {
		for (int size : new int[] { 1, 1000 }) {
			this.inflater.release();
			this.inflater = newInflater(true);
			ProtocolViolation violation = catchThrowableOfType(ProtocolViolation.class, () -> inflate(hex(hex), size));
			assertThat(violation.closeCode()).isEqualTo(1007);
			assertThat(violation.section()).isEqualTo("RFC 7692, 7.2.2");
			if (size > 1) {
				assertThat(violation).hasMessage("Compressed message " + message);
			}
		}
	}

	@Test
	void historyIsKeptOrForgotten() {
		Deflater deflater = new Deflater(9, true);
		byte[] payload = Payloads.make(new Random(1), 2, 1000);
		byte[] first = Payloads.deflate(deflater, payload);
		byte[] second = Payloads.deflate(deflater, payload);
		deflater.end();
		assertThat(second).hasSizeLessThan(50);
		assertThat(inflate(first)).isEqualTo(payload);
		assertThat(inflate(second)).isEqualTo(payload);
		this.inflater.release();
		this.inflater = newInflater(false);
		assertThat(inflate(first)).isEqualTo(payload);
		assertThat(inflate(first)).isEqualTo(payload);
		assertThat(tryInflate(second, 100)).isNull();
	}

	@Test
	void manyMessagesOfAllSizesAndLevelsAreInflated() {
		Random random = new Random(7692);
		int[] sizes = { 0, 1, 2, 7, 8, 16, 64, 255, 256, 257, 258, 259, 300, 1023, 1024, 4096, 8192, 16383, 16384,
				16385, 32767, 32768, 32769, 65535, 65536, 131072 };
		for (int level = 0; level <= 9; level++) {
			for (int kind = 0; kind < Payloads.KINDS; kind++) {
				Deflater deflater = new Deflater(level, true);
				deflater.setStrategy(random.nextInt(3));
				MessageInflater whole = newInflater(true);
				for (int size : sizes) {
					byte[] payload = Payloads.make(random, kind, size);
					byte[] message = Payloads.deflate(deflater, payload);
					assertThat(inflate(whole, message, message.length + 1)).isEqualTo(payload);
					assertThat(inflate(this.inflater, message, 1 + random.nextInt(200))).isEqualTo(payload);
				}
				whole.release();
				this.inflater.release();
				this.inflater = newInflater(true);
				deflater.end();
			}
		}
	}

	@Test
	void oneByteAtATimeGivesTheSame() {
		Random random = new Random(2);
		Deflater deflater = new Deflater(6, true);
		for (int i = 0; i < 300; i++) {
			byte[] payload = Payloads.make(random, i % Payloads.KINDS, random.nextInt(3000));
			assertThat(inflate(Payloads.deflate(deflater, payload), 1)).isEqualTo(payload);
		}
		deflater.end();
	}

	@Test
	void finalBlocksKeepTheHistory() {
		Random random = new Random(3);
		StrictInflate oracle = new StrictInflate(15);
		for (int i = 0; i < 200; i++) {
			ByteArrayOutputStream message = new ByteArrayOutputStream();
			byte[] payload = Payloads.make(random, i % Payloads.KINDS, 1 + random.nextInt(2000));
			Deflater deflater = new Deflater(6, true);
			deflater.setInput(payload);
			deflater.finish();
			byte[] piece = new byte[payload.length + 100];
			message.write(piece, 0, deflater.deflate(piece));
			deflater.end();
			message.write(0);
			assertThat(inflate(message.toByteArray())).isEqualTo(payload);
			assertThat(oracle.inflate(message.toByteArray())).isEqualTo(payload);
		}
	}

	@Test
	void everyCutIsRefusedOrWholeByTheOracle() {
		Random random = new Random(4);
		int refused = 0;
		for (int i = 0; i < 60; i++) {
			byte[] message = randomMessage(random, 1 + random.nextInt(400));
			for (int length = 0; length < message.length; length++) {
				refused += compareWithOracle(Arrays.copyOf(message, length), 1 + random.nextInt(50)) ? 0 : 1;
			}
		}
		assertThat(refused).isGreaterThan(5_000);
	}

	@Test
	void flippedBitsAreRefusedOrWhatTheOracleSays() {
		Random random = new Random(5);
		int refused = 0;
		int taken = 0;
		for (int i = 0; i < 40_000; i++) {
			byte[] message = randomMessage(random, 1 + random.nextInt(300));
			for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
				int bit = random.nextInt(message.length * 8);
				message[bit / 8] ^= (byte) (1 << (bit % 8));
			}
			boolean good = compareWithOracle(message, 1 + random.nextInt(message.length));
			refused += good ? 0 : 1;
			taken += good ? 1 : 0;
		}
		assertThat(refused).isGreaterThan(5_000);
		assertThat(taken).isGreaterThan(500);
	}

	@Test
	void noiseIsRefusedOrWhatTheOracleSays() {
		Random random = new Random(6);
		for (int i = 0; i < 60_000; i++) {
			byte[] message = new byte[random.nextInt(120)];
			random.nextBytes(message);
			if (message.length > 0) {
				// Most of the blocks with codes of their own, as they have most rules
				message[0] = (byte) ((message[0] & ~7) | 4);
			}
			compareWithOracle(message, 1 + random.nextInt(130));
		}
	}

	/**
	 * A damaged message behind a good one, so that there is history.
	 */
	private boolean compareWithOracle(byte[] message, int pieceSize) {
		byte[] before = hex("010500faff48656c6c6f");
		StrictInflate oracle = new StrictInflate(15);
		oracle.inflate(before);
		byte[] expected;
		try {
			expected = oracle.inflate(message);
		}
		catch (IllegalArgumentException ex) {
			expected = null;
		}
		this.inflater.release();
		this.inflater = newInflater(true);
		inflate(before);
		byte[] seen = tryInflate(message, pieceSize);
		if (!Arrays.equals(seen, expected)) {
			assertThat(seen).as(HexFormat.of().formatHex(message)).isEqualTo(expected);
		}
		return expected != null;
	}

	private static byte[] randomMessage(Random random, int size) {
		Deflater deflater = new Deflater(random.nextInt(10), true);
		deflater.setStrategy(random.nextInt(3));
		byte[] message = Payloads.deflate(deflater, Payloads.make(random, random.nextInt(Payloads.KINDS), size));
		deflater.end();
		return message;
	}

	@Test
	void smallWindowBoundsDistances() {
		byte[] payload = new byte[600];
		new Random(7).nextBytes(payload);
		System.arraycopy(payload, 0, payload, 300, 300);
		Deflater deflater = new Deflater(9, true);
		byte[] message = Payloads.deflate(deflater, payload);
		deflater.end();
		this.inflater = new MessageInflater(this.allocator, 9, true);
		assertThat(inflate(message)).isEqualTo(payload);
		this.inflater.release();
		this.inflater = new MessageInflater(this.allocator, 8, true);
		assertThat(tryInflate(message, 1000)).isNull();
	}

	@Test
	void whatIsKeptElsewhereStaysAsItIs() {
		assertThat(inflate(hex(HELLO))).hasSize(5);
		ByteBuf in = Unpooled.wrappedBuffer(hex(HELLO));
		assertThat(this.inflater.decode(in, 7, true)).isFalse();
		ByteBuf kept = this.inflater.decoded().retainedSlice();
		Deflater deflater = new Deflater(0, true);
		for (int i = 0; i < 100; i++) {
			assertThat(inflate(Payloads.deflate(deflater, new byte[1000]))).hasSize(1000);
		}
		deflater.end();
		assertThat(kept.toString(StandardCharsets.UTF_8)).isEqualTo("Hello");
		kept.release();
	}

	@Test
	void memoryGrowsWithUseUpToABound() {
		assertThat(inflate(hex(HELLO))).hasSize(5);
		assertThat(this.allocator.metric().usedHeapMemory()).isLessThan(2048);
		Deflater deflater = new Deflater(9, true);
		assertThat(inflate(Payloads.deflate(deflater, new byte[1 << 20]))).hasSize(1 << 20);
		deflater.end();
		assertThat(this.allocator.metric().usedHeapMemory()).isLessThan(50_000);
	}

	@Test
	void withoutHistoryNothingIsKeptBetweenMessages() {
		this.inflater = newInflater(false);
		for (int i = 0; i < 3; i++) {
			assertThat(inflate(hex(HELLO))).hasSize(5);
			ByteBuf kept = this.inflater.decoded().retain();
			this.inflater.trim();
			assertThat(kept.refCnt()).isOne();
			kept.release();
			assertThat(this.allocator.metric().usedHeapMemory()).isZero();
		}
	}

	@Test
	void historyIsKeptBetweenMessages() {
		assertThat(inflate(hex(HELLO))).hasSize(5);
		this.inflater.trim();
		assertThat(inflate(hex("f200110000"))).asString(StandardCharsets.UTF_8).isEqualTo("Hello");
	}

	private byte[] inflate(byte[] message) {
		return inflate(message, message.length + 1);
	}

	private byte[] inflate(byte[] message, int pieceSize) {
		return inflate(this.inflater, message, pieceSize);
	}

	private byte @Nullable [] tryInflate(byte[] message, int pieceSize) {
		try {
			return inflate(message, pieceSize);
		}
		catch (ProtocolViolation ex) {
			return null;
		}
	}

	static byte[] inflate(MessageInflater inflater, byte[] message, int pieceSize) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		int start = 0;
		do {
			int size = Math.min(pieceSize, message.length - start);
			boolean last = start + size == message.length;
			ByteBuf in = Unpooled.copiedBuffer(message, start, size);
			boolean more = true;
			while (more) {
				more = inflater.decode(in, in.readableBytes(), last);
				ByteBuf piece = inflater.decoded();
				byte[] bytes = new byte[piece.readableBytes()];
				piece.readBytes(bytes);
				out.writeBytes(bytes);
			}
			assertThat(in.isReadable()).isFalse();
			start += size;
		}
		while (start < message.length);
		return out.toByteArray();
	}

	private static byte[] hex(String hex) {
		return HexFormat.of().parseHex(hex.replace(" ", ""));
	}

}
