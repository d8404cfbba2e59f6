package dev.wsclient.internal.lifecycle;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.WsConnection;
import dev.wsclient.WsSnapshot;
import dev.wsclient.WsState;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsClosedException;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.Reconnect.EndClass;
import dev.wsclient.options.UrlSelection;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsHandshakeSupplier.Attempt;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A connection always comes back; only its user stops it. What the three classes of ends
 * lead to, in every state that has ends.
 */
class ItAlwaysComesBackTests {

	private static final Reconnect EXACT = Reconnect.defaults().withJitter(0);

	private static ConnectionFixture fixture(Reconnect policy) {
		return new ConnectionFixture((options) -> options.pingInterval(Duration.ZERO).reconnect(policy));
	}

	private static ConnectionFixture fixture() {
		return fixture(EXACT);
	}

	/**
	 * Opens a session that becomes stable.
	 */
	private static ConnectionFixture stable(Reconnect policy) {
		ConnectionFixture fixture = fixture(policy).in(WsState.OPEN);
		fixture.advance(Duration.ofHours(3));
		return fixture;
	}

	private static Consumer<FakeSession> status(int status) {
		return (session) -> session.endByRefusal(status);
	}

	private static Consumer<FakeSession> proxyStatus(int status, String... header) {
		Map<String, List<String>> headers = (header.length > 0) ? Map.of(header[0], List.of(header[1])) : Map.of();
		return (session) -> session.end(new SessionEnd(CloseStatus.ABNORMAL, Initiator.NETWORK, false,
				new Failure.Proxy("status " + status, status, HttpHeaders.of(headers, (name, value) -> true))));
	}

	private static Consumer<FakeSession> close(int code) {
		return (session) -> session.endByServer(code);
	}

	private static void assertHeals(ConnectionFixture fixture) {
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(fixture.connection.snapshot().refusedSince()).isNull();
		assertThat(delay(fixture)).isLessThan(Duration.ofSeconds(30));
	}

	private static void assertRefused(ConnectionFixture fixture) {
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(fixture.connection.snapshot().refusedSince()).isEqualTo(fixture.scheduler.now());
		assertThat(delay(fixture)).hasSeconds(30);
	}

	private static void assertStopped(ConnectionFixture fixture) {
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(fixture.scheduler.pendingTimers()).isEmpty();
		assertThat(fixture.connection.snapshot().refusedSince()).isNull();
		assertThat(fixture.listener.changes()).last()
			.satisfies((change) -> assertThat(change.cause()).isInstanceOf(WsException.class));
	}

	private static Duration delay(ConnectionFixture fixture) {
		assertThat(fixture.scheduler.pendingTimers()).hasSize(1);
		return fixture.scheduler.pendingTimers().get(0);
	}

	static Stream<Arguments> refusals() {
		return Stream.concat(
				Stream.of(400, 401, 402, 403, 404, 405, 407, 410, 426, 451, 499)
					.flatMap((status) -> Stream.of(Arguments.of("status " + status, status(status)),
							Arguments.of("proxy " + status, proxyStatus(status)))),
				Stream.of(1002, 1003, 1007, 1008, 1009, 1010)
					.map((code) -> Arguments.of("close " + code, close(code))));
	}

	static Stream<Arguments> ends() {
		return Stream
			.of(Stream.of(101, 200, 301, 408, 421, 425, 429, 500, 502, 503, 599)
				.flatMap((status) -> Stream.of(Arguments.of("status " + status, status(status)),
						Arguments.of("proxy " + status, proxyStatus(status)))),
					Stream.of(1000, 1001, 1005, 1011, 1012, 1013, 1014, 3000, 4000, 4001, 4999)
						.map((code) -> Arguments.of("close " + code, close(code))),
					Stream.of(Arguments.of("network", (Consumer<FakeSession>) FakeSession::endByNetwork),
							Arguments.of("violation", (Consumer<FakeSession>) FakeSession::endByViolation)),
					refusals())
			.flatMap((each) -> each);
	}

	private static boolean needsSession(String name) {
		return name.startsWith("close") || name.equals("violation");
	}

