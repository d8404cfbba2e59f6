package dev.wsclient.spring;

import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.context.properties.source.ConfigurationPropertySource;
import org.springframework.boot.context.properties.source.IterableConfigurationPropertySource;
import org.springframework.boot.origin.PropertySourceOrigin;

/**
 * Knows the environment variables that Kubernetes sets for each service (service links).
 * Those of a service {@code ws-clients} or {@code ws-clients-feed} look as if they were
 * for connections.
 */
final class ServiceLinks {

	private static final Pattern NAME = Pattern.compile("WS_(CLIENTS|DEFAULTS)(_.+)?_(SERVICE_HOST|SERVICE_PORT(_.+)?"
			+ "|PORT_[0-9]+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

	private static final Pattern PORT_NAME = Pattern.compile("WS_(CLIENTS|DEFAULTS)(_.+)?_PORT");

	private static final Pattern ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

	private ServiceLinks() {
	}

	/**
	 * Whether a property is such a variable.
	 * @param property the property, or {@code null}
	 * @return {@code true} if it is
	 */
	static boolean isOne(@Nullable ConfigurationProperty property) {
		if (property == null || !(property.getOrigin() instanceof PropertySourceOrigin origin)) {
			return false;
		}
		String name = origin.getPropertyName();
		return NAME.matcher(name).matches() || (PORT_NAME.matcher(name).matches()
				&& ADDRESS.matcher(String.valueOf(property.getValue())).matches());
	}

	/**
	 * Whether all that is set for a connection are such variables.
	 * @param client the name of the connection's properties
	 * @param sources where properties are
	 * @return {@code true} if there are no others
	 */
	static boolean areAllOf(ConfigurationPropertyName client, Iterable<ConfigurationPropertySource> sources) {
		boolean any = false;
		for (ConfigurationPropertySource source : sources) {
			if (source instanceof IterableConfigurationPropertySource iterable) {
				for (ConfigurationPropertyName name : iterable) {
					if (client.equals(name) || client.isAncestorOf(name)) {
						if (!isOne(iterable.getConfigurationProperty(name))) {
							return false;
						}
						any = true;
					}
				}
			}
		}
		return any;
	}

}
