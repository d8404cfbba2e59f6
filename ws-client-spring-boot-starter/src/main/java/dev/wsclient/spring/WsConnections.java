package dev.wsclient.spring;

import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

import dev.wsclient.WsConnection;

/**
 * The connections that are configured by {@code ws.clients.<name>}. Safe for use by
 * several threads.
 *
 * @since 0.1.0
 */
public interface WsConnections {

	/**
	 * Returns a connection.
	 * @param name the name, as in {@code ws.clients.<name>}
	 * @return the connection
	 * @throws IllegalArgumentException if there is none of this name; the message lists
	 * the names
	 */
	WsConnection get(String name);

	/**
	 * Returns the names of all connections.
	 * @return the names, unmodifiable
	 */
	default Set<String> names() {
		return asMap().keySet();
	}

	/**
	 * Returns all connections by their names.
	 * @return an unmodifiable map
	 */
	Map<String, WsConnection> asMap();

	/**
	 * Returns all connections.
	 * @return a stream
	 */
	default Stream<WsConnection> stream() {
		return asMap().values().stream();
	}

}
