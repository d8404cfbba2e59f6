package dev.wsclient.spring;

import java.util.Map;

import org.springframework.boot.context.properties.bind.BindHandler;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;

import dev.wsclient.spring.properties.ClientProperties;

/**
 * Reads the connections before there are beans, just as they will be bound.
 */
final class BoundClients {

	private BoundClients() {
	}

	/**
	 * Reads the connections.
	 * @param environment where the properties are
	 * @return the connections
	 * @throws WsConfigurationException if a name is wrong
	 */
	static ConfiguredClients read(Environment environment) {
		BindHandler handler = new ServiceLinksBindHandlerAdvisor(environment)
			.apply(new HeaderValuesBindHandlerAdvisor().apply(BindHandler.DEFAULT));
		Map<String, ClientProperties> bound = Binder.get(environment)
			.bind("ws.clients", Bindable.mapOf(String.class, ClientProperties.class), handler)
			.orElseGet(Map::of);
		return new ConfiguredClients(bound);
	}

}
