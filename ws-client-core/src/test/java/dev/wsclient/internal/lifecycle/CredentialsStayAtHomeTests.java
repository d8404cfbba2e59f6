package dev.wsclient.internal.lifecycle;

import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.WsState;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What redirects may take along, and which cookies they set.
 */
class CredentialsStayAtHomeTests {

	private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

	private final ConnectionFixture fixture = new ConnectionFixture((options) -> options.followRedirects(true)
		.redirectHeaders("X-Tenant")
		.header("X-JWT", "secret")
		.header("X-Tenant", "7")
		.cookie("sid", "secret")
		.subprotocols("v1", "secret")
		.handshakeSupplier(
				(request, attempt) -> CompletableFuture.completedFuture(request.withHeader("X-Amz-Sign", "secret"))));

	private WsHandshakeRequest last() {
		List<WsHandshakeRequest> requests = this.fixture.transport.requests();
		return requests.get(requests.size() - 1);
	}

	private void redirect(String location) {
		this.fixture.session().endByRefusal(302, "Location", location);
	}

	private void start() {
		this.fixture.in(WsState.CONNECTING);
		this.fixture.scheduler.runAll();
	}

	@Test
	void nothingGoesToAnotherOriginButWhatIsAllowed() {
		start();
		assertThat(last().headers()).containsOnlyKeys("Cookie", "X-Amz-Sign", "X-JWT", "X-Tenant");
		redirect("ws://other.example/");
		assertThat(last().headers()).isEqualTo(Map.of("X-Tenant", List.of("7")));
		assertThat(last().subprotocols()).isEmpty();
	}

	@Test
	void wayBackHomeTakesNothingAlongEither() {
		start();
		WsHandshakeRequest home = last();
		redirect("ws://other.example/");
		redirect("ws://" + home.host() + "/chosen-by-the-other");
		assertThat(last().host()).isEqualTo(home.host());
		assertThat(last().headers()).isEqualTo(Map.of("X-Tenant", List.of("7")));
		assertThat(last().subprotocols()).isEmpty();
	}

	@Test
	void nextAttemptIsAtHomeAgain() {
		start();
		redirect("ws://other.example/");
		this.fixture.session().endByNetwork();
		this.fixture.awaitAttempt();
		this.fixture.scheduler.runAll();
		assertThat(last().headers()).containsKeys("X-JWT", "Cookie", "X-Amz-Sign");
		assertThat(last().subprotocols()).containsExactly("v1", "secret");
	}

	private static WsHandshakeRequest request(String url, String... cookies) {
		WsOptions.Builder options = WsOptions.builder(url);
		for (String cookie : cookies) {
			options.header("Cookie", cookie);
		}
		return new WsHandshakeRequest(options.build().uri(), options.build().headers(), List.of());
	}

