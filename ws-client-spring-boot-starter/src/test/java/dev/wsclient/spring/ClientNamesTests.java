package dev.wsclient.spring;

import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import dev.wsclient.WsConnection;
import dev.wsclient.options.WsOptions;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of how names and values of connections are written: relaxed, with placeholders,
 * as environment variables, and turned off.
 */
@ExtendWith(OutputCaptureExtension.class)
class ClientNamesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, SslAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class);

	private ApplicationContextRunner with(Map<String, Object> variables, String... properties) {
		return this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables)))
			.withPropertyValues(properties);
	}

	@Test
	void variablesAloneDeclareAConnection(CapturedOutput output) {
		with(Map.of("WS_CLIENTS_TICKER_URL", "ws://env.example", "WS_CLIENTS_TICKER_PING_INTERVAL", "3s",
				"WS_CLIENTS_TICKER_CONNECTTIMEOUT", "4s", "WS_CLIENTS_TICKER_CLOSE_TIMEOUT", "5s",
				"WS_CLIENTS_TICKER_SUBPROTOCOLS_0", "a", "WS_CLIENTS_TICKER_SUBPROTOCOLS_1", "b",
				"WS_CLIENTS_TICKER_HEADERS_AUTHORIZATION", "x, y", "WS_DEFAULTS_RECONNECT_MAXDELAY", "6s"))
			.run((context) -> {
				assertThat(context).hasBean("tickerWsConnection").hasSingleBean(WsConnection.class);
				WsOptions options = context.getBean(FakeWsClient.class).options("ticker");
				assertThat(options.uri()).hasToString("ws://env.example");
				assertThat(options.pingInterval()).hasSeconds(3);
				assertThat(options.connectTimeout()).hasSeconds(4);
				assertThat(options.closeTimeout()).hasSeconds(5);
				assertThat(options.subprotocols()).containsExactly("a", "b");
				assertThat(options.headers()).hasSize(1)
					.allSatisfy((name, values) -> assertThat(values).containsExactly("x, y"));
				assertThat(options.reconnect().maxDelay()).hasSeconds(6);
				assertThat(output).doesNotContain("has no effect");
			});
	}

	@Test
	void variableOverridesTheUrlOfAConnectionWithADash(CapturedOutput output) {
		for (String variable : new String[] { "WS_CLIENTS_MARKETDATA_URL", "WS_CLIENTS_MARKET_DATA_URL" }) {
			with(Map.of(variable, "ws://env.example"), "ws.clients.market-data.url=ws://file.example")
				.run((context) -> {
					assertThat(context.getBean(WsConnections.class).names()).as(variable)
						.containsExactly("market-data");
					assertThat(context).hasSingleBean(WsConnection.class).hasBean("market-dataWsConnection");
					assertThat(context.getBean(FakeWsClient.class).options("market-data").uri())
						.hasToString("ws://env.example");
				});
		}
		assertThat(output).doesNotContain("has no effect");
	}

	@Test
	void variableOverridesTheUrlOfAConnectionWithCapitals() {
		with(Map.of("WS_CLIENTS_MARKETDATA_URL", "ws://env.example"), "ws.clients.marketData.url=ws://file.example")
			.run((context) -> assertThat(context.getBean(WsConnections.class).names()).containsExactly("marketData"));
	}

	@Test
	void spellingsThatAreTheSameForSpringBootAreOneConnection() {
		this.runner
			.withPropertyValues("ws.clients.market-data.url=ws://file.example",
					"ws.clients.marketData.connect-timeout=3s")
			.run((context) -> {
				assertThat(context.getBean(WsConnections.class).names()).hasSize(1);
				assertThat(context).hasSingleBean(WsConnection.class);
			});
	}

	@Test
	void twoConnectionsThatAreTheSameForSpringBootFailTheStart() {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests.analyze(this.runner
			.withPropertyValues("ws.clients.ticker.url=ws://one.example", "ws.clients.Ticker.url=ws://two.example"));
		assertThat(analysis.getDescription()).contains("'ws.clients.ticker'", "'ws.clients.Ticker'", "both set 'url'")
			.doesNotContain("one.example");
		assertThat(analysis.getAction()).contains("Rename one");
	}

	@Test
	void nameThatSpringBootWouldChangeFailsTheStart() {
		for (String name : new String[] { "my feed", "gr\u00f6\u00dfe", "feed/eu" }) {
			FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
				.analyze(this.runner.withPropertyValues("ws.clients." + name + ".url=ws://feed.example"));
			assertThat(analysis.getDescription()).as(name).contains("characters that are not allowed");
			assertThat(analysis.getAction()).contains("letters, digits");
		}
	}

	@Test
	void handlerWhoseNameOfTheConnectionIsMissingFailsTheStart() {
		ApplicationContextRunner runner = this.runner
			.withConfiguration(AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class))
			.withPropertyValues("ws.clients.ticker.url=ws://localhost");
		FailureAnalysis unresolved = WsConfigurationFailureAnalyzerTests
			.analyze(runner.withBean(PlaceholderHandler.class));
		assertThat(unresolved.getDescription()).contains("PlaceholderHandler.text(String)", "feed.name");
		assertThat(unresolved.getAction()).contains("default");
		FailureAnalysis empty = WsConfigurationFailureAnalyzerTests
			.analyze(runner.withBean(PlaceholderHandler.class).withPropertyValues("feed.name="));
		assertThat(empty.getDescription()).contains("PlaceholderHandler.text(String)", "empty name");
	}

	@Test
	void variableThatMissesAnUnderscoreFailsTheStart() {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(with(Map.of("WS_CLIENTS_MARKETDATA_URL", "ws://env.example"),
					"ws.clients.[market_data].url=ws://file.example"));
		assertThat(analysis.getDescription()).contains("market_data").contains("marketdata").contains("differ by '_'");
		assertThat(analysis.getAction()).contains("WS_CLIENTS_MARKET_DATA_URL");
	}

	@Test
	void placeholdersAreResolvedInNamesOfHandlersAndValues() {
		this.runner
			.withPropertyValues("feed.host=feed.example", "ws.clients.ticker.url=wss://${feed.host}/v${version:1}",
					"ws.clients.ticker.headers.Authorization=Bearer ${feed.token:none}")
			.run((context) -> {
				WsOptions options = context.getBean(FakeWsClient.class).options("ticker");
				assertThat(options.uri()).hasToString("wss://feed.example/v1");
				assertThat(options.headers().get("Authorization")).containsExactly("Bearer none");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "url", "urls[0]", "headers.Authorization", "cookies.sid", "on-open[0]", "proxy.password",
			"keep-alive-message.text", "ssl.server-name", "oauth2.registration-id" })
	void placeholderWithoutValueFailsTheStart(String key) {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests.analyze(this.runner.withPropertyValues(
				key.startsWith("url") ? "feed.host=x" : "ws.clients.ticker.url=wss://feed.example",
				"ws.clients.ticker.proxy.host=p", "ws.clients.ticker.proxy.port=1",
				"ws.clients.ticker.proxy.username=u", "ws.clients.ticker.keep-alive-message.interval=1s",
				"ws.clients.ticker.keep-alive-message.text=x", "ws.clients.ticker." + key + "=hush ${FEED_HOST}"));
		assertThat(analysis.getDescription()).startsWith("Property 'ws.clients.ticker." + key.replace("[0]", "") + "'")
			.contains("the placeholder '${FEED_HOST}' has no value")
			.doesNotContain("hush");
		assertThat(analysis.getAction()).contains("Set the property or environment variable 'FEED_HOST'",
				"${FEED_HOST:default}");
	}

	@Test
	void keysAreRelaxed() {
		this.runner
			.withPropertyValues("ws.clients.ticker.url=wss://feed.example", "ws.clients.ticker.connectTimeout=3s",
					"ws.clients.ticker.close_timeout=4s", "ws.defaults.sendBuffer.whenFull=DROP_OLDEST")
			.run((context) -> {
				WsOptions options = context.getBean(FakeWsClient.class).options("ticker");
				assertThat(options.connectTimeout()).hasSeconds(3);
				assertThat(options.closeTimeout()).hasSeconds(4);
				assertThat(options.whenFull()).hasToString("DROP_OLDEST");
			});
	}

	@Test
	void emptyValueTakesTheDefaultAway() {
		this.runner
			.withPropertyValues("ws.clients.ticker.url=wss://feed.example", "ws.defaults.proxy.host=proxy.example",
					"ws.defaults.proxy.port=1080", "ws.clients.ticker.proxy.host=", "ws.defaults.subprotocols=a,b",
					"ws.clients.ticker.subprotocols=", "ws.defaults.origin=https://app.example",
					"ws.clients.ticker.origin=")
			.run((context) -> {
				WsOptions options = context.getBean(FakeWsClient.class).options("ticker");
				assertThat(options.proxy()).isEmpty();
				assertThat(options.subprotocols()).isEmpty();
				assertThat(options.headers()).isEmpty();
			});
	}

	@Test
	void disabledConnectionHasNoBeanAndItsHandlersAreNotCalled(CapturedOutput output) {
		this.runner.withBean(TickerHandler.class)
			.withPropertyValues("ws.clients.ticker.enabled=false", "ws.clients.ticker.proxy.port=1",
					"ws.clients.orders.url=ws://localhost")
			.run((context) -> {
				assertThat(context).hasSingleBean(WsConnection.class).hasBean("ordersWsConnection");
				WsConnections connections = context.getBean(WsConnections.class);
				assertThat(connections.names()).containsExactly("orders");
				assertThat(connections.find("ticker")).isEmpty();
				assertThatIllegalArgumentException().isThrownBy(() -> connections.get("ticker"))
					.withMessageContaining("its 'enabled' is false");
				assertThat(output).contains("is not called: the connection 'ticker' is disabled")
					.contains("TickerHandler.text");
			});
	}

	@Test
	void disabledByAVariable() {
		with(Map.of("WS_CLIENTS_TICKER_ENABLED", "false"), "ws.clients.ticker.url=ws://localhost")
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(WsConnection.class));
	}

	@Test
	void onlyConnectionOfAHandlerMayBeDisabled(CapturedOutput output) {
		this.runner.withBean(UnnamedHandler.class)
			.withPropertyValues("ws.clients.ticker.enabled=false")
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("the connection 'ticker' is disabled");
	}

	/**
	 * Names its connection by a placeholder.
	 */
	static class PlaceholderHandler {

		@OnWsMessage("${feed.name}")
		void text(String text) {
		}

	}

	/**
	 * Names its connection.
	 */
	static class TickerHandler {

		@OnWsMessage("ticker")
		void text(String text) {
		}

	}

	/**
	 * Does not name its connection.
	 */
	static class UnnamedHandler {

		@OnWsMessage
		void text(String text) {
		}

	}

}
