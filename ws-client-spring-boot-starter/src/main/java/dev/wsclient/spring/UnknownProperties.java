package dev.wsclient.spring;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName.Form;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.Environment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

import dev.wsclient.spring.properties.ClientProperties;
import dev.wsclient.spring.properties.ConnectionProperties;

/**
 * Finds properties that don't exist, which Spring Boot ignores: a misspelt one would be
 * without effect and without a word.
 * <p>
 * Those below {@code ws.defaults} and {@code ws.clients} fail the start. Environment
 * variables are only warned of: the environment belongs to others as well, and which
 * property a variable is meant for can't always be told.
 */
class UnknownProperties {

	private static final Logger logger = LoggerFactory.getLogger(UnknownProperties.class);

	private static final ConfigurationPropertyName DEFAULTS = ConfigurationPropertyName.of("ws.defaults");

	private static final ConfigurationPropertyName CLIENTS = ConfigurationPropertyName.of("ws.clients");

	/** How the two are misspelt most often; anything else may be the application's. */
	private static final Set<ConfigurationPropertyName> MISSPELT = Set.of(ConfigurationPropertyName.of("ws.default"),
			ConfigurationPropertyName.of("ws.client"));

	/** Start of a property of a connection whose name is written without brackets. */
	private static final Pattern CLIENT_NAME = Pattern.compile("ws\\.clients\\.([^.\\[]+)");

	private final Set<String> clients;

	private final PropertyKeys defaultKeys = PropertyKeys.of(ConnectionProperties.class);

	private final PropertyKeys clientKeys = PropertyKeys.of(ClientProperties.class);

	/** Lines about what fails the start. */
	private final Set<String> errors = new LinkedHashSet<>();

	/**
	 * Creates a check.
	 * @param clients the names of all connections, disabled ones included
	 */
	UnknownProperties(Set<String> clients) {
		this.clients = clients;
	}

