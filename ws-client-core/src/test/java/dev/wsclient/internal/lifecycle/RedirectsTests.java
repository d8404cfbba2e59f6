package dev.wsclient.internal.lifecycle;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Map;

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

	private static final String[] PRIVATE = { "Authorization", "Cookie", "Host", "Proxy-Authorization", "X-Api-Key",
			"x-auth-TOKEN", "X-Client-Secret", "X-Session-Id" };

	private static WsHandshakeRequest request(String url) {
		WsHandshakeRequest request = new WsHandshakeRequest(WsOptions.builder(url).build().uri(),
				Map.of("Origin", List.of("https://app.example"), "X-Trace", List.of("1", "2")), List.of("v2", "v1"));
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
		return Redirects.follow(request(from), answer(302, location));
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
		assertThatIllegalArgumentException().isThrownBy(() -> Redirects.follow(request("ws://h"), answer(302)));
		assertThatIllegalArgumentException()
			.isThrownBy(() -> Redirects.follow(request("ws://h"), answer(302, "/a", "/b")));
	}

	@ParameterizedTest
	@CsvSource({ "ws://h/a, /b", "ws://h/a, ws://H:80/b", "wss://h:443/a, https://h/b" })
	void sameOriginGetsAllHeaders(String from, String location) {
		WsHandshakeRequest redirected = follow(from, location);
		assertThat(redirected.headers()).containsKeys(PRIVATE).isEqualTo(request(from).headers());
		assertThat(redirected.subprotocols()).containsExactly("v2", "v1");
	}

	@ParameterizedTest
	@CsvSource({ "ws://h/a, ws://other/a", "ws://h/a, ws://h:81/a", "ws://h/a, wss://h/a" })
	void otherOriginGetsNoSecrets(String from, String location) {
		WsHandshakeRequest redirected = follow(from, location);
		assertThat(redirected.headers()).containsOnlyKeys("Origin", "X-Trace");
		assertThat(redirected.headers().get("x-trace")).containsExactly("1", "2");
		assertThat(redirected.subprotocols()).containsExactly("v2", "v1");
	}

}
