package dev.wsclient.internal.lifecycle;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.LoggerFactory;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.exception.WsException;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.UrlSelection;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What the user asked for is no failure: not of the URL, nor of the policy, nor in what
 * is told, measured and logged.
 */
class WhatTheUserAskedForIsNoFailureTests {

	private static final Reconnect EXACT = Reconnect.defaults().withJitter(0);

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.wsclient");

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	private final Recorder recorder = new Recorder();

	@BeforeEach
	void listen() {
		this.lines.start();
		this.logger.addAppender(this.lines);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.lines);
	}

	private ConnectionFixture fixture(Reconnect policy) {
		return new ConnectionFixture((options) -> WsOptions.builder(List.of("ws://one/", "ws://two/"))
			.name("feed")
			.urlSelection(UrlSelection.ORDERED)
			.events(this.recorder)
			.reconnect(policy));
	}

	private static List<String> hosts(ConnectionFixture fixture) {
		return fixture.transport.requests().stream().map(WsHandshakeRequest::uri).map(URI::getHost).toList();
	}

	/**
	 * How a session or attempt can end that the user asked to end.
	 */
	static Stream<Consumer<FakeSession>> ends() {
		return Stream.of(FakeSession::endByClient, FakeSession::endByNetwork, (session) -> session.endByServer(1000),
				(session) -> session.endByServer(1008), FakeSession::endByViolation);
	}

	@ParameterizedTest
	@MethodSource("ends")
	void reconnectOfASessionThatIsNotStableLeavesItsUrlTheFirst(Consumer<FakeSession> end) {
		ConnectionFixture fixture = fixture(EXACT).in(WsState.OPEN);
		fixture.user((connection) -> connection.reconnect(Duration.ZERO));
		end.accept(fixture.session());
		fixture.awaitAttempt();
		assertThat(hosts(fixture)).containsExactly("one", "one");
		assertThat(this.recorder.causes).containsExactly((Throwable) null);
	}

	@ParameterizedTest
	@MethodSource("ends")
	void closeOfASessionThatIsNotStableLeavesItsUrlTheFirst(Consumer<FakeSession> end) {
		ConnectionFixture fixture = fixture(EXACT).in(WsState.OPEN);
		fixture.user(WsConnection::close);
		end.accept(fixture.session());
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(fixture.listener.changes()).allMatch((change) -> change.cause() == null);
		fixture.user(WsConnection::connect);
		assertThat(hosts(fixture)).containsExactly("one", "one");
	}

	@Test
	void abortLeavesTheUrlTheFirst() {
		for (WsState state : new WsState[] { WsState.CONNECTING, WsState.OPEN }) {
			ConnectionFixture fixture = fixture(EXACT).in(state);
			fixture.user(WsConnection::abort);
			fixture.user(WsConnection::connect);
			assertThat(hosts(fixture)).containsExactly("one", "one");
		}
	}

	@Test
	void attemptThatTheUserGivesUpIsNoFailure() {
		for (Consumer<WsConnection> call : List.<Consumer<WsConnection>>of(WsConnection::close, WsConnection::abort,
				(connection) -> connection.reconnect(Duration.ofSeconds(1)))) {
			ConnectionFixture fixture = fixture(EXACT);
			fixture.transport.abortEndsLater();
			fixture.in(WsState.CONNECTING).user(call);
			fixture.session().endByNetwork();
			assertThat(fixture.listener.errors()).isEmpty();
			assertThat(fixture.connection.snapshot().lastError()).isNull();
			fixture.user(WsConnection::connect);
			assertThat(hosts(fixture)).containsExactly("one", "one");
		}
		assertThat(this.recorder.failures).isEmpty();
		assertThat(this.lines.list).noneMatch((line) -> line.getLevel().isGreaterOrEqual(Level.WARN));
	}

	@Test
	void urlWhoseServerEndedTheSessionRestsAlsoIfTheUserConnectsMeanwhile() {
		ConnectionFixture fixture = fixture(EXACT).in(WsState.OPEN);
		fixture.session().closing();
		fixture.user(WsConnection::connect);
		fixture.session().endByServer(1011);
		fixture.awaitAttempt();
		assertThat(hosts(fixture)).containsExactly("one", "two");
	}

	@Test
	void reconnectsOfTheUserDoNotLetDelaysGrow() {
		ConnectionFixture fixture = fixture(EXACT).in(WsState.OPEN);
		for (int i = 0; i < 6; i++) {
			fixture.user((connection) -> connection.reconnect(Duration.ZERO));
			fixture.session().endByClient();
			fixture.reopen();
		}
		fixture.session().endByNetwork();
		assertThat(fixture.scheduler.pendingTimers()).containsExactly(Duration.ofSeconds(1));
	}

	@Test
	void reconnectsOfTheUserDoNotCountForTheBounds() {
		ConnectionFixture fixture = fixture(EXACT.withMaxAttempts(1).withMaxElapsed(Duration.ofMinutes(1)));
		fixture.user((connection) -> connection.reconnect(Duration.ofHours(1)));
		fixture.user((connection) -> connection.reconnect(Duration.ofHours(2)));
		fixture.awaitAttempt();
		fixture.session().endByNetwork();
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
		fixture.user((connection) -> connection.reconnect(Duration.ZERO));
		fixture.reopen();
		fixture.user((connection) -> connection.reconnect(Duration.ZERO));
		fixture.session().endByClient();
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
	}

	@Test
	void firstFailureAfterReconnectsOfTheUserIsAWarning() {
		ConnectionFixture fixture = fixture(EXACT).in(WsState.BACKOFF);
		fixture.reopen();
		fixture.advance(Duration.ofSeconds(20));
		for (int i = 0; i < 3; i++) {
			fixture.user((connection) -> connection.reconnect(Duration.ZERO));
			fixture.session().endByClient();
			fixture.awaitAttempt();
			if (i < 2) {
				fixture.openSession();
			}
		}
		fixture.session().endByNetwork();
		assertThat(this.lines.list).filteredOn((line) -> line.getLevel() == Level.WARN)
			.singleElement()
			.asString()
			.contains("reset by peer");
	}

	@ParameterizedTest
	@EnumSource(value = WsState.class, names = { "OPEN", "BACKOFF", "IDLE", "CLOSED" })
	void reconnectScheduledForTheUserHasNoCause(WsState state) {
		ConnectionFixture fixture = fixture(EXACT).in(state);
		this.recorder.causes.clear();
		fixture.user((connection) -> connection.reconnect(Duration.ofSeconds(3)));
		if (state == WsState.OPEN) {
			// The closing handshake's deadline passes
			fixture.advance(Duration.ofSeconds(5));
		}
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(this.recorder.causes).containsExactly((Throwable) null);
	}

	@Test
	void reconnectScheduledByThePolicyAlwaysHasACause() {
		for (Consumer<FakeSession> end : ends().toList()) {
			ConnectionFixture fixture = fixture(EXACT).in(WsState.OPEN);
			this.recorder.causes.clear();
			end.accept(fixture.session());
			assertThat(this.recorder.causes).hasSize(1).doesNotContainNull();
			assertThat(fixture.listener.changes()).last().satisfies((change) -> assertThat(change.cause()).isNotNull());
		}
	}

	@Test
	void sessionsThatTheUserEndsAreNoOutageAndNoWarning() {
		ConnectionFixture fixture = fixture(EXACT).in(WsState.OPEN);
		for (int i = 0; i < 3; i++) {
			fixture.user((connection) -> connection.reconnect(Duration.ofMinutes(1)));
			fixture.session().endByNetwork();
			fixture.reopen();
		}
		assertThat(this.lines.list).extracting(ILoggingEvent::getFormattedMessage)
			.noneMatch((line) -> line.contains("outage"));
		assertThat(this.lines.list).noneMatch((line) -> line.getLevel().isGreaterOrEqual(Level.WARN));
	}

	@Test
	void subscribersOfAConnectionThatTheUserClosesComplete() {
		ConnectionFixture fixture = fixture(EXACT).in(WsState.OPEN);
		var piped = fixture.stage((connection) -> connection.pipeTo(new ConnectionFixture().connection));
		fixture.user(WsConnection::close);
		fixture.session().endByNetwork();
		fixture.scheduler.runAll();
		assertThat(piped).isCompleted();
	}

	/**
	 * Remembers what an observer is told.
	 */
	private static final class Recorder implements WsEvents {

		private final List<@Nullable Throwable> causes = new ArrayList<>();

		private final List<WsException> failures = new ArrayList<>();

		@Override
		public void reconnectScheduled(WsConnection connection, int attempt, Duration delay,
				@Nullable Throwable cause) {
			this.causes.add(cause);
		}

		@Override
		public void connectFailed(WsConnection connection, WsException error, Duration time) {
			this.failures.add(error);
		}

	}

}
