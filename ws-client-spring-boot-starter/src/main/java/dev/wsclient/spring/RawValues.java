package dev.wsclient.spring;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanWrapper;
import org.springframework.beans.BeanWrapperImpl;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.Environment;
import org.springframework.util.unit.DataSize;

import dev.wsclient.spring.properties.ClientProperties;
import dev.wsclient.spring.properties.ConnectionProperties;

/**
 * Looks at values as they are written, which what is bound doesn't tell: whether a value
 * is empty, and whether a duration has a unit.
 */
class RawValues {

	private static final Pattern NUMBER = Pattern.compile("\\+?[0-9]{1,18}");

	/** Milliseconds below which a number alone is hardly meant as such. */
	private static final long FLOOR = 100;

	/** Those that are about silence, idle times and outages. */
	private static final long IDLE_FLOOR = 1000;

	private static final Map<String, Long> FLOORS = Map.ofEntries(Map.entry("ping.interval", IDLE_FLOOR),
			Map.entry("keep-alive-message.interval", IDLE_FLOOR), Map.entry("message-timeout", IDLE_FLOOR),
			Map.entry("health.down-after", IDLE_FLOOR), Map.entry("health.stale-after", IDLE_FLOOR),
			Map.entry("tcp.keep-alive-idle", IDLE_FLOOR), Map.entry("tcp.keep-alive-interval", IDLE_FLOOR),
			Map.entry("url-cool-down", IDLE_FLOOR), Map.entry("reconnect.max-elapsed", IDLE_FLOOR),
			Map.entry("reconnect.max-retry-after", IDLE_FLOOR), Map.entry("handler-errors.delay", 10L));

	/** Any value of each type. */
	private static final Map<Class<?>, Object> MARKS = Map.of(String.class, "", Duration.class, Duration.ZERO,
			DataSize.class, DataSize.ofBytes(0), Boolean.class, true, Integer.class, 0, Double.class, 0d, List.class,
			List.of(), Map.class, Map.of(), InetAddress.class, InetAddress.getLoopbackAddress());

	private final Environment environment;

	private final PropertyKeys keys = PropertyKeys.of(ClientProperties.class);

	RawValues(Environment environment) {
		this.environment = environment;
	}

	/**
	 * Refuses durations that are numbers too small for milliseconds.
	 * @param clients the names of the connections
	 * @throws WsConfigurationException if there is one
	 */
	void requireUnits(Collection<String> clients) {
		requireUnits(ConfigurationPropertyName.of("ws.defaults"), "ws.defaults.");
		clients.forEach((client) -> requireUnits(client(client), "ws.clients." + client + "."));
	}

	private void requireUnits(ConfigurationPropertyName prefix, String shown) {
		this.keys.ofType(Duration.class).forEach((key) -> {
			String value = value(prefix.append(key));
			if (value != null && NUMBER.matcher(value).matches()) {
				long millis = Long.parseLong(value);
				if (millis > 0 && millis < FLOORS.getOrDefault(key, FLOOR)) {
					throw WsConfigurationException.invalidProperty(shown + key,
							"a number without a unit is in milliseconds, and " + millis + "ms is hardly meant: "
									+ millis + "s?",
							"Write the unit: '" + millis + "s' for seconds, or '" + millis + "ms'.");
				}
			}
		});
	}

	/**
	 * Finds what a connection takes away from the defaults by an empty value.
	 * @param client the name of the connection
	 * @param bound what was bound for it
	 * @return properties that have any value where the connection has an empty one, and
	 * otherwise none
	 */
	ConnectionProperties emptied(String client, ClientProperties bound) {
		ConnectionProperties emptied = new ConnectionProperties();
		BeanWrapper marks = new BeanWrapperImpl(emptied);
		BeanWrapper values = new BeanWrapperImpl(bound);
		each(client, (key, value) -> {
			String path = PropertyKeys.path(key);
			if (value.isEmpty() && marks.isWritableProperty(path) && isNothing(values.getPropertyValue(path))) {
				marks.setPropertyValue(path, mark(marks.getPropertyType(path)));
			}
		});
		return emptied;
	}

	private static boolean isNothing(@Nullable Object value) {
		return value == null || (value instanceof Collection<?> list && list.isEmpty())
				|| (value instanceof Map<?, ?> map && map.isEmpty());
	}

	private void each(String client, BiConsumer<String, String> action) {
		ConfigurationPropertyName prefix = client(client);
		for (String key : this.keys.all()) {
			String value = value(prefix.append(key));
			if (value != null) {
				action.accept(key, value);
			}
		}
	}

	/**
	 * Returns the value of the highest source that has one.
	 */
	private @Nullable String value(ConfigurationPropertyName name) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null && !ServiceLinks.isOne(property)) {
				return (property.getValue() instanceof CharSequence || property.getValue() instanceof Number)
						? this.environment.resolvePlaceholders(property.getValue().toString()).strip() : null;
			}
		}
		return null;
	}

	/**
	 * Names with underscores are written in brackets. All others Spring Boot compares
	 * without regard to case and dashes.
	 */
	private static ConfigurationPropertyName client(String client) {
		ConfigurationPropertyName clients = ConfigurationPropertyName.of("ws.clients");
		return clients.append(client.contains("_") ? "[" + client + "]" : ConfiguredClients.uniform(client));
	}

	private static Object mark(@Nullable Class<?> type) {
		if (type == null) {
			throw new IllegalStateException("a property without a type");
		}
		if (type.isEnum()) {
			return type.getEnumConstants()[0];
		}
		return MARKS.entrySet()
			.stream()
			.filter((entry) -> entry.getKey().isAssignableFrom(type))
			.map(Map.Entry::getValue)
			.findFirst()
			.orElseThrow(() -> new IllegalStateException("no mark for " + type));
	}

}
