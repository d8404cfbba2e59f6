package dev.wsclient.options;

import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link WsProxy}.
 */
class WsProxyTests {

	private final WsProxy http = WsProxy.http("proxy.example", 3128);

	@ParameterizedTest
	@CsvSource({ "localhost, localhost, false", "LOCALHOST, localhost, false", "feed.example, localhost, true",
			"*.internal, a.b.internal, false", "*.internal, internal, true", "10.*, 10.1.2.3, false",
			"10.*, 110.1.2.3, true", "*mid*, amidst, false", "*, anything, false", "::1, [::1], false",
			"[::1], [::1], false" })
	void nonProxyHostsMayBePatterns(String pattern, String host, boolean applies) {
		assertThat(this.http.withNonProxyHosts("other", pattern).appliesTo(host)).isEqualTo(applies);
	}

	@Test
	void everythingGoesThroughTheProxyByDefault() {
		assertThat(this.http.appliesTo("localhost")).isTrue();
		assertThat(this.http.timeout()).isEqualTo(Duration.ofSeconds(10));
	}

	@Test
	void valuesOutOfRangeAreNamed() {
		refused(() -> WsProxy.http("", 1), "proxy host must be a name or an address, without scheme and port");
		refused(() -> WsProxy.http("http://h", 1), "proxy host must be a name or an address, without scheme and port");
		refused(() -> WsProxy.http("h", 0), "proxy port must be in 1 to 65535, was 0");
		refused(() -> WsProxy.http("h", 65536), "proxy port must be in 1 to 65535, was 65536");
		refused(() -> this.http.withTimeout(Duration.ZERO), "proxy timeout must be more than zero");
		refused(() -> this.http.withNonProxyHosts("a*b"),
				"proxy nonProxyHosts must be names or have a * as first or last character, one was 'a*b'");
		refused(() -> this.http.withNonProxyHosts(" "),
				"proxy nonProxyHosts must be names or have a * as first or last character, one was ' '");
	}

	@Test
	void credentialsMustSuitTheType() {
		refused(() -> this.http.withCredentials("", "x"), "proxy username must not be empty");
		refused(() -> this.http.withCredentials("a:b", "x"),
				"proxy username must not have a ':' (RFC 7617, section 2)");
		refused(() -> this.http.withCredentials("a", "x\r\ny"),
				"proxy username and password must not have control characters (RFC 7617, section 2)");
		WsProxy socks5 = WsProxy.socks5("h", 1080);
		assertThat(socks5.withCredentials("a:b", "x".repeat(255)).username()).isEqualTo("a:b");
		refused(() -> socks5.withCredentials("a", "x".repeat(256)),
				"proxy password must be of at most 255 bytes (RFC 1929, section 2)");
		refused(() -> socks5.withCredentials("\u00e4".repeat(128), "x"),
				"proxy username must be of at most 255 bytes (RFC 1929, section 2)");
		WsProxy socks4a = WsProxy.socks4a("h", 1080);
		assertThat(socks4a.withCredentials("a", null).username()).isEqualTo("a");
		refused(() -> socks4a.withCredentials("a", "x"),
				"proxy type SOCKS4A knows no passwords; use SOCKS5, or a username alone");
	}

	@Test
	void proxiesOfTheSystemHaveNoHostAndPort() {
		WsProxy system = WsProxy.system();
		assertThat(system.type()).isEqualTo(WsProxy.Type.SYSTEM);
		assertThat(system.withCredentials("me", "secret"))
			.hasToString("WsProxy[system, authenticated=true, nonProxyHosts=[], timeout=PT10S]");
		refused(() -> new WsProxy(WsProxy.Type.SYSTEM, "h", 0, null, null, List.of(), Duration.ofSeconds(1)),
				"proxy type SYSTEM takes no host and no port: the JDK's ProxySelector names them");
		refused(() -> new WsProxy(WsProxy.Type.SYSTEM, "", 1, null, null, List.of(), Duration.ofSeconds(1)),
				"proxy type SYSTEM takes no host and no port: the JDK's ProxySelector names them");
		refused(() -> system.withCredentials("a:b", "x"), "proxy username must not have a ':' (RFC 7617, section 2)");
	}

	@Test
	void credentialsAreNotPrinted() {
		assertThat(this.http.withCredentials("user", "s3cr3t").withNonProxyHosts("a", "b"))
			.hasToString("WsProxy[http://proxy.example:3128, authenticated=true, nonProxyHosts=[a, b], timeout=PT10S]");
	}

	private static void refused(Runnable call, String message) {
		assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
	}

}
