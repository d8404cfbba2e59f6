package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.options.Reconnect;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the log says of outages, lost sessions, refusals and stops, and how loudly.
 */
class ConnectionLogTests {

	private static final Reconnect EXACT = Reconnect.defaults().withJitter(0);

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.wsclient.connection");

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	private ConnectionFixture fixture = fixture(EXACT);

	@BeforeEach
	void listen() {
		this.logger.setLevel(Level.INFO);
		this.lines.start();
		this.logger.addAppender(this.lines);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.lines);
		this.logger.setLevel(null);
	}

	private static ConnectionFixture fixture(Reconnect policy) {
		return new ConnectionFixture((options) -> options.pingInterval(Duration.ZERO)
			.reconnect(policy)
			.optionNames(Map.of("url", "ws.clients.feed.url", "reconnect stopOn", "ws.clients.feed.reconnect.stop-on",
					"reconnect maxAttempts", "ws.clients.feed.reconnect.max-attempts")));
	}

	private List<String> lines(Level level) {
		return this.lines.list.stream()
			.filter((line) -> line.getLevel() == level)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	private void lose(Consumer<FakeSession> end) {
		end.accept(this.fixture.session());
		this.fixture.reopen();
	}

	static Stream<Consumer<FakeSession>> faults() {
		return Stream.of(FakeSession::endByNetwork, FakeSession::endByViolation, (session) -> session.endByServer(1011),
				(session) -> session.endByServer(4000),
				(session) -> session.end(new SessionEnd(CloseStatus.NORMAL, Initiator.SERVER, false, null)));
	}

	@ParameterizedTest
	@MethodSource("faults")
	void sessionLostByFaultIsAWarningUnlessItIsTheFirstWithinTenMinutes(Consumer<FakeSession> fault) {
		this.fixture.in(WsState.OPEN);
		lose(fault);
		assertThat(lines(Level.WARN)).isEmpty();
		this.fixture.advance(Duration.ofMinutes(9));
		lose(fault);
		assertThat(lines(Level.WARN)).hasSize(1)
			.allMatch((line) -> line.startsWith("Connection 'feed' [feed#2] closed: "));
		this.fixture.advance(Duration.ofMinutes(9));
		lose(fault);
		assertThat(lines(Level.WARN)).hasSize(2);
		this.fixture.advance(Duration.ofMinutes(10));
		lose(fault);
		assertThat(lines(Level.WARN)).hasSize(2);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 1005, 1012 })
	void sessionThatTheServerEndsInOrderIsNotLostByFault(int code) {
		this.fixture.in(WsState.OPEN);
		for (int i = 0; i < 3; i++) {
			lose((session) -> session.endByServer(code));
		}
		assertThat(lines(Level.WARN)).isEmpty();
	}

	@Test
	void openAfterAnOutageTellsHowLongAndHowManyAttempts() {
		this.fixture.in(WsState.OPEN);
		assertThat(lines(Level.INFO)).singleElement().asString().doesNotContain("outage");
		this.fixture.advance(Duration.ofHours(1));
		for (int i = 0; i < 3; i++) {
			this.fixture.session().endByNetwork();
			this.fixture.awaitAttempt();
		}
		this.fixture.session().connected();
		this.fixture.advance(Duration.ofSeconds(5));
		this.fixture.session().open();
		// 1, 2 and 4 seconds, and 5 for the handshake
		assertThat(lines(Level.INFO)).last()
			.asString()
			.isEqualTo(
					"Connection 'feed' [feed#2] OPEN to ws://feed.example/v1 after 5000 ms, outage of 12 s, 3 attempts");
		lose((session) -> session.endByServer(1001));
		assertThat(lines(Level.INFO)).last().asString().endsWith(", outage of 8000 ms, 1 attempt");
	}

	@Test
	void firstSessionAfterFailedAttemptsTellsTheOutageToo() {
		this.fixture.in(WsState.CONNECTING).advance(Duration.ofSeconds(3));
		this.fixture.session().endByNetwork();
		this.fixture.awaitAttempt();
		this.fixture.user((connection) -> connection.reconnect(Duration.ofHours(3)));
		this.fixture.awaitAttempt();
		this.fixture.openSession();
		assertThat(lines(Level.INFO)).last().asString().endsWith(", outage of 3 h 0 min, 2 attempts");
	}

	@Test
	void closeEndsTheOutage() {
		this.fixture.in(WsState.BACKOFF).user(WsConnection::close);
		this.fixture.advance(Duration.ofHours(1));
		this.fixture.open();
		assertThat(lines(Level.INFO)).last().asString().doesNotContain("outage");
	}

	@Test
	void refusedAttemptsHaveOneErrorLineAndThenWarnings() {
		this.fixture.in(WsState.CONNECTING);
		for (int i = 0; i < 5; i++) {
			this.fixture.session().endByRefusal(403);
			this.fixture.awaitAttempt();
		}
		assertThat(lines(Level.ERROR)).containsExactly("Connection 'feed' to ws://feed.example/v1: status 403 [feed#1];"
				+ " refused, reconnecting in 30 s and ever more rarely: the server refused this client with status 403;"
				+ " check ws.clients.feed.url, headers and the credentials");
		assertThat(lines(Level.WARN)).hasSizeBetween(3, 4)
			.allMatch((line) -> line.contains("[feed#1]; BACKOFF, refused, reconnecting in "));
	}

	@Test
	void refusedSessionHasOneErrorLine() {
		this.fixture.in(WsState.OPEN);
		for (int i = 0; i < 3; i++) {
			lose((session) -> session.endByServer(1008));
		}
		assertThat(lines(Level.ERROR)).containsExactly("Connection 'feed' [feed#1] to ws://feed.example/v1 is refused,"
				+ " reconnecting in 30 s and ever more rarely: the server closed with 1008, which blames this client;"
				+ " check the credentials and what is sent first, such as onOpenMessages");
		assertThat(lines(Level.WARN)).hasSize(2).last().asString().contains("refused, reconnecting in 2 min 0 s");
	}

	@Test
	void refusalAfterAStableSessionHasItsErrorLineAgain() {
		this.fixture.in(WsState.CONNECTING);
		for (int i = 0; i < 2; i++) {
			this.fixture.session().endByRefusal(403);
			this.fixture.reopen();
			this.fixture.advance(Duration.ofHours(1));
			this.fixture.session().endByNetwork();
			this.fixture.awaitAttempt();
			this.fixture.advance(Duration.ofMinutes(11));
		}
		assertThat(lines(Level.ERROR)).hasSize(2);
	}

	@Test
	void stoppedConnectionHasOneErrorLineThatNamesTheOption() {
		this.fixture = fixture(EXACT.withStopOn(403, 4001)).in(WsState.CONNECTING);
		this.fixture.session().endByRefusal(403);
		this.fixture.open();
		this.fixture.session().endByServer(4001);
		assertThat(lines(Level.ERROR)).containsExactly(
				"Connection 'feed' to ws://feed.example/v1: status 403 [feed#1]; CLOSED, not reconnecting:"
						+ " ws.clients.feed.reconnect.stop-on lists the status 403; call connect() to go on",
				"Connection 'feed' [feed#1] to ws://feed.example/v1 is CLOSED, not reconnecting:"
						+ " ws.clients.feed.reconnect.stop-on lists the close code 4001; call connect() to go on");
		assertThat(lines(Level.WARN)).isEmpty();
	}

	@Test
	void connectionThatGaveUpHasOneErrorLineThatNamesTheOption() {
		this.fixture = fixture(EXACT.withMaxAttempts(1)).in(WsState.CONNECTING);
		this.fixture.session().endByNetwork();
		this.fixture.awaitAttempt();
		this.fixture.session().endByNetwork();
		assertThat(lines(Level.ERROR)).singleElement()
			.asString()
			.endsWith("; CLOSED, not reconnecting: gave up after 1 reconnect attempts"
					+ " (ws.clients.feed.reconnect.max-attempts); call connect() to go on");
	}

}
