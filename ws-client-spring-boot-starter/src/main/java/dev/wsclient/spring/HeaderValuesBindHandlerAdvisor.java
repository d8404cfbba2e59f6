package dev.wsclient.spring;

import java.lang.annotation.Annotation;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.convert.Delimiter;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Keeps the commas in values of headers: a single value bound to a list would be split,
 * and what an annotation at a map says doesn't reach the values of the map.
 */
class HeaderValuesBindHandlerAdvisor implements ConfigurationPropertiesBindHandlerAdvisor {

	private static final ConfigurationPropertyName DEFAULTS = ConfigurationPropertyName.of("ws.defaults.headers");

	private static final ConfigurationPropertyName CLIENTS = ConfigurationPropertyName.of("ws.clients");

	private static final Annotation NO_DELIMITER = AnnotationUtils.synthesizeAnnotation(Map.of("value", Delimiter.NONE),
			Delimiter.class, null);

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new AbstractBindHandler(bindHandler) {

			@Override
			public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target,
					BindContext context) {
				Bindable<T> bindable = super.onStart(name, target, context);
				return (bindable != null && isHeader(name)) ? bindable.withAnnotations(NO_DELIMITER) : bindable;
			}

		};
	}

	private static boolean isHeader(ConfigurationPropertyName name) {
		int elements = name.getNumberOfElements();
		return (elements == 4 && DEFAULTS.isParentOf(name)) || (elements == 5 && CLIENTS.isAncestorOf(name)
				&& name.getElement(3, ConfigurationPropertyName.Form.UNIFORM).equals("headers"));
	}

}