	private static ConnectionFixture readyFor(String name, Reconnect policy) {
		return fixture(policy).in(needsSession(name) ? WsState.OPEN : WsState.CONNECTING);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("ends")
	void everyEndIsFollowedByAnAttempt(String name, Consumer<FakeSession> end) {
		ConnectionFixture fixture = readyFor(name, EXACT);
		for (int i = 0; i < 20; i++) {
			end.accept(fixture.session());
			assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
			assertThat(delay(fixture)).isBetween(Duration.ofSeconds(1), Duration.ofMinutes(10));
			fixture.awaitAttempt();
			if (needsSession(name)) {
				fixture.openSession();
			}
		}
		assertThat(fixture.listener.closes()).allMatch((close) -> close.willReconnect());
		assertThat(fixture.listener.errors()).allMatch((error) -> ((WsException) error).willRetry());
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("refusals")
	void refusalLeadsToTheSlowLane(String name, Consumer<FakeSession> end) {
		ConnectionFixture fixture = readyFor(name, EXACT);
		WsSnapshot snapshot = null;
		for (int seconds : new int[] { 30, 60, 120, 240, 480, 600, 600 }) {
			end.accept(fixture.session());
			assertThat(delay(fixture)).hasSeconds(seconds);
			WsSnapshot before = snapshot;
			snapshot = fixture.connection.snapshot();
			assertThat(snapshot.nextAttempt()).isEqualTo(fixture.scheduler.now().plusSeconds(seconds));
			assertThat(snapshot.refusedSince())
				.isEqualTo((before != null) ? before.refusedSince() : fixture.scheduler.now());
			fixture.awaitAttempt();
			if (needsSession(name)) {
				fixture.openSession();
				assertThat(fixture.connection.snapshot().refusedSince()).isNull();
			}
		}
		assertThat(fixture.connection.snapshot().attempts()).isEqualTo(7);
	}

	@Test
	void slowLaneIsRandomByHalf() {
		ConnectionFixture fixture = fixture(Reconnect.defaults()
			.withRefusedDelays(Duration.ofSeconds(10), Duration.ofSeconds(10))
			.withMaxRetryAfter(Duration.ZERO)).in(WsState.CONNECTING);
		for (int i = 0; i < 300; i++) {
			fixture.session().endByRefusal(404);
			fixture.awaitAttempt();
		}
		assertThat(fixture.listener.delays())
			.allMatch((delay) -> delay.toMillis() >= 5_000 && delay.toMillis() <= 10_000)
			.anyMatch((delay) -> delay.toMillis() < 5_500)
			.anyMatch((delay) -> delay.toMillis() > 9_500);
	}

	@ParameterizedTest
	@ValueSource(ints = { 1002, 1003, 1007, 1008, 1009, 1010 })
	void codesThatBlameUsHealAfterAStableSession(int code) {
		ConnectionFixture fixture = fixture().in(WsState.OPEN);
		fixture.advance(Duration.ofSeconds(10).minusNanos(1));
		fixture.session().endByServer(code);
		assertRefused(fixture);
		fixture.reopen();
		fixture.advance(Duration.ofSeconds(10));
		fixture.session().closing();
		fixture.session().endByServer(code);
		assertHeals(fixture);
		assertThat(delay(fixture)).hasSeconds(1);
	}

	@Test
	void refusalsAreForgottenAfterAStableSession() {
		ConnectionFixture fixture = fixture().in(WsState.CONNECTING);
		fixture.session().endByRefusal(404);
		fixture.awaitAttempt();
		fixture.session().endByRefusal(404);
		assertThat(delay(fixture)).hasSeconds(60);
		fixture.reopen();
		fixture.advance(Duration.ofHours(1));
		fixture.session().endByNetwork();
		fixture.awaitAttempt();
		fixture.advance(Duration.ofMinutes(20));
		fixture.session().endByRefusal(404);
		assertRefused(fixture);
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 403, 404, 410, 426 })
	void refusalOfAServerThatAcceptedUsAShortTimeAgoHeals(int status) {
		for (Consumer<FakeSession> end : List.of(status(status), proxyStatus(status))) {
			ConnectionFixture fixture = stable(EXACT);
			fixture.session().endByServer(1001);
			for (int i = 0; i < 10; i++) {
				fixture.awaitAttempt();
				end.accept(fixture.session());
				assertThat(fixture.connection.snapshot().refusedSince()).isNull();
				assertThat(delay(fixture)).isLessThanOrEqualTo(Duration.ofSeconds(30));
			}
			fixture.advance(Duration.ofMinutes(10));
			end.accept(fixture.session());
			assertRefused(fixture);
		}
	}

	@Test
	void rollingDeploymentThatAnswers404ThreeTimesIsSurvived() {
		ConnectionFixture fixture = stable(EXACT);
		fixture.session().endByServer(1001);
		for (int i = 0; i < 3; i++) {
			fixture.awaitAttempt();
			fixture.session().endByRefusal(404);
			assertHeals(fixture);
		}
		fixture.reopen();
		assertThat(fixture.state()).isEqualTo(WsState.OPEN);
	}

	@Test
	void pongTimeoutOfTheServerAfterHoursIsSurvived() {
		ConnectionFixture fixture = stable(EXACT);
		fixture.session().end(new SessionEnd(new CloseStatus(1008, "pong timeout"), Initiator.SERVER, true, null));
		assertHeals(fixture);
		fixture.reopen();
		assertThat(fixture.state()).isEqualTo(WsState.OPEN);
	}

	static Stream<Arguments> listed() {
		return Stream.of(Arguments.of("status 401", 401, status(401)), Arguments.of("status 503", 503, status(503)),
				Arguments.of("status 200", 200, status(200)), Arguments.of("proxy 407", 407, proxyStatus(407)),
				Arguments.of("close 1008", 1008, close(1008)), Arguments.of("close 1000", 1000, close(1000)),
				Arguments.of("close 1005", 1005, close(1005)), Arguments.of("close 1012", 1012, close(1012)),
				Arguments.of("close 4001", 4001, close(4001)));
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("listed")
	void onlyWhatTheUserListsStopsIt(String name, int code, Consumer<FakeSession> end) {
		ConnectionFixture stopped = readyFor(name, EXACT.withStopOn(code));
		end.accept(stopped.session());
		assertStopped(stopped);
		ConnectionFixture other = readyFor(name, EXACT.withStopOn(418, 4018));
		end.accept(other.session());
		assertThat(other.state()).isEqualTo(WsState.BACKOFF);
	}

	@Test
	void whatIsListedStopsAlsoAStableSessionAndAServerThatAcceptedUs() {
		ConnectionFixture closed = stable(EXACT.withStopOn(1008));
		closed.session().endByServer(1008);
		assertStopped(closed);
		ConnectionFixture refused = stable(EXACT.withStopOn(404));
		refused.session().endByServer(1001);
		refused.awaitAttempt();
		refused.session().endByRefusal(404);
		assertStopped(refused);
	}

	@Test
	void ourOwnCloseCodeIsNotListed() {
		ConnectionFixture fixture = fixture(EXACT.withStopOn(1002, 1000)).in(WsState.OPEN);
		fixture.session().endByViolation();
		assertHeals(fixture);
	}

	@Test
	void stoppedConnectionGoesOnByConnect() {
		ConnectionFixture fixture = fixture(EXACT.withStopOn(403)).in(WsState.CONNECTING);
		fixture.session().endByRefusal(403);
		assertStopped(fixture);
		fixture.open();
		assertThat(fixture.state()).isEqualTo(WsState.OPEN);
	}

	@ParameterizedTest
	@EnumSource
	void decisionCanOverrideEachClassByEach(EndClass decided) {
		List<String> asked = new ArrayList<>();
		Reconnect policy = EXACT.withStopOn(401, 4001).withRetryDecision((cause, byDefault) -> {
			asked.add(cause.getClass().getSimpleName() + " " + byDefault);
			assertThat(cause.willRetry()).isEqualTo(byDefault != EndClass.STOPPED);
			return decided;
		});
		List<Arguments> ends = List.of(Arguments.of("network", (Consumer<FakeSession>) FakeSession::endByNetwork),
				Arguments.of("status", status(403)), Arguments.of("status", status(401)),
				Arguments.of("status", status(503)), Arguments.of("proxy", proxyStatus(407)),
				Arguments.of("close", close(1000)), Arguments.of("close", close(1008)),
				Arguments.of("close", close(4001)),
				Arguments.of("violation", (Consumer<FakeSession>) FakeSession::endByViolation));
		for (Arguments each : ends) {
			ConnectionFixture fixture = readyFor((String) each.get()[0], policy);
			@SuppressWarnings("unchecked")
			Consumer<FakeSession> end = (Consumer<FakeSession>) each.get()[1];
			end.accept(fixture.session());
			switch (decided) {
				case HEALS -> assertHeals(fixture);
				case REFUSED -> assertRefused(fixture);
				case STOPPED -> assertStopped(fixture);
			}
		}
		assertThat(asked).containsExactly("WsConnectException HEALS", "WsHandshakeException REFUSED",
				"WsHandshakeException STOPPED", "WsHandshakeException HEALS", "WsHandshakeException REFUSED",
				"WsClosedException HEALS", "WsClosedException REFUSED", "WsClosedException STOPPED",
				"WsProtocolException HEALS");
	}

	@SuppressWarnings("NullAway") // As users without such a check do
	@Test
	void decisionThatThrowsOrGivesNothingLeavesTheDefault() {
		for (Reconnect policy : List.of(EXACT.withRetryDecision((cause, byDefault) -> {
			throw new IllegalStateException("broken");
		}), EXACT.withRetryDecision((cause, byDefault) -> null))) {
			ConnectionFixture fixture = fixture(policy).in(WsState.CONNECTING);
			fixture.session().endByRefusal(403);
			assertRefused(fixture);
		}
	}

	@Test
	void decisionIsNotAskedAboutWhatTheUserWants() {
		ConnectionFixture fixture = fixture(EXACT.withRetryDecision((cause, byDefault) -> {
			throw new AssertionError(cause);
		})).in(WsState.CLOSING);
		fixture.session().endByClient();
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
	}

	@Test
	void boundsOfTheUserHoldInTheSlowLaneToo() {
		ConnectionFixture attempts = fixture(EXACT.withMaxAttempts(1)).in(WsState.CONNECTING);
		attempts.session().endByRefusal(404);
		attempts.awaitAttempt();
		attempts.session().endByRefusal(404);
		assertStopped(attempts);
		ConnectionFixture elapsed = fixture(EXACT.withMaxElapsed(Duration.ofSeconds(29))).in(WsState.CONNECTING);
		elapsed.session().endByRefusal(404);
		elapsed.awaitAttempt();
		elapsed.session().endByRefusal(404);
		assertStopped(elapsed);
	}

	@ParameterizedTest
	@ValueSource(ints = { 401, 403, 404, 413 })
	void retryAfterOfARefusalCountsIfItIsLonger(int status) {
		for (UnaryOperator<String> other : List.<UnaryOperator<String>>of((value) -> value)) {
			ConnectionFixture longer = fixture().in(WsState.CONNECTING);
			longer.session().endByRefusal(status, "Retry-After", other.apply("77"));
			assertThat(delay(longer)).hasSeconds(77);
			ConnectionFixture shorter = fixture().in(WsState.CONNECTING);
			shorter.session().endByRefusal(status, "Retry-After", other.apply("7"));
			assertThat(delay(shorter)).hasSeconds(30);
			ConnectionFixture bounded = fixture().in(WsState.CONNECTING);
			bounded.session().endByRefusal(status, "Retry-After", other.apply("7777"));
			assertThat(delay(bounded)).hasMinutes(5);
		}
	}

	@Test
	void retryAfterOfAProxyCountsAsThatOfAServer() {
		ConnectionFixture busy = fixture().in(WsState.CONNECTING);
		proxyStatus(503, "Retry-After", "17").accept(busy.session());
		assertThat(delay(busy)).hasSeconds(17);
		ConnectionFixture refused = fixture().in(WsState.CONNECTING);
		proxyStatus(403, "Retry-After", "99").accept(refused.session());
		assertThat(delay(refused)).hasSeconds(99);
	}

	@Test
	void retryAfterOfOtherAnswersThatHealDoesNotCount() {
		ConnectionFixture fixture = fixture().in(WsState.CONNECTING);
		fixture.session().endByRefusal(500, "Retry-After", "17");
		assertThat(delay(fixture)).hasSeconds(1);
	}

	@Test
	void connectAndReconnectDoNotWaitForTheSlowLane() {
		ConnectionFixture fixture = fixture().in(WsState.CONNECTING);
		fixture.session().endByRefusal(403);
		fixture.user(WsConnection::connect);
		assertThat(fixture.state()).isEqualTo(WsState.CONNECTING);
		assertThat(fixture.connection.snapshot().refusedSince()).isNotNull();
		fixture.session().endByRefusal(403);
		fixture.user((connection) -> connection.reconnect(Duration.ofSeconds(2)));
		assertThat(delay(fixture)).hasSeconds(2);
		fixture.user(WsConnection::close);
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(fixture.connection.snapshot().refusedSince()).isNull();
	}

	// Several URLs

	private static ConnectionFixture twoUrls(UrlSelection selection) {
		return new ConnectionFixture((options) -> WsOptions.builder(List.of("ws://one/", "ws://two/"))
			.name("feed")
			.pingInterval(Duration.ZERO)
			.urlSelection(selection)
			.reconnect(EXACT));
	}

	private static List<String> hosts(ConnectionFixture fixture) {
		return fixture.transport.requests().stream().map(WsHandshakeRequest::uri).map(URI::getHost).toList();
	}

	@ParameterizedTest
	@EnumSource
	void urlThatRefusesRestsAndTheOtherIsTriedSoon(UrlSelection selection) {
		ConnectionFixture fixture = twoUrls(selection).in(WsState.CONNECTING);
		fixture.session().endByRefusal(403);
		assertHeals(fixture);
		assertThat(delay(fixture)).hasSeconds(1);
		fixture.awaitAttempt();
		assertThat(hosts(fixture)).containsExactlyInAnyOrder("one", "two");
		fixture.openSession();
		assertThat(fixture.state()).isEqualTo(WsState.OPEN);
	}

	@Test
	void slowLaneFollowsOnlyWhenAllUrlsRefuseAndThenEachKeepsItsPace() {
		ConnectionFixture fixture = twoUrls(UrlSelection.ORDERED).in(WsState.CONNECTING);
		List<Long> times = new ArrayList<>();
		for (int i = 0; i < 8; i++) {
			times.add(Duration.between(java.time.Instant.EPOCH, fixture.scheduler.now()).toSeconds());
			fixture.session().endByRefusal(403);
			assertThat(fixture.connection.snapshot().refusedSince() != null).isEqualTo(i > 0);
			fixture.awaitAttempt();
		}
		long start = times.get(0);
		assertThat(times).extracting((time) -> time - start).containsExactly(0L, 1L, 30L, 31L, 90L, 91L, 210L, 211L);
		assertThat(hosts(fixture).subList(0, 8)).containsExactly("one", "two", "one", "two", "one", "two", "one",
				"two");
	}

	@Test
	void urlThatIsDownKeepsTheOthersRefusalFromTheSlowLane() {
		ConnectionFixture fixture = twoUrls(UrlSelection.ORDERED).in(WsState.CONNECTING);
		for (int i = 0; i < 30; i++) {
			if (hosts(fixture).get(hosts(fixture).size() - 1).equals("one")) {
				fixture.session().endByRefusal(403);
			}
			else {
				fixture.session().endByNetwork();
			}
			assertThat(fixture.connection.snapshot().refusedSince()).isNull();
			assertThat(delay(fixture)).isLessThanOrEqualTo(Duration.ofSeconds(30));
			fixture.awaitAttempt();
		}
		assertThat(hosts(fixture)).filteredOn("one"::equals).hasSizeBetween(4, 8);
	}

	// How the last one ended

	@Test
	void attemptTellsHowTheLastOneEnded() {
		List<Attempt> asked = new ArrayList<>();
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.pingInterval(Duration.ZERO)
			.reconnect(EXACT)
			.handshakeSupplier((request, attempt) -> {
				asked.add(attempt);
				return CompletableFuture.completedFuture(request);
			}));
		fixture.user(WsConnection::connect);
		assertThat(asked.get(0).lastEnd()).isNull();
		fixture.session().endByRefusal(401, "WWW-Authenticate", "Digest realm=\"a\"");
		fixture.scheduler.runAll();
		assertRefusal(asked.get(1), 401);
		assertThat(asked.get(1).credentialsRefused()).isTrue();
		proxyStatus(407, "Proxy-Authenticate", "Basic realm=\"p\"").accept(fixture.session());
		fixture.awaitAttempt();
		assertThat(asked.get(2).lastEnd()).isInstanceOfSatisfying(WsHandshakeException.class, (refused) -> {
			assertThat(refused.phase()).isEqualTo(Phase.CONNECT);
			assertThat(refused.statusCode()).isEqualTo(407);
		});
		fixture.session().endByRefusal(404, "X-Node", "7");
		fixture.awaitAttempt();
		assertThat(asked.get(3).lastEnd()).isInstanceOfSatisfying(WsHandshakeException.class,
				(refused) -> assertThat(refused.headers().firstValue("x-node")).contains("7"));
		fixture.openSession();
		fixture.session().end(new SessionEnd(new CloseStatus(4001, "token expired"), Initiator.SERVER, true, null));
		fixture.awaitAttempt();
		assertThat(asked.get(4).lastEnd()).isInstanceOfSatisfying(WsClosedException.class,
				(closed) -> assertThat(closed.closeStatus()).isEqualTo(new CloseStatus(4001, "token expired")));
		fixture.user((connection) -> connection.reconnect(Duration.ZERO));
		fixture.awaitAttempt();
		assertThat(asked.get(5).lastEnd()).isNull();
		fixture.session().endByNetwork();
		fixture.awaitAttempt();
		assertThat(asked.get(6).lastEnd()).hasMessageContaining("reset by peer");
	}

	private static void assertRefusal(Attempt attempt, int status) {
		assertThat(attempt.lastEnd()).isInstanceOfSatisfying(WsHandshakeException.class, (refused) -> {
			assertThat(refused.statusCode()).isEqualTo(status);
			assertThat(refused.challenges()).containsExactly("Digest realm=\"a\"");
		});
	}

}
