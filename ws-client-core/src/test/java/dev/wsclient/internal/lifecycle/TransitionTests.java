package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Flow;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Walks every state and every event that can come in it.
 */
class TransitionTests {

	/**
	 * State, event, next state, number of attempts begun, calls of the listener.
	 */
	private static final String TABLE = """
			IDLE       | connect         | CONNECTING | 1 |
			IDLE       | reconnect       | BACKOFF    | 0 | onReconnecting
			IDLE       | cancelReconnect | IDLE       | 0 |
			IDLE       | close           | CLOSED     | 0 |
			IDLE       | abort           | CLOSED     | 0 |
			IDLE       | pause           | IDLE       | 0 |
			IDLE       | resume          | IDLE       | 0 |
			IDLE       | backlogFull     | IDLE       | 0 |
			IDLE       | demandMissing   | IDLE       | 0 |
			IDLE       | whenOpen        | IDLE       | 0 |
			IDLE       | send            | IDLE       | 0 |
			IDLE       | timer           | IDLE       | 0 |
			CONNECTING | connect         | CONNECTING | 0 |
			CONNECTING | reconnect       | BACKOFF    | 0 | onReconnecting
			CONNECTING | cancelReconnect | CONNECTING | 0 |
			CONNECTING | close           | CLOSED     | 0 |
			CONNECTING | abort           | CLOSED     | 0 |
			CONNECTING | pause           | CONNECTING | 0 |
			CONNECTING | resume          | CONNECTING | 0 |
			CONNECTING | timer           | BACKOFF    | 0 | onError onReconnecting
			CONNECTING | connected       | CONNECTING | 0 | onConnect
			CONNECTING | open            | OPEN       | 0 | onConnect onOpen
			CONNECTING | read            | CONNECTING | 0 |
			CONNECTING | endByNetwork    | BACKOFF    | 0 | onError onReconnecting
			CONNECTING | step            | CONNECTING | 0 |
			CONNECTING | refused503      | BACKOFF    | 0 | onError onReconnecting
			CONNECTING | refused403      | BACKOFF    | 0 | onError onReconnecting
			CONNECTING | backlogFull     | CONNECTING | 0 |
			CONNECTING | demandMissing   | CONNECTING | 0 |
			CONNECTING | whenOpen        | CONNECTING | 0 |
			CONNECTING | send            | CONNECTING | 0 |
			OPEN       | connect         | OPEN       | 0 |
			OPEN       | reconnect       | CLOSING    | 0 |
			OPEN       | cancelReconnect | OPEN       | 0 |
			OPEN       | close           | CLOSING    | 0 |
			OPEN       | abort           | CLOSED     | 0 | onClose
			OPEN       | pause           | OPEN       | 0 |
			OPEN       | resume          | OPEN       | 0 |
			OPEN       | timer           | OPEN       | 0 |
			OPEN       | read            | OPEN       | 0 |
			OPEN       | text            | OPEN       | 0 | onText
			OPEN       | ping            | OPEN       | 0 | onPing
			OPEN       | pong            | OPEN       | 0 | onPong
			OPEN       | closing         | CLOSING    | 0 |
			OPEN       | writable        | OPEN       | 0 |
			OPEN       | written         | OPEN       | 0 |
			OPEN       | lost            | OPEN       | 0 |
			OPEN       | closeDue        | OPEN       | 0 |
			OPEN       | fragment        | OPEN       | 0 | onFragment
			OPEN       | backlogFull     | OPEN       | 0 |
			OPEN       | demandMissing   | OPEN       | 0 |
			OPEN       | whenOpen        | OPEN       | 0 |
			OPEN       | send            | OPEN       | 0 |
			OPEN       | silence         | BACKOFF    | 0 | onError onClose onReconnecting
			OPEN       | endByClient     | BACKOFF    | 0 | onClose onReconnecting
			OPEN       | closedToRestart | BACKOFF    | 0 | onClose onReconnecting
			OPEN       | endByNetwork    | BACKOFF    | 0 | onError onClose onReconnecting
			OPEN       | closedNormally  | BACKOFF    | 0 | onClose onReconnecting
			OPEN       | closedForPolicy | BACKOFF    | 0 | onClose onReconnecting
			OPEN       | violation       | BACKOFF    | 0 | onError onClose onReconnecting
			CLOSING    | connect         | CLOSING    | 0 |
			CLOSING    | reconnect       | CLOSING    | 0 |
			CLOSING    | cancelReconnect | CLOSING    | 0 |
			CLOSING    | close           | CLOSING    | 0 |
			CLOSING    | abort           | CLOSED     | 0 | onClose
			CLOSING    | pause           | CLOSING    | 0 |
			CLOSING    | resume          | CLOSING    | 0 |
			CLOSING    | timer           | CLOSED     | 0 | onError onClose
			CLOSING    | read            | CLOSING    | 0 |
			CLOSING    | text            | CLOSING    | 0 | onText
			CLOSING    | ping            | CLOSING    | 0 | onPing
			CLOSING    | pong            | CLOSING    | 0 | onPong
			CLOSING    | closing         | CLOSING    | 0 |
			CLOSING    | writable        | CLOSING    | 0 |
			CLOSING    | written         | CLOSING    | 0 |
			CLOSING    | lost            | CLOSING    | 0 |
			CLOSING    | closeDue        | CLOSING    | 0 |
			CLOSING    | fragment        | CLOSING    | 0 | onFragment
			CLOSING    | backlogFull     | CLOSING    | 0 |
			CLOSING    | demandMissing   | CLOSING    | 0 |
			CLOSING    | whenOpen        | CLOSING    | 0 |
			CLOSING    | send            | CLOSING    | 0 |
			CLOSING    | silence         | CLOSED     | 0 | onError onClose
			CLOSING    | closedToRestart | CLOSED     | 0 | onClose
			CLOSING    | endByNetwork    | CLOSED     | 0 | onError onClose
			CLOSING    | endByClient     | CLOSED     | 0 | onClose
			CLOSING    | closedNormally  | CLOSED     | 0 | onClose
			CLOSING    | closedForPolicy | CLOSED     | 0 | onClose
			CLOSING    | violation       | CLOSED     | 0 | onError onClose
			BACKOFF    | connect         | CONNECTING | 1 |
			BACKOFF    | reconnect       | BACKOFF    | 0 | onReconnecting
			BACKOFF    | cancelReconnect | CLOSED     | 0 |
			BACKOFF    | close           | CLOSED     | 0 |
			BACKOFF    | abort           | CLOSED     | 0 |
			BACKOFF    | pause           | BACKOFF    | 0 |
			BACKOFF    | resume          | BACKOFF    | 0 |
			BACKOFF    | backlogFull     | BACKOFF    | 0 |
			BACKOFF    | demandMissing   | BACKOFF    | 0 |
			BACKOFF    | whenOpen        | BACKOFF    | 0 |
			BACKOFF    | send            | BACKOFF    | 0 |
			BACKOFF    | timer           | CONNECTING | 1 |
			CLOSED     | connect         | CONNECTING | 1 |
			CLOSED     | reconnect       | BACKOFF    | 0 | onReconnecting
			CLOSED     | cancelReconnect | CLOSED     | 0 |
			CLOSED     | close           | CLOSED     | 0 |
			CLOSED     | abort           | CLOSED     | 0 |
			CLOSED     | pause           | CLOSED     | 0 |
			CLOSED     | resume          | CLOSED     | 0 |
			CLOSED     | backlogFull     | CLOSED     | 0 |
			CLOSED     | demandMissing   | CLOSED     | 0 |
			CLOSED     | whenOpen        | CLOSED     | 0 |
			CLOSED     | send            | CLOSED     | 0 |
			CLOSED     | timer           | CLOSED     | 0 |
			""";

