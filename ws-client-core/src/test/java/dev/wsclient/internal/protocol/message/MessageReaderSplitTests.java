package dev.wsclient.internal.protocol.message;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.protocol.extension.Extension;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer;
import dev.wsclient.internal.protocol.extension.ExtensionAnswer.Parameter;
import dev.wsclient.internal.protocol.extension.PerMessageDeflateOffer;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;
import dev.wsclient.internal.protocol.frame.ServerFrames;
import dev.wsclient.options.Compression;
import dev.wsclient.oracle.StrictInflate;
import dev.wsclient.oracle.StrictReader;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that a {@link MessageReader} doesn't care how the network cuts the bytes.
 */
class MessageReaderSplitTests {

	private static final int MAX_SIZE = 100_000;

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
			assertReadAs(stream, null, false, random);
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void randomCompressedStreamsAreReadAsTheyWereWritten(boolean forgets) {
		Random random = new Random(7692);
		for (int i = 0; i < 200; i++) {
			Deflater deflater = new Deflater(random.nextInt(10), true);
			RandomStream stream = new RandomStream(random, deflater, forgets);
			deflater.end();
			assertReadAs(stream, newExtension(forgets), forgets, random);
		}
	}

	/**
	 * By an oracle that knows nothing of how the stream was made, too.
	 */
	private void assertReadAs(RandomStream stream, @Nullable Extension extension, boolean forgets, Random random) {
		byte[] bytes = stream.bytes();
		StrictReader oracle = StrictReader.read(bytes, MAX_SIZE, MAX_SIZE,
				(extension != null) ? new StrictInflate(15) : null, forgets);
		assertThat(oracle.allows(stream.expected(), 0)).as(oracle.toString()).isTrue();
		assertThat(readInPieces(extension, bytes, bytes.length)).isEqualTo(stream.expected());
		assertThat(readInPieces(extension, bytes, randomSizes(random, bytes.length))).isEqualTo(stream.expected());
	}

	private static Extension newExtension(boolean forgets) {
		List<Parameter> parameters = forgets ? List.of(new Parameter("server_no_context_takeover", null)) : List.of();
		return new PerMessageDeflateOffer(Compression.defaults())
			.accept(new ExtensionAnswer("permessage-deflate", parameters));
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
	void damagedStreamsAreJudgedAsByTheOracle() {
		Random random = new Random(1007);
		for (int i = 0; i < 500; i++) {
			boolean forgets = random.nextBoolean();
			Deflater deflater = random.nextBoolean() ? new Deflater(6, true) : null;
			byte[] bytes = new RandomStream(random, deflater, forgets).bytes();
			for (int damage = 0; damage < 3 && bytes.length > 0; damage++) {
				bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
			}
			if (deflater != null) {
				deflater.end();
			}
			ReaderCheck.check(bytes, new ReaderCheck.Session(MAX_SIZE, MAX_SIZE, (deflater != null) ? 15 : 0, forgets,
					random.nextBoolean()));
		}
	}

	private List<String> readInPieces(byte[] stream, int... sizes) {
		return readInPieces(null, stream, sizes);
	}

	/**
	 * Each piece comes in a buffer of its own that is wiped after the call: nothing of it
	 * may be kept.
	 */
	private List<String> readInPieces(@Nullable Extension extension, byte[] stream, int... sizes) {
		RecordingSink sink = new RecordingSink();
		MessageReader reader = new MessageReader(MAX_SIZE, Integer.MAX_VALUE, this.allocator, sink, extension);
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

}
