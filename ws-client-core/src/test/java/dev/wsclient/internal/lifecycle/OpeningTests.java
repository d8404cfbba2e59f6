package dev.wsclient.internal.lifecycle;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.options.UrlSelection;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsHandshakeSupplier.Attempt;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The requests of an attempt: from the supplier, after redirects, after a 401, and to
 * several URLs.
 */
class OpeningTests {

	private final List<Attempt> asked = new ArrayList<>();

	private final List<CompletableFuture<WsHandshakeRequest>> supplied = new ArrayList<>();

	private ConnectionFixture fixture = new ConnectionFixture();

	private CompletionStage<WsHandshakeRequest> supply(WsHandshakeRequest request, Attempt attempt) {
		this.asked.add(attempt);
		CompletableFuture<WsHandshakeRequest> stage = new CompletableFuture<>();
		this.supplied.add(stage);
		return stage;
	}

	private void withSupplier() {
		this.fixture = new ConnectionFixture((options) -> options.handshakeSupplier(this::supply));
		this.fixture.in(WsState.CONNECTING);
	}

	private void withRedirects() {
		this.fixture = new ConnectionFixture((options) -> options.followRedirects(true).header("Cookie", "a=b"));
		this.fixture.in(WsState.CONNECTING);
	}

	private static WsHandshakeRequest request(String url) {
		WsOptions options = WsOptions.builder(url).build();
		return new WsHandshakeRequest(options.uri(), options.headers(), options.subprotocols());
	}

	private void complete(String url) {
		this.supplied.get(this.supplied.size() - 1).complete(request(url));
		this.fixture.scheduler.runAll();
	}

	private List<String> urls() {
		return this.fixture.transport.requests().stream().map(WsHandshakeRequest::uri).map(URI::toString).toList();
	}

	private WsException error() {
		return (WsException) this.fixture.listener.errors().get(0);
	}

	@Test
	void supplierGivesTheRequestOfEachAttempt() {
		withSupplier();
		assertThat(this.fixture.state()).isEqualTo(WsState.CONNECTING);
		assertThat(this.fixture.transport.opens()).isZero();
		complete("ws://one/?token=1");
		this.fixture.session().endByNetwork();
		this.fixture.awaitAttempt();
		complete("ws://two/?token=2");
		this.fixture.openSession();
		assertThat(urls()).containsExactly("ws://one/?token=1", "ws://two/?token=2");
		assertThat(this.asked).extracting(Attempt::number).containsExactly(0, 1);
		assertThat(this.fixture.connection.uri()).isEqualTo("ws://two/");
		assertThat(this.fixture.connection.snapshot().uri()).isEqualTo("ws://two/");
	}

	@Test
	void supplierIsAskedOnceMoreAfter401() {
		withSupplier();
		complete("ws://one/");
		this.fixture.session().endByRefusal(401);
		assertThat(this.fixture.state()).isEqualTo(WsState.CONNECTING);
		assertThat(this.asked).extracting(Attempt::credentialsRefused).containsExactly(false, true);
		complete("ws://one/");
		this.fixture.openSession();
		assertThat(this.fixture.state()).isEqualTo(WsState.OPEN);
		assertThat(this.fixture.listener.errors()).isEmpty();
	}

	@Test
	void second401IsARefusal() {
		withSupplier();
		complete("ws://one/");
		this.fixture.session().endByRefusal(401);
		complete("ws://one/");
		this.fixture.session().endByRefusal(401);
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(this.fixture.connection.snapshot().refusedSince()).isNotNull();
		assertThat(((WsHandshakeException) error()).statusCode()).isEqualTo(401);
	}

	@Test
	void laterAttemptRenewsAgain() {
		withSupplier();
		complete("ws://one/");
		this.fixture.session().endByRefusal(401);
		complete("ws://one/");
		this.fixture.openSession();
		this.fixture.session().endByNetwork();
		this.fixture.awaitAttempt();
		complete("ws://one/");
		this.fixture.session().endByRefusal(401);
		assertThat(this.asked).last().extracting(Attempt::number, Attempt::credentialsRefused).containsExactly(1, true);
	}

