package dev.wsclient.internal.lifecycle;

import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.internal.transport.Failure;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

class RedirectsTests {

	private static final String[] PRIVATE = { "Authorization", "Cookie", "Host", "X-Api-Key", "X-JWT", "X-Amz-Sign",
			"Origin", "X-Trace", "User-Agent" };

	private static WsHandshakeRequest request(String url) {
		WsHandshakeRequest request = new WsHandshakeRequest(WsOptions.builder(url).build().uri(),
				Map.of("X-Tenant", List.of("1", "2")), List.of("v2", "token"));
		for (String name : PRIVATE) {
			request = request.withHeader(name, "value");
		}
		return request;
	}

	private static Failure.Handshake answer(int status, String... locations) {
		return new Failure.Handshake("", status,
				HttpHeaders.of(Map.of("location", List.of(locations)), (name, value) -> true), "");
	}

	private static WsHandshakeRequest follow(String from, String location) {
		return Redirects.follow(request(from), answer(302, location), Set.of());
	}

	@ParameterizedTest
	@ValueSource(ints = { 301, 302, 303, 307, 308 })
	void redirectStatus(int status) {
		assertThat(Redirects.isRedirect(answer(status))).isTrue();
	}

	@ParameterizedTest
	@ValueSource(ints = { 300, 304, 305, 306, 200, 404 })
	void otherStatus(int status) {
		assertThat(Redirects.isRedirect(answer(status))).isFalse();
	}

	@ParameterizedTest
	@CsvSource({ "ws://h/a/b?c=d, ws://other/x?y=z, ws://other/x?y=z", "ws://h/a/b, /c, ws://h/c",
			"ws://h:81/a/b, c?d, ws://h:81/a/c?d", "ws://h/a/b?c, ?d=e, ws://h/a/b?d=e",
			"ws://h/a, //other:82/b, ws://other:82/b", "ws://h/a, https://h/a, wss://h/a",
			"wss://h/a, HTTPS://h/b, wss://h/b", "ws://h/a, http://h/b#part, ws://h/b", "wss://h, /b, wss://h/b" })
	void locationIsResolved(String from, String location, String expected) {
		assertThat(follow(from, location).uri()).hasToString(expected);
	}

	@ParameterizedTest
	@CsvSource({ "wss://h/a, ws://h/a, from wss to ws", "wss://h/a, http://h/a, from wss to ws",
			"ws://h/a, ftp://h/a, scheme 'ftp'", "ws://h/a, ws://user:secret@h/a, user-info",
			"ws://h/a, '/%%%secret', not a valid URL", "ws://h/a, ws:///a, no valid host" })
	void refuses(String from, String location, String reason) {
		assertThatIllegalArgumentException().isThrownBy(() -> follow(from, location))
			.withMessageContaining(reason)
			.withNoCause()
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
	}

	@Test
	void refusesWithoutOneLocation() {
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Redirects.follow(request("ws://h"), answer(302), Set.of()));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Redirects.follow(request("ws://h"), answer(302, "/a", "/b"), Set.of()));
	}

	@ParameterizedTest
	@CsvSource({ "ws://h/a, /b", "ws://h/a, ws://H:80/b", "wss://h:443/a, https://h/b" })
	void sameOriginGetsAllHeaders(String from, String location) {
		WsHandshakeRequest redirected = follow(from, location);
		assertThat(redirected.headers()).containsKeys(PRIVATE).isEqualTo(request(from).headers());
		assertThat(redirected.subprotocols()).containsExactly("v2", "token");
	}

	@ParameterizedTest
	@CsvSource({ "ws://h/a, ws://other/a", "ws://h/a, ws://h:81/a", "ws://h/a, wss://h/a", "ws://h/a, ws://h.other/a",
			"ws://a_b/a, ws://a_c/a", "ws://[fe80::1%25lo]/a, ws://[fe80::1%25eth0]/a" })
	void otherOriginGetsNothing(String from, String location) {
		WsHandshakeRequest redirected = follow(from, location);
		assertThat(redirected.headers()).isEmpty();
		assertThat(redirected.subprotocols()).isEmpty();
	}

	@Test
	void otherOriginGetsWhatIsAllowed() {
		WsHandshakeRequest redirected = Redirects.follow(request("ws://h/a"), answer(302, "ws://other/"),
				Set.of("x-TENANT", "sec-websocket-protocol"));
		assertThat(redirected.headers()).containsOnlyKeys("X-Tenant");
		assertThat(redirected.headers().get("x-tenant")).containsExactly("1", "2");
		assertThat(redirected.subprotocols()).containsExactly("v2", "token");
	}

	@ParameterizedTest
	@CsvSource({ "ws://h/a, http://my_service:81/b, ws://my_service:81/b, my_service",
			"ws://my_service:81/a/b, ../c?d, ws://my_service:81/c?d, my_service",
			"ws://h/a, wss://b\u00fccher.example/\u00fc?\u00fc, "
					+ "wss://xn--bcher-kva.example/%C3%BC?%C3%BC, xn--bcher-kva.example",
			"ws://h/a, wss://b\u00c3\u00bccher.example/, wss://xn--bcher-kva.example/, xn--bcher-kva.example",
			"ws://h/a, 'ws://[fe80::1%25lo]:9/', 'ws://[fe80::1%25lo]:9/', '[fe80::1%lo]'" })
	void locationMayHaveEveryHost(String from, String location, String expected, String host) {
		WsHandshakeRequest redirected = follow(from, location);
		assertThat(redirected.uri()).hasToString(expected);
		assertThat(redirected.host()).isEqualTo(host);
	}

	@Test
	void locationIsShownAsAsciiAndInPart() {
		String location = new String("ws://h/\u202e\u2028".getBytes(StandardCharsets.UTF_8),
				StandardCharsets.ISO_8859_1);
		assertThatIllegalArgumentException().isThrownBy(() -> follow("ws://h/a", location))
			.withMessage("its Location is not a valid URL");
		String format = new String("ws://h/\u202e".getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
		assertThat(follow("ws://h/a", format).redactedUri()).isEqualTo("ws://h/%E2%80%AE");
		assertThatIllegalArgumentException().isThrownBy(() -> follow("ws://h/a", "x".repeat(5000) + "://h/"))
			.withMessage("its Location has the scheme '" + "x".repeat(20) + "...'");
	}

}