	private static String sent(String from, List<String> setCookies, String to, String... own) {
		RedirectCookies cookies = new RedirectCookies();
		cookies.store(request(from), HttpHeaders.of(Map.of("set-cookie", setCookies), (name, value) -> true));
		List<String> sent = cookies.addTo(request(to, own), NOW).headers().getOrDefault("Cookie", List.of());
		assertThat(sent).hasSizeLessThan(2);
		return sent.isEmpty() ? "" : sent.get(0);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '"',
			value = { "ws://h/a | a=b | ws://h/c | a=b", "ws://h/a | a=b; HttpOnly; SameSite=Lax; X | ws://h/c | a=b",
					"ws://h/a | a=\"\"b c\"\" | ws://h/c | a=\"\"b c\"\"",
					"ws://h/a | a = b=c ; path=/ | ws://h | a=b=c", "ws://h/a/b | a=b | ws://h/a/c | a=b",
					"ws://h/a/b | a=b | ws://h/c | \"\"", "ws://h/a/b | a=b; Path=/ | ws://h/c | a=b",
					"ws://h/a | a=b; Path=/x | ws://h/x | a=b", "ws://h/a | a=b; Path=/x | ws://h/x/y | a=b",
					"ws://h/a | a=b; Path=/x | ws://h/xy | \"\"", "ws://h/a | a=b; Path=x | ws://h/c | a=b",
					"ws://h/a | a=b; Secure | ws://h/c | \"\"", "wss://h/a | a=b; SECURE | wss://h/c | a=b",
					"ws://h/a | a=b; Domain=h | ws://h/c | a=b",
					"ws://x.h.test/a | a=b; Domain=.H.test | ws://x.h.test/c | a=b",
					"ws://h/a | a=b; Domain=other | ws://h/c | \"\"", "ws://h/a | a=b; Domain=x.h | ws://h/c | \"\"",
					"ws://h/a | a=b; Max-Age=0 | ws://h/c | \"\"", "ws://h/a | a=b; Max-Age=-1 | ws://h/c | \"\"",
					"ws://h/a | a=b; Max-Age=60 | ws://h/c | a=b", "ws://h/a | a=b; Max-Age=x | ws://h/c | a=b",
					"ws://h/a | a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT | ws://h/c | \"\"",
					"ws://h/a | a=b; Expires=Wednesday, 31-Dec-25 23:59:59 GMT | ws://h/c | \"\"",
					"ws://h/a | a=b; Expires=Fri, 02 Jan 2026 00:00:00 GMT | ws://h/c | a=b",
					"ws://h/a | a=b; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=9 | ws://h/c | a=b",
					"ws://h/a | a=b; Expires=never | ws://h/c | a=b", "ws://h/a | no cookie | ws://h/c | \"\"",
					"ws://h/a | =b | ws://h/c | \"\"", "ws://h/a | a= | ws://h/c | a=" })
	void cookieOfARedirectGoesWhereItIsMeantFor(String from, String setCookie, String to, String sent) {
		assertThat(sent(from, List.of(setCookie), to)).isEqualTo(sent);
	}

	@Test
	void cookiesGoInOneFieldWithTheUsersOwn() {
		assertThat(sent("ws://h/a", List.of("b=1; Path=/", "c=2; Path=/x/y", "d=3"), "ws://h/x/y", "own=0; other=00"))
			.isEqualTo("own=0; other=00; c=2; b=1; d=3");
	}

	@Test
	void newerCookieTakesThePlaceOfOneOfItsName() {
		assertThat(sent("ws://h/a", List.of("sid=1", "sid=2"), "ws://h/b", "sid=0; x=y")).isEqualTo("x=y; sid=2");
		assertThat(sent("ws://h/a", List.of("sid=; Max-Age=0"), "ws://h/b", "sid=0; x=y")).isEqualTo("x=y");
		assertThat(sent("ws://h/a", List.of("sid=; Max-Age=0"), "ws://h/b", "sid=0")).isEmpty();
		assertThat(sent("ws://h/a", List.of("sid=1; Path=/other"), "ws://h/b", "sid=0")).isEqualTo("sid=0");
	}

	@ParameterizedTest
	@ValueSource(ints = { 50, 5000 })
	void cookiesAreBounded(int count) {
		List<String> many = IntStream.range(0, count).mapToObj((i) -> "c" + i + "=x").toList();
		assertThat(sent("ws://h/a", many, "ws://h/b").split("; ")).hasSize(50);
		assertThat(sent("ws://h/a", List.of("large=" + "x".repeat(5000)), "ws://h/b")).isEmpty();
	}

	@Test
	void cookieOfARedirectStaysWithinItsOriginAndAttempt() {
		this.fixture.in(WsState.CONNECTING);
		this.fixture.scheduler.runAll();
		this.fixture.session().endByRefusal(302, Map.of("Location", "/next", "Set-Cookie", "node=1"));
		assertThat(last().headers().get("Cookie")).containsExactly("sid=secret; node=1");
		redirect("/further");
		assertThat(last().headers().get("Cookie")).containsExactly("sid=secret; node=1");
		this.fixture.session().endByRefusal(302, Map.of("Location", "ws://other.example/", "Set-Cookie", "node=2"));
		assertThat(last().headers()).doesNotContainKey("Cookie");
		this.fixture.session().endByRefusal(302, Map.of("Location", "/next", "Set-Cookie", "theirs=3"));
		assertThat(last().headers().get("Cookie")).containsExactly("theirs=3");
		redirect("ws://feed.example/back");
		assertThat(last().headers()).doesNotContainKey("Cookie");
		this.fixture.session().endByNetwork();
		this.fixture.awaitAttempt();
		this.fixture.scheduler.runAll();
		assertThat(last().headers().get("Cookie")).containsExactly("sid=secret");
	}

}
