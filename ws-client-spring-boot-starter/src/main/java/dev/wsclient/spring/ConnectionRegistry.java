package dev.wsclient.spring;

import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.spring.properties.ClientProperties;

/**
 * Holds the connections with what belongs to them. Beans, life cycle, handler methods,
 * health and meters work on it, so that they don't depend on the {@link WsConnections}
 * bean, which the application may replace.
 */
class ConnectionRegistry {

	private final ConfiguredClients clients;

	private final ConnectionBeans beans;

	/** Names of configured connections whose bean is the application's own. */
	private final Set<String> replaced;

	private final Lock lock = new ReentrantLock();

	/** Names of connections that are being made. Guarded by the lock. */
	private final Set<String> reserved = new HashSet<>();

	/** Whether connections may connect. Guarded by the lock. */
	private boolean running;

	/** Replaced under the lock, never changed. */
	private volatile Map<String, ManagedConnection> managed = Map.of();

	/**
	 * Creates all configured connections and connects none. Where the application has a
	 * bean of its own for a connection, that connection is not made.
	 * @param clients the configured connections
	 * @param beans the beans of the connections
	 * @param factory makes a connection
	 */
	ConnectionRegistry(ConfiguredClients clients, ConnectionBeans beans, Factory factory) {
		this.clients = clients;
		this.beans = beans;
		Set<String> replaced = new LinkedHashSet<>();
		Map<String, ManagedConnection> managed = new LinkedHashMap<>();
		clients.enabled().forEach((name, properties) -> {
			if (beans.isReplaced(name)) {
				replaced.add(name);
			}
			else {
				managed.put(name, factory.create(name, properties, List.of()));
			}
		});
		this.replaced = Collections.unmodifiableSet(replaced);
		this.managed = Collections.unmodifiableMap(managed);
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

	/**
	 * Finds a connection as the application sees it: a configured one as its bean, which
	 * may be a spy or the application's own.
	 * @param name the name
	 * @return the connection, or {@code null} if there is none of this name
	 */
	@Nullable WsConnection find(String name) {
		ManagedConnection connection = this.managed.get(name);
		if (connection == null) {
			return this.replaced.contains(name) ? this.beans.replacement(name) : null;
		}
		return isConfigured(name) ? this.beans.exposed(name, connection.connection()) : connection.connection();
	}

	/**
	 * Returns all connections as the application sees them.
	 * @return an unmodifiable map of those there are at the moment
	 */
	Map<String, WsConnection> all() {
		Map<String, WsConnection> all = new LinkedHashMap<>();
		for (String name : names()) {
			WsConnection connection = find(name);
			if (connection != null) {
				all.put(name, connection);
			}
		}
		return Collections.unmodifiableMap(all);
	}

	private Set<String> names() {
		Set<String> names = new LinkedHashSet<>(this.clients.enabled().keySet());
		names.addAll(this.managed.keySet());
		return names;
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
			throw unknown(name);
		}
		return connection;
	}

	/**
	 * Makes the error of a name that no connection has.
	 * @param name the name
	 * @return the error
	 */
	IllegalArgumentException unknown(String name) {
		return new IllegalArgumentException("There is no WebSocket connection 'ws.clients." + name + "'"
				+ (isDisabled(name) ? ": its 'enabled' is false" : "; known are " + names()));
	}

	/**
	 * Returns all connections with what belongs to them, without those that the
	 * application has beans of its own for.
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
	 * Whether a connection is configured and not turned off.
	 * @param name the name
	 * @return {@code true} if it is
	 */
	boolean isConfigured(String name) {
		return this.clients.enabled().containsKey(name);
	}

	/**
	 * Whether a connection is configured, but turned off.
	 * @param name the name
	 * @return {@code true} if it is
	 */
	boolean isDisabled(String name) {
		return this.clients.disabled().contains(name);
	}

	/**
	 * Whether the application has a bean of its own for a connection.
	 * @param name the name
	 * @return {@code true} if it has
	 */
	boolean isReplaced(String name) {
		return this.replaced.contains(name);
	}

	/**
	 * Keeps a name for a connection that is being made.
	 * @param name the name
	 * @throws IllegalStateException if a connection has it
	 */
	void reserve(String name) {
		this.lock.lock();
		try {
			if (this.managed.containsKey(name) || isReplaced(name) || !this.reserved.add(name)) {
				throw new IllegalStateException("There is a WebSocket connection '" + name
						+ "' already; choose another name, or close that one first");
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Gives up what {@link #reserve(String)} kept.
	 * @param name the name
	 */
	void release(String name) {
		this.lock.lock();
		try {
			this.reserved.remove(name);
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Adds a connection. Starts it under the lock, so that it can't come after a stop.
	 * @param name its name
	 * @param connection the connection
	 */
	void add(String name, ManagedConnection connection) {
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

	/**
	 * Forgets a connection. Its name is free when nothing is left of it: the next of this
	 * name would lose its meters otherwise.
	 * @param name its name
	 * @param connection the connection
	 */
	void remove(String name, ManagedConnection connection) {
		try {
			connection.forget();
		}
		finally {
			free(name, connection);
		}
	}

	private void free(String name, ManagedConnection connection) {
		this.lock.lock();
		try {
			Map<String, ManagedConnection> managed = new LinkedHashMap<>(this.managed);
			if (managed.remove(name, connection)) {
				this.managed = Collections.unmodifiableMap(managed);
			}
		}
		finally {
			this.lock.unlock();
		}
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
			if (isConfigured(name)) {
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

}
