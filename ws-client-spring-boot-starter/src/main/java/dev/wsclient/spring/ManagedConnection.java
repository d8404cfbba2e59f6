package dev.wsclient.spring;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

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

	private final ConnectionSettings settings;

	private final Runnable whenForgotten;

	private final AtomicBoolean forgotten = new AtomicBoolean();

	/** Whether {@link #stop()} found the connection active, so that it comes back. */
	private volatile boolean wasActive;

	/**
	 * Creates a connection with what belongs to it.
	 * @param connection the connection
	 * @param dispatcher calls its handler methods
	 * @param tracker knows its state
	 * @param settings what is set for it
	 * @param whenForgotten called when it is not to come back
	 */
	ManagedConnection(WsConnection connection, HandlerDispatcher dispatcher, StateTracker tracker,
			ConnectionSettings settings, Runnable whenForgotten) {
		this.connection = connection;
		this.dispatcher = dispatcher;
		this.tracker = tracker;
		this.settings = settings;
		this.whenForgotten = whenForgotten;
	}

	/**
	 * Connects if the connection starts with the application, or was active when it was
	 * stopped.
	 */
	void start() {
		logger.info("{}", this.settings.startupLine().text(this.dispatcher.handlerCount()));
		logRefused();
		this.tracker.whenSessionEnds(() -> {
		});
		this.dispatcher.gate().open();
		this.dispatcher.retryDelay().start();
		if (this.settings.startup().autoStart() || this.wasActive) {
			this.connection.connect();
		}
	}

	/**
	 * Hands out no more messages, and closes the connection with 1001 when the handlers
	 * that run have returned, and those of batches that were begun: what they send still
	 * goes out. Without a session there is nothing to wait for.
	 * @return completes when the connection is closed and its last handler was called; if
	 * one of its handlers calls this, without the calls behind it, which wait for it
	 */
	CompletableFuture<Void> stop() {
		boolean byHandler = this.dispatcher.gate().excuseCaller();
		CompletableFuture<Void> handled = this.dispatcher.stop();
		this.dispatcher.retryDelay().stop();
		// Rather than coming back while it is being stopped
		this.tracker.whenSessionEnds(() -> handled.complete(null));
		CompletableFuture<Void> closed = new CompletableFuture<>();
		if (byHandler) {
			this.tracker.whenClosed(() -> closed.complete(null));
		}
		WsState state = this.connection.state();
		this.wasActive = state != WsState.IDLE && state != WsState.CLOSED;
		if (state != WsState.OPEN) {
			handled.complete(null);
		}
		handled.thenCompose((idle) -> this.connection.close(CloseStatus.GOING_AWAY)).whenComplete((done, error) -> {
			logRefused();
			closed.complete(null);
		});
		return closed;
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
		int replies = this.dispatcher.gate().expectedWork();
		if (replies > 0) {
			logger.warn("Connection '{}': {} replies that handler methods returned as stage or publisher, or calls of "
					+ "listeners, are not over {} ms after the application began to stop. The connection is closed "
					+ "without them", this.connection.name(), replies, waited.toMillis());
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
	 * The connection is not to come back.
	 */
	void forget() {
		if (!this.forgotten.getAndSet(true)) {
			this.whenForgotten.run();
		}
	}

	ConnectionSettings settings() {
		return this.settings;
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

}
