package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.env.Environment;

/**
 * Tells what is wrong with the configuration of a connection or with a handler method,
 * where the wrong property stands, and how to mend it.
 */
class WsConfigurationFailureAnalyzer extends AbstractFailureAnalyzer<WsConfigurationException> {

	private final @Nullable Environment environment;

	WsConfigurationFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected FailureAnalysis analyze(Throwable rootFailure, WsConfigurationException cause) {
		String origin = (cause.property() != null) ? origin(cause.property()) : "";
		return new FailureAnalysis(cause.getMessage() + origin, cause.action(), cause);
	}

	private String origin(String property) {
		if (this.environment == null || !ConfigurationPropertyName.isValid(property)) {
			return "";
		}
		ConfigurationPropertyName name = ConfigurationPropertyName.of(property);
		for (ConfigurationPropertySource source : ConfigurationPropertySources.get(this.environment)) {
			ConfigurationProperty found = source.getConfigurationProperty(name);
			if (found != null && found.getOrigin() != null) {
				return " It stands in " + found.getOrigin() + ".";
			}
		}
		return "";
	}

}
