package dev.wsclient;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.wsclient.exception.WsProtocolException;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedConnection;
import dev.wsclient.testserver.ScriptedConnection.Frame;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.ScriptedServer.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The end of a session in every order: what users hear of it, exactly once, and what is
 * on the wire.
 */
class ClosingHandshakeIntegrationTests {

	private static final WsClient CLIENT = WsClient.create();

	private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(300);

	/**
	 * More than the sockets take if the server doesn't read.
	 */
	private static final int LARGE = 24 * 1024 * 1024;

	private final RecordingListener listener = new RecordingListener();

	@AfterAll
	static void closeClient() {
		CLIENT.close();
	}

	/**
	 * The server's part of the connection, in full: what it does, and that it reads until
	 * the client closes TCP.
	 */
	private static Script server(Script script) {
		return (connection) -> {
			connection.accept();
			script.run(connection);
			connection.readUntilEof();
		};
	}

	private static Script closingFirst(byte[]... frames) {
		return server((connection) -> {
			connection.write(Frames.join(frames));
			connection.readUntilClose();
			connection.sendFin();
		});
	}

	private static Script answering(byte[]... frames) {
		return server((connection) -> {
			connection.readUntilClose();
			connection.write(Frames.join(frames));
			connection.sendFin();
		});
	}

	static Stream<Arguments> orders() {
		Consumer<WsConnection> close = WsConnection::close;
		Consumer<WsConnection> nothing = (connection) -> {
		};
		byte[] reason = ("\u000f\u00a2" + "x".repeat(123)).getBytes(StandardCharsets.ISO_8859_1);
		return Stream.of(order("client first", close, answering(Frames.close(1000)), "1000 CLIENT clean", "Close 1000"),
				order("server first", nothing, closingFirst(Frames.close(1001)), "1001 SERVER clean", "Close 1001"),
				order("server first, with the longest reason", nothing, closingFirst(Frames.frame(0x88, reason)),
						"4002 (" + "x".repeat(123) + ") SERVER clean", "Close 4002"),
				order("server first, without a code", nothing, closingFirst(Frames.frame(0x88, new byte[0])),
						"1005 SERVER clean", "Close"),
				order("server answers with another code", close, answering(Frames.close(4001)), "1000 CLIENT clean",
						"Close 1000"),
				order("server answers without a code", close, answering(Frames.frame(0x88, new byte[0])),
						"1000 CLIENT clean", "Close 1000"),
				order("client twice", (connection) -> {
					connection.close(CloseStatus.GOING_AWAY);
					connection.close(CloseStatus.INTERNAL_ERROR);
				}, answering(Frames.close(1001)), "1001 CLIENT clean", "Close 1001"),
				order("sends behind its own close", (connection) -> {
					connection.send("before");
					connection.close();
					until(() -> connection.state() != WsState.OPEN);
					connection.send("behind");
				}, answering(Frames.close(1000)), "1000 CLIENT clean", "text before, Close 1000"),
				order("data behind the server's close", nothing,
						closingFirst(Frames.text("fine"), Frames.close(1001), Frames.text("late"), new byte[] { -1 }),
						"1001 SERVER clean [fine]", "Close 1001"),
				order("data behind the client's close", close,
						answering(Frames.text("late"), Frames.close(1000), Frames.text("too late")),
						"1000 CLIENT clean [late]", "Close 1000"),
				order("ping behind the client's close", close, server((connection) -> {
					connection.readUntilClose();
					connection.write(Frames.ping("still there?"));
					connection.readFrame();
					connection.write(Frames.close(1000));
					connection.sendFin();
				}), "1000 CLIENT clean", "Close 1000, pong still there?"),
				order("ping behind the server's close", nothing, closingFirst(Frames.close(1001), Frames.ping("late")),
						"1001 SERVER clean", "Close 1001"),
				order("within a fragmented message", nothing,
						closingFirst(Frames.frame(0x01, new byte[5]), Frames.close(1001),
								Frames.frame(0x80, new byte[1])),
						"1001 SERVER clean", "Close 1001"),
				order("in many segments", nothing, server((connection) -> {
					connection.drip(Frames.frame(0x88, reason));
					connection.readUntilClose();
					connection.sendFin();
				}), "4002 (" + "x".repeat(123) + ") SERVER clean", "Close 4002"),
				order("server ends TCP right behind its close", nothing, server((connection) -> {
					connection.write(Frames.close(1001));
					connection.sendFin();
				}), "1001 SERVER clean", "Close 1001"),
				order("server ends TCP without a close", nothing, server(ScriptedConnection::sendFin),
						"1006 NETWORK WsConnectException", ""),
				order("server ends TCP instead of an answer", close, answering(), "1000 CLIENT", "Close 1000"),
				order("server resets instead of an answer", close, server((connection) -> {
					connection.readUntilClose();
					connection.reset();
				}), "1000 CLIENT WsConnectException", "Close 1000"),
				order("server answers and leaves TCP open", close, server((connection) -> {
					connection.readUntilClose();
					connection.write(Frames.close(1000));
				}), "1000 CLIENT clean", "Close 1000"),
				order("server closes and leaves TCP open", nothing,
						server((connection) -> connection.write(Frames.close(1001))), "1001 SERVER clean",
						"Close 1001"),
				order("server never answers", close, server(ScriptedConnection::readUntilClose),
						"1000 CLIENT WsTimeoutException", "Close 1000"),
				order("client aborts", WsConnection::abort, server((connection) -> {
				}), "1006 CLIENT", ""));
	}

