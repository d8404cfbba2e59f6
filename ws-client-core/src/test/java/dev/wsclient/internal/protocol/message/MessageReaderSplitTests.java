package dev.wsclient.internal.protocol.message;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.internal.protocol.frame.ServerFrames;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a {@link MessageReader} doesn't care how the network cuts the bytes.
 */
class MessageReaderSplitTests {

	private static final byte[] CLOSE_BODY = HexFormat.of().parseHex("03f3c3a4");

	private final UnpooledByteBufAllocator allocator = new UnpooledByteBufAllocator(false);

	@AfterEach
	void nothingIsKept() {
		assertThat(this.allocator.metric().usedHeapMemory()).isZero();
	}

	static List<byte[]> streams() {
		ServerFrames good = new ServerFrames().frame(0x81, "Gr\u00fc\u00dfe \ud83d\ude00")
			.frame(0x01, "frag")
			.frame(0x89, "ping")
			.frame(0x00, "")
			.frame(0x80, "ments")
			.frame(0x82, new byte[130])
			.frame(0x8A, "")
			.frame(0x82, "")
			.frame(0x88, CLOSE_BODY)
			.frame(0x81, "after");
		return List.of(good.toByteArray(), bad("C1 00"), bad("81 80"), bad("8B 00"), bad("89 7E"), bad("81 7E 00 10"),
				bad("82 7F 8000000000000000"), bad("82 7F 0000000100000000"), bad("80 00"), bad("88 01 00"),
				bad("88 02 03 EC"), bad("88 04 03 E8 C0 80"), bad("81 05 41 F0 90 80 C0"), bad("81 03 41 E2 82"),
				bad("01 03 41 E2 82 89 00 80 02 AC FF"), bad("01 00 81 00"));
	}

	private static byte[] bad(String hex) {
		return new ServerFrames().frame(0x81, "valid").hex(hex).frame(0x81, "never").toByteArray();
	}

	@ParameterizedTest
	@MethodSource("streams")
	void everySplitGivesTheSameEvents(byte[] stream) {
		List<String> expected = readInPieces(stream, stream.length);
		assertThat(expected).hasSizeGreaterThan(1);
		for (int first = 0; first <= stream.length; first++) {
			for (int second = first; second <= Math.min(stream.length, first + 20); second++) {
				assertThat(readInPieces(stream, first, second - first, stream.length - second)).isEqualTo(expected);
			}
		}
	}

	@ParameterizedTest
	@MethodSource("streams")
	void oneByteAtATimeGivesTheSameEvents(byte[] stream) {
		int[] sizes = new int[stream.length];
		Arrays.fill(sizes, 1);
		assertThat(readInPieces(stream, sizes)).isEqualTo(readInPieces(stream, stream.length));
	}

	@Test
	void randomStreamsAreReadAsTheyWereWritten() {
		Random random = new Random(6455);
		for (int i = 0; i < 400; i++) {
			RandomStream stream = new RandomStream(random);
			byte[] bytes = stream.frames.toByteArray();
			assertThat(readInPieces(bytes, bytes.length)).isEqualTo(stream.expected);
			assertThat(readInPieces(bytes, randomSizes(random, bytes.length))).isEqualTo(stream.expected);
		}
	}

	private static int[] randomSizes(Random random, int length) {
		List<Integer> sizes = new ArrayList<>();
		int max = 1 + random.nextInt(300);
		for (int left = length; left > 0;) {
			int size = Math.min(left, random.nextInt(max + 1));
			sizes.add(size);
			left -= size;
		}
		return sizes.stream().mapToInt(Integer::intValue).toArray();
	}

	@Test
	void damagedStreamsEndInAViolationOrNot() {
		Random random = new Random(1007);
		for (int i = 0; i < 5_000; i++) {
			byte[] bytes = new RandomStream(random).frames.toByteArray();
			for (int damage = 0; damage < 3 && bytes.length > 0; damage++) {
				bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
			}
			assertThat(readInPieces(bytes, randomSizes(random, bytes.length)))
				.isEqualTo(readInPieces(bytes, bytes.length));
		}
	}

	/**
	 * Each piece comes in a buffer of its own that is wiped after the call: nothing of it
	 * may be kept.
	 */
	private List<String> readInPieces(byte[] stream, int... sizes) {
		RecordingSink sink = new RecordingSink();
		MessageReader reader = new MessageReader(100_000, this.allocator, sink);
		int index = 0;
		for (int size : sizes) {
			ByteBuf in = Unpooled.copiedBuffer(stream, index, size);
			try {
				reader.read(in);
			}
			catch (ProtocolViolation ex) {
				sink.record(ex.closeCode() + " " + ex.section() + " " + ex.getMessage());
			}
			assertThat(in.isReadable()).isFalse();
			in.setZero(0, in.capacity());
			in.release();
			index += size;
		}
		reader.release();
		return sink.events;
	}

	/**
	 * Valid frames, and the events they stand for.
	 */
	private static final class RandomStream {

		private static final String TEXT = "a\u00e4\u20ac\ud83d\ude00";

		private final ServerFrames frames = new ServerFrames();

		private final List<String> expected = new ArrayList<>();

		private final Random random;

		RandomStream(Random random) {
			this.random = random;
			for (int messages = random.nextInt(12); messages > 0; messages--) {
				message();
			}
			if (random.nextBoolean()) {
				this.frames.frame(0x88, CLOSE_BODY).frame(0x82, "after");
				this.expected.add("close 1011 \u00e4");
			}
		}

		private void message() {
			boolean text = this.random.nextBoolean();
			byte[] payload = text ? randomText() : randomBytes(length());
			int opcode = text ? 1 : 2;
			int start = 0;
			for (int fragments = this.random.nextInt(4); fragments > 0; fragments--) {
				int end = start + this.random.nextInt(payload.length - start + 1);
				this.frames.frame(opcode, Arrays.copyOfRange(payload, start, end));
				opcode = 0;
				start = end;
				control();
			}
			this.frames.frame(0x80 | opcode, Arrays.copyOfRange(payload, start, payload.length));
			this.expected.add(text ? "text " + new String(payload, StandardCharsets.UTF_8)
					: "binary " + HexFormat.of().formatHex(payload));
			control();
		}

		private void control() {
			if (this.random.nextInt(3) == 0) {
				byte[] payload = randomBytes(this.random.nextInt(126));
				boolean ping = this.random.nextBoolean();
				this.frames.frame(ping ? 0x89 : 0x8A, payload);
				this.expected.add((ping ? "ping " : "pong ") + HexFormat.of().formatHex(payload));
			}
		}

		private byte[] randomText() {
			StringBuilder text = new StringBuilder();
			int[] codePoints = TEXT.codePoints().toArray();
			boolean ascii = this.random.nextBoolean();
			for (int i = length() / 4; i > 0; i--) {
				text.appendCodePoint(ascii ? 'x' : codePoints[this.random.nextInt(codePoints.length)]);
			}
			return text.toString().getBytes(StandardCharsets.UTF_8);
		}

		private int length() {
			return (this.random.nextInt(50) == 0) ? 65_530 + this.random.nextInt(20) : this.random.nextInt(600);
		}

		private byte[] randomBytes(int length) {
			byte[] bytes = new byte[length];
			this.random.nextBytes(bytes);
			return bytes;
		}

	}

}
