package dev.wsclient.spring;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;

import dev.wsclient.PrintableText;
import dev.wsclient.spring.properties.ClientProperties;

/**
 * The connections that are configured, each once.
 * <p>
 * For Spring Boot {@code market-data}, {@code marketData} and {@code marketdata} are the
 * same name, and the environment variable {@code WS_CLIENTS_MARKETDATA_URL} sets the URL
 * of each. As keys of a map they are not: the variable adds a second entry, with the same
 * values, that nobody asked for.
 */
final class ConfiguredClients {

	private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

	private final Map<String, ClientProperties> enabled = new LinkedHashMap<>();

	private final Set<String> disabled = new LinkedHashSet<>();

	/**
	 * Sorts out what was bound.
	 * @param bound the properties of the connections by their names
	 * @throws WsConfigurationException if a name is wrong, or two can't be told apart
	 */
	ConfiguredClients(Map<String, ClientProperties> bound) {
		for (String name : distinct(bound.keySet())) {
			ClientProperties properties = Objects.requireNonNull(bound.get(name));
			if (properties.isEnabled()) {
				this.enabled.put(name, properties);
			}
			else {
				this.disabled.add(name);
			}
		}
	}

	/**
	 * Leaves one of several spellings of a name: the first that does not look like that
	 * of an environment variable.
	 */
	private static Collection<String> distinct(Set<String> names) {
		Map<String, String> spellings = new LinkedHashMap<>();
		for (String name : names) {
			requireName(name);
			spellings.merge(uniform(name), name, (one, other) -> one.equals(uniform(one)) ? other : one);
		}
		Map<String, String> squeezed = new HashMap<>();
		for (String name : spellings.values()) {
			String other = squeezed.put(uniform(name).replace("_", ""), name);
			if (other != null) {
				throw tooSimilar(name, other);
			}
		}
		return spellings.values();
	}

	private static WsConfigurationException tooSimilar(String name, String other) {
		String underscored = name.contains("_") ? name : other;
		return new WsConfigurationException(null,
				"The connections 'ws.clients." + name + "' and 'ws.clients." + other + "' differ by '_' only.",
				"If one comes from environment variables, name them as in 'WS_CLIENTS_"
						+ underscored.replace("-", "").toUpperCase(Locale.ROOT) + "_URL'. Otherwise rename one.");
	}

	/**
	 * Checks a name.
	 * @param name the name
	 * @throws WsConfigurationException if it can't be the name of a connection
	 */
	static void requireName(String name) {
		if (!NAME.matcher(name).matches()) {
			throw new WsConfigurationException(null,
					"The name of the connection 'ws.clients.[" + PrintableText.of(name, 80)
							+ "]' has characters that are not allowed.",
					"Use letters, digits, '-' and '_' for the name.");
		}
	}

	/**
	 * Returns what Spring Boot compares.
	 */
	static String uniform(String name) {
		return name.replace("-", "").toLowerCase(Locale.ROOT);
	}

	/**
	 * Returns the connections that there are.
	 * @return their properties by their names, in order, unmodifiable
	 */
	Map<String, ClientProperties> enabled() {
		return Collections.unmodifiableMap(this.enabled);
	}

	/**
	 * Returns the connections that were turned off.
	 * @return the names, unmodifiable
	 */
	Set<String> disabled() {
		return Collections.unmodifiableSet(this.disabled);
	}

}
