package dev.wsclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedConnection;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.ScriptedServer.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What users hear of attempts that fail, and that the next one may succeed.
 */
class OpeningFailureIntegrationTests {

	private static final WsClient CLIENT = WsClient.create();

	private static final Reconnect SLOW = Reconnect.exponential(Duration.ofMinutes(1), Duration.ofMinutes(1))
		.withJitter(0);

	private static final Reconnect QUICK = Reconnect.exponential(Duration.ofMillis(20), Duration.ofMillis(50));

	private static final Script GOOD = (connection) -> {
		connection.accept(Frames.text("welcome"));
		connection.readUntilEof();
	};

	private final RecordingListener listener = new RecordingListener();

	private final List<AutoCloseable> resources = new ArrayList<>();

	@AfterAll
	static void closeClient() {
		CLIENT.close();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	private ScriptedServer server(Script... scripts) {
		ScriptedServer server = new ScriptedServer(scripts);
		this.resources.add(server);
		return server;
	}

	private WsConnection connect(WsOptions options) {
		WsConnection connection = CLIENT.connect(options, this.listener);
		this.resources.add(0, connection::abort);
		return connection;
	}

	private WsException failure(WsConnection connection, WsState stateAfter) {
		await().until(() -> !this.listener.errors.isEmpty());
		await().until(() -> connection.state() == stateAfter);
		assertThat(this.listener.calls).doesNotContain("open", "close");
		assertThat(this.listener.errors).hasSize(1);
		WsException error = (WsException) this.listener.errors.get(0);
		assertThat(error.willRetry()).isEqualTo(stateAfter == WsState.BACKOFF);
		assertThat(error.connectionName()).isEqualTo(connection.name());
		assertThat(error.uri()).isEqualTo(connection.uri());
		assertThat(connection.snapshot().lastError()).isEqualTo(error.getMessage());
		return error;
	}

	private WsHandshakeException answer(WsState stateAfter, String answer) {
		WsConnection connection = connect(WsOptions.builder(server(answering(answer)).uri()).reconnect(SLOW).build());
		WsException error = failure(connection, stateAfter);
		assertThat(error).isInstanceOf(WsHandshakeException.class);
		assertThat(error.phase()).isEqualTo(Phase.HANDSHAKE);
		return (WsHandshakeException) error;
	}

	private static Script answering(String answer) {
		return (connection) -> {
			connection.readRequest();
			connection.write(answer);
		};
	}

	@Test
	void plainHttpAnswerIsRetried() {
		WsHandshakeException error = answer(WsState.BACKOFF,
				"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Key: value\r\n\r\nhello");
		assertThat(error.statusCode()).isEqualTo(200);
		assertThat(error.headers().firstValue("x-key")).contains("value");
		assertThat(error.body()).isEqualTo("hello");
		assertThat(error).hasMessageContaining("200");
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 403, 404 })
	void refusalLeadsToTheSlowLane(int status) {
		WsHandshakeException error = answer(WsState.BACKOFF,
				"HTTP/1.1 " + status + " No\r\nContent-Length: 6\r\n\r\ndenied");
		assertThat(error.statusCode()).isEqualTo(status);
		assertThat(error.body()).isEqualTo("denied");
	}

	@ParameterizedTest
	@ValueSource(ints = { 408, 421, 425, 429, 500, 502, 503 })
	void passingTroubleIsRetried(int status) {
		WsHandshakeException error = answer(WsState.BACKOFF,
				"HTTP/1.1 " + status + " Later\r\nContent-Length: 4\r\n\r\nbusy");
		assertThat(error.statusCode()).isEqualTo(status);
		assertThat(error.body()).isEqualTo("busy");
	}

	@Test
	void chunkedBodyOfRefusalIsRead() {
		WsHandshakeException error = answer(WsState.BACKOFF, """
				HTTP/1.1 503 Busy\r
				Transfer-Encoding: chunked\r
				\r
				4\r
				come\r
				6\r
				 later\r
				0\r
				\r
				""");
		assertThat(error.body()).isEqualTo("come later");
	}

	@Test
	void refusalWhoseBodyDoesNotEndIsToldWithWhatThereIs() {
		ScriptedServer server = server((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 503 Busy\r\nContent-Length: 1000\r\n\r\npartial");
			connection.stall();
		});
		WsException error = failure(connect(WsOptions.builder(server.uri()).reconnect(SLOW).build()), WsState.BACKOFF);
		assertThat(((WsHandshakeException) error).body()).isEqualTo("partial");
	}

