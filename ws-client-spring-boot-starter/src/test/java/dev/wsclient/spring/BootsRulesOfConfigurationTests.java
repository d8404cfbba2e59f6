package dev.wsclient.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.env.Environment;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;
import org.springframework.core.io.ByteArrayResource;
import org.springframework.util.ReflectionUtils;

import dev.wsclient.WsConnection;
import dev.wsclient.options.WsOptions;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.properties.ClientProperties;
import dev.wsclient.spring.properties.ConnectionProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that what is configured follows the rules that users know from Spring Boot, in
 * whichever source it stands.
 */
@ExtendWith(OutputCaptureExtension.class)
class BootsRulesOfConfigurationTests {

	private static final String URL = "ws.clients.ticker.url=wss://feed.example";

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, SslAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class);

	private static ApplicationContextRunner yaml(ApplicationContextRunner runner, String text) {
		return runner.withInitializer((context) -> {
			try {
				new YamlPropertySourceLoader()
					.load("application.yml", new ByteArrayResource(text.getBytes(StandardCharsets.UTF_8)))
					.forEach(context.getEnvironment().getPropertySources()::addLast);
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		});
	}

	private static ApplicationContextRunner variables(ApplicationContextRunner runner, Map<String, Object> variables) {
		return runner.withInitializer((context) -> context.getEnvironment()
			.getPropertySources()
			.addFirst(new SystemEnvironmentPropertySource("test-systemEnvironment", variables)));
	}

	private static WsOptions options(ApplicationContextRunner runner) {
		WsOptions[] options = new WsOptions[1];
		runner.run((context) -> {
			assertThat(context).hasNotFailed();
			options[0] = context.getBean(FakeWsClient.class).options("ticker");
		});
		return options[0];
	}

	private static FailureAnalysis analyze(ApplicationContextRunner runner) {
		return WsConfigurationFailureAnalyzerTests.analyze(runner);
	}

	/**
	 * Analyses as Spring Boot does, which asks all analyzers in order.
	 */
	private static FailureAnalysis analyzeInjection(ApplicationContextRunner runner) {
		Environment[] environment = new Environment[1];
		FailureAnalysis[] analysis = new FailureAnalysis[1];
		runner.withInitializer((context) -> environment[0] = context.getEnvironment())
			.run((context) -> analysis[0] = new MissingConnectionFailureAnalyzer(environment[0])
				.analyze(context.getStartupFailure()));
		return analysis[0];
	}

	@ParameterizedTest
	@CsvSource({ "Cookie, cookie", "cookie, COOKIE", "X-Api-Key, x-api-key", "authorization, Authorization",
			"[Cookie], cookie", "Cookie, [cookie]", "[X-Api-Key], [x-api-key]" })
	void headerNamesAreOneNameInAnyCaseAndTheHigherSourceWins(String low, String high) {
		String lowKey = "headers." + low;
		String highKey = "headers." + high;
		ApplicationContextRunner twoSources = this.runner.withInitializer((context) -> {
			context.getEnvironment()
				.getPropertySources()
				.addLast(new MapPropertySource("low", Map.of("ws.clients.ticker." + lowKey, "low")));
			context.getEnvironment()
				.getPropertySources()
				.addFirst(new MapPropertySource("high", Map.of("ws.clients.ticker." + highKey, "high")));
		}).withPropertyValues(URL);
		assertThat(options(twoSources).headers().values()).as("two sources").containsExactly(List.of("high"));
		assertThat(options(this.runner.withPropertyValues(URL, "ws.defaults." + lowKey + "=low",
				"ws.clients.ticker." + highKey + "=high"))
			.headers()
			.values()).as("defaults").containsExactly(List.of("high"));
	}

	@Test
	void severalValuesOfAHigherSourceTakeThePlaceOfAllBelow() {
		ApplicationContextRunner runner = yaml(this.runner, """
				ws.clients.ticker:
				  url: wss://feed.example
				  headers: { X-Many: [a, b, c], Cookie: low }
				ws.defaults.headers: { x-many: [d] }
				""");
		assertThat(options(variables(runner,
				Map.of("WS_CLIENTS_TICKER_HEADERS_XMANY_0", "z", "WS_CLIENTS_TICKER_HEADERS_COOKIE", "high")))
			.headers()).isEqualTo(Map.of("X-Many", List.of("z"), "Cookie", List.of("high")));
		assertThat(options(runner).headers())
			.isEqualTo(Map.of("X-Many", List.of("a", "b", "c"), "Cookie", List.of("low")));
	}

	@Test
	void variableReplacesHeaderAndCookieOfTheDefaultsAsItCanBeWritten() {
		ApplicationContextRunner runner = yaml(this.runner, """
				ws.clients.ticker.url: wss://feed.example
				ws.defaults.headers: { X-Api-Key: low }
				ws.defaults.cookies: { SID: low }
				""");
		WsOptions options = options(variables(runner,
				Map.of("WS_CLIENTS_TICKER_HEADERS_XAPIKEY", "high", "WS_DEFAULTS_COOKIES_SID", "high")));
		assertThat(options.headers()).hasSize(2).containsEntry("Cookie", List.of("SID=high"));
		assertThat(options.headers().values()).contains(List.of("high"));
	}

	/**
	 * All keys but those that need something else in the application.
	 */
	static Stream<String> keys() {
		return PropertyKeys.of(ConnectionProperties.class).all().stream().filter((key) -> !NEEDY.contains(key));
	}

	private static final List<String> NEEDY = List.of("dispatch.key", "handler-errors.recoverer",
			"oauth2.registration-id", "ssl.bundle", "unix-socket");

	/** What goes with another value. */
	private static final Map<String, List<String>> DEPENDENT = Map.of(
			"keep-alive-message.text", List.of("keep-alive-message.interval"), "keep-alive-message.interval",
			List.of("keep-alive-message.text"), "proxy.host", List.of("proxy."), "proxy.username",
			List.of("proxy.password"));

	@ParameterizedTest
	@MethodSource("keys")
	void emptyValueTakesTheDefaultAwayForEveryType(String key) {
		List<String> defaults = DEFAULTS.stream()
			.filter((each) -> each.startsWith(key.contains(".") ? key.substring(0, key.indexOf('.')) : key)
					|| (key.startsWith("startup") && each.startsWith("auto")))
			.filter((each) -> !key.equals("dispatch.mode") || !each.startsWith("dispatch.concurrency"))
			.map((each) -> "ws.defaults." + each)
			.toList();
		assertThat(defaults).as("a default of " + key)
			.anyMatch((each) -> each.startsWith("ws.defaults." + key + "=")
					|| each.startsWith("ws.defaults." + key + ".") || each.startsWith("ws.defaults." + key + "["));
		ApplicationContextRunner set = this.runner.withPropertyValues(URL)
			.withPropertyValues(defaults.toArray(String[]::new));
		String[] without = defaults.stream()
			.filter((each) -> DEPENDENT.getOrDefault(key, List.of())
				.stream()
				.noneMatch((dependent) -> each.startsWith("ws.defaults." + dependent)))
			.filter((each) -> !each.startsWith("ws.defaults." + key + "=")
					&& !each.startsWith("ws.defaults." + key + ".") && !each.startsWith("ws.defaults." + key + "["))
			.toArray(String[]::new);
		String expected = facts(this.runner.withPropertyValues(URL).withPropertyValues(without));
		String property = "ws.clients.ticker." + key;
		assertThat(facts(set.withPropertyValues(property + "="))).as("properties").isEqualTo(expected);
		assertThat(facts(yaml(set, property + ":\n"))).as("YAML").isEqualTo(expected);
		assertThat(
				facts(variables(set, Map.of(property.toUpperCase(Locale.ROOT).replace("-", "").replace('.', '_'), ""))))
			.as("environment")
			.isEqualTo(expected);
	}

	/**
	 * Some defaults that fit together, of each kind.
	 */
	private static final List<String> DEFAULTS = List.of("headers.X-A=b", "cookies.a=b", "origin=https://app.example",
			"subprotocols=a", "selection=random", "url-cool-down=3s", "follow-redirects=true", "auto-start=false",
			"startup.fail-fast=false", "startup.timeout=3s", "connect-timeout=3s", "handshake-timeout=3s",
			"close-timeout=3s", "message-timeout=3s", "message-type=binary", "max-message-size=3KB",
			"max-frame-size=2KB", "max-handshake-size=3KB", "on-open=x", "ping.interval=3s", "ping.timeout=4s",
			"ping.misses=3", "keep-alive-message.text=x", "keep-alive-message.interval=3s", "auto-pong=false",
			"reconnect.initial-delay=3s", "reconnect.max-delay=40s", "reconnect.multiplier=3", "reconnect.jitter=0",
			"reconnect.max-attempts=3", "reconnect.max-elapsed=3s", "reconnect.reset-after=3s",
			"reconnect.max-retry-after=3s", "reconnect.refused-delay=3s", "reconnect.refused-max-delay=300s",
			"reconnect.stop-on=401", "reconnect.enabled=true", "send-buffer.max-size=3KB",
			"send-buffer.max-count=3", "send-buffer.offline=buffer", "send-buffer.offline-ttl=3s",
			"send-buffer.when-full=drop-oldest", "compression.enabled=true", "compression.level=3",
			"compression.min-size=3KB", "compression.server-no-context-takeover=true",
			"compression.client-no-context-takeover=true", "compression.server-max-window-bits=9",
			"compression.client-max-window-bits=9", "ssl.server-name=x", "ssl.verify-hostname=false",
			"ssl.pins=sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", "ssl.protocols=TLSv1.3",
			"ssl.ciphers=TLS_AES_128_GCM_SHA256", "ssl.handshake-timeout=3s", "ssl.provider=jdk",
			"ssl.reconnect-on-update=true", "proxy.type=socks5", "proxy.host=p", "proxy.port=3", "proxy.username=u",
			"proxy.password=p", "proxy.non-proxy-hosts=x", "proxy.timeout=3s", "tcp.no-delay=false",
			"tcp.keep-alive=true", "tcp.keep-alive-idle=3s", "tcp.keep-alive-interval=3s", "tcp.keep-alive-count=3",
			"local-address=127.0.0.1", "dispatch.mode=concurrent", "dispatch.concurrency=3", "dispatch.queue=30",
			"dispatch.queue-bytes=3KB", "dispatch.conflate=false", "handler-errors.strategy=retry",
			"handler-errors.max-retries=3", "handler-errors.delay=3s", "handler-errors.multiplier=3",
			"handler-errors.max-delay=30s", "health.required=false", "health.down-after=3s", "health.stale-after=3s");

	/**
	 * Everything that is set for the connection, as text; the text of the failure if it
	 * can't be.
	 */
	private static String facts(ApplicationContextRunner runner) {
		String[] facts = new String[1];
		runner.run((context) -> {
			if (context.getStartupFailure() != null) {
				facts[0] = String.valueOf(context.getStartupFailure().getMessage());
				return;
			}
			WsOptions options = context.getBean(FakeWsClient.class).options("ticker");
			ManagedConnection managed = context.getBean(ConnectionRegistry.class).managed("ticker");
			facts[0] = Arrays.stream(WsOptions.class.getMethods())
				.filter((method) -> method.getParameterCount() == 0 && method.getDeclaringClass() == WsOptions.class
						&& !Modifier.isStatic(method.getModifiers())
						&& !List.of("toBuilder", "events", "executor", "toString", "hashCode")
							.contains(method.getName()))
				.map((method) -> method.getName() + "=" + ReflectionUtils.invokeMethod(method, options))
				.sorted()
				.toList() + " " + managed.settings().health() + managed.settings().startup()
					+ managed.settings().handlerTarget() + options.executor().isPresent()
					+ managed.settings().startupLine().dispatch();
		});
		return facts[0];
	}

	@Test
	void emptyHeaderOrCookieTakesThatOfTheDefaultsAway() {
		WsOptions options = options(
				this.runner.withPropertyValues(URL, "ws.defaults.headers.X-A=a", "ws.defaults.headers.X-B=b",
						"ws.defaults.cookies.a=a", "ws.clients.ticker.headers.x-a=", "ws.clients.ticker.cookies.a="));
		assertThat(options.headers()).isEqualTo(Map.of("X-B", List.of("b")));
	}

	@Test
	void valueOfAHigherSourceWinsOverAnEmptyOneBelow() {
		ApplicationContextRunner runner = yaml(this.runner, """
				ws.defaults.ping.interval: 3s
				ws.clients.ticker: { url: "wss://feed.example", ping: { interval: } }
				""");
		assertThat(options(runner).pingInterval()).isEqualTo(Duration.ofSeconds(30));
		assertThat(options(runner.withPropertyValues("ws.clients.ticker.ping.interval=7s")).pingInterval())
			.hasSeconds(7);
		assertThat(options(variables(runner.withPropertyValues("ws.clients.ticker.ping.interval=7s"),
				Map.of("WS_CLIENTS_TICKER_PING_INTERVAL", "")))
			.pingInterval()).hasSeconds(30);
	}

	@Test
	void emptyValueOfTheDefaultsIsNone() {
		assertThat(options(this.runner.withPropertyValues(URL, "ws.defaults.ping.interval=", "ws.defaults.headers=",
				"ws.defaults.send-buffer.offline=", "ws.defaults.proxy.port=", "ws.defaults.compression.enabled=",
				"ws.defaults.max-message-size=", "ws.defaults.local-address="))
			.pingInterval()).hasSeconds(30);
	}

	@ParameterizedTest
	@ValueSource(strings = { "WS_CLIENTS", "WS_CLIENTS_FEED", "WS_CLIENTS_TICKER", "WS_CLIENTS_TICKER_PROXY",
			"WS_DEFAULTS", "WS_DEFAULTS_PROXY", "WS_CLIENTS_MARKET_DATA", "WS" })
	void variablesOfKubernetesWarnAndAreIgnored(String service, CapturedOutput output) {
		Map<String, Object> variables = Map.of(service + "_SERVICE_HOST", "10.0.0.1", service + "_SERVICE_PORT", "80",
				service + "_SERVICE_PORT_HTTP", "80", service + "_PORT", "tcp://10.0.0.1:80", service + "_PORT_80_TCP",
				"tcp://10.0.0.1:80", service + "_PORT_80_TCP_PROTO", "tcp", service + "_PORT_80_TCP_PORT", "80",
				service + "_PORT_80_TCP_ADDR", "10.0.0.1", service + "_PORT_53_UDP", "udp://10.0.0.1:53");
		variables(this.runner.withPropertyValues(URL, "ws.clients.ticker.proxy.host=p",
				"ws.clients.ticker.proxy.port=3128", "ws.clients.ticker.proxy.type=http"), variables)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(WsConnections.class).names()).containsExactly("ticker");
				assertThat(context).hasSingleBean(WsConnection.class);
				assertThat(context.getBean(FakeWsClient.class).options("ticker").proxy().orElseThrow().port())
					.isEqualTo(3128);
			});
		if (!service.equals("WS")) {
			assertThat(output).contains(service + "_PORT\"").contains("is ignored").contains("Kubernetes");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "on-open: [ {op: x} ]", "on-open: [ [a] ]", "subprotocols: [ {a: b} ]", "urls: [ {a: b} ]",
			"keep-alive-message: { interval: 3s, text: {op: ping} }", "origin: {a: b}",
			"headers: { Authorization: {Bearer: x} }", "headers: { X-A: [ {a: b} ] }", "cookies: { sid: {a: b} }",
			"on-open: [ 'fine', {op: x, args: [1]} ]", "ping: { interval: {seconds: 5} }" })
	void mapWhereATextIsMeantIsExplained(String setting) {
		String url = setting.startsWith("urls") ? "" : "    url: wss://feed.example\n";
		for (String prefix : List.of("ws.clients.ticker:\n", "ws.defaults:\n")) {
			if (prefix.contains("defaults") && setting.startsWith("urls")) {
				continue;
			}
			String text = "ws.clients.ticker.url: wss://feed.example\n" + prefix + "    " + setting + "\n";
			FailureAnalysis analysis = analyze(
					yaml(this.runner, prefix.contains("defaults") ? text : prefix + url + "    " + setting + "\n"));
			assertThat(analysis.getDescription()).contains("a map or a list where a text")
				.contains(prefix.replace(":\n", ".") + setting.substring(0, setting.indexOf(':')).replace("[", ""));
			assertThat(analysis.getAction()).contains("quotes");
		}
	}

	@ParameterizedTest
	@ValueSource(strings = { "ping.interval=5", "ping.interval=300", "ping.timeout=20", "connect-timeout=10",
			"handshake-timeout=10", "close-timeout=5", "message-timeout=60", "url-cool-down=60",
			"keep-alive-message.interval=15", "reconnect.initial-delay=1", "reconnect.max-delay=30",
			"reconnect.reset-after=10", "reconnect.max-elapsed=600", "reconnect.max-retry-after=300",
			"send-buffer.offline-ttl=30", "ssl.handshake-timeout=5", "proxy.timeout=5", "tcp.keep-alive-idle=55",
			"tcp.keep-alive-interval=10", "handler-errors.delay=1", "handler-errors.max-delay=10",
			"health.down-after=30", "health.stale-after=60", "startup.timeout=30" })
	void durationWithoutUnitThatMakesNoSenseFailsTheStart(String setting) {
		String value = setting.substring(setting.indexOf('=') + 1);
		for (String prefix : List.of("ws.clients.ticker.", "ws.defaults.")) {
			FailureAnalysis analysis = analyze(this.runner.withPropertyValues(URL, prefix + setting));
			assertThat(analysis.getDescription())
				.startsWith("Property '" + prefix + setting.substring(0, setting.indexOf('=')) + "'")
				.contains(value + "s?");
			assertThat(analysis.getAction()).contains("'" + value + "s'", "'" + value + "ms'");
		}
		String variable = "WS_CLIENTS_TICKER_" + setting.substring(0, setting.indexOf('='))
			.toUpperCase(Locale.ROOT)
			.replace("-", "")
			.replace('.', '_');
		assertThat(analyze(variables(this.runner.withPropertyValues(URL), Map.of(variable, value))).getDescription())
			.contains(value + "s?");
	}

	@Test
	void everyDurationHasAFloor() {
		assertThat(PropertyKeys.of(ConnectionProperties.class).ofType(Duration.class)).isNotEmpty()
			.allSatisfy((key) -> assertThat(
					analyze(this.runner.withPropertyValues(URL, "ws.defaults." + key + "=1")).getDescription())
				.contains("ws.defaults." + key, "1s?"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "reconnect.initial-delay=200", "reconnect.initial-delay=5ms", "ping.interval=0",
			"ping.interval=30000", "ping.interval=5ms", "connect-timeout=500", "connect-timeout=PT0.005S",
			"message-timeout=0", "health.down-after=0", "send-buffer.offline-ttl=250", "close-timeout=1500",
			"handler-errors.delay=50", "startup.timeout=30000" })
	void durationThatIsMeantInMillisecondsStillWorks(String setting) {
		this.runner.withPropertyValues(URL, "ws.defaults." + setting)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void disabledConnectionThatIsInjectedNamesTheProperty() {
		for (Class<?> type : List.of(ByField.class, ByConstructor.class, ByType.class)) {
			FailureAnalysis analysis = analyzeInjection(
					this.runner.withUserConfiguration(type).withPropertyValues(URL, "ws.clients.ticker.enabled=false"));
			assertThat(analysis.getDescription()).contains(type.getSimpleName(),
					"'ws.clients.ticker.enabled' is false");
			assertThat(analysis.getAction()).contains("ws.clients.ticker.enabled", "ObjectProvider");
		}
	}

	@Test
	void connectionThatIsInjectedAndUnknownListsTheKnown() {
		FailureAnalysis analysis = analyzeInjection(this.runner.withUserConfiguration(ByField.class)
			.withPropertyValues("ws.clients.tickers.url=ws://localhost", "ws.clients.orders.url=ws://localhost"));
		assertThat(analysis.getDescription()).contains("ByField.connection", "'ticker'", "no such connection");
		assertThat(analysis.getAction()).contains("Did you mean 'tickers'?", "[tickers, orders]",
				"ws.clients.ticker.url");
		assertThat(analyzeInjection(this.runner.withUserConfiguration(ByType.class)).getAction())
			.contains("ws.clients.<name>.url");
		assertThat(analyzeInjection(
				this.runner.withUserConfiguration(ByField.class).withPropertyValues(URL, "ws.enabled=false"))
			.getDescription()).contains("'ws.enabled' is false");
	}

	@Test
	void conditionInPlaceOfTheNameOfAConnectionHintsAtWhen() {
		FailureAnalysis analysis = analyze(
				this.runner.withBean(ConditionHandler.class).withPropertyValues(URL, "ws.clients.orders.url=ws://o"));
		assertThat(analysis.getDescription()).contains("$.type == 'trade'");
		assertThat(analysis.getAction()).contains("when = \"$.type == 'trade'\"", "[ticker, orders]");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			send-buffer.max-count=0       | send-buffer.max-count must be
			ping.misses=0                 | ping.misses must be
			reconnect.max-attempts=-1     | reconnect.max-attempts must be 0 or more
			reconnect.max-delay=500ms     | at least the reconnect.initial-delay
			tcp.keep-alive-count=0        | tcp.keep-alive-count must be in
			compression.level=11          | compression level must be in
			""")
	void textsAboutWrongValuesNameProperties(String setting, String text) {
		assertThat(analyze(this.runner.withPropertyValues(URL, "ws.clients.ticker." + setting)).getDescription())
			.contains(text)
			.doesNotContainPattern("\\b[a-z]+[A-Z]");
	}

	@Test
	void everyPropertyThatTextsOfTheCoreNameIsOne() {
		PropertyKeys keys = PropertyKeys.of(ClientProperties.class);
		assertThat(PropertyNames.BY_OPTION.values()).filteredOn((name) -> name.contains("ws.clients")).allSatisfy((name) -> {
			for (String each : name.split(", | and ")) {
				String key = each.replace("ws.clients.{name}.", "").replace("-", "");
				assertThat(keys.contain(key) || keys.containGroup(key)).as(each).isTrue();
			}
		});
	}

	/**
	 * Takes a connection by a field.
	 */
	static class ByField {

		@Autowired
		@Qualifier("ticker")
		WsConnection connection;

	}

	/**
	 * Takes a connection by its constructor.
	 */
	static class ByConstructor {

		ByConstructor(@Qualifier("ticker") WsConnection connection) {
		}

	}

	/**
	 * Takes any connection.
	 */
	static class ByType {

		ByType(WsConnection connection) {
		}

	}

	/**
	 * Confuses name and condition.
	 */
	static class ConditionHandler {

		@OnWsMessage("$.type == 'trade'")
		void on(String text) {
		}

	}

}