	@Test
	void failedStageFailsTheAttempt() {
		withSupplier();
		IllegalStateException cause = new IllegalStateException("no token");
		this.supplied.get(0).completeExceptionally(cause);
		this.fixture.scheduler.runAll();
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(error()).isInstanceOf(WsConnectException.class)
			.hasMessageContaining("handshake supplier")
			.hasCause(cause);
		assertThat(error().phase()).isEqualTo(Phase.PREPARE);
	}

	@Test
	void supplierThatThrowsFailsTheAttempt() {
		this.fixture = new ConnectionFixture((options) -> options.handshakeSupplier((request, attempt) -> {
			throw new IllegalStateException("no token");
		}));
		this.fixture.in(WsState.IDLE).user(WsConnection::connect);
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(error()).hasMessageContaining("handshake supplier");
	}

	@Test
	void supplierHasADeadlineAndItsLateAnswerIsForgotten() {
		withSupplier();
		this.fixture.advance(Duration.ofSeconds(10));
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(((WsTimeoutException) error()).deadline()).isEqualTo(Deadline.PREPARE);
		complete("ws://late/");
		assertThat(this.fixture.transport.opens()).isZero();
	}

	@Test
	void closeWhileTheSupplierWorksEndsTheAttempt() {
		withSupplier();
		CompletableFuture<Void> closed = this.fixture.stage(WsConnection::close);
		assertThat(closed).isCompleted();
		assertThat(this.fixture.state()).isEqualTo(WsState.CLOSED);
		complete("ws://late/");
		assertThat(this.fixture.transport.opens()).isZero();
		assertThat(this.fixture.listener.errors()).isEmpty();
	}

	@Test
	void redirectIsFollowedWithinTheAttempt() {
		withRedirects();
		this.fixture.session().connected();
		this.fixture.session().endByRefusal(302, "Location", "wss://other/?secret");
		assertThat(this.fixture.state()).isEqualTo(WsState.CONNECTING);
		this.fixture.openSession();
		assertThat(urls()).containsExactly("ws://feed.example/v1?token=secret", "wss://other/?secret");
		assertThat(this.fixture.transport.requests().get(1).headers()).isEmpty();
		assertThat(this.fixture.connection.uri()).isEqualTo("wss://other/");
		assertThat(this.fixture.listener.errors()).isEmpty();
		assertThat(this.fixture.listener.count("onOpen")).isOne();
	}

	@Test
	void redirectLeadsTo401AndTheRenewedRequestStartsAtTheFirstUrl() {
		this.fixture = new ConnectionFixture((options) -> options.followRedirects(true)
			.handshakeSupplier((request, attempt) -> CompletableFuture
				.completedFuture(request.withBearerToken(attempt.credentialsRefused() ? "new" : "old"))));
		this.fixture.user(WsConnection::connect);
		this.fixture.session().endByRefusal(307, "Location", "/v2");
		this.fixture.session().endByRefusal(401);
		this.fixture.scheduler.runAll();
		this.fixture.session().endByRefusal(307, "Location", "/v2");
		this.fixture.openSession();
		assertThat(urls()).containsExactly("ws://feed.example/v1?token=secret", "ws://feed.example/v2",
				"ws://feed.example/v1?token=secret", "ws://feed.example/v2");
		assertThat(this.fixture.transport.requests()).extracting((request) -> request.headers().get("Authorization"))
			.containsExactly(List.of("Bearer old"), List.of("Bearer old"), List.of("Bearer new"),
					List.of("Bearer new"));
		assertThat(this.fixture.listener.errors()).isEmpty();
	}

	@Test
	void nextAttemptStartsAtTheFirstUrl() {
		withRedirects();
		this.fixture.session().endByRefusal(302, "Location", "/other");
		this.fixture.session().endByNetwork();
		this.fixture.awaitAttempt();
		assertThat(urls()).last().isEqualTo("ws://feed.example/v1?token=secret");
	}

	@Test
	void sixthRedirectInARowIsNotFollowed() {
		withRedirects();
		for (int i = 0; i < 6; i++) {
			this.fixture.session().endByRefusal(307, "Location", "/" + i);
		}
		assertThat(urls()).hasSize(6).last().isEqualTo("ws://feed.example/4");
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(error()).isInstanceOf(WsHandshakeException.class).hasMessageContaining("is not followed: it is");
	}

