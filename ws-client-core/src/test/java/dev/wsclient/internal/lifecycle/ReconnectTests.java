package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.options.Reconnect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * When a connection tries again.
 */
class ReconnectTests {

	private static final Reconnect EXACT = Reconnect.defaults().withJitter(0);

	@Test
	void failuresOfTheFirstConnectAreRetriedWithGrowingDelays() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.reconnect(EXACT));
		fixture.user(WsConnection::connect);
		for (int seconds : new int[] { 1, 2, 4, 8, 16, 30, 30 }) {
			fixture.session().endByNetwork();
			assertThat(fixture.scheduler.pendingTimers()).containsExactly(Duration.ofSeconds(seconds));
			fixture.awaitAttempt();
			assertThat(fixture.state()).isEqualTo(WsState.CONNECTING);
		}
		assertThat(fixture.listener.attempts()).containsExactly(1, 2, 3, 4, 5, 6, 7);
		assertThat(fixture.listener.count("onClose")).isZero();
	}

	@Test
	void delaysAreDrawnFromTheWholeRangeUpToTheCeiling() {
		ConnectionFixture fixture = new ConnectionFixture();
		fixture.user(WsConnection::connect);
		for (int i = 0; i < 200; i++) {
			fixture.session().endByNetwork();
			fixture.awaitAttempt();
		}
		assertThat(fixture.listener.delays()).allMatch((delay) -> !delay.isNegative())
			.allMatch((delay) -> delay.compareTo(Duration.ofSeconds(30)) <= 0)
			.anyMatch((delay) -> delay.compareTo(Duration.ofSeconds(3)) < 0)
			.anyMatch((delay) -> delay.compareTo(Duration.ofSeconds(27)) > 0);
		assertThat(fixture.listener.delays().get(0)).isLessThanOrEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void maxAttemptsEndsIt() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.reconnect(EXACT.withMaxAttempts(2)));
		fixture.user(WsConnection::connect);
		fixture.session().endByNetwork();
		fixture.awaitAttempt();
		fixture.session().endByNetwork();
		fixture.awaitAttempt();
		assertThat(fixture.listener.errors()).allMatch((error) -> ((WsException) error).willRetry());
		fixture.session().endByNetwork();
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(fixture.transport.opens()).isEqualTo(3);
		assertThat(((WsException) fixture.listener.errors().get(2)).willRetry()).isFalse();
		assertThat(fixture.listener.count("onReconnecting")).isEqualTo(2);
	}

	@Test
	void retryAfterOfARefusalIsHonoured() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.reconnect(EXACT));
		fixture.user(WsConnection::connect);
		fixture.session().endByRefusal(503, "Retry-After", "17");
		assertThat(fixture.scheduler.pendingTimers()).containsExactly(Duration.ofSeconds(17));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1012, 1013 })
	void restartOfTheServerIsGivenTime(int code) {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.reconnect(EXACT)).in(WsState.OPEN);
		fixture.session().endByServer(code);
		assertThat(fixture.scheduler.pendingTimers()).containsExactly(Duration.ofSeconds(5));
	}

	@Test
	void neverMeansNever() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.reconnect(Reconnect.never()))
			.in(WsState.OPEN);
		fixture.session().endByNetwork();
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(fixture.listener.calls()).containsExactly("onError", "onClose");
	}

	@Test
	void maxElapsedEndsIt() {
		ConnectionFixture fixture = new ConnectionFixture(
				(options) -> options.reconnect(EXACT.withMaxElapsed(Duration.ofSeconds(4))));
		fixture.user(WsConnection::connect);
		fixture.session().endByNetwork();
		fixture.awaitAttempt();
		fixture.session().endByNetwork();
		fixture.awaitAttempt();
		assertThat(fixture.state()).isEqualTo(WsState.CONNECTING);
		fixture.advance(Duration.ofSeconds(1));
		fixture.session().endByNetwork();
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
	}

	@Test
	void maxElapsedStartsAnewAfterAStableSession() {
		ConnectionFixture fixture = new ConnectionFixture(
				(options) -> options.pingInterval(Duration.ZERO).reconnect(EXACT.withMaxElapsed(Duration.ofSeconds(4))))
			.in(WsState.OPEN);
		fixture.advance(Duration.ofHours(1));
		fixture.session().endByNetwork();
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
		fixture.reopen();
		fixture.advance(Duration.ofHours(1));
		fixture.session().endByNetwork();
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
	}

	@Test
	void maxElapsedCountsFromTheUsersReconnectOfAStableSession() {
		ConnectionFixture fixture = new ConnectionFixture(
				(options) -> options.pingInterval(Duration.ZERO).reconnect(EXACT.withMaxElapsed(Duration.ofSeconds(4))))
			.in(WsState.OPEN);
		fixture.advance(Duration.ofHours(1));
		fixture.user((connection) -> connection.reconnect(Duration.ZERO));
		fixture.session().endByClient();
		fixture.awaitAttempt();
		fixture.session().endByNetwork();
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
	}

	@Test
	void attemptsAreForgottenOnlyAfterAStableSession() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.reconnect(EXACT)).in(WsState.OPEN);
		fixture.advance(Duration.ofMillis(9_999));
		fixture.session().endByNetwork();
		fixture.reopen();
		fixture.advance(Duration.ofMillis(9_999));
		fixture.session().endByNetwork();
		assertThat(fixture.listener.attempts()).containsExactly(1, 2);
		fixture.reopen();
		fixture.advance(Duration.ofSeconds(10));
		fixture.session().endByNetwork();
		assertThat(fixture.listener.attempts()).containsExactly(1, 2, 1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1000, 1001, 1005, 1011, 1012, 1013, 1014, 3000, 4000, 4999 })
	void otherCloseCodesAreRetried(int code) {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.OPEN);
		fixture.session().closing();
		fixture.session().endByServer(code);
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(fixture.listener.closes().get(0).willReconnect()).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 0, 101, 200, 301, 408, 421, 425, 429, 500, 502, 503, 599 })
	void refusalsThatMayPassAreRetried(int status) {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.CONNECTING);
		fixture.session().connected();
		fixture.session().endByRefusal(status);
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
		WsHandshakeException error = (WsHandshakeException) fixture.listener.errors().get(0);
		assertThat(error.willRetry()).isTrue();
		assertThat(error.statusCode()).isEqualTo(status);
	}

	@Test
	void violationOfTheServerIsRetriedThoughOurCloseSays1002() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.OPEN);
		fixture.session().closing();
		fixture.session().endByViolation();
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
		WsCloseEvent event = fixture.listener.closes().get(0);
		assertThat(event.cause()).isSameAs(fixture.listener.errors().get(0));
	}

	@Test
	void reconnectOfAnOpenConnectionClosesItAndComesBackAfterTheDelay() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.OPEN);
		fixture.user((connection) -> connection.reconnect(Duration.ofSeconds(3)));
		assertThat(fixture.session().output()).containsExactly("close 1000");
		fixture.session().endByClient();
		assertThat(fixture.listener.calls()).containsExactly("onClose", "onReconnecting");
		assertThat(fixture.listener.delays()).containsExactly(Duration.ofSeconds(3));
		fixture.advance(Duration.ofMillis(2_999));
		assertThat(fixture.transport.opens()).isEqualTo(1);
		fixture.advance(Duration.ofMillis(1));
		assertThat(fixture.transport.opens()).isEqualTo(2);
	}

	@Test
	void reconnectHappensAlsoWhenTheServerClosesMeanwhile() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.OPEN);
		fixture.user((connection) -> connection.reconnect(Duration.ZERO));
		fixture.session().endByServer(1008);
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
	}

	@Test
	void newestDelayReplacesTheOneBefore() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.BACKOFF);
		fixture.user((connection) -> connection.reconnect(Duration.ofHours(1)));
		fixture.user((connection) -> connection.reconnect(Duration.ofMinutes(1)));
		assertThat(fixture.scheduler.pendingTimers()).containsExactly(Duration.ofMinutes(1));
		assertThat(fixture.connection.snapshot().nextAttempt()).isEqualTo(fixture.scheduler.now().plusSeconds(60));
	}

	@Test
	void connectDuringBackoffWaitsNoLongerAndLeavesNoTimer() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.pingInterval(Duration.ZERO))
			.in(WsState.BACKOFF);
		fixture.user(WsConnection::connect);
		fixture.openSession();
		fixture.advance(Duration.ofDays(1));
		assertThat(fixture.transport.opens()).isEqualTo(2);
		assertThat(fixture.state()).isEqualTo(WsState.OPEN);
	}

	@Test
	void reconnectStartsAnewAfterThePolicyGaveUp() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.reconnect(EXACT.withMaxAttempts(1)));
		fixture.user(WsConnection::connect);
		fixture.session().endByNetwork();
		fixture.awaitAttempt();
		fixture.session().endByNetwork();
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
		fixture.listener.clear();
		fixture.user((connection) -> connection.reconnect(Duration.ofSeconds(5)));
		assertThat(fixture.listener.attempts()).containsExactly(1);
		assertThat(fixture.connection.snapshot().attempts()).isEqualTo(1);
	}

	@Test
	void connectComesBackAfterAnAbortWhoseEndIsStillToCome() {
		for (WsState state : new WsState[] { WsState.CONNECTING, WsState.OPEN, WsState.CLOSING }) {
			ConnectionFixture fixture = new ConnectionFixture();
			fixture.transport.abortEndsLater();
			fixture.in(state);
			fixture.user(WsConnection::abort);
			fixture.user(WsConnection::connect);
			fixture.session().endAborted();
			fixture.awaitAttempt();
			assertThat(fixture.state()).as("aborted when " + state).isEqualTo(WsState.CONNECTING);
			assertThat(fixture.transport.opens()).isEqualTo(2);
		}
	}

	@Test
	void delayMustBeOneThatTimersCanCount() {
		ConnectionFixture fixture = new ConnectionFixture();
		for (Duration delay : new Duration[] { Duration.ofNanos(-1), Duration.ofDays(366),
				Duration.ofSeconds(Long.MAX_VALUE) }) {
			assertThatIllegalArgumentException().isThrownBy(() -> fixture.connection.reconnect(delay))
				.withMessageStartingWith("delay must be in 0 to 365 days, was ");
		}
	}

	@Test
	void onceAStopHasBegunNothingReopens() {
		for (WsState state : List.of(WsState.IDLE, WsState.BACKOFF, WsState.CLOSING, WsState.CLOSED)) {
			ConnectionFixture fixture = new ConnectionFixture().in(state);
			fixture.registry.closed = true;
			fixture.user(WsConnection::connect);
			fixture.user((connection) -> connection.reconnect(Duration.ZERO));
			fixture.user((connection) -> connection.reconnect(Duration.ofSeconds(1)));
			assertThat(fixture.state()).isEqualTo(state);
		}
	}

	@Test
	void delayThatEndsOnceAStopHasBegunLeadsToNoAttempt() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.BACKOFF);
		int attempts = fixture.transport.requests().size();
		fixture.registry.closed = true;
		fixture.advance(Duration.ofMinutes(1));
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(fixture.transport.requests().size()).isEqualTo(attempts);
	}

	@Test
	void snapshotTellsOfTheFailure() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.OPEN);
		fixture.session().endByNetwork();
		var snapshot = fixture.connection.snapshot();
		assertThat(snapshot.state()).isEqualTo(WsState.BACKOFF);
		assertThat(snapshot.lastError()).contains("reset by peer").doesNotContain("secret");
		assertThat(String.valueOf(snapshot.lastClose())).isEqualTo("1006");
		assertThat(snapshot.attempts()).isEqualTo(1);
		assertThat(snapshot.sessions()).isEqualTo(1);
		assertThat(snapshot.sessionId()).isEqualTo("feed#1");
		assertThat(snapshot.uri()).isEqualTo("ws://feed.example/v1");
	}

	@Test
	void closedClientIsNotCameBackFor() {
		for (Consumer<WsConnection> call : List.<Consumer<WsConnection>>of(WsConnection::connect,
				(connection) -> connection.reconnect(Duration.ZERO))) {
			ConnectionFixture fixture = new ConnectionFixture().in(WsState.CLOSING);
			// Both passed the check before the client was closed
			call.accept(fixture.connection);
			fixture.registry.closed = true;
			fixture.scheduler.runAll();
			fixture.session().endByClient();
			assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
			assertThat(fixture.scheduler.pendingTimers()).isEmpty();
		}
	}

	@Test
	void sessionThatBreaksWhileTheClientIsClosedIsTheLast() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.OPEN);
		fixture.registry.closed = true;
		fixture.session().endByNetwork();
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(fixture.scheduler.pendingTimers()).isEmpty();
	}

	@Test
	void loopThatEndedTakesCallsWithoutEffect() {
		ConnectionFixture fixture = new ConnectionFixture();
		fixture.scheduler.shutDown();
		fixture.connection.connect();
		fixture.connection.reconnect(Duration.ZERO);
		assertThat(fixture.state()).isEqualTo(WsState.IDLE);
	}

	@Test
	void cancelReconnectHoldsAlsoForASessionThatStillCloses() {
		ConnectionFixture byUser = new ConnectionFixture().in(WsState.OPEN);
		byUser.user((connection) -> connection.reconnect(Duration.ofSeconds(1)));
		byUser.user(WsConnection::cancelReconnect);
		byUser.session().endByClient();
		assertThat(byUser.state()).isEqualTo(WsState.CLOSED);
		ConnectionFixture byServer = new ConnectionFixture().in(WsState.OPEN);
		byServer.session().closing();
		byServer.user(WsConnection::cancelReconnect);
		byServer.session().endByServer(1001);
		assertThat(byServer.state()).isEqualTo(WsState.CLOSED);
		ConnectionFixture aborting = new ConnectionFixture();
		aborting.transport.abortEndsLater();
		aborting.in(WsState.CONNECTING);
		aborting.user((connection) -> connection.reconnect(Duration.ofSeconds(1)));
		aborting.user(WsConnection::cancelReconnect);
		aborting.session().endAborted();
		assertThat(aborting.state()).isEqualTo(WsState.CLOSED);
	}

}
