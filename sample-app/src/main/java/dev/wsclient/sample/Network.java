package dev.wsclient.sample;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.springframework.beans.factory.DisposableBean;
import org.springframework.core.env.Environment;
import org.springframework.stereotype.Component;

import dev.wsclient.spring.WsConnectionDetails;

/**
 * Leads the sample's connections to its own feed server, each over a {@link Wire}; those
 * whose URL is configured go where that says.
 */
@Component
class Network implements WsConnectionDetails, DisposableBean {

	private final Environment environment;

	private final Map<String, Wire> wires;

	Network(Environment environment) throws IOException {
		this.environment = environment;
		this.wires = Map.of("market", new Wire(this::serverPort), "orders", new Wire(this::serverPort));
	}

	private int serverPort() {
		return this.environment.getRequiredProperty("local.server.port", Integer.class);
	}

	@Override
	public List<String> getUrls(String name) {
		return leadsTo(name) ? List.of("ws://localhost:" + wire(name).port() + FeedServer.PATH + "/" + name)
				: List.of();
	}

	/**
	 * Whether a connection goes to the sample's own feed server.
	 * @param name the name of the connection
	 * @return {@code true} if it has a wire
	 */
	boolean leadsTo(String name) {
		return this.wires.containsKey(name) && !this.environment.containsProperty("ws.clients." + name + ".url");
	}

	/**
	 * Returns the wire of a connection.
	 * @param name the name of a connection that goes to the sample's own feed server
	 * @return the wire
	 */
	Wire wire(String name) {
		return Objects.requireNonNull(this.wires.get(name), name);
	}

	@Override
	public void destroy() {
		this.wires.values().forEach(Wire::close);
	}

}
