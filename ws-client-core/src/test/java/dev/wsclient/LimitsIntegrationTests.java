package dev.wsclient;

import java.io.ByteArrayOutputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.zip.Deflater;

import org.junit.jupiter.api.Test;

import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.ScriptedServer.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What a hostile server can cost: it sends more than the limits allow to a client in a
 * small JVM, where nothing else takes memory.
 */
class LimitsIntegrationTests {

	private static final int MAX_MESSAGE_SIZE = 10 * 1024 * 1024;

	/**
	 * What may be taken beyond the largest message.
	 */
	private static final int ALLOWANCE = 4 * 1024 * 1024;

	private static final byte[] COMPRESSED_HELLO = HexFormat.of().parseHex("c107f248cdc9c90700");

	private static final byte[] LENGTH_OF_2_TO_62 = Frames.header(0x82, 1L << 62);

	private final List<Duration> timesToClose = new CopyOnWriteArrayList<>();

	private Script attack(byte[] attack) {
		return (connection) -> {
			connection.acceptCompressed(COMPRESSED_HELLO);
			connection.readFrame();
			long start = System.nanoTime();
			connection.write(Frames.text("fine"));
			connection.write(attack);
			assertThat(connection.readUntilClose()).isEqualTo(1009);
			this.timesToClose.add(Duration.ofNanos(System.nanoTime() - start));
		};
	}

