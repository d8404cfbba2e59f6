package dev.wsclient.spring;

import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;
import org.springframework.mock.env.MockEnvironment;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WsConfigurationFailureAnalyzer} and the errors it analyses.
 */
class WsConfigurationFailureAnalyzerTests {

	/** Setting, property to blame, part of the reason. */
	private static final String WRONG_SETTINGS = """
			url=http://feed.example          | ws.clients.ticker.url                     | write ws:// for http://
			url=feed.example                 | ws.clients.ticker.url                     | must start with ws:// or wss://
			url=ws:///path                   | ws.clients.ticker.url                     | no valid host
			url=ws://feed.example/a#frag     | ws.clients.ticker.url                     | must not have a fragment
			url=ws://joe:hush@feed.example   | ws.clients.ticker.url                     | must not carry user-info
			headers.Sec-WebSocket-Key=x      | ws.clients.ticker.headers.Sec-WebSocket-Key | belongs to the opening handshake
			connect-timeout=-1s              | ws.clients.ticker.connect-timeout         | must be in 0 to 365 days, was PT-1S
			handshake-timeout=0s             | ws.clients.ticker.handshake-timeout       | must be more than zero
			close-timeout=0s                 | ws.clients.ticker.close-timeout           | must be more than zero
			ping.interval=-5s                | ws.clients.ticker.ping.interval           | must be in 0 to 365 days
			ping.timeout=0s                  | ws.clients.ticker.ping.timeout            | must be more than zero
			reconnect.initial-delay=1m       | ws.clients.ticker.reconnect.initial-delay | must be at least the initialDelay of PT1M
			reconnect.initial-delay=0s       | ws.clients.ticker.reconnect.initial-delay | must be more than zero
			reconnect.max-delay=10ms         | ws.clients.ticker.reconnect.max-delay     | must be at least the initialDelay of PT1S
			reconnect.multiplier=0.5         | ws.clients.ticker.reconnect.multiplier    | must be in 1 to 100, was 0.5
			reconnect.jitter=2               | ws.clients.ticker.reconnect.jitter        | must be in 0 to 1, was 2.0
			reconnect.max-attempts=-1        | ws.clients.ticker.reconnect.max-attempts  | must be 0 or more, was -1
			reconnect.max-elapsed=0s         | ws.clients.ticker.reconnect.max-elapsed   | must be more than zero
			reconnect.reset-after=-1s        | ws.clients.ticker.reconnect.reset-after   | must be in 0 to 365 days
			reconnect.refused-delay=0s       | ws.clients.ticker.reconnect.refused-delay | must be more than zero
			reconnect.refused-delay=11m      | ws.clients.ticker.reconnect.refused-delay | must be at least the refusedDelay of PT11M
			reconnect.refused-max-delay=10s  | ws.clients.ticker.reconnect.refused-max-delay | must be at least the refusedDelay of PT30S
			reconnect.stop-on=401,1006       | ws.clients.ticker.reconnect.stop-on       | but had 1006
			reconnect.stop-on=99             | ws.clients.ticker.reconnect.stop-on       | but had 99
			reconnect.stop-on=5000           | ws.clients.ticker.reconnect.stop-on       | but had 5000
			send-buffer.max-size=3GB         | ws.clients.ticker.send-buffer.max-size    | must be in 1 to 2147483647 bytes, was 3221225472B
			send-buffer.max-count=0          | ws.clients.ticker.send-buffer.max-count   | must be at least 1, was 0
			max-message-size=0B              | ws.clients.ticker.max-message-size        | must be in 1 to 2147483647 bytes
			max-frame-size=0B                | ws.clients.ticker.max-frame-size          | must be in 1 to 2147483647 bytes
			max-frame-size=11MB              | ws.clients.ticker.max-frame-size          | no effect, as 11534336B is above 'max-message-size', which is 10485760B
			max-handshake-size=-1B           | ws.clients.ticker.max-handshake-size      | must be in 1 to 2147483647 bytes
			compression.level=10             | ws.clients.ticker.compression.level       | must be in 0 to 9, was 10
			compression.min-size=-1B         | ws.clients.ticker.compression.min-size    | must be in 0 to 2147483647 bytes, was -1B
			compression.client-max-window-bits=7 | ws.clients.ticker.compression.client-max-window-bits | must be in 8 to 15
			dispatch.queue=0                 | ws.clients.ticker.dispatch.queue          | must be at least 1, was 0
			subprotocols=a b                 | ws.clients.ticker.subprotocols            | is not a token
			ssl.bundle=nope                  | ws.clients.ticker.ssl.bundle              | there is no SSL bundle 'nope'
			health.down-after=-1s            | ws.clients.ticker.health.down-after       | must be zero or more, was PT-1S
			health.stale-after=0s            | ws.clients.ticker.health.stale-after      | must be more than zero
			urls=ws://other.example          | ws.clients.ticker.url                     | ticker.urls' is set too
			url-cool-down=-1s                | ws.clients.ticker.url-cool-down           | must be in 0 to 365 days
			cookies.sid=hush hush            | ws.clients.ticker.cookies.sid             | cookie
			message-timeout=-1s              | ws.clients.ticker.message-timeout         | must be in 0 to 365 days
			ping.misses=0                    | ws.clients.ticker.ping.misses             | must be at least 1, was 0
			reconnect.max-retry-after=-1s    | ws.clients.ticker.reconnect.max-retry-after | must be in 0 to 365 days
			send-buffer.offline-ttl=-1s      | ws.clients.ticker.send-buffer.offline-ttl | must be in 0 to 365 days
			dispatch.queue-bytes=0B          | ws.clients.ticker.dispatch.queue-bytes    | must be in 1 to 2147483647 bytes
			keep-alive-message.text=x        | ws.clients.ticker.keep-alive-message.text | no effect without 'keep-alive-message.interval'
			keep-alive-message.interval=1s   | ws.clients.ticker.keep-alive-message.interval | no effect without 'keep-alive-message.text'
			dispatch.concurrency=3           | ws.clients.ticker.dispatch.concurrency    | no effect without 'dispatch.mode'
			dispatch.key=$.symbol            | ws.clients.ticker.dispatch.key            | no effect without 'dispatch.mode'
			dispatch.mode=keyed              | ws.clients.ticker.dispatch.mode           | which messages belong together
			dispatch.conflate=true           | ws.clients.ticker.dispatch.conflate       | which messages belong together
			proxy.port=1080                  | ws.clients.ticker.proxy.port              | no effect without 'proxy.host'
			proxy.username=x                 | ws.clients.ticker.proxy.username          | no effect without 'proxy.host'
			proxy.password=hush              | ws.clients.ticker.proxy.password          | no effect without 'proxy.host'
			proxy.non-proxy-hosts=x          | ws.clients.ticker.proxy.non-proxy-hosts   | no effect without 'proxy.host'
			proxy.type=socks5                | ws.clients.ticker.proxy.type              | no effect, as there is no 'proxy.host'
			proxy.timeout=3s                 | ws.clients.ticker.proxy.timeout           | no effect, as there is no 'proxy.host'
			selection=random                 | ws.clients.ticker.selection               | no effect, as there is only one URL
			url-cool-down=3s                 | ws.clients.ticker.url-cool-down           | no effect, as there is only one URL
			ssl.server-name=x                | ws.clients.ticker.ssl.server-name         | all URLs start with ws://
			ssl.verify-hostname=true         | ws.clients.ticker.ssl.verify-hostname     | all URLs start with ws://
			ssl.protocols=TLSv1.3            | ws.clients.ticker.ssl.protocols           | all URLs start with ws://
			ssl.ciphers=TLS_AES_128_GCM_SHA256 | ws.clients.ticker.ssl.ciphers             | all URLs start with ws://
			ssl.handshake-timeout=3s         | ws.clients.ticker.ssl.handshake-timeout   | all URLs start with ws://
			ssl.provider=jdk                 | ws.clients.ticker.ssl.provider            | all URLs start with ws://
			ssl.reconnect-on-update=true     | ws.clients.ticker.ssl.reconnect-on-update | no effect, as there is no 'ssl.bundle'
			startup.timeout=3s               | ws.clients.ticker.startup.timeout         | startup.fail-fast' is not true
			startup.fail-fast=true           | ws.clients.ticker.startup.fail-fast       | ws.defaults.auto-start' is false
			""";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, SslAutoConfiguration.class))
		.withPropertyValues("ws.defaults.auto-start=false");

	private FailureAnalysis analyze(String... properties) {
		return analyze(this.runner.withPropertyValues(properties));
	}

	static FailureAnalysis analyze(ApplicationContextRunner runner) {
		AtomicReference<@Nullable FailureAnalysis> analysis = new AtomicReference<>();
		runner.run((context) -> {
			assertThat(context).hasFailed();
			Throwable failure = Objects.requireNonNull(context.getStartupFailure());
			analysis.set(new WsConfigurationFailureAnalyzer(null).analyze(failure));
		});
		return Objects.requireNonNull(analysis.get(), "the failure is not analysed");
	}

	@ParameterizedTest
	@ValueSource(strings = { "refused-delay=1m", "refused-max-delay=1h", "stop-on=403", "max-delay=1m" })
	void settingOfAttemptsWithoutAttemptsIsAContradiction(String setting) {
		for (String off : List.of("max-attempts=0", "enabled=false")) {
			FailureAnalysis analysis = analyze("ws.clients.ticker.url=ws://localhost",
					"ws.clients.ticker.reconnect." + off, "ws.clients.ticker.reconnect." + setting);
			assertThat(analysis.getDescription())
				.contains("'ws.clients.ticker.reconnect." + setting.substring(0, setting.indexOf('=')) + "'")
				.contains("no effect, as 'ws.clients.ticker.reconnect." + off.substring(0, off.indexOf('=')) + "'");
		}
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = WRONG_SETTINGS)
	void wrongValueNamesThePropertyAndTheReason(String setting, String property, String reason) {
		FailureAnalysis analysis = analyze("ws.clients.ticker.url=ws://localhost", "ws.clients.ticker." + setting);
		assertThat(analysis.getDescription()).contains("'" + property + "'").contains(reason).doesNotContain("hush");
		assertThat(analysis.getAction()).isNotBlank();
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ws.clients.ticker.ssl.protocols=TLSv9                       | TLSv9 | TLSv1.3
			ws.defaults.ssl.protocols=TLSv1.3,TLS1.2                    | TLS1.2 | TLSv1.3
			ws.clients.ticker.ssl.ciphers=TLS_AES                       | TLS_AES | TLS_AES_128_GCM_SHA256
			spring.ssl.bundle.jks.feed.options.enabled-protocols=TLSv9  | TLSv9 | TLSv1.3
			spring.ssl.bundle.jks.feed.options.ciphers=TLS_AES          | TLS_AES | TLS_AES_128_GCM_SHA256
			""")
	void unknownTlsVersionsAndCiphersAreRefusedAtTheStart(String setting, String value, String known) {
		boolean bundle = setting.startsWith("spring");
		FailureAnalysis analysis = analyze("ws.clients.ticker.url=wss://localhost",
				"ws.clients.ticker.ssl.provider=jdk", setting,
				bundle ? "ws.clients.ticker.ssl.bundle=feed" : "spring.ssl.bundle.jks.feed.protocol=TLSv1.3");
		String property = bundle ? "ws.clients.ticker.ssl.bundle" : setting.replaceFirst("=.*", "");
		assertThat(analysis.getDescription()).contains("'" + property + "'", "'" + value + "'")
			.contains("known are [")
			.contains(known);
		assertThat(analysis.getAction()).startsWith("Set '" + property + "' to ");
	}

	@Test
	void wrongDefaultNamesTheDefault() {
		FailureAnalysis analysis = analyze("ws.clients.ticker.url=ws://localhost", "ws.defaults.ping.timeout=0s");
		assertThat(analysis.getDescription()).contains("'ws.defaults.ping.timeout'");
		assertThat(analysis.getAction())
			.isEqualTo("Set 'ws.defaults.ping.timeout' to a duration such as 500ms, 30s or 5m.");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ping.interval=0           | ping.timeout=1s
			ping.interval=0           | ping.misses=2
			reconnect.enabled=false   | reconnect.initial-delay=2s
			reconnect.enabled=false   | reconnect.max-delay=40s
			reconnect.enabled=false   | reconnect.multiplier=3
			reconnect.enabled=false   | reconnect.jitter=0.5
			reconnect.enabled=false   | reconnect.max-attempts=3
			reconnect.enabled=false   | reconnect.max-elapsed=3m
			reconnect.enabled=false   | reconnect.reset-after=3s
			reconnect.enabled=false   | reconnect.max-retry-after=3s
			compression.enabled=false | compression.level=3
			compression.enabled=false | compression.min-size=1KB
			compression.enabled=false | compression.server-no-context-takeover=true
			compression.enabled=false | compression.client-no-context-takeover=true
			compression.enabled=false | compression.server-max-window-bits=9
			compression.enabled=false | compression.client-max-window-bits=9
			tcp.keep-alive=false      | tcp.keep-alive-idle=3s
			tcp.keep-alive=false      | tcp.keep-alive-interval=3s
			tcp.keep-alive=false      | tcp.keep-alive-count=3
			dispatch.mode=event-loop  | dispatch.queue=3
			dispatch.mode=event-loop  | dispatch.queue-bytes=3KB
			dispatch.mode=event-loop  | dispatch.concurrency=3
			dispatch.mode=serial      | dispatch.concurrency=3
			dispatch.mode=event-loop  | dispatch.conflate=true
			dispatch.mode=concurrent  | dispatch.conflate=true
			dispatch.mode=concurrent  | dispatch.key=$.symbol
			dispatch.mode=serial      | dispatch.key=$.symbol
			auto-start=false          | startup.fail-fast=true
			""")
	void settingOfWhatIsTurnedOffIsRefused(String off, String setting) {
		String url = "ws.clients.ticker.url=ws://localhost";
		for (String prefix : List.of("ws.clients.ticker.", "ws.defaults.")) {
			FailureAnalysis analysis = analyze(url, "ws.defaults." + off, prefix + setting);
			assertThat(analysis.getDescription())
				.startsWith("Property '" + prefix + setting.replaceFirst("=.*", "") + "' is wrong: it has no effect")
				.contains("'ws.defaults." + off.replaceFirst("=.*", "") + "'");
			assertThat(analysis.getAction()).startsWith("Remove '" + prefix);
		}
		this.runner.withPropertyValues(url, "ws.clients.ticker." + off, "ws.defaults." + setting)
			.run((context) -> assertThat(context).as("a connection turns off what the defaults tune").hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			dispatch.key=$.a == 1   | a key is a path without ==
			dispatch.key=$          | after $ a field
			dispatch.key=symbol     | there is no 'symbol'; known are
			dispatch.concurrency=0  | it must be at least 1, was 0
			""")
	void wrongSettingOfTheKeyedModeIsRefused(String setting, String reason) {
		FailureAnalysis analysis = analyze(
				this.runner.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
					.withPropertyValues("ws.clients.ticker.url=ws://localhost", "ws.clients.ticker.dispatch.mode=keyed",
							"ws.clients.ticker.dispatch.key=$.a", "ws.clients.ticker." + setting));
		assertThat(analysis.getDescription()).contains("'ws.clients.ticker." + setting.replaceFirst("=.*", "") + "'")
			.contains(reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "tcp.no-delay=true", "tcp.keep-alive=true", "tcp.keep-alive-idle=3s",
			"tcp.keep-alive-interval=3s", "tcp.keep-alive-count=3" })
	void tcpOfAUnixSocketIsRefused(String setting) {
		FailureAnalysis analysis = analyze("ws.clients.ticker.url=ws://localhost",
				"ws.clients.ticker.unix-socket=/run/feed.sock", "ws.clients.ticker." + setting);
		assertThat(analysis.getDescription()).contains("'ws.clients.ticker." + setting.replaceFirst("=.*", "") + "'")
			.contains("'unix-socket' is set");
	}

	@Test
	void startWithoutTimeIsRefused() {
		FailureAnalysis analysis = analyze("ws.clients.ticker.url=ws://localhost", "ws.defaults.startup.timeout=0s");
		assertThat(analysis.getDescription()).contains("'ws.defaults.startup.timeout'").contains("more than zero");
	}

	@Test
	void headerThatTheTokenReplacesIsRefused() {
		for (String prefix : List.of("ws.clients.ticker.", "ws.defaults.")) {
			FailureAnalysis analysis = analyze("ws.clients.ticker.url=ws://localhost",
					"ws.defaults.oauth2.registration-id=x", prefix + "headers.authorization=hush");
			assertThat(analysis.getDescription()).contains("headers.Authorization'")
				.contains("'ws.defaults.oauth2.registration-id' puts its token in this header")
				.doesNotContain("hush");
		}
	}

	@Test
	void whatConnectionsShareNeedNotFitAllOfThem() {
		this.runner
			.withPropertyValues("ws.clients.ticker.url=ws://localhost", "ws.defaults.selection=random",
					"ws.defaults.url-cool-down=3s", "ws.defaults.max-frame-size=2MB",
					"ws.clients.ticker.max-message-size=1MB", "ws.defaults.ssl.verify-hostname=false",
					"ws.defaults.ssl.pins=sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
					"ws.defaults.startup.timeout=3s", "ws.defaults.ssl.reconnect-on-update=true",
					"ws.defaults.tcp.no-delay=true", "ws.defaults.proxy.host=p", "ws.defaults.proxy.port=1",
					"ws.defaults.local-address=127.0.0.1", "ws.clients.local.url=ws://localhost",
					"ws.clients.local.unix-socket=/run/feed.sock")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void tlsMayBeReachedByARedirect() {
		this.runner
			.withPropertyValues("ws.clients.ticker.url=ws://localhost", "ws.clients.ticker.ssl.verify-hostname=true",
					"ws.clients.ticker.follow-redirects=true")
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void streamingIsRefusedWhoeverSetsIt() {
		FailureAnalysis analysis = analyze(
				this.runner.withBean(WsOptionsCustomizer.class, () -> (name, builder) -> builder.streaming(true))
					.withPropertyValues("ws.clients.ticker.url=ws://localhost"));
		assertThat(analysis.getDescription()).contains("'streaming'").contains("ws.clients.ticker");
		assertThat(analysis.getAction()).contains("WsListener");
	}

	@Test
	void wrongOneOfSeveralUrlsIsNamed() {
		FailureAnalysis analysis = analyze("ws.clients.ticker.urls=ws://localhost,http://localhost");
		assertThat(analysis.getDescription()).contains("'ws.clients.ticker.urls'").contains("write ws:// for http://");
		assertThat(analysis.getAction()).contains("none twice");
	}

	@Test
	void missingUrlIsNamed() {
		FailureAnalysis analysis = analyze("ws.clients.ticker.connect-timeout=1s");
		assertThat(analysis.getDescription()).isEqualTo("Property 'ws.clients.ticker.url' is wrong: it is missing.");
		assertThat(analysis.getAction())
			.isEqualTo("Set 'ws.clients.ticker.url' to the URL of the server, such as wss://feed.example/v1.");
	}

	@Test
	void headerWithALineBreakIsRefusedWithoutItsValue() {
		FailureAnalysis analysis = analyze("ws.clients.ticker.url=ws://localhost",
				"ws.clients.ticker.headers.Authorization=hush\r\nX-Evil: 1");
		assertThat(analysis.getDescription()).contains("'ws.clients.ticker.headers.Authorization'")
			.contains("U+000D at index 4")
			.doesNotContain("hush");
		assertThat(analysis.getAction()).contains("'Authorization'").doesNotContain("hush");
	}

	@Test
	void nameWithOtherCharactersIsRefused() {
		FailureAnalysis analysis = analyze("ws.clients.[my feed].url=ws://localhost");
		assertThat(analysis.getDescription()).contains("ws.clients.[my feed]");
		assertThat(analysis.getAction()).contains("letters, digits, '-' and '_'");
	}

	@Test
	void beanOfTheApplicationWithTheNameOfAConnectionIsRefused() {
		FailureAnalysis analysis = analyze(this.runner.withUserConfiguration(ClashingConfiguration.class)
			.withPropertyValues("ws.clients.ticker.url=ws://localhost"));
		assertThat(analysis.getDescription()).contains("ws.clients.ticker").contains("'tickerWsConnection'");
		assertThat(analysis.getAction()).contains("Rename").contains("WsOptionsCustomizer");
	}

	@Test
	void placeOfTheWrongPropertyIsTold() {
		MockEnvironment environment = new MockEnvironment().withProperty("ws.clients.ticker.url", "http://x");
		FailureAnalysis analysis = new WsConfigurationFailureAnalyzer(environment)
			.analyze(WsConfigurationException.invalidProperty("ws.clients.ticker.url", "it is wrong", "Mend it."));
		assertThat(Objects.requireNonNull(analysis).getDescription())
			.contains("It stands in \"ws.clients.ticker.url\"");
	}

	@Test
	void analyzerIsRegistered() {
		assertThat(SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					SpringFactoriesLoader.ArgumentResolver.of(Environment.class, new StandardEnvironment()),
					(type, name, failure) -> {
					}))
			.hasAtLeastOneElementOfType(WsConfigurationFailureAnalyzer.class);
	}

	/**
	 * Defines a bean of the name that a connection needs.
	 */
	@Configuration(proxyBeanMethods = false)
	static class ClashingConfiguration {

		@Bean
		String tickerWsConnection() {
			return "mine";
		}

	}

}