	@Test
	void eachRequestHasItsDeadlines() {
		withRedirects();
		this.fixture.session().connected();
		this.fixture.advance(Duration.ofSeconds(9));
		this.fixture.session().endByRefusal(302, "Location", "/other");
		this.fixture.advance(Duration.ofSeconds(9));
		assertThat(this.fixture.session().isAborted()).isFalse();
		this.fixture.advance(Duration.ofSeconds(1));
		assertThat(((WsTimeoutException) error()).deadline()).isEqualTo(Deadline.CONNECT);
	}

	@Test
	void redirectIsNotFollowedUnlessSwitchedOn() {
		this.fixture.in(WsState.CONNECTING).session().endByRefusal(302, "Location", "/other");
		assertThat(this.fixture.transport.opens()).isOne();
		assertThat(((WsHandshakeException) error()).statusCode()).isEqualTo(302);
	}

	@Test
	void redirectAfterAbortIsNotFollowed() {
		this.fixture = new ConnectionFixture((options) -> options.followRedirects(true));
		this.fixture.transport.abortEndsLater();
		this.fixture.in(WsState.CONNECTING).user(WsConnection::abort);
		this.fixture.session().endByRefusal(302, "Location", "/other");
		assertThat(this.fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(this.fixture.transport.opens()).isOne();
	}

	@ParameterizedTest
	@EnumSource
	void failedUrlIsLeftOut(UrlSelection selection) {
		this.fixture = new ConnectionFixture(
				(options) -> WsOptions.builder(List.of("ws://one/", "ws://two/")).urlSelection(selection).name("feed"));
		this.fixture.in(WsState.CONNECTING).session().endByNetwork();
		this.fixture.awaitAttempt();
		assertThat(urls()).containsExactlyInAnyOrder("ws://one/", "ws://two/");
		assertThat(error().uri()).isEqualTo(urls().get(0));
		assertThat(this.fixture.connection.uri()).isEqualTo(urls().get(1));
	}

	private void withTrace() {
		this.fixture = new ConnectionFixture((options) -> options.followRedirects(true)
			.header("TraceParent", "mine")
			.handshakeSupplier(this::supply)
			.events(new WsEvents() {

				private int requests;

				@Override
				public Map<String, String> handshakeHeaders(WsConnection connection) {
					return Map.of("traceparent", "trace-" + ++this.requests);
				}

			}));
		this.fixture.in(WsState.CONNECTING);
		complete("ws://one/");
	}

	private List<String> traces() {
		return this.fixture.transport.requests()
			.stream()
			.map((request) -> request.headers().getOrDefault("TRACEPARENT", List.of()).toString())
			.toList();
	}

	@Test
	void observerAddsHeadersToEachRequestOfItsOrigin() {
		withTrace();
		this.fixture.session().endByRefusal(302, "Location", "/other");
		this.fixture.session().endByRefusal(401);
		complete("ws://one/again");
		assertThat(traces()).containsExactly("[trace-1]", "[trace-2]", "[trace-3]");
		assertThat(this.fixture.transport.requests().get(0).headers()).hasSize(1);
	}

	@Test
	void observersHeadersDoNotFollowARedirectToAnotherOriginNorBeyond() {
		withTrace();
		this.fixture.session().endByRefusal(302, "Location", "ws://two/");
		this.fixture.session().endByRefusal(302, "Location", "ws://one/back");
		this.fixture.session().endByRefusal(401);
		complete("ws://one/");
		assertThat(traces()).containsExactly("[trace-1]", "[]", "[]", "[trace-2]");
	}

	@Test
	void observerThatThrowsOrGivesWrongHeadersChangesNothing() {
		this.fixture = new ConnectionFixture((options) -> options.events(new WsEvents() {

			@Override
			public Map<String, String> handshakeHeaders(WsConnection connection) {
				return Map.of("traceparent", "two\r\nlines");
			}

		}));
		this.fixture.in(WsState.CONNECTING);
		assertThat(traces()).containsExactly("[]");
	}

}
