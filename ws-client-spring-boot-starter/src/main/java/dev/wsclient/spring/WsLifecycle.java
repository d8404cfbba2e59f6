package dev.wsclient.spring;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * Opens the connections when everything else has started, an embedded web server
 * included, and closes them before anything else stops.
 * <p>
 * The phase is the last there is. A {@code ThreadPoolTaskExecutor} shares it, and is
 * stopped after this bean because this bean depends on it: it waits for running tasks, so
 * the connections must not keep it busy.
 * <p>
 * A stop keeps within the time that the context gives a phase: handlers that run get what
 * the closing handshakes can spare, then they are interrupted; a closing handshake that
 * takes too long is cut off.
 */
class WsLifecycle implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(WsLifecycle.class);

	private final ConnectionRegistry connections;

	private final DispatchExecutor executor;

	private final Duration timeout;

	private volatile boolean running;

	/**
	 * Creates the life cycle of connections.
	 * @param connections the connections
	 * @param executor calls their handlers
	 * @param timeout how long the context waits for a phase to stop
	 */
	WsLifecycle(ConnectionRegistry connections, DispatchExecutor executor, Duration timeout) {
		this.connections = connections;
		this.executor = executor;
		this.timeout = timeout;
	}

	@Override
	public int getPhase() {
		return SmartLifecycle.DEFAULT_PHASE;
	}

	@Override
	public void start() {
		this.executor.starting();
		this.running = true;
		this.connections.start();
	}

	/**
	 * As {@link #stop(Runnable)}, but waits for the end.
	 */
	@Override
	public void stop() {
		CountDownLatch stopped = new CountDownLatch(1);
		stop(stopped::countDown);
		try {
			stopped.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Stops handing out messages and returns; when the handlers that run are done the
	 * connections are closed with 1001.
	 * @param callback called when all that is over, or the time is; at once on an event
	 * loop, which would otherwise wait for itself
	 */
	@Override
	public void stop(Runnable callback) {
		this.executor.stopping();
		this.connections.stopping();
		this.running = false;
		Collection<ManagedConnection> connections = this.connections.managed().values();
		CompletableFuture<Void> stopped = CompletableFuture
			.allOf(connections.stream().map(ManagedConnection::stop).toArray(CompletableFuture<?>[]::new));
		boolean onEventLoop = connections.stream().anyMatch((connection) -> connection.tracker().isOnEventLoop());
		if (onEventLoop || stopped.isDone()) {
			callback.run();
		}
		else {
			this.executor.executeOnOwnThread(() -> {
				awaitStop(connections, stopped);
				callback.run();
			});
		}
	}

	private void awaitStop(Collection<ManagedConnection> connections, CompletableFuture<Void> stopped) {
		// What is left is for the context to notice that all is over
		Duration all = this.timeout.multipliedBy(9).dividedBy(10);
		Duration closing = connections.stream()
			.map((connection) -> connection.settings().closeTimeout())
			.filter((closeTimeout) -> closeTimeout.compareTo(all.dividedBy(2)) < 0)
			.max(Duration::compareTo)
			.orElse(all.dividedBy(2));
		Duration handling = all.minus(closing);
		if (!await(stopped, handling)) {
			connections.forEach((connection) -> connection.stopNow(handling));
			if (!await(stopped, closing)) {
				connections.forEach(ManagedConnection::abort);
			}
		}
	}

	/**
	 * Waits for a stop.
	 * @return whether it is over
	 */
	private static boolean await(CompletableFuture<Void> stopped, Duration timeout) {
		try {
			stopped.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
			return true;
		}
		catch (TimeoutException ex) {
			return false;
		}
		catch (ExecutionException ex) {
			logger.warn("WebSocket connections could not be closed", ex.getCause());
			return false;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
