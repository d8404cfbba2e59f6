package dev.wsclient.spring;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsConnection;
import dev.wsclient.WsSnapshot;
import dev.wsclient.WsState;
import dev.wsclient.spring.properties.ShutdownMode;

/**
 * A connection with what belongs to it.
 */
class ManagedConnection {

	private static final Logger logger = LoggerFactory.getLogger(ManagedConnection.class);

	private static final Duration DRAIN_CHECK_INTERVAL = Duration.ofMillis(10);

	private final WsConnection connection;

	private final HandlerDispatcher dispatcher;

	private final StateTracker tracker;

	private final ConnectionSettings settings;

	private final Runnable whenForgotten;

	private final AtomicBoolean forgotten = new AtomicBoolean();

	/** Whether {@link #drain()} found the connection active, so that it comes back. */
	private volatile boolean wasActive;

	/**
	 * Whether one of the connection's own handlers stops it, so that none waits for it.
	 */
	private volatile boolean stoppedByHandler;

	private volatile CompletableFuture<Void> drained = CompletableFuture.completedFuture(null);

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
		this.dispatcher.intake().open();
		this.dispatcher.gate().open();
		this.dispatcher.retryDelay().start();
		if (this.settings.startup().autoStart() || this.wasActive) {
			this.connection.connect();
		}
	}

	/**
	 * Ends the handling of messages. By {@link ShutdownMode#DRAIN} those received before
	 * are handled, and those behind them are refused; otherwise only the handlers that
	 * run finish. The session stays open, for what handlers and others still send;
	 * without one the connection is closed, as none is opened any longer.
	 * @return completes when no handler of messages runs and no reply is expected; a
	 * handler that calls this itself is not waited for, nor are the messages behind it
	 */
	CompletableFuture<Void> drain() {
		this.stoppedByHandler = this.dispatcher.gate().excuseCaller();
		this.dispatcher.retryDelay().stop();
		WsState state = this.connection.state();
		this.wasActive = state != WsState.IDLE && state != WsState.CLOSED;
		if (state != WsState.OPEN) {
			this.connection.close(CloseStatus.GOING_AWAY);
		}
		if (this.stoppedByHandler || this.settings.shutdown() == ShutdownMode.DROP) {
			this.drained = this.dispatcher.gate().close();
			this.connection.schedule(this.dispatcher::handOutBatches, Duration.ZERO);
		}
		else {
			CompletableFuture<Void> drained = new CompletableFuture<>();
			this.drained = drained;
			drain(drained);
		}
		return this.drained;
	}

	private void drain(CompletableFuture<Void> drained) {
		WsSnapshot snapshot = this.connection.snapshot();
		this.dispatcher.intake().closeBehind(snapshot.messagesReceived());
		if (snapshot.waitingCalls() > 0) {
			logger.info(
					"Connection '{}': the application stops; {} message(s) and other events that wait are handled first",
					this.connection.name(), snapshot.waitingCalls());
		}
		if (!completeIfDrained(drained)) {
			this.connection.schedule(() -> awaitDrained(drained), Duration.ZERO);
		}
	}

	private void awaitDrained(CompletableFuture<Void> drained) {
		this.dispatcher.handOutBatches();
		if (!drained.isDone() && !completeIfDrained(drained)) {
			this.connection.schedule(() -> awaitDrained(drained), DRAIN_CHECK_INTERVAL);
		}
	}

	private boolean completeIfDrained(CompletableFuture<Void> drained) {
		if (!this.dispatcher.isDrained()) {
			return false;
		}
		this.dispatcher.gate().close();
		drained.complete(null);
		return true;
	}

	/**
	 * Ends the handling of messages although it is not over: interrupts the handlers that
	 * still run, and drops what waits.
	 * @param waited how long they have been waited for
	 */
	void stopHandling(Duration waited) {
		if (this.drained.isDone()) {
			return;
		}
		this.dispatcher.gate().close();
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
		this.drained.complete(null);
	}

	/**
	 * Closes the connection with 1001 once {@link #drain() its handlers} are done.
	 * @return completes when the connection is closed and its last handler was called; if
	 * one of its handlers stops it, without the calls behind it, which wait for it
	 */
	CompletableFuture<Void> close() {
		CompletableFuture<Void> closed = new CompletableFuture<>();
		if (this.stoppedByHandler) {
			this.tracker.whenClosed(() -> closed.complete(null));
		}
		this.drained.thenCompose((idle) -> this.connection.close(CloseStatus.GOING_AWAY))
			.whenComplete((done, error) -> {
				logRefused();
				closed.complete(null);
			});
		return closed;
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
