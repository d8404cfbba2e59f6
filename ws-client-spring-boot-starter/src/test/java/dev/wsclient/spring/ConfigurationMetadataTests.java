package dev.wsclient.spring;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

import dev.wsclient.options.WsOptions;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.properties.ClientProperties;
import dev.wsclient.spring.properties.ConnectionProperties;
import dev.wsclient.spring.properties.WsProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the metadata that IDEs complete properties from.
 */
class ConfigurationMetadataTests {

	/** What has no default: unlimited, none, or of each connection. */
	private static final Set<String> WITHOUT_DEFAULT = Set.of("ws.clients", "ws.defaults.headers", "ws.defaults.origin",
			"ws.defaults.subprotocols", "ws.defaults.on-open", "ws.defaults.ssl.bundle", "ws.defaults.ssl.server-name",
			"ws.defaults.ssl.pins", "ws.defaults.ssl.protocols", "ws.defaults.ssl.ciphers", "ws.defaults.proxy.host",
			"ws.defaults.proxy.port", "ws.defaults.proxy.username", "ws.defaults.proxy.password",
			"ws.defaults.proxy.non-proxy-hosts", "ws.defaults.tcp.keep-alive-idle",
			"ws.defaults.tcp.keep-alive-interval", "ws.defaults.tcp.keep-alive-count", "ws.defaults.local-address",
			"ws.defaults.unix-socket", "ws.defaults.compression.server-max-window-bits",
			"ws.defaults.compression.client-max-window-bits", "ws.defaults.reconnect.max-attempts",
			"ws.defaults.reconnect.max-elapsed", "ws.defaults.health.stale-after", "ws.defaults.max-frame-size",
			"ws.defaults.cookies", "ws.defaults.oauth2.registration-id", "ws.defaults.keep-alive-message.text",
			"ws.defaults.keep-alive-message.interval", "ws.defaults.dispatch.key", "ws.defaults.dispatch.concurrency",
			"ws.defaults.handler-errors.recoverer");

	private static List<JsonNode> properties() throws IOException {
		return entries("properties");
	}

	private static List<JsonNode> entries(String kind) throws IOException {
		List<JsonNode> entries = new ArrayList<>();
		try (InputStream stream = Objects
			.requireNonNull(WsProperties.class.getResourceAsStream("/META-INF/spring-configuration-metadata.json"))) {
			JsonMapper.shared().readTree(stream).get(kind).forEach(entries::add);
		}
		return entries;
	}

	@Test
	void everyPropertyHasTypeAndDescription() throws IOException {
		assertThat(properties()).hasSizeGreaterThan(30).allSatisfy((property) -> {
			assertThat(property.path("type").asString("")).as("type of %s", property).isNotBlank();
			assertThat(property.path("description").asString("")).as("description of %s", property)
				.isNotBlank()
				.endsWith(".");
		});
	}

	@Test
	void everyKeyThatCanBeBoundIsAProperty() throws IOException {
		Set<String> keys = new TreeSet<>(PropertyKeys.of(ConnectionProperties.class).all());
		assertThat(keys).hasSizeGreaterThan(60);
		assertThat(properties().stream()
			.map((property) -> property.get("name").asString())
			.filter((name) -> name.startsWith("ws.defaults."))
			.map((name) -> name.substring("ws.defaults.".length()))).containsExactlyInAnyOrderElementsOf(keys);
		Set<String> own = new TreeSet<>(PropertyKeys.of(ClientProperties.class).all());
		own.removeAll(keys);
		assertThat(own).as("described by the class, as the name of a connection is the user's")
			.containsExactly("enabled", "url", "urls");
	}

	@Test
	void everyQuantityTellsItsUnit() throws IOException {
		Map<String, String> units = Map.of("java.time.Duration", "In milliseconds if no unit is given.",
				"org.springframework.util.unit.DataSize", "In bytes if no unit is given.");
		assertThat(properties().stream()
			.filter((property) -> property.get("name").asString().startsWith("ws."))
			.filter((property) -> units.containsKey(property.get("type").asString()))).hasSizeGreaterThan(25)
			.allSatisfy((property) -> assertThat(property.get("description").asString()).as("%s", property.get("name"))
				.endsWith(units.get(property.get("type").asString())));
	}

	@Test
	void keysOfEveryMapAreHinted() throws IOException {
		Map<String, JsonNode> hints = new HashMap<>();
		entries("hints").forEach((hint) -> hints.put(hint.get("name").asString(), hint));
		List<String> maps = properties().stream()
			.filter((property) -> property.get("type").asString().startsWith("java.util.Map<"))
			.map((property) -> property.get("name").asString())
			.toList();
		assertThat(maps).containsExactlyInAnyOrder("ws.clients", "ws.defaults.headers", "ws.defaults.cookies")
			.allSatisfy((map) -> assertThat(hints).as("keys of %s", map).containsKey(map + ".keys"));
	}

	@Test
	void everyPropertyHasADefaultUnlessThereIsNone() throws IOException {
		assertThat(properties()).allSatisfy((property) -> {
			String name = property.get("name").asString();
			assertThat(property.has("defaultValue")).as("default of %s", name)
				.isNotEqualTo(WITHOUT_DEFAULT.contains(name));
		});
	}

	@Test
	void everyConstantOfAnEnumIsHinted() throws IOException {
		Map<String, List<String>> hints = new HashMap<>();
		entries("hints").forEach((hint) -> hints.put(hint.get("name").asString(),
				hint.path("values").valueStream().map((value) -> value.get("value").asString()).toList()));
		List<JsonNode> enums = properties().stream().filter((property) -> constants(property).length > 0).toList();
		assertThat(enums).hasSize(8)
			.allSatisfy((property) -> assertThat(hints.get(property.get("name").asString()))
				.as("hints of %s", property.get("name"))
				.containsExactlyInAnyOrder(Arrays.stream(constants(property))
					.map((constant) -> constant.toString().toLowerCase(Locale.ROOT).replace('_', '-'))
					.toArray(String[]::new)));
	}

	private static Object[] constants(JsonNode property) {
		String type = property.get("type").asString();
		if (!type.startsWith("dev.wsclient")) {
			return new Object[0];
		}
		Object[] constants = ClassUtils.resolveClassName(type, null).getEnumConstants();
		return (constants != null) ? constants : new Object[0];
	}

	@Test
	void documentedDefaultsAreTheRealOnes() throws IOException {
		List<String> settings = properties().stream()
			.filter((property) -> property.has("defaultValue"))
			.map((property) -> property.get("name").asString() + "=" + property.get("defaultValue").asString())
			.toList();
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class))
			.withUserConfiguration(FakeClientConfiguration.class)
			.withPropertyValues("ws.clients.ticker.url=ws://localhost");
		runner.withPropertyValues(settings.toArray(String[]::new)).run((context) -> {
			WsOptions options = context.getBean(FakeWsClient.class).options("ticker");
			assertThat(options).usingRecursiveComparison()
				.ignoringFields("executor", "events")
				.isEqualTo(WsOptions.builder("ws://localhost").name("ticker").build());
			assertThat(options.executor()).isPresent();
			assertThat(context.getBean(ConnectionRegistry.class).managed("ticker").settings().health())
				.isEqualTo(new HealthSettings.Builder().build());
			assertThat(context.getBean(ConnectionRegistry.class).managed("ticker").settings().handlerTarget())
				.isEqualTo(new HandlerTarget("ticker", false, 1024, FailureSettings.DEFAULTS));
		});
	}

}
