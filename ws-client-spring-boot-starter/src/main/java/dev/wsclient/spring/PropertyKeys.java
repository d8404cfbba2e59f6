package dev.wsclient.spring;

import java.beans.PropertyDescriptor;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

import dev.wsclient.spring.properties.WsProperties;

/**
 * The keys that can be bound to a class of properties, such as {@code ping.interval}.
 */
final class PropertyKeys {

	/** First part of what follows the key of a list. */
	private static final Pattern NUMBER = Pattern.compile("[0-9]+(\\.|$)");

	/** Keys as documented, by what is compared. */
	private final Map<String, String> keys = new TreeMap<>();

	/** What is compared of keys of lists, which a number may follow. */
	private final Set<String> lists = new LinkedHashSet<>();

	/** What is compared of keys of maps, which a name of the user's choice follows. */
	private final Set<String> maps = new LinkedHashSet<>();

	private PropertyKeys() {
	}

	/**
	 * Finds the keys of a class and those it holds.
	 * @param type the class
	 * @return the keys
	 */
	static PropertyKeys of(Class<?> type) {
		PropertyKeys keys = new PropertyKeys();
		keys.add("", type);
		return keys;
	}

	private void add(String prefix, Class<?> type) {
		for (PropertyDescriptor property : BeanUtils.getPropertyDescriptors(type)) {
			if (property.getReadMethod().getDeclaringClass() == Object.class) {
				continue;
			}
			String key = prefix + DataObjectPropertyName.toDashedForm(property.getName());
			Class<?> propertyType = property.getPropertyType();
			if (property.getWriteMethod() == null && isGroup(propertyType)) {
				add(key + ".", propertyType);
			}
			else {
				this.keys.put(uniform(key), key);
				if (Collection.class.isAssignableFrom(propertyType)) {
					this.lists.add(uniform(key));
				}
				else if (Map.class.isAssignableFrom(propertyType)) {
					this.maps.add(uniform(key));
				}
			}
		}
	}

	/**
	 * Returns all keys.
	 * @return the keys as documented
	 */
	Collection<String> all() {
		return Collections.unmodifiableCollection(this.keys.values());
	}

	private static boolean isGroup(Class<?> type) {
		return type.getPackage() == WsProperties.class.getPackage();
	}

	private static String uniform(String key) {
		return key.replace("-", "");
	}

	/**
	 * Whether there is a key.
	 * @param key the key, without dashes
	 * @return {@code true} if it is one, or an element of one
	 */
	boolean contain(String key) {
		return this.keys.containsKey(key) || isBelow(this.lists, key, true) || isBelow(this.maps, key, false);
	}

	/**
	 * Whether a key means an element of a list where there is a map, which would bind
	 * {@code headers[0]} as a header of the name 0, or the other way round.
	 * @param key the key, without dashes
	 * @return what was expected, or {@code null} if it is no such key
	 */
	@Nullable String expected(String key) {
		if (isBelow(this.maps, key, true)) {
			return "names with values, not a list";
		}
		return isBelow(this.lists, key, false) ? "a list" : null;
	}

	private static boolean isBelow(Set<String> containers, String key, boolean numbered) {
		return containers.stream()
			.filter((container) -> key.startsWith(container + "."))
			.anyMatch((container) -> NUMBER.matcher(key)
				.region(container.length() + 1, key.length())
				.lookingAt() == numbered);
	}

	/**
	 * Whether there are keys that begin as a key does, up to its first dot.
	 * @param key the key, without dashes
	 * @return {@code true} if there are
	 */
	boolean containGroup(String key) {
		String group = key.replaceFirst("\\..*", "") + ".";
		return this.keys.keySet().stream().anyMatch((each) -> each.startsWith(group));
	}

	/**
	 * Whether there is a key, if it doesn't matter where words and groups end.
	 * @param key the key, without dashes and dots
	 * @return {@code true} if it may be one, or an element of one
	 */
	boolean containJoined(String key) {
		return this.keys.keySet().stream().anyMatch((each) -> joined(each).equals(key))
				|| Stream.concat(this.lists.stream(), this.maps.stream())
					.anyMatch((container) -> key.startsWith(joined(container)));
	}

	private static String joined(String key) {
		return key.replace(".", "");
	}

	/**
	 * Finds the key that an unknown one was most likely meant to be.
	 * @param unknown the unknown key, without dashes
	 * @return the key as documented, or {@code null} if none is similar
	 */
	@Nullable String nearest(String unknown) {
		String nearest = NearestName.of(unknown, this.keys.keySet(), PropertyKeys::joined);
		return (nearest != null) ? this.keys.get(nearest) : null;
	}

}
