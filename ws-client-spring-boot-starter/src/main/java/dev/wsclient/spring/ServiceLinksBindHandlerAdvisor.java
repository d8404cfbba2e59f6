package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationPropertiesBindHandlerAdvisor;
import org.springframework.boot.context.properties.bind.AbstractBindHandler;
import org.springframework.boot.context.properties.bind.BindContext;
import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.bind.PropertySourcesPlaceholdersResolver;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.core.env.Environment;

/**
 * Leaves out the variables of Kubernetes: they make no connection, and don't hide what
 * another source says.
 */
class ServiceLinksBindHandlerAdvisor implements ConfigurationPropertiesBindHandlerAdvisor {

	private static final ConfigurationPropertyName CLIENTS = ConfigurationPropertyName.of("ws.clients");

	private static final ConfigurationPropertyName WS = ConfigurationPropertyName.of("ws");

	private final Environment environment;

	ServiceLinksBindHandlerAdvisor(Environment environment) {
		this.environment = environment;
	}

	@Override
	public BindHandler apply(BindHandler bindHandler) {
		return new AbstractBindHandler(bindHandler) {

			@Override
			public <T> @Nullable Bindable<T> onStart(ConfigurationPropertyName name, Bindable<T> target,
					BindContext context) {
				boolean left = CLIENTS.isParentOf(name) && ServiceLinks.areAllOf(name, context.getSources());
				return left ? null : super.onStart(name, target, context);
			}

			@Override
			public @Nullable Object onFailure(ConfigurationPropertyName name, Bindable<?> target, BindContext context,
					Exception error) throws Exception {
				if (WS.isAncestorOf(name) && ServiceLinks.isOne(first(name, context.getSources()))) {
					return bindOthers(name, target, context.getSources());
				}
				return super.onFailure(name, target, context, error);
			}

		};
	}

	private static @Nullable ConfigurationProperty first(ConfigurationPropertyName name,
			Iterable<ConfigurationPropertySource> sources) {
		for (ConfigurationPropertySource source : sources) {
			ConfigurationProperty property = source.getConfigurationProperty(name);
			if (property != null) {
				return property;
			}
		}
		return null;
	}

	private @Nullable Object bindOthers(ConfigurationPropertyName name, Bindable<?> target,
			Iterable<ConfigurationPropertySource> sources) {
		List<ConfigurationPropertySource> others = new ArrayList<>();
		for (ConfigurationPropertySource source : sources) {
			if (!ServiceLinks.isOne(source.getConfigurationProperty(name))) {
				others.add(source);
			}
		}
		return new Binder(others, new PropertySourcesPlaceholdersResolver(this.environment)).bind(name, target)
			.orElse(null);
	}

}
