package dev.wsclient.spring;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

import org.springframework.context.SmartLifecycle;

/**
 * Closes the connections when the application stops: behind {@link WsLifecycle}, which
 * lets their handlers finish, and behind the graceful phase of an embedded web server, as
 * a request under way may still send.
 */
class WsCloseLifecycle implements SmartLifecycle {

	/**
	 * The phase of the graceful shutdown is {@code DEFAULT_PHASE - 1024}, and the server
	 * itself stops 1024 behind it (Spring Boot's {@code WebServerApplicationContext}).
	 */
	static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 1024 - 512;

	private final ConnectionRegistry connections;

	private final StopPhase phase;

	private volatile boolean running;

	/**
	 * Creates the life cycle.
	 * @param connections the connections
	 * @param executor calls their handlers
	 * @param timeout how long the context waits for a phase to stop
	 */
	WsCloseLifecycle(ConnectionRegistry connections, DispatchExecutor executor, Duration timeout) {
		this.connections = connections;
		this.phase = new StopPhase(executor, timeout);
	}

	@Override
	public int getPhase() {
		return PHASE;
	}

	@Override
	public void start() {
		this.running = true;
	}

	/**
	 * As {@link #stop(Runnable)}, but waits for the end.
	 */
	@Override
	public void stop() {
		StopPhase.stopAndWait(this::stop);
	}

	/**
	 * Closes the connections with 1001; a closing handshake that takes too long is cut
	 * off.
	 * @param callback called when all that is over, or the time is; at once on an event
	 * loop
	 */
	@Override
	public void stop(Runnable callback) {
		this.running = false;
		Collection<ManagedConnection> connections = this.connections.managed().values();
		CompletableFuture<Void> closed = CompletableFuture
			.allOf(connections.stream().map(ManagedConnection::close).toArray(CompletableFuture<?>[]::new));
		boolean onEventLoop = connections.stream().anyMatch((connection) -> connection.tracker().isOnEventLoop());
		this.phase.await(closed, onEventLoop, () -> connections.forEach(ManagedConnection::abort), callback);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