	/**
	 * Attacks a client once in each of its sessions.
	 */
	private Figures attack(List<byte[]> attacks) throws Exception {
		Script[] scripts = attacks.stream().map(this::attack).toArray(Script[]::new);
		try (ScriptedServer server = new ScriptedServer(scripts)) {
			// Netty takes the JVM's limit of direct memory for its own. Neither the big
			// compiler nor an arena a thread blurs what is resident
			List<String> flags = List.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch", "-XX:TieredStopAtLevel=1",
					"-XX:MaxDirectMemorySize=" + (MAX_MESSAGE_SIZE + ALLOWANCE));
			return new Figures(SmallJvm.run(flags, MeasuredClient.class, server.uri(), String.valueOf(MAX_MESSAGE_SIZE),
					String.valueOf(attacks.size())));
		}
	}

	@Test
	void bombCostsNoMoreThanTheLimit() throws Exception {
		byte[] bomb = bomb();
		List<byte[]> layouts = List.of(Frames.frame(0xc2, bomb), Frames.frame(0xc1, bomb), fragments(bomb, 16),
				Frames.frame(0xc2, storedBlocks(MAX_MESSAGE_SIZE + 100_000)));
		// Something else first, as classes are loaded for any error
		Figures figures = attack(concat(List.of(List.of(LENGTH_OF_2_TO_62), layouts, layouts)));
		long allocated = 0;
		for (int i = 1; i <= 2 * layouts.size(); i++) {
			assertThat(figures.error(i)).contains("at most 10485760 bytes (maxMessageSize)", "encoded bytes some gave");
			assertThat(figures.messages(i)).isEqualTo(2);
			allocated = Math.max(allocated, figures.allocated(i));
		}
		assertThat(figures.directPeak() - figures.direct(0) + allocated).isLessThan(MAX_MESSAGE_SIZE + ALLOWANCE);
		for (int i = 1; i <= layouts.size(); i++) {
			assertThat(fastest(i, i + layouts.size())).isLessThan(Duration.ofSeconds(1));
		}
	}

	@Test
	void manyBombsLeaveNothingBehind() throws Exception {
		int last = Integer.getInteger("test.bombs", 200) - 1;
		int warm = last / 5;
		Figures figures = attack(Collections.nCopies(last + 1, Frames.frame(0xc2, bomb())));
		assertThat(IntStream.rangeClosed(0, last))
			.allMatch((i) -> figures.error(i).contains("encoded bytes some gave"));
		assertThat(figures.direct(last) - figures.direct(warm)).isLessThan(1024 * 1024);
		// A window of 32 KiB a session, were it kept, would be as much
		assertThat(figures.resident(last) - figures.resident(warm)).isLessThan((last - warm) * 32L * 1024);
	}

	@Test
	void whatIsSeenToBeTooBigCostsNothing() throws Exception {
		byte[] start = Frames.frame(0x02, new byte[1]);
		List<byte[]> attacks = List.of(LENGTH_OF_2_TO_62, Frames.header(0x81, Long.MAX_VALUE),
				Frames.header(0xc2, 1L << 62), Frames.header(0x82, MAX_MESSAGE_SIZE + 1),
				Frames.join(start, Frames.header(0x80, MAX_MESSAGE_SIZE)), Frames.join(start, new byte[2 * (1 << 18)]));
		List<String> seen = List.of("a frame declares 4611686018427387904 bytes",
				"a frame declares 9223372036854775807 bytes", "a frame declares 4611686018427387904 encoded bytes",
				"a frame declares 10485761 bytes", "a frame declares 10485760 bytes after 1",
				"at most 262144 fragments");
		Figures figures = attack(concat(List.of(attacks, attacks, attacks)));
		for (int i = 0; i < attacks.size(); i++) {
			int second = i + attacks.size();
			int third = second + attacks.size();
			assertThat(figures.error(i)).contains(seen.get(i));
			assertThat(figures.messages(i)).isEqualTo(2);
			assertThat(Math.min(figures.allocated(second), figures.allocated(third))).isLessThan(64 * 1024);
			assertThat(fastest(i, second, third)).isLessThan(Duration.ofMillis(100));
		}
		// What Netty takes to read with
		assertThat(figures.directPeak()).isLessThan(2 * 1024 * 1024);
	}

	@Test
	void bombWithinAMessageStaysPacked() {
		byte[] bomb = bomb();
		Deflater deflater = new Deflater(9, true);
		byte[] message = deflate(deflater, bomb);
		deflater.end();
		RecordingListener listener = new RecordingListener();
		try (WsClient client = WsClient.create(); ScriptedServer server = new ScriptedServer((connection) -> {
			connection.acceptCompressed(Frames.frame(0xc2, Arrays.copyOf(message, message.length - 4)));
			connection.readUntilEof();
		})) {
			WsConnection connection = client.connect(WsOptions.builder(server.uri()).build(), listener);
			await().until(() -> listener.messages.size() == 1);
			assertThat(listener.messages.get(0).bytes()).isEqualTo(bomb);
			connection.abort();
		}
	}

	private static List<byte[]> concat(List<List<byte[]>> lists) {
		return lists.stream().flatMap(List::stream).toList();
	}

	private Duration fastest(int... sessions) {
		return IntStream.of(sessions).mapToObj(this.timesToClose::get).min(Comparator.naturalOrder()).orElseThrow();
	}

	/**
	 * Makes 1 GiB of zeros as a compressed message of about 1 MiB.
	 */
	private static byte[] bomb() {
		Deflater deflater = new Deflater(9, true);
		byte[] zeros = new byte[1 << 20];
		byte[] first = deflate(deflater, zeros);
		// From now on zeros behind zeros are always the same
		byte[] next = deflate(deflater, zeros);
		deflater.end();
		ByteArrayOutputStream bomb = new ByteArrayOutputStream();
		bomb.writeBytes(first);
		for (int i = 1; i < 1024; i++) {
			bomb.writeBytes(next);
		}
		return Arrays.copyOf(bomb.toByteArray(), bomb.size() - 4);
	}

	private static byte[] deflate(Deflater deflater, byte[] payload) {
		deflater.setInput(payload);
		byte[] out = new byte[1 << 16];
		return Arrays.copyOf(out, deflater.deflate(out, 0, out.length, Deflater.SYNC_FLUSH));
	}

	private static byte[] storedBlocks(int size) {
		int blockSize = 0xffff;
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (int i = 0; i < size; i += blockSize) {
			out.writeBytes(new byte[] { 0, -1, -1, 0, 0 });
			out.writeBytes(new byte[blockSize]);
		}
		out.write(0);
		return out.toByteArray();
	}

	private static byte[] fragments(byte[] message, int size) {
		ByteArrayOutputStream out = new ByteArrayOutputStream();
		for (int i = 0; i < message.length; i += size) {
			int firstByte = ((i == 0) ? 0x42 : 0) | ((i + size >= message.length) ? 0x80 : 0);
			out.writeBytes(Frames.frame(firstByte, Arrays.copyOfRange(message, i, Math.min(message.length, i + size))));
		}
		return out.toByteArray();
	}

	/**
	 * What a client measured.
	 *
	 * @param properties what it printed
	 */
	private record Figures(Properties properties) {

		String error(int session) {
			return this.properties.getProperty(session + ".error");
		}

		long messages(int session) {
			return number(session + ".messages");
		}

		long allocated(int session) {
			return number(session + ".allocated");
		}

		/**
		 * Returns the direct memory after a session.
		 */
		long direct(int session) {
			return number(session + ".direct");
		}

		long resident(int session) {
			return number(session + ".resident");
		}

		long directPeak() {
			return number("direct.peak");
		}

		private long number(String name) {
			return Long.parseLong(this.properties.getProperty(name));
		}

	}

}
