package dev.wsclient.spring;

import java.util.concurrent.CompletableFuture;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsConnection;
import dev.wsclient.WsState;

/**
 * A connection with what belongs to it.
 */
class ManagedConnection {

	private static final Logger logger = LoggerFactory.getLogger(ManagedConnection.class);

	private final WsConnection connection;

	private final HandlerDispatcher dispatcher;

	private final StateTracker tracker;

	private final HealthSettings health;

	private final StartupLine startupLine;

	/** Whether {@link #stop()} found the connection active, so that it comes back. */
	private volatile boolean wasActive;

	ManagedConnection(WsConnection connection, HandlerDispatcher dispatcher, StateTracker tracker,
			HealthSettings health, StartupLine startupLine) {
		this.connection = connection;
		this.dispatcher = dispatcher;
		this.tracker = tracker;
		this.health = health;
		this.startupLine = startupLine;
	}

	/**
	 * Connects if the connection starts with the application, or was active when it was
	 * stopped.
	 */
	void start() {
		logger.info("{}", this.startupLine.text(this.dispatcher.handlerCount()));
		if (this.startupLine.autoStart() || this.wasActive) {
			this.connection.connect();
		}
	}

	/**
	 * Closes the connection because the application goes away.
	 * @return completes when it is closed; the core completes it after the last call of
	 * the listener
	 */
	CompletableFuture<Void> stop() {
		WsState state = this.connection.state();
		this.wasActive = state != WsState.IDLE && state != WsState.CLOSED;
		return this.connection.close(CloseStatus.GOING_AWAY).toCompletableFuture();
	}

	WsConnection connection() {
		return this.connection;
	}

	HandlerDispatcher dispatcher() {
		return this.dispatcher;
	}

	StateTracker tracker() {
		return this.tracker;
	}

	HealthSettings health() {
		return this.health;
	}

}
