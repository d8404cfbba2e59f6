package dev.wsclient.spring;

import java.lang.annotation.Annotation;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertyState;
import org.springframework.boot.convert.Delimiter;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Keeps the commas in values of headers: a single value bound to a list would be split,
 * and what an annotation at a map says doesn't reach the values of the map. An empty
 * value in place of a map is no error.
 */
class HeaderValuesBindHandlerAdvisor implements ConfigurationPropertiesBindHandlerAdvisor {

	private static final ConfigurationPropertyName DEFAULTS = ConfigurationPropertyName.of("ws.defaults.headers");

	private static final ConfigurationPropertyName DEFAULTS_ROOT = ConfigurationPropertyName.of("ws.defaults");

	private static final Set<String> MAPS = Set.of("headers", "cookies");

	private static final ConfigurationPropertyName CLIENTS = ConfigurationPropertyName.of("ws.clients");

	private static final Annotation NO_DELIMITER = AnnotationUtils.synthesizeAnnotation(Map.of("value", Delimiter.NONE),
			Delimiter.class, null);

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new AbstractBindHandler(bindHandler) {

			@Override
			public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target,
					BindContext context) {
				if (isMap(name) && isEmpty(name, context)) {
					return null;
				}
				Bindable<T> bindable = super.onStart(name, target, context);
				return (bindable != null && isHeader(name)) ? bindable.withAnnotations(NO_DELIMITER) : bindable;
			}

		};
	}

	/**
	 * Whether nothing is there but an empty value, which Spring Boot can't convert to a
	 * map.
	 */
	private static boolean isEmpty(ConfigurationPropertyName name, BindContext context) {
		boolean empty = false;
		for (ConfigurationPropertySource source : context.getSources()) {
			if (source.containsDescendantOf(name) == ConfigurationPropertyState.PRESENT) {
				return false;
			}
			ConfigurationProperty property = source.getConfigurationProperty(name);
			empty = empty || (property != null && "".equals(property.getValue()));
		}
		return empty;
	}

	private static boolean isMap(ConfigurationPropertyName name) {
		int elements = name.getNumberOfElements();
		return MAPS.contains(name.getLastElement(ConfigurationPropertyName.Form.UNIFORM))
				&& ((elements == 3 && DEFAULTS_ROOT.isParentOf(name)) || (elements == 4 && CLIENTS.isAncestorOf(name)));
	}

	private static boolean isHeader(ConfigurationPropertyName name) {
		int elements = name.getNumberOfElements();
		return (elements == 4 && DEFAULTS.isParentOf(name)) || (elements == 5 && CLIENTS.isAncestorOf(name)
				&& name.getElement(3, ConfigurationPropertyName.Form.UNIFORM).equals("headers"));
	}

}
