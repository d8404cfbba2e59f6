package dev.wsclient.autobahn;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import dev.wsclient.options.Compression;
import dev.wsclient.testserver.DeflatePeer;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedConnection;
import dev.wsclient.testserver.ScriptedConnection.Frame;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The categories 12 and 13 of the Autobahn suite as they are upstream, which the suite
 * that {@link AutobahnIntegrationTests} runs doesn't have: the server sends compressed
 * messages, the client sends each one back. Upstream sends 1,000; here
 * {@code -Ddeflate.messages=1000} does.
 */
class DeflateCasesIntegrationTests {

	private static final Duration DEADLINE = Duration.ofMinutes(8);

	/**
	 * How many bytes a case sends unless told how many messages.
	 */
	private static final int QUICK_SIZE = 128 * 1024;

	private static final Logger CONNECTION_LOG = (Logger) LoggerFactory.getLogger("dev.wsclient.connection");

	// Upstream judges small messages too, whatever the client does with them
	private static final EchoClient CLIENT = new EchoClient(Compression.defaults().withMinSize(0));

	@BeforeAll
	static void silenceLog() {
		CONNECTION_LOG.setLevel(Level.OFF);
	}

	@AfterAll
	static void close() {
		CLIENT.close();
		CONNECTION_LOG.setLevel(null);
	}

	@ParameterizedTest(name = "case {0}")
	@MethodSource("dev.wsclient.autobahn.DeflateCase#all")
	@Timeout(600)
	void everyMessageComesBack(DeflateCase testCase) throws Exception {
		CompletableFuture<Integer> echoed = new CompletableFuture<>();
		try (ScriptedServer server = new ScriptedServer((connection) -> echoed.complete(run(testCase, connection)))) {
			CLIENT.echo(server.uri(), DEADLINE);
		}
		assertThat(echoed).isCompletedWithValue(count(testCase));
	}

	private static int count(DeflateCase testCase) {
		return Integer.getInteger("deflate.messages", Math.max(4, Math.min(QUICK_SIZE / testCase.size(), 250)));
	}

	private static int run(DeflateCase testCase, ScriptedConnection connection) throws IOException {
		// What upstream chooses, whatever a client offers besides
		assertThat(connection.readRequest())
			.contains("Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n");
		connection.write(connection.acceptance(testCase.answer()));
		DeflatePeer peer = new DeflatePeer(15, false, orLargest(testCase.clientWindowBits()), testCase.clientForgets());
		int opcode = testCase.text() ? 1 : 2;
		int count = count(testCase);
		for (int i = 0; i < count; i++) {
			byte[] message = testCase.message(i);
			send(connection, opcode, peer.deflate(message), testCase.fragmentSize());
			Frame frame = connection.readFrame();
			assertThat(frame.opcode()).isEqualTo(opcode);
			assertThat(frame.compressed()).isTrue();
			assertThat(peer.inflate(frame.payload())).isEqualTo(message);
		}
		connection.write(Frames.close(1000));
		Frame close = connection.readFrame();
		assertThat(close.opcode()).isEqualTo(8);
		assertThat(close.closeCode()).isEqualTo(1000);
		return count;
	}

	private static int orLargest(int bits) {
		return (bits > 0) ? bits : 15;
	}

	// Like upstream's server: what fills its fragments exactly ends with an empty one
	private static void send(ScriptedConnection connection, int opcode, byte[] message, int fragmentSize)
			throws IOException {
		if (fragmentSize == 0 || message.length <= fragmentSize) {
			connection.write(Frames.frame(0xC0 | opcode, message));
			return;
		}
		int end = fragmentSize;
		connection.write(Frames.frame(0x40 | opcode, Arrays.copyOf(message, end)));
		while (end <= message.length) {
			int start = end;
			end = start + fragmentSize;
			byte[] fragment = Arrays.copyOfRange(message, start, Math.min(end, message.length));
			connection.write(Frames.frame((end > message.length) ? 0x80 : 0x00, fragment));
		}
	}

}
