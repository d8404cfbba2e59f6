package dev.wsclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsProtocolException;
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
 * What users hear when open sessions break, and that another session follows.
 */
class OpenSessionFailureIntegrationTests {

	private static final WsClient CLIENT = WsClient.create();

	private static final Reconnect QUICK = Reconnect.exponential(Duration.ofMillis(20), Duration.ofMillis(50));

	private static final Script GOOD = (connection) -> {
		connection.accept();
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

	private WsConnection connect(WsOptions.Builder options) {
		WsConnection connection = CLIENT.connect(options.build(), this.listener);
		this.resources.add(0, connection::abort);
		return connection;
	}

	private WsOptions.Builder options(ScriptedServer server) {
		return WsOptions.builder(server.uri()).reconnect(QUICK);
	}

	private WsCloseEvent firstClose(WsConnection connection, Class<? extends WsException> error) {
		await().until(() -> connection.snapshot().sessions() == 2);
		assertThat(this.listener.closes).hasSize(1);
		WsCloseEvent event = this.listener.closes.get(0);
		assertThat(event.willReconnect()).isTrue();
		assertThat(this.listener.errors).singleElement().isInstanceOf(error).isSameAs(event.cause());
		assertThat(((WsException) this.listener.errors.get(0)).willRetry()).isTrue();
		assertThat(this.listener.calls).startsWith("connect", "open", "error", "close", "reconnecting", "connect");
		return event;
	}

	@Test
	void resetIsAnAbnormalClose() {
		ScriptedServer server = server((connection) -> {
			connection.accept();
			connection.readFrame();
			connection.reset();
		}, GOOD);
		WsConnection connection = connect(options(server));
		connection.send("go");
		WsCloseEvent event = firstClose(connection, WsConnectException.class);
		assertThat(event.status().code()).isEqualTo(1006);
		assertThat(event.initiator()).isEqualTo(Initiator.NETWORK);
		assertThat(event.clean()).isFalse();
	}

	@Test
	void endOfStreamWithoutCloseIsAnAbnormalClose() {
		ScriptedServer server = server((connection) -> {
			connection.accept();
			connection.readFrame();
			connection.sendFin();
			connection.readUntilEof();
		}, GOOD);
		WsConnection connection = connect(options(server));
		connection.send("go");
		WsCloseEvent event = firstClose(connection, WsConnectException.class);
		assertThat(event.status().code()).isEqualTo(1006);
		assertThat(event.initiator()).isEqualTo(Initiator.NETWORK);
		assertThat(event.clean()).isFalse();
		assertThat(((WsException) this.listener.errors.get(0)).phase()).isEqualTo(Phase.OPEN);
	}

	@Test
	void endOfStreamWithinAMessageIsAnAbnormalClose() {
		ScriptedServer server = server((connection) -> {
			connection.accept(new byte[] { 0x01, 0x02, 'h', 'e', (byte) 0x80, 0x05, 'l' });
			connection.readFrame();
		}, GOOD);
		WsConnection connection = connect(options(server));
		connection.send("go");
		assertThat(firstClose(connection, WsConnectException.class).status().code()).isEqualTo(1006);
		assertThat(this.listener.messages).isEmpty();
	}

	@Test
	void halfOpenConnectionIsFoundOut() {
		ScriptedServer server = server((connection) -> {
			connection.accept();
			connection.stall();
		}, GOOD);
		long start = System.nanoTime();
		WsConnection connection = connect(
				options(server).pingInterval(Duration.ofMillis(100)).pingTimeout(Duration.ofMillis(100)));
		WsCloseEvent event = firstClose(connection, WsTimeoutException.class);
		assertThat(Duration.ofNanos(System.nanoTime() - start)).isBetween(Duration.ofMillis(200),
				Duration.ofSeconds(2));
		assertThat(event.status().code()).isEqualTo(1006);
		assertThat(event.clean()).isFalse();
		assertThat(((WsTimeoutException) this.listener.errors.get(0)).deadline()).isEqualTo(Deadline.PONG);
	}

	@Test
	void serverThatNeverAnswersTheCloseIsLeftAtTheDeadline() {
		ScriptedServer server = server((connection) -> {
			connection.accept();
			connection.stall();
		});
		WsConnection connection = connect(options(server).closeTimeout(Duration.ofMillis(200)));
		await().until(connection::isOpen);
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(2));
		WsCloseEvent event = this.listener.closes.get(0);
		assertThat(event.clean()).isFalse();
		assertThat(event.initiator()).isEqualTo(Initiator.CLIENT);
		assertThat(event.willReconnect()).isFalse();
		assertThat(this.listener.errors).singleElement()
			.isInstanceOfSatisfying(WsTimeoutException.class,
					(error) -> assertThat(error.deadline()).isEqualTo(Deadline.CLOSE));
	}