	@Test
	void wrongAcceptIsRefused() {
		WsHandshakeException error = answer(WsState.BACKOFF, """
				HTTP/1.1 101 Switching Protocols\r
				Upgrade: websocket\r
				Connection: Upgrade\r
				Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r
				\r
				""");
		assertThat(error.statusCode()).isEqualTo(101);
		assertThat(error).hasMessageContaining("Sec-WebSocket-Accept");
	}

	@Test
	void missingUpgradeIsRefused() {
		WsHandshakeException error = answer(WsState.BACKOFF,
				"HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n");
		assertThat(error).hasMessageContaining("Upgrade");
	}

	@Test
	void garbageIsRefused() {
		WsHandshakeException error = answer(WsState.BACKOFF, "SSH-2.0-OpenSSH_9.6\r\n");
		assertThat(error.statusCode()).isZero();
		assertThat(error.headers().map()).isEmpty();
	}

	@Test
	void oldHttpIsRefused() {
		answer(WsState.BACKOFF, "HTTP/1.0 101 Switching Protocols\r\n\r\n");
	}

	@Test
	void headWithoutEndIsRefusedAtItsLimit() {
		ScriptedServer server = server((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 101 Switching Protocols\r\n");
			while (true) {
				connection.write("X-More: " + "x".repeat(1000) + "\r\n");
			}
		});
		WsException error = failure(connect(WsOptions.builder(server.uri()).reconnect(SLOW).build()), WsState.BACKOFF);
		assertThat(error).isInstanceOf(WsHandshakeException.class).hasMessageContaining("65536");
	}

	@Test
	void closeWithoutAnswerIsTold() {
		WsHandshakeException error = answer(WsState.BACKOFF, "");
		assertThat(error.statusCode()).isZero();
	}

	@Test
	void resetInsteadOfAnswerIsTold() {
		ScriptedServer server = server((connection) -> {
			connection.readRequest();
			connection.reset();
		});
		WsException error = failure(connect(WsOptions.builder(server.uri()).reconnect(SLOW).build()), WsState.BACKOFF);
		assertThat(error).isInstanceOf(WsConnectException.class);
		assertThat(error.phase()).isEqualTo(Phase.HANDSHAKE);
	}

	@Test
	void serverThatNeverAnswersMissesTheDeadline() {
		ScriptedServer server = server(ScriptedConnection::stall);
		WsException error = failure(connect(
				WsOptions.builder(server.uri()).reconnect(SLOW).handshakeTimeout(Duration.ofMillis(200)).build()),
				WsState.BACKOFF);
		assertThat(error).isInstanceOfSatisfying(WsTimeoutException.class,
				(timeout) -> assertThat(timeout.deadline()).isEqualTo(Deadline.HANDSHAKE));
		assertThat(error.phase()).isEqualTo(Phase.HANDSHAKE);
	}

	@Test
	void answerThatDripsBeyondTheDeadlineMissesIt() {
		ScriptedServer server = server((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 101 Switching Protocols\r\n");
			connection.stall();
		});
		WsException error = failure(connect(
				WsOptions.builder(server.uri()).reconnect(SLOW).handshakeTimeout(Duration.ofMillis(200)).build()),
				WsState.BACKOFF);
		assertThat(error).isInstanceOf(WsTimeoutException.class);
	}