	private static final Set<String> EVENTS_WITHOUT_SESSION = Set.of("connect", "reconnect", "cancelReconnect", "close",
			"abort", "pause", "resume", "timer", "backlogFull", "demandMissing", "whenOpen", "send");

	private static final Set<String> EVENTS_OF_ATTEMPTS = Set.of("connected", "open", "read", "step", "endByNetwork",
			"refused503", "refused403");

	private static final Set<String> EVENTS_OF_SESSIONS = Set.of("read", "text", "fragment", "ping", "pong", "closing",
			"closeDue", "writable", "written", "lost", "silence", "endByNetwork", "endByClient", "closedNormally",
			"closedToRestart", "closedForPolicy", "violation");

	static Stream<Arguments> rows() {
		return TABLE.lines().map((line) -> {
			List<String> cells = Arrays.stream(line.split("\\|", -1)).map(String::strip).toList();
			return Arguments.of(WsState.valueOf(cells.get(0)), cells.get(1), WsState.valueOf(cells.get(2)),
					Integer.valueOf(cells.get(3)), cells.get(4));
		});
	}

	@ParameterizedTest(name = "{0} and {1}: {2}")
	@MethodSource("rows")
	void eventLeadsTo(WsState state, String event, WsState next, int opens, String calls) {
		ConnectionFixture fixture = new ConnectionFixture().in(state);
		int opensBefore = fixture.transport.opens();
		fire(event, fixture);
		assertThat(fixture.state()).isEqualTo(next);
		assertThat(fixture.transport.opens() - opensBefore).isEqualTo(opens);
		List<String> methods = fixture.listener.calls().stream().map((call) -> call.split(" ", 2)[0]).toList();
		assertThat(String.join(" ", methods)).isEqualTo(calls);
		assertChain(state, next, fixture.listener.changes());
		assertThat(fixture.registry.active).isEqualTo(next != WsState.IDLE && next != WsState.CLOSED);
		assertTimers(fixture, next);
	}

