package dev.wsclient.spring;

import java.beans.PropertyDescriptor;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
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

	private static final Pattern DASHED = Pattern.compile("-(.)");

	/** Keys as documented, by what is compared. */
	private final Map<String, String> keys = new TreeMap<>();

	/** Types by keys as documented. */
	private final Map<String, Class<?>> types = new TreeMap<>();

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
				this.types.put(key, propertyType);
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

	/**
	 * Returns the keys of values of a type.
	 * @param type the type
	 * @return the keys as documented
	 */
	List<String> ofType(Class<?> type) {
		return this.types.entrySet()
			.stream()
			.filter((entry) -> entry.getValue() == type)
			.map(Map.Entry::getKey)
			.toList();
	}

	/**
	 * Returns the path of a key's value from bean to bean.
	 * @param key the key as documented
	 * @return the path, such as {@code sendBuffer.maxSize}
	 */
	static String path(String key) {
		return DASHED.matcher(key).replaceAll((dash) -> dash.group(1).toUpperCase(Locale.ROOT));
	}

	/**
	 * Whether a key is below one that takes a text or another single value, or below an
	 * element of a list of these: there is a map or list where no such thing is meant.
	 * @param key the key, without dashes
	 * @return the key of the value as documented, or {@code null} if it is no such key
	 */
	@Nullable String value(String key) {
		for (int dot = key.lastIndexOf('.'); dot > 0; dot = key.lastIndexOf('.', dot - 1)) {
			String above = key.substring(0, dot);
			String known = this.keys.get(above);
			if (known == null || this.maps.contains(above)) {
				continue;
			}
			String[] below = key.substring(dot + 1).split("\\.", 2);
			boolean element = this.lists.contains(above) && below[0].chars().allMatch(Character::isDigit);
			if (!element) {
				return this.lists.contains(above) ? null : known;
			}
			return (below.length > 1) ? known + "[" + below[0] + "]" : null;
		}
		return null;
	}

	/**
	 * Whether a key is below a name of a map: neither the name itself nor an element of a
	 * list that stands for its value.
	 * @param key the key, without dashes
	 * @return {@code true} if it is
	 */
	boolean isBelowNameOfMap(String key) {
		return this.maps.stream()
			.filter((map) -> key.startsWith(map + "."))
			.map((map) -> key.substring(map.length() + 1))
			.anyMatch((name) -> name.contains(".") && !name.matches("[^.]+\\.[0-9]+"));
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