	@Test
	void serverThatNeverClosesTcpIsLeftAtTheDeadlineAndTheCloseIsClean() {
		ScriptedServer server = server((connection) -> {
			connection.accept();
			connection.write(Frames.close(connection.readUntilClose()));
			connection.stall();
		});
		WsConnection connection = connect(options(server).closeTimeout(Duration.ofMillis(200)));
		await().until(connection::isOpen);
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(2));
		assertThat(this.listener.closes)
			.containsExactly(new WsCloseEvent(CloseStatus.NORMAL, Initiator.CLIENT, true, null, false));
		assertThat(this.listener.errors).isEmpty();
	}

	@Test
	void resetBehindACompleteClosingHandshakeIsNoError() {
		ScriptedServer server = server((connection) -> {
			connection.accept();
			connection.write(Frames.close(1001));
			connection.readUntilClose();
			connection.reset();
		}, GOOD);
		WsConnection connection = connect(options(server));
		await().until(() -> connection.snapshot().sessions() == 2);
		assertThat(this.listener.closes)
			.containsExactly(new WsCloseEvent(CloseStatus.GOING_AWAY, Initiator.SERVER, true, null, true));
		assertThat(this.listener.errors).isEmpty();
	}

	static Stream<Arguments> violations() {
		return Stream.of(violation("reserved bit", 1002, "5.2", Frames.frame(0xc1, new byte[1])),
				violation("unknown opcode", 1002, "5.2", Frames.frame(0x83, new byte[1])),
				violation("masked frame", 1002, "5.1", new byte[] { (byte) 0x81, (byte) 0x80, 1, 2, 3, 4 }),
				violation("fragmented ping", 1002, "5.5", Frames.frame(0x09, new byte[1])),
				violation("long ping", 1002, "5.5", Frames.frame(0x89, new byte[126])),
				violation("continuation of nothing", 1002, "5.4", Frames.frame(0x80, new byte[1])),
				violation("text within text", 1002, "5.4",
						Frames.join(Frames.frame(0x01, new byte[1]), Frames.text("x"))),
				violation("bad UTF-8", 1007, "8.1", Frames.frame(0x81, new byte[] { 'a', (byte) 0xc0 })),
				violation("close code that may not be sent", 1002, "7.4", Frames.close(1005)),
				violation("close of one byte", 1002, "5.5.1", Frames.frame(0x88, new byte[1])),
				violation("oversized message", 1009, "10.4", Frames.frame(0x82, new byte[1001])),
				violation("oversized frame", 1009, "10.4", Frames.frame(0x02, new byte[901])),
				violation("oversized fragments", 1009, "10.4",
						Frames.join(Frames.frame(0x02, new byte[600]), Frames.frame(0x80, new byte[600]))));
	}

	private static Arguments violation(String name, int code, String section, byte[] bytes) {
		return Arguments.of(name, code, section, bytes);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("violations")
	void violationIsToldToServerAndUser(String name, int code, String section, byte[] bytes) {
		ScriptedServer server = server((connection) -> {
			connection.accept(Frames.text("fine"), bytes, Frames.text("not read"));
			assertThat(connection.readUntilClose()).isEqualTo(code);
		}, GOOD);
		WsConnection connection = connect(options(server).maxMessageSize(1000).maxFrameSize(900));
		WsCloseEvent event = firstClose(connection, WsProtocolException.class);
		assertThat(event.status().code()).isEqualTo(code);
		assertThat(event.initiator()).isEqualTo(Initiator.CLIENT);
		assertThat(this.listener.texts()).containsExactly("fine");
		WsProtocolException error = (WsProtocolException) this.listener.errors.get(0);
		assertThat(error.closeCode()).isEqualTo(code);
		assertThat(error.section()).startsWith("RFC 6455, " + section);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("violations")
	void violationIsFoundByteByByteToo(String name, int code, String section, byte[] bytes) {
		ScriptedServer server = server((connection) -> {
			connection.accept();
			connection.drip(Frames.join(Frames.text("fine"), bytes));
			assertThat(connection.readUntilClose()).isEqualTo(code);
		}, GOOD);
		WsConnection connection = connect(options(server).maxMessageSize(1000).maxFrameSize(900));
		assertThat(firstClose(connection, WsProtocolException.class).status().code()).isEqualTo(code);
		assertThat(this.listener.texts()).containsExactly("fine");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1002, 1003, 1007, 1008, 1009, 1010 })
	void closeThatBlamesTheClientAtOnceIsARefusal(int code) {
		ScriptedServer server = server((connection) -> {
			connection.accept(Frames.close(code));
			connection.readUntilClose();
		});
		WsConnection connection = connect(options(server));
		await().until(() -> connection.snapshot().refusedSince() != null);
		await().until(() -> !this.listener.closes.isEmpty());
		assertThat(this.listener.closes)
			.containsExactly(new WsCloseEvent(new CloseStatus(code, ""), Initiator.SERVER, true, null, true));
	}

	@Test
	void userMayReconnectAtAnyTime() {
		ScriptedServer server = server((connection) -> {
			connection.accept();
			connection.write(Frames.close(connection.readUntilClose()));
		});
		WsConnection connection = connect(options(server));
		for (int sessions = 1; sessions <= 5; sessions++) {
			int expected = sessions;
			await().until(() -> connection.isOpen() && connection.snapshot().sessions() == expected);
			connection.reconnect(Duration.ZERO);
			await().until(() -> this.listener.closes.size() == expected);
		}
		assertThat(this.listener.closes).allMatch(WsCloseEvent::willReconnect).allMatch(WsCloseEvent::clean);
		assertThat(this.listener.errors).isEmpty();
	}

	@Test
	void abortEndsAtOnceAndForGood() {
		ScriptedServer server = server(GOOD);
		WsConnection connection = connect(options(server));
		await().until(connection::isOpen);
		connection.abort();
		await().until(() -> connection.state() == WsState.CLOSED);
		await().until(() -> this.listener.closes.size() == 1);
		assertThat(this.listener.closes.get(0).initiator()).isEqualTo(Initiator.CLIENT);
		assertThat(this.listener.closes.get(0).clean()).isFalse();
		await().until(() -> server.connections().get(0).frames().isEmpty());
	}

	@Test
	void messagesAcceptedBeforeTheCloseAreWrittenFirst() {
		List<String> received = new ArrayList<>();
		ScriptedServer server = server((connection) -> {
			connection.accept();
			ScriptedConnection.Frame frame = connection.readFrame();
			while (frame.opcode() != 8) {
				received.add(frame.text());
				frame = connection.readFrame();
			}
			connection.write(Frames.close(1000));
		});
		WsConnection connection = connect(options(server));
		await().until(connection::isOpen);
		List<String> sent = new ArrayList<>();
		for (int i = 0; i < 1000; i++) {
			sent.add("message " + i);
			connection.send("message " + i);
		}
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
		assertThat(received).isEqualTo(sent);
		assertThat(this.listener.closes.get(0).clean()).isTrue();
	}

}
