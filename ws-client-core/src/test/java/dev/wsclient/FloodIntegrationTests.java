package dev.wsclient;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedConnection.Frame;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.ScriptedServer.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Servers that send far more small frames than anybody needs.
 */
class FloodIntegrationTests {

	private static final int FLOOD = 10_000;

	/**
	 * More than the sockets take if the server doesn't read.
	 */
	private static final int LARGE = 24 * 1024 * 1024;

	private static final WsClient CLIENT = WsClient.create();

	private final RecordingListener listener = new RecordingListener();

	@AfterAll
	static void closeClient() {
		CLIENT.close();
	}

	private WsConnection connect(ScriptedServer server) {
		WsConnection connection = CLIENT.connect(
				WsOptions.builder(server.uri()).sendBufferSize(LARGE).reconnect(Reconnect.never()).build(),
				this.listener);
		until(connection::isOpen);
		return connection;
	}

	private static void until(Callable<Boolean> condition) {
		await().pollInterval(Duration.ofMillis(5)).until(condition);
	}

	private static byte[] pings() {
		return Frames.join(IntStream.range(0, FLOOD).mapToObj((i) -> Frames.ping("" + i)).toArray(byte[][]::new));
	}

	private static byte[] repeat(byte[] frame) {
		ByteBuffer frames = ByteBuffer.allocate(FLOOD * frame.length);
		while (frames.hasRemaining()) {
			frames.put(frame);
		}
		return frames.array();
	}

	/**
	 * Closes like a good server, and keeps the client's frames.
	 */
	private static Script script(byte[] flood) {
		return (connection) -> {
			connection.accept(flood, Frames.text("end"));
			connection.write(Frames.close(connection.readUntilClose()));
		};
	}

	private static List<String> pongs(ScriptedServer server) {
		return server.connections()
			.get(0)
			.frames()
			.stream()
			.filter((frame) -> frame.opcode() == 10)
			.map(Frame::text)
			.toList();
	}

	@Test
	void emptyFragmentsAreOneMessage() {
		byte[] fragments = Frames.join(new byte[] { 0x01, 0 }, repeat(new byte[2]), Frames.frame(0x80, new byte[1]));
		try (ScriptedServer server = new ScriptedServer(script(fragments))) {
			WsConnection connection = connect(server);
			until(() -> this.listener.messages.size() == 2);
			assertThat(this.listener.texts()).containsExactly("\0", "end");
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
			assertThat(this.listener.errors).isEmpty();
		}
	}

	@Test
	void pongsAreHeardAndNotAnswered() {
		try (ScriptedServer server = new ScriptedServer(script(repeat(Frames.frame(0x8a, new byte[3]))))) {
			WsConnection connection = connect(server);
			until(() -> this.listener.messages.size() == 1);
			assertThat(this.listener.pongs).hasSize(FLOOD);
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
			assertThat(server.connections().get(0).frames()).hasSize(1);
		}
	}

	@Test
	void fewPingsAreAnsweredOneByOne() {
		byte[] pings = Frames.join(Frames.ping("1"), Frames.ping("2"), Frames.ping("3"), Frames.ping("4"));
		try (ScriptedServer server = new ScriptedServer(script(pings))) {
			WsConnection connection = connect(server);
			until(() -> this.listener.messages.size() == 1);
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
			assertThat(pongs(server)).containsExactly("1", "2", "3", "4");
		}
	}

	@Test
	void floodOfPingsGetsTheNewestAnswered() {
		try (ScriptedServer server = new ScriptedServer(script(pings()))) {
			WsConnection connection = connect(server);
			until(() -> this.listener.messages.size() == 1);
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
			assertThat(this.listener.pings).hasSize(FLOOD);
			assertThat(pongs(server)).hasSizeLessThan(FLOOD / 2).startsWith("0", "1").endsWith("" + (FLOOD - 1));
		}
	}

	@Test
	void onePongWaitsForAServerThatDoesNotRead() {
		CountDownLatch flooded = new CountDownLatch(1);
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			// Only the first bytes of the message, whose rest fills the sockets
			assertThat(connection.isQuiet(Duration.ofSeconds(5))).isFalse();
			connection.write(pings());
			flooded.await();
			connection.write(Frames.close(connection.readUntilClose()));
		})) {
			WsConnection connection = connect(server);
			connection.send(new byte[LARGE]);
			until(() -> this.listener.pings.size() == FLOOD);
			flooded.countDown();
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
			assertThat(pongs(server)).containsExactly("" + (FLOOD - 1));
		}
	}

}
