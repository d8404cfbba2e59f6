package dev.wsclient.spring;

import java.beans.PropertyDescriptor;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeanUtils;
import org.springframework.boot.context.properties.bind.DataObjectPropertyName;

import dev.wsclient.spring.properties.WsProperties;

/**
 * The keys that can be bound to a class of properties, such as {@code ping.interval}.
 */
final class PropertyKeys {

	/** Keys as documented, by what is compared. */
	private final Map<String, String> keys = new TreeMap<>();

	/** What is compared of keys that others of the user's choice follow. */
	private final Set<String> containers = new LinkedHashSet<>();

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
				if (Collection.class.isAssignableFrom(propertyType) || Map.class.isAssignableFrom(propertyType)) {
					this.containers.add(uniform(key));
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
		return this.keys.containsKey(key)
				|| this.containers.stream().anyMatch((container) -> key.startsWith(container + "."));
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
				|| this.containers.stream().anyMatch((container) -> key.startsWith(joined(container)));
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
