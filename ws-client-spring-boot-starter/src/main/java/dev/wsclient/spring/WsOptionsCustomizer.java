package dev.wsclient.spring;

import dev.wsclient.options.WsOptions;

/**
 * Changes the options of a connection after its properties were applied. Beans of this
 * type are called in order, once for each connection, when the connections are created.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface WsOptionsCustomizer {

	/**
	 * Changes the options of one connection.
	 * @param name the name of the connection, as in {@code ws.clients.<name>}
	 * @param builder the builder with the properties applied
	 */
	void customize(String name, WsOptions.Builder builder);

}