	private static Arguments order(String name, Consumer<WsConnection> action, Script script, String heard,
			String wire) {
		return Arguments.of(name, action, script, heard, wire);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("orders")
	void everyOrderIsToldOnceAndTruly(String name, Consumer<WsConnection> action, Script script, String heard,
			String wire) {
		assertThat(run(action, script)).isEqualTo(wire);
		assertThat(heard()).isEqualTo(heard);
	}

	static Stream<Arguments> invalidCloses() {
		return Stream.of(Arguments.of("one byte", Frames.frame(0x88, new byte[1]), 1002),
				Arguments.of("code 0", Frames.close(0), 1002), Arguments.of("code 999", Frames.close(999), 1002),
				Arguments.of("code 1004", Frames.close(1004), 1002),
				Arguments.of("code 1005", Frames.close(1005), 1002),
				Arguments.of("code 1006", Frames.close(1006), 1002),
				Arguments.of("code 1015", Frames.close(1015), 1002),
				Arguments.of("code 2999", Frames.close(2999), 1002),
				Arguments.of("code 5000", Frames.close(5000), 1002),
				Arguments.of("126 bytes", Frames.frame(0x88, new byte[126]), 1002),
				Arguments.of("a fragment", Frames.frame(0x08, new byte[] { 3, -24 }), 1002),
				Arguments.of("bad UTF-8", Frames.frame(0x88, new byte[] { 3, -24, 'x', -64 }), 1007),
				Arguments.of("cut UTF-8", Frames.frame(0x88, new byte[] { 3, -24, -30, -126 }), 1007));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("invalidCloses")
	void invalidCloseIsRefused(String name, byte[] close, int code) {
		String wire = run((connection) -> {
		}, closingFirst(Frames.text("fine"), close, Frames.text("late")));
		assertThat(wire).isEqualTo("Close " + code);
		assertThat(heard()).matches(code + " \\(.*\\) CLIENT WsProtocolException \\[fine]");
		assertThat(this.listener.errors).singleElement()
			.isInstanceOfSatisfying(WsProtocolException.class,
					(error) -> assertThat(error.closeCode()).isEqualTo(code));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("invalidCloses")
	void invalidAnswerIsRefused(String name, byte[] close, int code) {
		assertThat(run(WsConnection::close, answering(close, Frames.text("late")))).isEqualTo("Close 1000");
		assertThat(heard()).isEqualTo("1000 CLIENT WsProtocolException");
	}

	@Test
	void closesThatCrossOnTheirWayAreAnAnswerToEachOther() {
		CountDownLatch closing = new CountDownLatch(1);
		String wire = run((connection) -> {
			connection.pause();
			connection.send("close now");
			until(() -> closing.getCount() == 0);
			connection.close(CloseStatus.GOING_AWAY);
		}, server((connection) -> {
			connection.readFrame();
			connection.write(Frames.close(4000));
			closing.countDown();
			connection.readUntilClose();
			connection.sendFin();
		}));
		assertThat(wire).isEqualTo("text close now, Close 1001");
		assertThat(heard()).isEqualTo("1001 CLIENT clean");
	}

	@Test
	void closeBehindAFullSocketIsGivenUpAtTheDeadline() {
		CountDownLatch closed = new CountDownLatch(1);
		String wire = run((connection) -> {
			connection.send(new byte[LARGE]);
			connection.close().whenComplete((result, error) -> closed.countDown());
		}, server((connection) -> closed.await()));
		assertThat(wire).isEmpty();
		assertThat(heard()).isEqualTo("1006 CLIENT WsTimeoutException");
	}

	@Test
	void answerThatNeverWentOutIsNotClean() {
		CountDownLatch sent = new CountDownLatch(1);
		CountDownLatch closed = new CountDownLatch(1);
		String wire = run((connection) -> {
			connection.send(new byte[LARGE]).whenComplete((result, error) -> closed.countDown());
			sent.countDown();
		}, server((connection) -> {
			sent.await();
			connection.write(Frames.close(1001));
			closed.await();
		}));
		assertThat(wire).isEmpty();
		assertThat(heard()).isEqualTo("1001 SERVER");
	}

	@Test
	void answerWaitsForWhatWasSentBefore() {
		CountDownLatch sent = new CountDownLatch(1);
		String wire = run((connection) -> {
			connection.send(new byte[LARGE]);
			sent.countDown();
		}, server((connection) -> {
			sent.await();
			connection.write(Frames.close(1001));
			connection.readUntilClose();
			connection.sendFin();
		}));
		assertThat(wire).isEqualTo("binary of " + LARGE + ", Close 1001");
		assertThat(heard()).isEqualTo("1001 SERVER clean");
	}

	@Test
	void clientLeavesTheEndOfTcpToTheServer() {
		assertThat(run(WsConnection::close, server((connection) -> {
			connection.readUntilClose();
			connection.write(Frames.close(1000));
			assertThat(connection.isQuiet(CLOSE_TIMEOUT.dividedBy(3))).isTrue();
			connection.sendFin();
		}))).isEqualTo("Close 1000");
		assertThat(heard()).isEqualTo("1000 CLIENT clean");
	}

	private static void until(Callable<Boolean> condition) {
		await().pollInterval(Duration.ofMillis(5)).until(condition);
	}

	/**
	 * Runs a session to its end.
	 * @return what the server read
	 */
	private String run(Consumer<WsConnection> action, Script script) {
		CountDownLatch done = new CountDownLatch(1);
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			try {
				script.run(connection);
			}
			finally {
				done.countDown();
			}
		})) {
			WsConnection connection = CLIENT.connect(WsOptions.builder(server.uri())
				.closeTimeout(CLOSE_TIMEOUT)
				.sendBufferSize(2 * LARGE)
				.reconnect(Reconnect.never())
				.build(), this.listener);
			until(() -> this.listener.opens.size() == 1);
			action.accept(connection);
			until(() -> done.getCount() == 0 && connection.state() == WsState.CLOSED
					&& !this.listener.closes.isEmpty());
			return server.connections()
				.get(0)
				.frames()
				.stream()
				.map(ClosingHandshakeIntegrationTests::describe)
				.collect(Collectors.joining(", "));
		}
	}

	private static String describe(Frame frame) {
		return switch (frame.opcode()) {
			case 1 -> "text " + frame.text();
			case 2 -> "binary of " + frame.payload().length;
			case 8 -> (frame.payload().length > 0) ? "Close " + frame.closeCode() : "Close";
			case 10 -> "pong " + frame.text();
			default -> throw new IllegalArgumentException("opcode " + frame.opcode());
		};
	}

	/**
	 * Returns what the listener heard: the close, errors, and messages.
	 */
	private String heard() {
		assertThat(this.listener.closes).hasSize(1);
		WsCloseEvent event = this.listener.closes.get(0);
		assertThat(this.listener.errors).isEqualTo((event.cause() != null) ? List.of(event.cause()) : List.of());
		return event.status() + " " + event.initiator() + (event.clean() ? " clean" : "")
				+ ((event.cause() != null) ? " " + event.cause().getClass().getSimpleName() : "")
				+ (this.listener.messages.isEmpty() ? "" : " " + this.listener.texts());
	}

}
