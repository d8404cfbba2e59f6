package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.spring.properties.ClientProperties;

/**
 * Holds the connections, and makes those that are opened at run time.
 */
class DefaultWsConnections implements WsConnections {

	private final ConfiguredClients clients;

	private final Factory factory;

	private final HandlerRegistrar registrar;

	private final Lock lock = new ReentrantLock();

	/** Names of connections that are being made. Guarded by the lock. */
	private final Set<String> reserved = new HashSet<>();

	/** Whether connections may connect. Guarded by the lock. */
	private boolean running;

	/** Replaced under the lock, never changed. */
	private volatile Map<String, ManagedConnection> managed = Map.of();

	/**
	 * Creates all configured connections and connects none.
	 * @param clients the configured connections
	 * @param factory makes a connection
	 * @param registrar registers handler methods
	 */
	DefaultWsConnections(ConfiguredClients clients, Factory factory, HandlerRegistrar registrar) {
		this.clients = clients;
		this.factory = factory;
		this.registrar = registrar;
		Map<String, ManagedConnection> managed = new LinkedHashMap<>();
		clients.enabled().forEach((name, properties) -> managed.put(name, factory.create(name, properties, List.of())));
		this.managed = Collections.unmodifiableMap(managed);
	}

	@Override
	public WsConnection get(String name) {
		return managed(name).connection();
	}

	/**
	 * Makes the bean of a connection.
	 * @param name the name
	 * @return the connection
	 * @throws WsConfigurationException if there is none of this name, which happens when
	 * there was one as the application was processed ahead of time
	 */
	WsConnection bean(String name) {
		ManagedConnection connection = this.managed.get(name);
		if (connection == null) {
			throw new WsConfigurationException(null,
					"The connection 'ws.clients." + name + "' was configured when the application was processed "
							+ "ahead of time, and isn't now; configured are " + names() + ".",
					"Configure 'ws.clients." + name + ".url', or process the application again without it.");
		}
		return connection.connection();
	}

	@Override
	public Map<String, WsConnection> asMap() {
		Map<String, WsConnection> connections = new LinkedHashMap<>();
		this.managed.forEach((name, connection) -> connections.put(name, connection.connection()));
		return Collections.unmodifiableMap(connections);
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
			throw new IllegalArgumentException("There is no WebSocket connection 'ws.clients." + name + "'"
					+ (isDisabled(name) ? ": its 'enabled' is false" : "; known are " + names()));
		}
		return connection;
	}

	/**
	 * Returns all connections with what belongs to them.
	 * @return an unmodifiable map of those there are at the moment
	 */
	Map<String, ManagedConnection> managed() {
		return this.managed;
	}

	/**
	 * Returns the names of the configured connections.
	 * @return the names, those of disabled ones included
	 */
	Set<String> configured() {
		Set<String> names = new LinkedHashSet<>(this.clients.enabled().keySet());
		names.addAll(this.clients.disabled());
		return names;
	}

	/**
	 * Whether a connection is configured, but turned off.
	 * @param name the name
	 * @return {@code true} if it is
	 */
	boolean isDisabled(String name) {
		return this.clients.disabled().contains(name);
	}

	@Override
	public WsConnection open(String name, ClientProperties settings, Object... handlers) {
		ConfiguredClients.requireName(name);
		reserve(name);
		try {
			ManagedConnection connection = create(name, settings, List.of(handlers));
			add(name, connection);
			return connection.connection();
		}
		finally {
			release(name);
		}
	}

	private void reserve(String name) {
		this.lock.lock();
		try {
			if (this.managed.containsKey(name) || !this.reserved.add(name)) {
				throw new IllegalStateException("There is a WebSocket connection '" + name
						+ "' already; choose another name, or close that one first");
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	private void release(String name) {
		this.lock.lock();
		try {
			this.reserved.remove(name);
		}
		finally {
			this.lock.unlock();
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

	/**
	 * Starts the connection under the lock, so that it can't come after a stop.
	 */
	private void add(String name, ManagedConnection connection) {
		this.lock.lock();
		try {
			Map<String, ManagedConnection> managed = new LinkedHashMap<>(this.managed);
			managed.put(name, connection);
			this.managed = Collections.unmodifiableMap(managed);
			if (this.running) {
				connection.start();
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public CompletionStage<Void> close(String name) {
		ManagedConnection connection = managed(name);
		if (this.clients.enabled().containsKey(name)) {
			throw new IllegalArgumentException("The WebSocket connection 'ws.clients." + name
					+ "' is configured, so it can't be forgotten; close the WsConnection itself");
		}
		return connection.connection().close().whenComplete((closed, error) -> remove(name, connection));
	}

	private void remove(String name, ManagedConnection connection) {
		this.lock.lock();
		try {
			Map<String, ManagedConnection> managed = new LinkedHashMap<>(this.managed);
			if (!managed.remove(name, connection)) {
				return;
			}
			this.managed = Collections.unmodifiableMap(managed);
		}
		finally {
			this.lock.unlock();
		}
		connection.forget();
	}

	/**
	 * Connects those that start with the application, and waits for those that it must
	 * not start without.
	 * @throws WsStartupException if one of these does not open
	 */
	void start() {
		Map<String, ManagedConnection> managed;
		this.lock.lock();
		try {
			this.running = true;
			managed = this.managed;
		}
		finally {
			this.lock.unlock();
		}
		managed.values().forEach(ManagedConnection::start);
		StartupGate gate = new StartupGate();
		managed.forEach((name, connection) -> {
			if (this.clients.enabled().containsKey(name)) {
				gate.await(connection);
			}
		});
	}

	/**
	 * Connections that are opened from now on wait for the next start.
	 */
	void stopping() {
		this.lock.lock();
		try {
			this.running = false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Makes a connection.
	 */
	@FunctionalInterface
	interface Factory {

		/**
		 * Makes a connection and leaves it idle.
		 * @param name the name
		 * @param properties the properties
		 * @param listeners hear of it besides handler methods
		 * @return the connection
		 * @throws WsConfigurationException if a property is wrong
		 */
		ManagedConnection create(String name, ClientProperties properties, List<WsListener> listeners);

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
