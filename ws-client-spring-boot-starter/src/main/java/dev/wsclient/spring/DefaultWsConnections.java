package dev.wsclient.spring;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiFunction;

import dev.wsclient.WsConnection;
import dev.wsclient.spring.properties.ClientProperties;

/**
 * Holds the connections.
 */
class DefaultWsConnections implements WsConnections {

	private final Map<String, ManagedConnection> managed = new LinkedHashMap<>();

	private final Map<String, WsConnection> connections;

	/**
	 * Creates all connections and connects none.
	 * @param clients the properties of the connections by their names
	 * @param factory makes a connection of its name and properties
	 */
	DefaultWsConnections(Map<String, ClientProperties> clients,
			BiFunction<String, ClientProperties, ManagedConnection> factory) {
		Map<String, WsConnection> connections = new LinkedHashMap<>();
		clients.forEach((name, properties) -> {
			ManagedConnection connection = factory.apply(name, properties);
			this.managed.put(name, connection);
			connections.put(name, connection.connection());
		});
		this.connections = Collections.unmodifiableMap(connections);
	}

	@Override
	public WsConnection get(String name) {
		return managed(name).connection();
	}

	@Override
	public Map<String, WsConnection> asMap() {
		return this.connections;
	}

	/**
	 * Returns a connection with what belongs to it.
	 * @param name the name
	 * @return the connection
	 * @throws IllegalArgumentException if there is none of this name
	 */
	ManagedConnection managed(String name) {
		ManagedConnection connection = this.managed.get(name);
		if (connection == null) {
			throw new IllegalArgumentException(
					"There is no WebSocket connection 'ws.clients." + name + "'; known are " + names());
		}
		return connection;
	}

	/**
	 * Returns all connections with what belongs to them.
	 * @return an unmodifiable map
	 */
	Map<String, ManagedConnection> managed() {
		return Collections.unmodifiableMap(this.managed);
	}

	/**
	 * Connects those that start with the application.
	 */
	void start() {
		this.managed.values().forEach(ManagedConnection::start);
	}

}
