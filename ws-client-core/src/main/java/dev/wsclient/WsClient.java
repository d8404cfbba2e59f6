package dev.wsclient;

import dev.wsclient.internal.DefaultWsClient;
import dev.wsclient.options.WsOptions;

/**
 * Makes connections and owns the event loops they share. One client serves a whole
 * application; create it once and close it at the end.
 * <p>
 * Safe for use by several threads.
 *
 * @since 0.1.0
 */
public interface WsClient extends AutoCloseable {

	/**
	 * Creates a client with as many event loops as there are processors. Its threads are
	 * started by the first connection and keep the JVM alive until the client is closed.
	 * @return the client
	 */
	static WsClient create() {
		return create(Runtime.getRuntime().availableProcessors());
	}

	/**
	 * Creates a client with so many event loops, each of which serves its share of the
	 * connections; otherwise as {@link #create()}.
	 * @param eventLoops the number of event loops, at least 1
	 * @return the client
	 * @throws IllegalArgumentException if the number is less than 1
	 */
	static WsClient create(int eventLoops) {
		return new DefaultWsClient(eventLoops);
	}

	/**
	 * Makes a connection and starts to connect it.
	 * @param options where and how to connect
	 * @param listener hears all that happens, from the first attempt on
	 * @return the connection, connecting in the background
	 * @throws IllegalStateException if this client is closed
	 */
	default WsConnection connect(WsOptions options, WsListener listener) {
		WsConnection connection = connection(options, listener);
		connection.connect();
		return connection;
	}

	/**
	 * Makes a connection and leaves it {@link WsState#IDLE}.
	 * @param options where and how to connect
	 * @param listener hears all that happens
	 * @return the connection
	 * @throws IllegalStateException if this client is closed
	 */
	WsConnection connection(WsOptions options, WsListener listener);

	/**
	 * Opens no session from now on, until {@link #resume()}:
	 * {@link WsConnection#connect()} and
	 * {@link WsConnection#reconnect(java.time.Duration) reconnect} do nothing, and a
	 * connection whose session or attempt ends is {@link WsState#CLOSED}. Sessions that
	 * are open stay open. For an application that stops, and lets what it began finish
	 * first. Idempotent; any thread, does not block.
	 */
	void suspend();

	/**
	 * Lets connections connect again after {@link #suspend()}. It connects none itself.
	 * Idempotent, and without effect once this client is closed; any thread, does not
	 * block.
	 */
	void resume();

	/**
	 * Closes all connections with {@link CloseStatus#GOING_AWAY 1001}, waits for their
	 * closing handshakes, each bounded by its close timeout, and ends the event loops.
	 * From its begin no session is opened, as after {@link #suspend()}. Idempotent.
	 * @throws IllegalStateException if called on an event loop of this client, which
	 * would wait for itself
	 */
	@Override
	void close();

}
