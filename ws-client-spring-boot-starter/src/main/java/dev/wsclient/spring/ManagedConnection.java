package dev.wsclient.spring;

import java.time.Duration;
import java.util.List;
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

	private final StartupSettings startup;

	private final StartupLine startupLine;

	private final Duration closeTimeout;

	private final HandlerTarget handlerTarget;

	private final Runnable whenForgotten;

	/** Whether {@link #stop()} found the connection active, so that it comes back. */
	private volatile boolean wasActive;

	ManagedConnection(WsConnection connection, HandlerDispatcher dispatcher, StateTracker tracker,
			HealthSettings health, StartupSettings startup, StartupLine startupLine, Duration closeTimeout,
			HandlerTarget handlerTarget, Runnable whenForgotten) {
		this.connection = connection;
		this.dispatcher = dispatcher;
		this.tracker = tracker;
		this.health = health;
		this.startup = startup;
		this.startupLine = startupLine;
		this.closeTimeout = closeTimeout;
		this.handlerTarget = handlerTarget;
		this.whenForgotten = whenForgotten;
	}

	/**
	 * Connects if the connection starts with the application, or was active when it was
	 * stopped.
	 */
	void start() {
		logger.info("{}", this.startupLine.text(this.dispatcher.handlerCount()));
		logRefused();
		this.tracker.whenSessionEnds(() -> {
		});
		this.dispatcher.gate().open();
		this.dispatcher.retryDelay().start();
		if (this.startup.autoStart() || this.wasActive) {
			this.connection.connect();
		}
	}

	/**
	 * Hands out no more messages, and closes the connection with 1001 when the handlers
	 * that run have returned, and those of batches that were begun: what they send still
	 * goes out. Without a session there is nothing to wait for.
	 * @return completes when the connection is closed; the core completes it after the
	 * last call of the listener
	 */
	CompletableFuture<Void> stop() {
		CompletableFuture<Void> handled = this.dispatcher.stop();
		this.dispatcher.retryDelay().stop();
		// Rather than coming back while it is being stopped
		this.tracker.whenSessionEnds(() -> handled.complete(null));
		WsState state = this.connection.state();
		this.wasActive = state != WsState.IDLE && state != WsState.CLOSED;
		if (state != WsState.OPEN) {
			handled.complete(null);
		}
		return handled.thenCompose((idle) -> this.connection.close(CloseStatus.GOING_AWAY))
			.whenComplete((closed, error) -> logRefused());
	}

	/**
	 * Closes the connection although handlers still run, which are interrupted.
	 * @param waited how long they have been waited for
	 */
	void stopNow(Duration waited) {
		List<String> interrupted = this.dispatcher.gate().interrupt();
		if (!interrupted.isEmpty()) {
			logger.warn("Connection '{}': handler method(s) {} still run {} ms after the application began to stop. "
					+ "They are interrupted, and the connection is closed without them; make them faster, or give "
					+ "them time by spring.lifecycle.timeout-per-shutdown-phase", this.connection.name(), interrupted,
					waited.toMillis());
		}
		this.connection.close(CloseStatus.GOING_AWAY);
	}

	private void logRefused() {
		long refused = this.dispatcher.gate().takeRefused();
		if (refused > 0) {
			logger.warn("Connection '{}': the application stops: {} message(s) that were received, but not yet handed "
					+ "to a handler method, are dropped", this.connection.name(), refused);
		}
	}

	/**
	 * Ends the connection without a closing handshake, if it is not closed by now.
	 */
	void abort() {
		if (this.connection.state() != WsState.CLOSED && this.connection.state() != WsState.IDLE) {
			this.connection.abort();
		}
	}

	/**
	 * Returns how long the closing handshake may take.
	 * @return the close timeout of the connection's options
	 */
	Duration closeTimeout() {
		return this.closeTimeout;
	}

	/**
	 * The connection is not to come back.
	 */
	void forget() {
		this.whenForgotten.run();
	}

	StartupSettings startup() {
		return this.startup;
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

	HandlerTarget handlerTarget() {
		return this.handlerTarget;
	}

}