	/**
	 * Looks at all properties.
	 * @param environment where they are
	 * @throws WsConfigurationException if there are unknown ones; it names all of them
	 */
	void check(Environment environment) {
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				if (source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource) {
					iterable.forEach((name) -> checkVariable(name, iterable));
				}
				else {
					checkNames(source.getUnderlyingSource());
					checkSpellings(iterable);
					iterable.forEach((name) -> check(name, iterable));
				}
			}
		}
		if (!this.errors.isEmpty()) {
			throw new WsConfigurationException(null,
					"There " + ((this.errors.size() == 1) ? "is no such property:" : "are no such properties:")
							+ String.join("", this.errors),
					"Correct what is misspelt, and remove what is not for ws-client.");
		}
	}

	/**
	 * Refuses maps and lists where texts are meant, which Spring Boot could not bind:
	 * JSON without quotes is a map in YAML.
	 * @param environment where the properties are
	 * @throws WsConfigurationException if there are any; it names all of them
	 */
	static void requireTexts(Environment environment) {
		UnknownProperties check = new UnknownProperties(Set.of());
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(environment)) {
			if (source instanceof IterableConfigurationPropertySource iterable
					&& !(source.getUnderlyingSource() instanceof SystemEnvironmentPropertySource)) {
				iterable.forEach((name) -> check.requireText(name, iterable));
			}
		}
		if (!check.errors.isEmpty()) {
			throw new WsConfigurationException(null,
					"There is a map or a list where a text or another single value is meant:"
							+ String.join("", check.errors),
					"Put the text in quotes, as in on-open: ['{\"op\":\"subscribe\"}']. A name with dots stands in "
							+ "brackets, as in headers.[a.b].");
		}
	}

	private void requireText(ConfigurationPropertyName name, ConfigurationPropertySource source) {
		boolean defaults = DEFAULTS.isAncestorOf(name);
		if (!defaults && !CLIENTS.isAncestorOf(name)) {
			return;
		}
		String prefix = defaults ? "ws.defaults." : "ws.clients." + name.getElement(2, Form.ORIGINAL) + ".";
		PropertyKeys keys = defaults ? this.defaultKeys : this.clientKeys;
		String value = keys.value(key(name, defaults ? 2 : 3));
		if (value == null && keys.isBelowNameOfMap(key(name, defaults ? 2 : 3))
				&& name.getNumberOfElements() > (defaults ? 4 : 5)) {
			value = key(name, defaults ? 2 : 3).replaceFirst("\\.[^.]*$", "");
		}
		if (value != null) {
			this.errors.add(line(name, source, "; '" + prefix + value + "' takes a text or another single value"));
		}
	}

	/**
	 * Spring Boot leaves out the characters that it does not allow without brackets, so
	 * that the connection would have another name than what was written.
	 */
	private static void checkNames(@Nullable Object source) {
		if (source instanceof EnumerablePropertySource<?> enumerable) {
			for (String property : enumerable.getPropertyNames()) {
				Matcher matcher = CLIENT_NAME.matcher(property);
				if (matcher.lookingAt()) {
					ConfiguredClients.requireName(matcher.group(1));
				}
			}
		}
	}

	/**
	 * Of a property that one place sets twice, for connections that were meant to be two,
	 * only one would count. Several places may spell a connection in several ways.
	 */
	private static void checkSpellings(IterableConfigurationPropertySource source) {
		Map<ConfigurationPropertyName, String> spellings = new HashMap<>();
		for (ConfigurationPropertyName name : source) {
			if (CLIENTS.isAncestorOf(name)) {
				String client = name.getElement(2, Form.ORIGINAL);
				String other = spellings.putIfAbsent(name, client);
				if (other != null && !other.equals(client)) {
					throw new WsConfigurationException(null,
							"The connections 'ws.clients." + other + "' and 'ws.clients." + client
									+ "' are the same to Spring Boot, as it ignores case and dashes, and both set '"
									+ key(name, 3) + "'.",
							"Rename one, or remove it if they are meant to be the same.");
				}
			}
		}
	}

	private void check(ConfigurationPropertyName name, ConfigurationPropertySource source) {
		if (DEFAULTS.isAncestorOf(name)) {
			String key = key(name, 2);
			if (!this.defaultKeys.contain(key)) {
				this.errors.add(line(name, source,
						this.clientKeys.contain(key)
								? "; it is for one connection only, as in 'ws.clients.<name>." + key + "'"
								: hint("ws.defaults.", this.defaultKeys, key)));
			}
		}
		else if (CLIENTS.isAncestorOf(name)) {
			String key = key(name, 3);
			if (!key.isEmpty() && !this.clientKeys.contain(key)) {
				String client = name.getElement(2, Form.ORIGINAL);
				this.errors
					.add(line(name, source, hasDottedName(key) ? "; the name of a connection has no dots: use '-'"
							: hint("ws.clients." + client + ".", this.clientKeys, key)));
			}
		}
		else if (MISSPELT.stream().anyMatch((misspelt) -> misspelt.isAncestorOf(name))) {
			logger.warn("The property '{}' has no effect; did you mean 'ws.{}s'?", name,
					name.getElement(1, Form.UNIFORM));
		}
	}

	/**
	 * Whether an unknown key is one behind further parts of the name of a connection, as
	 * {@code eu.url} of {@code ws.clients.feed.eu.url}.
	 */
	private boolean hasDottedName(String key) {
		if (this.clientKeys.containGroup(key)) {
			return false;
		}
		for (int dot = key.indexOf('.'); dot >= 0; dot = key.indexOf('.', dot + 1)) {
			if (this.clientKeys.contain(key.substring(dot + 1))) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Dashes are left out of the names of variables, or become underscores as dots do, so
	 * that only the sequence of letters counts.
	 */
	private void checkVariable(ConfigurationPropertyName name, ConfigurationPropertySource source) {
		if ((DEFAULTS.isAncestorOf(name) || CLIENTS.isAncestorOf(name))
				&& ServiceLinks.isOne(source.getConfigurationProperty(name))) {
			logger.warn("{} is ignored: it looks like one of the variables that Kubernetes sets for a service of such "
					+ "a name. To be without them set enableServiceLinks of the pod to false, or rename the service",
					place(name, source));
			return;
		}
		String nearest = null;
		if (DEFAULTS.isAncestorOf(name)) {
			String key = key(name, 2);
			if (this.defaultKeys.containJoined(key.replace(".", ""))) {
				return;
			}
			nearest = this.defaultKeys.nearest(key);
		}
		else if (CLIENTS.isAncestorOf(name)) {
			if (isVariableOfClient(key(name, 2).replace(".", ""))) {
				return;
			}
			nearest = this.clientKeys.nearest(key(name, 3));
		}
		else {
			return;
		}
		logger.warn("{} is not the name of a property, and has no effect{}", place(name, source),
				(nearest != null) ? suggestion("", nearest)
						: ". Names of variables have no dashes: WS_CLIENTS_MARKETDATA_URL is for market-data");
	}

	private boolean isVariableOfClient(String joined) {
		return this.clients.stream()
			.map((client) -> ConfiguredClients.uniform(client).replace("_", ""))
			.anyMatch((client) -> joined.startsWith(client)
					&& this.clientKeys.containJoined(joined.substring(client.length())));
	}

	/**
	 * Returns the elements of a name from an index on, without dashes.
	 */
	private static String key(ConfigurationPropertyName name, int from) {
		StringBuilder key = new StringBuilder();
		for (int i = from; i < name.getNumberOfElements(); i++) {
			key.append(key.isEmpty() ? "" : ".").append(name.getElement(i, Form.UNIFORM));
		}
		return key.toString();
	}

	private static String line(ConfigurationPropertyName name, ConfigurationPropertySource source, String hint) {
		return "\n    " + name + " (" + place(name, source) + ")" + hint;
	}

	private static String place(ConfigurationPropertyName name, ConfigurationPropertySource source) {
		ConfigurationProperty property = source.getConfigurationProperty(name);
		return (property != null && property.getOrigin() != null) ? property.getOrigin().toString() : name.toString();
	}

	private static String hint(String prefix, PropertyKeys keys, String key) {
		String expected = keys.expected(key);
		return (expected != null) ? "; it takes " + expected : suggestion(prefix, keys.nearest(key));
	}

	private static String suggestion(String prefix, @Nullable String key) {
		return (key != null) ? "; did you mean '" + prefix + key + "'?" : "";
	}

}
