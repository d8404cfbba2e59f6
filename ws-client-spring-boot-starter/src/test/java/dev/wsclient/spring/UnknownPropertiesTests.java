package dev.wsclient.spring;

import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.mock.env.MockEnvironment;

import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests for {@link UnknownProperties}.
 */
@ExtendWith(OutputCaptureExtension.class)
class UnknownPropertiesTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.clients.ticker.url=ws://localhost");

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ws.clients.ticker.uri                    | ws.clients.ticker.url
			ws.clients.ticker.ping.intervall         | ws.clients.ticker.ping.interval
			ws.clients.ticker.ping-interval          | ws.clients.ticker.ping.interval
			ws.clients.ticker.connect-timout         | ws.clients.ticker.connect-timeout
			ws.clients.ticker.reconnect.max-delai    | ws.clients.ticker.reconnect.max-delay
			ws.clients.ticker.header.Cookie          |
			ws.clients.ticker.reconnect.url          |
			ws.clients.ticker.reconnect.backoff      |
			ws.clients.feed.uri                      | ws.clients.feed.url
			ws.clients.ticker.url.host               |
			ws.defaults.ping.timeot                  | ws.defaults.ping.timeout
			ws.defaults.proxy.hots                   | ws.defaults.proxy.host
			ws.defaults.url                          | ws.clients.<name>.url
			ws.defaults.enabled                      | ws.clients.<name>.enabled
			""")
	void unknownPropertyFailsTheStartAndTheNearestIsNamed(String property, @Nullable String nearest) {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withPropertyValues(property + "=hush"));
		assertThat(analysis.getDescription()).startsWith("There is no such property:")
			.containsIgnoringCase(property)
			.doesNotContain("hush");
		if (nearest != null) {
			assertThat(analysis.getDescription()).contains("'" + nearest + "'");
		}
		else {
			assertThat(analysis.getDescription()).doesNotContain("did you mean");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws.clients.feed.eu.url", "ws.clients.feed.eu.west.headers.cookie",
			"ws.clients.feed.eu.ping.interval" })
	void nameOfAConnectionWithDotsIsRecognized(String property) {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withPropertyValues(property + "=x"));
		assertThat(analysis.getDescription()).contains(property + " (")
			.contains("; the name of a connection has no dots: use '-'")
			.doesNotContain("did you mean");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			ws.clients.ticker.headers[0]        | names with values, not a list
			ws.defaults.cookies[1]              | names with values, not a list
			ws.clients.ticker.on-open.login     | a list
			ws.defaults.subprotocols.v1.json    | a list
			""")
	void listInPlaceOfNamesAndTheOtherWayRoundFailTheStart(String property, String expected) {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withPropertyValues(property + "=hush"));
		assertThat(analysis.getDescription()).contains(property + " (")
			.contains("; it takes " + expected)
			.doesNotContain("hush");
	}

	@Test
	void allUnknownPropertiesAreNamedAtOnceWithTheirPlace() {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withPropertyValues("ws.clients.ticker.uri=x", "ws.defaults.pings.interval=3s"));
		assertThat(analysis.getDescription()).startsWith("There are no such properties:")
			.contains("ws.clients.ticker.uri (\"ws.clients.ticker.uri\" from property source \"test\")")
			.contains("ws.defaults.pings.interval");
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws.clients.ticker.headers.X-Any[0]", "ws.clients.ticker.headers.[a.b]",
			"ws.clients.ticker.cookies.sid", "ws.clients.ticker.subprotocols[0]", "ws.defaults.on-open[0]",
			"ws.clients.ticker.connectTimeout", "ws.clients.ticker.oauth2.registration-id", "ws.port", "ws.enabled",
			"wsx.clients.x.y", "ws.other.x.y" })
	void knownPropertiesAndThoseOfOthersAreNone(String property) {
		UnknownProperties check = new UnknownProperties(Set.of("ticker"));
		MockEnvironment environment = new MockEnvironment().withProperty(property, "x");
		assertThatNoException().isThrownBy(() -> check.check(environment));
	}

	@Test
	void unknownVariableIsWarnedOf(CapturedOutput output) {
		Map<String, Object> variables = Map.of("WS_CLIENTS_TICKER_URI", "hush", "WS_CLIENTS_MARKET_DATA_URL", "hush",
				"WS_DEFAULTS_PING_INTERVALL", "hush", "WS_CLIENTS_TICKER_CONNECT_TIMEOUT", "3s", "WS_FOO_BAR", "x");
		this.runner
			.withInitializer((context) -> context.getEnvironment()
				.getPropertySources()
				.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables)))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains(
				"WS_CLIENTS_TICKER_URI\" from property source \"test-systemEnvironment\" is not the name of a property")
			.contains("did you mean 'url'?")
			.contains(
					"WS_CLIENTS_MARKET_DATA_URL\" from property source \"test-systemEnvironment\" is not the name of a property")
			.contains("WS_DEFAULTS_PING_INTERVALL\" from property source")
			.contains("did you mean 'ping.interval'?")
			.doesNotContain("WS_CLIENTS_TICKER_CONNECT_TIMEOUT")
			.doesNotContain("WS_FOO_BAR")
			.doesNotContain("hush");
	}

	@ParameterizedTest
	@CsvSource({ "ws.client.ticker.url, ws.clients", "ws.default.ping.interval, ws.defaults" })
	void misspeltPrefixIsWarnedOf(String property, String meant, CapturedOutput output) {
		this.runner.withPropertyValues(property + "=x").run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("The property '" + property + "' has no effect; did you mean '" + meant + "'?");
	}

}