	@Test
	void closedPortIsTold() throws IOException {
		int port;
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			port = socket.getLocalPort();
		}
		WsException error = failure(connect(WsOptions.builder("ws://127.0.0.1:" + port).reconnect(SLOW).build()),
				WsState.BACKOFF);
		assertThat(error).isInstanceOf(WsConnectException.class)
			.hasMessageContaining("127.0.0.1 port " + port)
			.hasMessageContaining("refused");
		assertThat(error.phase()).isEqualTo(Phase.CONNECT);
		assertThat(this.listener.calls).doesNotContain("connect");
	}

	@Test
	void unknownNameIsTold() {
		WsException error = failure(connect(WsOptions.builder("ws://nowhere.invalid/").reconnect(SLOW).build()),
				WsState.BACKOFF);
		assertThat(error).isInstanceOf(WsConnectException.class).hasMessageContaining("nowhere.invalid");
		assertThat(error.phase()).isEqualTo(Phase.CONNECT);
	}

	@Test
	void hostThatDropsPacketsMissesTheDeadline() throws IOException {
		// Linux drops what would overflow the queue of a listener that doesn't accept
		ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
		this.resources.add(full);
		for (int i = 0; i < 2; i++) {
			this.resources.add(new Socket(InetAddress.getLoopbackAddress(), full.getLocalPort()));
		}
		WsException error = failure(connect(WsOptions.builder("ws://127.0.0.1:" + full.getLocalPort())
			.reconnect(SLOW)
			.connectTimeout(Duration.ofMillis(300))
			.build()), WsState.BACKOFF);
		assertThat(error).isInstanceOfSatisfying(WsTimeoutException.class,
				(timeout) -> assertThat(timeout.deadline()).isEqualTo(Deadline.CONNECT));
		assertThat(error.phase()).isEqualTo(Phase.CONNECT);
	}

	@Test
	void everyAttemptIsToldUntilTheServerIsGood() {
		Script bad = answering("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n");
		ScriptedServer server = server(bad, ScriptedConnection::reset, (connection) -> connection.sendFin(), GOOD);
		WsConnection connection = connect(WsOptions.builder(server.uri()).reconnect(QUICK).build());
		await().until(connection::isOpen);
		await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("welcome"));
		assertThat(this.listener.errors).hasSize(3);
		assertThat(this.listener.calls).doesNotContain("close").endsWith("connect", "open");
		assertThat(server.connections()).hasSize(4);
		assertThat(connection.snapshot().sessions()).isEqualTo(1);
	}

	@Test
	void attemptsEndWithThePolicy() {
		ScriptedServer server = server(answering("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"));
		WsConnection connection = connect(WsOptions.builder(server.uri()).reconnect(QUICK.withMaxAttempts(2)).build());
		await().until(() -> connection.state() == WsState.CLOSED);
		assertThat(this.listener.errors).extracting((error) -> ((WsException) error).willRetry())
			.containsExactly(true, true, false);
		assertThat(server.connections()).hasSize(3);
	}

	@Test
	void closedConnectionComesBackByConnect() {
		ScriptedServer server = server(answering("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"), GOOD);
		WsConnection connection = connect(WsOptions.builder(server.uri()).reconnect(QUICK.withStopOn(403)).build());
		failure(connection, WsState.CLOSED);
		connection.connect();
		await().until(connection::isOpen);
	}

	@Test
	void framesGluedToTheAnswerAreDeliveredInOrderWithoutMoreBytes() {
		ScriptedServer server = server((connection) -> {
			connection.accept(Frames.text("one"), Frames.ping("p"), Frames.text("two"), Frames.text("three"));
			connection.stall();
		});
		connect(WsOptions.builder(server.uri()).reconnect(SLOW).build());
		await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("one", "two", "three"));
		assertThat(this.listener.pings).containsExactly("p");
	}

	@Test
	void closeGluedToTheAnswerIsACleanClose() {
		ScriptedServer server = server((connection) -> {
			connection.accept(Frames.text("one"), Frames.close(1000));
			assertThat(connection.readUntilClose()).isEqualTo(1000);
		});
		connect(WsOptions.builder(server.uri()).reconnect(SLOW).build());
		await().until(() -> this.listener.closes.size() == 1);
		assertThat(this.listener.closes.get(0).clean()).isTrue();
		assertThat(this.listener.texts()).containsExactly("one");
		assertThat(this.listener.calls).containsExactly("connect", "open", "close", "reconnecting");
	}

	@Test
	void answerThatComesByteByByteIsUnderstood() {
		ScriptedServer server = server((connection) -> {
			connection.readRequest();
			connection.drip(Frames.join(connection.acceptance(), Frames.text("h\u00e9llo")));
			connection.stall();
		});
		connect(WsOptions.builder(server.uri()).reconnect(SLOW).build());
		await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("h\u00e9llo"));
	}

	@Test
	void closeDuringAnAttemptEndsIt() {
		ScriptedServer server = server(ScriptedConnection::stall);
		WsConnection connection = connect(WsOptions.builder(server.uri()).reconnect(QUICK).build());
		await().until(() -> this.listener.calls.contains("connect"));
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(2));
		assertThat(connection.state()).isEqualTo(WsState.CLOSED);
		assertThat(this.listener.calls).containsExactly("connect");
	}

	@Test
	void closeBeforeAnythingHappenedIsLegal() {
		ScriptedServer server = server(GOOD);
		WsConnection connection = connect(WsOptions.builder(server.uri()).reconnect(QUICK).build());
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(2));
		assertThat(connection.state()).isEqualTo(WsState.CLOSED);
		assertThat(this.listener.errors).isEmpty();
	}

}
