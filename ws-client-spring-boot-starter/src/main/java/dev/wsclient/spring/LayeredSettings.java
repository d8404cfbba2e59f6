package dev.wsclient.spring;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

import dev.wsclient.spring.properties.ClientProperties;
import dev.wsclient.spring.properties.ConnectionProperties;

/**
 * The settings of one connection: its own, and below them the defaults.
 */
class LayeredSettings {

	static final String DURATION = "a duration such as 500ms, 30s or 5m";

	/** What Spring leaves as it is if it finds no value. */
	private static final Pattern PLACEHOLDER = Pattern.compile("\\$\\{([^{}:]+)");

	private final String name;

	private final ClientProperties client;

	private final ConnectionProperties defaults;

	/** Has a value where the connection takes the default away by an empty one. */
	private final ConnectionProperties emptied;

	LayeredSettings(String name, ClientProperties client, ConnectionProperties defaults, ConnectionProperties emptied) {
		this.name = name;
		this.client = client;
		this.defaults = defaults;
		this.emptied = emptied;
	}

	/**
	 * Returns the name of the connection.
	 * @return the name as in the properties
	 */
	String name() {
		return this.name;
	}

	ClientProperties client() {
		return this.client;
	}

	ConnectionProperties defaults() {
		return this.defaults;
	}

	/**
	 * Returns the connection's own value, or else that of the defaults. An own value that
	 * is empty takes the default away.
	 */
	<T> @Nullable T get(Function<ConnectionProperties, @Nullable T> getter) {
		T value = isOwn(getter) ? getter.apply(this.client) : getter.apply(this.defaults);
		return "".equals(value) ? null : value;
	}

	/**
	 * Returns settings that take what belongs together from the same place.
	 * @param leader gets the value that the others belong to
	 * @return these settings without the defaults if the connection has an own value,
	 * otherwise these
	 */
	LayeredSettings together(Function<ConnectionProperties, ? extends @Nullable Object> leader) {
		return isOwn(leader) ? new LayeredSettings(this.name, this.client, new ConnectionProperties(), this.emptied)
				: this;
	}

	/**
	 * Hands a value on, if it is set. What is refused becomes an error that names the
	 * property.
	 * @return whether the value is set
	 */
	<T> boolean apply(String property, Function<ConnectionProperties, @Nullable T> getter, String allowed,
			Consumer<T> target) {
		T value = get(getter);
		if (value == null) {
			return false;
		}
		texts(value).forEach((text) -> requireResolved(prefix(getter) + property, text));
		try {
			target.accept(value);
			return true;
		}
		catch (IllegalArgumentException | IllegalStateException ex) {
			String blamed = prefix(getter) + property;
			throw WsConfigurationException.invalidProperty(blamed, PropertyNames.in(String.valueOf(ex.getMessage())),
					"Set '" + blamed + "' to " + allowed + ".");
		}
	}

	private static List<String> texts(Object value) {
		if (value instanceof List<?> list) {
			return list.stream().map(String::valueOf).toList();
		}
		return (value instanceof String text) ? List.of(text) : List.of();
	}

	/**
	 * Refuses a text with a placeholder that has no value: it would go to the server as
	 * it is, in place of a token or a password.
	 * @param property the name of the property
	 * @param text its value, or one of them
	 * @throws WsConfigurationException if there is one
	 */
	static void requireResolved(String property, String text) {
		Matcher matcher = PLACEHOLDER.matcher(text);
		if (matcher.find()) {
			String placeholder = matcher.group(1);
			throw WsConfigurationException.invalidProperty(property,
					"the placeholder '${" + placeholder + "}' has no value",
					"Set the property or environment variable '" + placeholder + "', or give it a default as in ${"
							+ placeholder + ":default}. A text that has ${ in it is set by a WsOptionsCustomizer.");
		}
	}

	/**
	 * Returns the prefix of the property that a value comes from.
	 * @param getter gets the value
	 * @return that of the connection if it has its own value, otherwise that of the
	 * defaults
	 */
	String prefix(Function<ConnectionProperties, ? extends @Nullable Object> getter) {
		return isOwn(getter) ? clientPrefix() : "ws.defaults.";
	}

	/**
	 * Whether the connection has its own value, if only an empty one.
	 * @param getter gets the value
	 * @return {@code true} if it does
	 */
	boolean isOwn(Function<ConnectionProperties, ? extends @Nullable Object> getter) {
		return getter.apply(this.client) != null || getter.apply(this.emptied) != null;
	}

	/**
	 * Whether the connection takes the default away.
	 * @param getter gets the value
	 * @return {@code true} if its own value is empty
	 */
	boolean isEmptied(Function<ConnectionProperties, ? extends @Nullable Object> getter) {
		return getter.apply(this.emptied) != null;
	}

	String clientPrefix() {
		return "ws.clients." + this.name + ".";
	}

	/**
	 * Returns a size as number of bytes.
	 * @param size the size
	 * @param least the smallest size that is allowed
	 * @return the number
	 * @throws IllegalArgumentException if the size is out of its range
	 */
	static int bytes(DataSize size, int least) {
		if (size.toBytes() < least || size.toBytes() > Integer.MAX_VALUE) {
			throw new IllegalArgumentException(
					"it must be in " + least + " to " + Integer.MAX_VALUE + " bytes, was " + size);
		}
		return (int) size.toBytes();
	}

}
