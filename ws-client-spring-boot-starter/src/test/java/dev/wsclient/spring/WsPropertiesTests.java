package dev.wsclient.spring;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.wsclient.options.Compression;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTcp;
import dev.wsclient.options.WsTls;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.properties.WsProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that properties reach the options of the core.
 */
class WsPropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, SslAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.clients.ticker.url=wss://feed.example:9443/v1?token=secret");

	private WsOptions options(String... properties) {
		WsOptions[] options = new WsOptions[1];
		this.runner.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasNotFailed();
			options[0] = context.getBean(FakeWsClient.class).options("ticker");
		});
		return options[0];
	}

	private static String[] prefixed(String prefix, String... properties) {
		return Arrays.stream(properties).map(prefix::concat).toArray(String[]::new);
	}

	private static final String PIN = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	private static final String[] ALL = { "headers.Cookie=PHPSID=1, x=2", "headers.X-Many[0]=a,b",
			"headers.X-Many[1]=c", "origin=https://app.example", "subprotocols=v2.json,v1.json", "connect-timeout=1s",
			"handshake-timeout=2s", "close-timeout=3s", "ping.interval=4s", "ping.timeout=5s",
			"reconnect.initial-delay=100ms", "reconnect.max-delay=6s", "reconnect.multiplier=1.5",
			"reconnect.jitter=0.5", "reconnect.max-attempts=7", "reconnect.max-elapsed=8m", "reconnect.reset-after=9s",
			"reconnect.refused-delay=20s", "reconnect.refused-max-delay=21s", "reconnect.stop-on=401,4001",
			"compression.level=3", "compression.min-size=2KB", "compression.client-max-window-bits=12",
			"compression.server-no-context-takeover=true", "send-buffer.max-size=10KB", "send-buffer.max-count=11",
			"send-buffer.offline=buffer", "max-message-size=12KB", "max-frame-size=9KB", "max-handshake-size=13KB",
			"on-open[0]={\"op\":\"login\",\"a\":1}", "on-open[1]=two", "dispatch.queue=14",
			"ssl.server-name=feed.internal", "ssl.verify-hostname=false", "ssl.pins=" + PIN,
			"ssl.protocols=TLSv1.3,TLSv1.2", "ssl.ciphers=TLS_AES_128_GCM_SHA256,TLS_AES_256_GCM_SHA384",
			"ssl.handshake-timeout=15s", "ssl.provider=jdk", "proxy.type=socks5", "proxy.host=proxy.example",
			"proxy.port=1080", "proxy.username=user", "proxy.password=secret",
			"proxy.non-proxy-hosts=localhost,*.internal", "proxy.timeout=16s", "tcp.no-delay=false",
			"tcp.keep-alive-idle=55s", "tcp.keep-alive-interval=5s", "tcp.keep-alive-count=3",
			"local-address=127.0.0.1" };

	private static void assertAll(WsOptions options) {
		assertThat(options.headers()).containsEntry("Cookie", List.of("PHPSID=1, x=2"))
			.containsEntry("X-Many", List.of("a,b", "c"))
			.containsEntry("Origin", List.of("https://app.example"));
		assertThat(options.subprotocols()).containsExactly("v2.json", "v1.json");
		assertThat(options.connectTimeout()).hasSeconds(1);
		assertThat(options.handshakeTimeout()).hasSeconds(2);
		assertThat(options.closeTimeout()).hasSeconds(3);
		assertThat(options.pingInterval()).hasSeconds(4);
		assertThat(options.pingTimeout()).hasSeconds(5);
		assertThat(options.reconnect()).isEqualTo(new Reconnect(Duration.ofMillis(100), Duration.ofSeconds(6), 1.5, 0.5,
				7, Duration.ofMinutes(8), Duration.ofSeconds(9), Duration.ofMinutes(5), Duration.ofSeconds(20),
				Duration.ofSeconds(21), Set.of(401, 4001), null));
		assertThat(options.compression()).isEqualTo(new Compression(true, 3, 2048, true, false, null, 12));
		assertThat(options.sendBufferSize()).isEqualTo(10 * 1024);
		assertThat(options.sendBufferCount()).isEqualTo(11);
		assertThat(options.offlinePolicy()).isEqualTo(OfflinePolicy.BUFFER);
		assertThat(options.maxMessageSize()).isEqualTo(12 * 1024);
		assertThat(options.maxFrameSize()).isEqualTo(9 * 1024);
		assertThat(options.maxHandshakeSize()).isEqualTo(13 * 1024);
		assertThat(options.onOpenMessages()).containsExactly("{\"op\":\"login\",\"a\":1}", "two");
		assertThat(options.executorBacklog()).isEqualTo(14);
		assertThat(options.tls()).isEqualTo(new WsTls(null, null, null, List.of("TLSv1.3", "TLSv1.2"),
				List.of("TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"), "feed.internal", false, List.of(PIN),
				Duration.ofSeconds(15), WsTls.Provider.JDK));
		assertThat(options.proxy()).contains(new WsProxy(WsProxy.Type.SOCKS5, "proxy.example", 1080, "user", "secret",
				List.of("localhost", "*.internal"), Duration.ofSeconds(16)));
		assertThat(options.tcp()).isEqualTo(new WsTcp(false, true, Duration.ofSeconds(55), Duration.ofSeconds(5), 3));
		assertThat(options.localAddress()).contains(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
	}

	@Test
	void urlAndNameReachTheOptions() {
		WsOptions options = options();
		assertThat(options.uri()).hasToString("wss://feed.example:9443/v1?token=secret");
		assertThat(options.name()).isEqualTo("ticker");
	}

	@Test
	void everyPropertyOfAClientReachesTheOptions() {
		assertAll(options(prefixed("ws.clients.ticker.", ALL)));
	}

	@Test
	void everyPropertyOfTheDefaultsReachesTheOptions() {
		assertAll(options(prefixed("ws.defaults.", ALL)));
	}

	@Test
	void valuesThatAreNotSetAreThoseOfTheCore() {
		WsOptions options = options();
		WsOptions core = WsOptions.builder("wss://feed.example:9443/v1?token=secret").name("ticker").build();
		assertThat(options.toBuilder().build()).usingRecursiveComparison()
			.ignoringFields("executor", "events", "optionNames")
			.isEqualTo(core);
	}

	@Test
	void clientOverridesDefaults() {
		WsOptions options = options("ws.defaults.connect-timeout=1s", "ws.clients.ticker.connect-timeout=2s",
				"ws.defaults.reconnect.max-delay=60s", "ws.clients.ticker.reconnect.initial-delay=40s");
		assertThat(options.connectTimeout()).hasSeconds(2);
		assertThat(options.reconnect().initialDelay()).hasSeconds(40);
		assertThat(options.reconnect().maxDelay()).hasSeconds(60);
	}

	@Test
	void headersOfAClientReplaceThoseOfTheDefaultsByName() {
		WsOptions options = options("ws.defaults.headers.X-A=default", "ws.defaults.headers.X-B=default",
				"ws.clients.ticker.headers.x-a=own");
		assertThat(options.headers()).hasSize(2)
			.containsEntry("x-a", List.of("own"))
			.containsEntry("X-B", List.of("default"));
	}

	@Test
	void singleOnOpenMessageKeepsItsCommas() {
		assertThat(options("ws.clients.ticker.on-open={\"op\":\"subscribe\",\"channel\":\"ticker\"}").onOpenMessages())
			.containsExactly("{\"op\":\"subscribe\",\"channel\":\"ticker\"}");
	}

	@Test
	void reconnectCanBeTurnedOff() {
		assertThat(options("ws.clients.ticker.reconnect.enabled=false").reconnect().maxAttempts()).isZero();
	}

	@Test
	void everyMessageCanBeCompressed() {
		assertThat(options("ws.clients.ticker.compression.min-size=0B").compression().minSize()).isZero();
	}

	@Test
	void pingsCanBeTurnedOff() {
		assertThat(options("ws.clients.ticker.ping.interval=0").pingInterval()).isZero();
	}

	@Test
	void eventLoopModeNeedsNoExecutor() {
		assertThat(options("ws.clients.ticker.dispatch.mode=event-loop").executor()).isEmpty();
		assertThat(options("ws.clients.ticker.dispatch.mode=serial").executor()).isPresent();
	}

	@Test
	void sslBundleBecomesAnSslContext() {
		assertThat(options().tls().sslContext()).isNull();
		assertThat(options("spring.ssl.bundle.jks.feed.protocol=TLSv1.3",
				"spring.ssl.bundle.jks.feed.options.ciphers=TLS_AES_128_GCM_SHA256",
				"spring.ssl.bundle.jks.feed.options.enabled-protocols=TLSv1.3", "ws.clients.ticker.ssl.bundle=feed")
			.tls()).satisfies((tls) -> {
				assertThat(tls.sslContext()).extracting(SSLContext::getProtocol).isEqualTo("TLSv1.3");
				assertThat(tls.ciphers()).containsExactly("TLS_AES_128_GCM_SHA256");
				assertThat(tls.protocols()).containsExactly("TLSv1.3");
			});
	}

	@Test
	void sslBundleGivesOpenSslItsKeyAndTrust() {
		assertThat(options("spring.ssl.bundle.jks.feed.protocol=TLSv1.3", "ws.clients.ticker.ssl.bundle=feed",
				"ws.clients.ticker.ssl.provider=openssl")
			.tls()).satisfies((tls) -> {
				assertThat(tls.sslContext()).isNull();
				assertThat(tls.key()).isNotNull();
				assertThat(tls.trust()).isNotNull();
			});
	}

	@Test
	void credentialsAreForTheProxyTheyStandWith() {
		String[] defaults = { "ws.defaults.proxy.type=socks5", "ws.defaults.proxy.host=shared.example",
				"ws.defaults.proxy.port=1080", "ws.defaults.proxy.username=user", "ws.defaults.proxy.password=secret",
				"ws.defaults.proxy.non-proxy-hosts=localhost" };
		assertThat(options(defaults).proxy()).contains(WsProxy.socks5("shared.example", 1080)
			.withCredentials("user", "secret")
			.withNonProxyHosts("localhost"));
		assertThat(
				options(both(defaults, "ws.clients.ticker.proxy.host=own.example", "ws.clients.ticker.proxy.port=3128"))
					.proxy())
			.as("another proxy")
			.contains(WsProxy.http("own.example", 3128).withNonProxyHosts("localhost"));
		assertThat(options(both(defaults, "ws.clients.ticker.proxy.username=me")).proxy()).as("another user")
			.contains(
					WsProxy.socks5("shared.example", 1080).withCredentials("me", null).withNonProxyHosts("localhost"));
		assertThat(options(both(defaults, "ws.clients.ticker.proxy.password=own")).proxy()).as("another password")
			.contains(WsProxy.socks5("shared.example", 1080)
				.withCredentials("user", "own")
				.withNonProxyHosts("localhost"));
	}

	private static String[] both(String[] some, String... others) {
		return Stream.concat(Arrays.stream(some), Arrays.stream(others)).toArray(String[]::new);
	}

	@Test
	void unixSocketReachesTheOptions() {
		assertThat(options("ws.clients.ticker.unix-socket=/run/feed.sock").unixSocket())
			.contains(Path.of("/run/feed.sock"));
	}

	@Test
	void keepAliveCanBeTurnedOff() {
		assertThat(options("ws.defaults.tcp.keep-alive-idle=55s", "ws.clients.ticker.tcp.keep-alive=false").tcp())
			.isEqualTo(WsTcp.defaults().withoutKeepAlive());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|',
			textBlock = """
					proxy.host=p                                   | ws.clients.ticker.proxy.host        | proxy.port is missing
					proxy.host=p proxy.port=0                      | ws.clients.ticker.proxy.host        | proxy port must be in 1 to 65535, was 0
					proxy.host=p proxy.port=1 proxy.password=x     | ws.clients.ticker.proxy.password    | proxy.username is missing
					ssl.pins=x                                     | ws.clients.ticker.ssl.pins          | tls pins must be
					ssl.bundle=x                                   | ws.clients.ticker.ssl.bundle        | there is no SSL bundle 'x'
					tcp.keep-alive-count=0                         | ws.clients.ticker.tcp.keep-alive-count | tcp.keep-alive-count must be in 1 to 127, was 0
					unix-socket=s proxy.host=p proxy.port=1        | ws.clients.ticker.unix-socket       | unix-socket and proxy can't be combined
					""")
	void wrongValuesOfTheNetworkNameTheProperty(String properties, String property, String reason) {
		this.runner.withPropertyValues(prefixed("ws.clients.ticker.", properties.split(" ")))
			.run((context) -> assertThat(context).getFailure()
				.rootCause()
				.hasMessageContaining(property)
				.hasMessageContaining(reason));
	}

	@Test
	void healthAndAutoStartReachTheConnection() {
		this.runner
			.withPropertyValues("ws.clients.ticker.health.required=false", "ws.clients.ticker.health.down-after=1m",
					"ws.defaults.health.stale-after=2m")
			.run((context) -> assertThat(
					context.getBean(ConnectionRegistry.class).managed("ticker").settings().health())
				.isEqualTo(new HealthSettings(false, Duration.ofMinutes(1), Duration.ofMinutes(2))));
	}

	@Test
	void propertiesObjectShowsWhatWasBound() {
		this.runner.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.my-feed.url=ws://localhost")
			.run((context) -> {
				WsProperties properties = context.getBean(WsProperties.class);
				assertThat(properties.getDefaults().getAutoStart()).isFalse();
				assertThat(properties.getClients()).containsOnlyKeys("ticker", "my-feed");
				assertThat(context).hasBean("my-feedWsConnection");
			});
	}

}