	@ParameterizedTest(name = "{0} and {1}: {2}")
	@MethodSource("rows")
	void closeCompletesWhateverHappenedBefore(WsState state, String event) {
		ConnectionFixture fixture = new ConnectionFixture().in(state);
		fire(event, fixture);
		var closed = fixture.stage(WsConnection::close);
		if (fixture.state() == WsState.CLOSING) {
			assertThat(closed).isNotDone();
			fixture.session().endByClient();
		}
		assertThat(closed).isCompleted();
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(fixture.scheduler.pendingTimers()).isEmpty();
	}

	private static void fire(String event, ConnectionFixture fixture) {
		switch (event) {
			case "connect" -> fixture.user(WsConnection::connect);
			case "reconnect" -> fixture.user((connection) -> connection.reconnect(Duration.ofSeconds(3)));
			case "cancelReconnect" -> fixture.user(WsConnection::cancelReconnect);
			case "close" -> fixture.user(WsConnection::close);
			case "abort" -> fixture.user(WsConnection::abort);
			case "pause" -> fixture.user(WsConnection::pause);
			case "resume" -> fixture.user(WsConnection::resume);
			case "timer" -> fixture.scheduler.advanceToNextTimer();
			case "backlogFull" -> {
				fixture.scheduler.run(() -> fixture.connection.onBacklogFull(true));
				fixture.scheduler.run(() -> fixture.connection.onBacklogFull(false));
			}
			case "demandMissing" -> fixture.user((connection) -> connection.messages().subscribe(new Idle()));
			case "whenOpen" -> fixture.user(WsConnection::whenOpen);
			case "send" -> fixture.user((connection) -> connection.send("hello"));
			// A ping's interval and its deadline
			case "silence" -> fixture.scheduler.advance(Duration.ofSeconds(50));
			case "written" -> {
				fixture.send("hello");
				fixture.session().allWritten();
			}
			case "lost" -> {
				fixture.send("hello");
				fixture.session().lost();
			}
			default -> fire(event, fixture.session());
		}
	}

	private static void fire(String event, FakeSession session) {
		switch (event) {
			case "connected" -> session.connected();
			case "open" -> {
				session.connected();
				session.open();
			}
			case "read" -> session.read();
			case "text" -> session.text("hello");
			case "ping" -> session.ping("p");
			case "pong" -> session.pong(ByteBuffer.allocate(3));
			case "fragment" -> session.fragment("hello", true, false);
			case "step" -> session.step();
			case "closeDue" -> session.closeDue();
			case "closing" -> session.closing();
			case "writable" -> session.unblockWrites();
			case "endByNetwork" -> session.endByNetwork();
			case "endByClient" -> session.endByClient();
			case "closedNormally" -> session.endByServer(1000);
			case "closedToRestart" -> session.endByServer(1012);
			case "closedForPolicy" -> session.endByServer(1008);
			case "violation" -> session.endByViolation();
			case "refused403" -> session.endByRefusal(403);
			case "refused503" -> session.endByRefusal(503);
			default -> throw new IllegalArgumentException(event);
		}
	}

	private static void assertChain(WsState first, WsState last, List<WsStateChange> changes) {
		List<WsState> path = new ArrayList<>(List.of(first));
		for (WsStateChange change : changes) {
			assertThat(change.from()).isEqualTo(path.get(path.size() - 1));
			path.add(change.to());
		}
		assertThat(path).endsWith(last).doesNotHaveDuplicates();
	}

	/**
	 * Each state has its one timer: a deadline, the keep-alive, the next attempt.
	 */
	private static void assertTimers(ConnectionFixture fixture, WsState state) {
		int expected = (state == WsState.IDLE || state == WsState.CLOSED) ? 0 : 1;
		assertThat(fixture.scheduler.pendingTimers()).hasSize(expected);
	}

	@Test
	void tableHasEveryEventInEveryState() {
		Set<String> pairs = rows().map((row) -> row.get()[0] + " " + row.get()[1]).collect(Collectors.toSet());
		Set<String> expected = new HashSet<>();
		for (WsState state : WsState.values()) {
			EVENTS_WITHOUT_SESSION.forEach((event) -> expected.add(state + " " + event));
		}
		EVENTS_OF_ATTEMPTS.forEach((event) -> expected.add(WsState.CONNECTING + " " + event));
		EVENTS_OF_SESSIONS.forEach((event) -> expected.add(WsState.OPEN + " " + event));
		EVENTS_OF_SESSIONS.forEach((event) -> expected.add(WsState.CLOSING + " " + event));
		assertThat(pairs).isEqualTo(expected);
	}

	/**
	 * A subscriber without demand.
	 */
	private static final class Idle implements Flow.Subscriber<WsMessage> {

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
		}

		@Override
		public void onNext(WsMessage message) {
			throw new AssertionError("not asked for");
		}

		@Override
		public void onError(Throwable error) {
		}

		@Override
		public void onComplete() {
		}

	}

}
