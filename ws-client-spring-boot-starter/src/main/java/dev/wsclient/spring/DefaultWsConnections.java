package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.spring.properties.ClientProperties;

/**
 * Gives the application its connections, and makes those that are opened at run time.
 */
class DefaultWsConnections implements WsConnections {

	private final ConnectionRegistry registry;

	private final ConnectionRegistry.Factory factory;

	private final HandlerRegistrar registrar;

	/**
	 * Creates the connections as the application sees them.
	 * @param registry holds the connections
	 * @param factory makes a connection
	 * @param registrar registers handler methods
	 */
	DefaultWsConnections(ConnectionRegistry registry, ConnectionRegistry.Factory factory, HandlerRegistrar registrar) {
		this.registry = registry;
		this.factory = factory;
		this.registrar = registrar;
	}

	@Override
	public WsConnection get(String name) {
		return find(name).orElseThrow(() -> this.registry.unknown(name));
	}

	@Override
	public Optional<WsConnection> find(String name) {
		return Optional.ofNullable(this.registry.find(name));
	}

	@Override
	public Map<String, WsConnection> asMap() {
		return this.registry.all();
	}

	@Override
	public WsConnection open(String name, ClientProperties settings, Object... handlers) {
		ConfiguredClients.requireName(name);
		this.registry.reserve(name);
		try {
			ManagedConnection connection = create(name, settings, List.of(handlers));
			this.registry.add(name, connection);
			return connection.connection();
		}
		finally {
			this.registry.release(name);
		}
	}

	private ManagedConnection create(String name, ClientProperties settings, List<Object> handlers) {
		List<WsListener> listeners = new ArrayList<>();
		List<Object> annotated = new ArrayList<>();
		for (Object handler : handlers) {
			if (handler instanceof WsListener listener) {
				listeners.add(listener);
			}
			else {
				annotated.add(handler);
			}
		}
		ManagedConnection connection = this.factory.create(name, settings, listeners);
		try {
			annotated.forEach((handler) -> this.registrar.register(handler, connection));
			return connection;
		}
		catch (RuntimeException ex) {
			connection.forget();
			throw ex;
		}
	}

	@Override
	public CompletionStage<Void> close(String name) {
		if (this.registry.isConfigured(name)) {
			throw new IllegalArgumentException("The WebSocket connection 'ws.clients." + name
					+ "' is configured, so it can't be forgotten; close the WsConnection itself");
		}
		ManagedConnection connection = this.registry.managed(name);
		return connection.connection().close().whenComplete((closed, error) -> this.registry.remove(name, connection));
	}

	/**
	 * Registers handler methods.
	 */
	@FunctionalInterface
	interface HandlerRegistrar {

		/**
		 * Registers the handler methods of an object.
		 * @param handler the object
		 * @param connection the connection
		 * @throws WsConfigurationException if there are none, or one is wrong
		 */
		void register(Object handler, ManagedConnection connection);

	}

}
