package dev.wsclient.spring.properties;

import java.util.LinkedHashMap;
import java.util.Map;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;

/**
 * Properties of the connections. A value that is {@code null} is not set: that of the
 * defaults applies, and without it that of the core.
 *
 * @since 0.1.0
 */
@ConfigurationProperties("ws")
public class WsProperties {

	/**
	 * Settings of all connections, unless a connection has its own.
	 */
	@NestedConfigurationProperty
	private final ConnectionProperties defaults = new ConnectionProperties();

	/**
	 * Connections by their names: letters, digits, '-' and '_'.
	 */
	private final Map<String, ClientProperties> clients = new LinkedHashMap<>();

	public ConnectionProperties getDefaults() {
		return this.defaults;
	}

	public Map<String, ClientProperties> getClients() {
		return this.clients;
	}

}
