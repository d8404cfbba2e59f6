package dev.wsclient.options;

import java.net.URI;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Which hosts URLs and proxies may name, and what is made of them.
 */
class HostNameTests {

	@ParameterizedTest
	@CsvSource({ "ws://h, h, 80, ws://h", "wss://h.test.:8443/a?b, h.test., 8443, wss://h.test.:8443/a?b",
			"wss://my_service, my_service, 443, wss://my_service",
			"ws://_a-b_.c-:81/x, _a-b_.c-, 81, ws://_a-b_.c-:81/x", "ws://x.1a/, x.1a, 80, ws://x.1a/",
			"ws://h:/, h, 80, ws://h:/", "ws://127.0.0.1:81, 127.0.0.1, 81, ws://127.0.0.1:81",
			"ws://b\u00fccher.Example:81/\u00fc?\u00fc, xn--bcher-kva.Example, 81, "
					+ "ws://xn--bcher-kva.Example:81/\u00fc?\u00fc",
			"ws://b%C3%BCcher.example/, xn--bcher-kva.example, 80, ws://xn--bcher-kva.example/",
			"ws://xn--bcher-kva.example/, xn--bcher-kva.example, 80, ws://xn--bcher-kva.example/",
			"ws://\ud83d\udca9.la/, xn--ls8h.la, 80, ws://xn--ls8h.la/",
			"'ws://[::1]:81/', '[::1]', 81, 'ws://[::1]:81/'",
			"'ws://[fe80::1%25lo]/', '[fe80::1%lo]', 80, 'ws://[fe80::1%25lo]/'",
			"'ws://[fe80::1%25eth0.100]:9', '[fe80::1%eth0.100]', 9, 'ws://[fe80::1%25eth0.100]:9'",
			"'ws://[fe80::1%2]/', '[fe80::1%2]', 80, 'ws://[fe80::1%2]/'",
			"'ws://[fe80::1%25]/', '[fe80::1%25]', 80, 'ws://[fe80::1%25]/'" })
	void urlNamesAHost(String url, String host, int port, String uri) {
		WsHandshakeRequest request = new WsHandshakeRequest(WsOptions.builder(url).build().uri(), Map.of(), List.of());
		assertThat(request.host()).isEqualTo(host);
		assertThat(request.port()).isEqualTo(port);
		assertThat(request.uri()).hasToString(uri);
		assertThat(new WsHandshakeRequest(URI.create(url), Map.of(), List.of())).isEqualTo(request);
		assertThat(WsOptions.builder(url).build().name()).isEqualTo(host);
		assertThat(WsOptions.builder(List.of(url, "ws://other")).build().uris().get(0)).isEqualTo(request.uri());
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws://a..b/", "ws://.a/", "ws://a;b/", "ws://a%2Fb/", "ws://a%00b/", "ws://a%40b/",
			"ws://1.2.3/", "ws://1.2.3.4.5/", "ws://256.1.1.1/", "ws://0x7f000001/", "ws://2130706433/",
			"ws://a\u202eb.example/", "ws://:81/", "ws://%FF/" })
	void whatIsNoHostIsRefused(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> WsOptions.builder(url))
			.withMessageStartingWith("url ")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContainPattern("[\\p{Cc}\\p{Cf}]"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws://user:secret@my_service/", "ws://secret@b\u00fccher.example/" })
	void credentialsAreRefusedWithEveryHost(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> WsOptions.builder(url))
			.withMessageContaining("user-info")
			.satisfies((ex) -> assertThat(ex.getMessage()).doesNotContain("secret"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws://my_service:0/", "ws://my_service:65536/", "ws://my_service:x/" })
	void portIsCheckedWithEveryHost(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> WsOptions.builder(url)).withMessageContaining("port");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws://0.0.0.0/", "ws://[::]/", "ws://[0:0::0]/", "ws://[::%25lo]/" })
	void wildcardIsRefusedHoweverItIsWritten(String url) {
		assertThatIllegalArgumentException().isThrownBy(() -> WsOptions.builder(url)).withMessageContaining("wildcard");
	}

	@Test
	void interfaceWhoseNameNoUrlTakesIsNamedByItsNumber() {
		assertThatIllegalArgumentException().isThrownBy(() -> WsOptions.builder("ws://[fe80::1%25br-1]/"))
			.withMessageContaining("the number of the network interface");
	}

	@ParameterizedTest
	@CsvSource({ "proxy_1, proxy_1", "b\u00fccher.example, xn--bcher-kva.example", "10.0.0.1, 10.0.0.1", "::1, ::1",
			"'[::1]', ::1", "'fe80::1%eth0', 'fe80::1%eth0'", "'[fe80::1%25eth0]', 'fe80::1%eth0'" })
	void proxyHasAHost(String host, String expected) {
		assertThat(WsProxy.http(host, 3128).host()).isEqualTo(expected);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "http://proxy", "proxy:3128", "user@proxy", "a/b", "[::1]:3128", "1.2.3" })
	void whatIsNoHostOfAProxyIsRefused(String host) {
		assertThatIllegalArgumentException().isThrownBy(() -> WsProxy.http(host, 3128))
			.withMessage("proxy host must be a name or an address, without scheme and port");
	}

	@ParameterizedTest
	@CsvSource({ "my_service, my_service", "MY_*, my_service", "b\u00fccher.example, xn--bcher-kva.example",
			"xn--bcher-kva.example, xn--bcher-kva.example", "*.B\u00dcCHER.example, a.xn--bcher-kva.example",
			"*.example, a.example.", "*.\u30c6\u30b9\u30c8, xn--r8jz45g.xn--zckzah", "fe80::1, '[fe80::1%eth0]'",
			"'[fe80::1]', '[fe80::1%eth0]'", "fe80:*, '[fe80::1%eth0]'" })
	void hostIsReachedWithoutProxyInWhateverFormItIsWritten(String pattern, String host) {
		assertThat(WsProxy.http("proxy", 1).withNonProxyHosts(pattern).appliesTo(host)).isFalse();
		assertThat(WsProxy.http("proxy", 1).withNonProxyHosts(pattern).appliesTo("other.test")).isTrue();
	}

}
