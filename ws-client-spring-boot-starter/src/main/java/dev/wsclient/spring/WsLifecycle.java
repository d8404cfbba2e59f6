package dev.wsclient.spring;

import java.time.Duration;
import java.util.Collection;
import java.util.concurrent.CompletableFuture;

import org.springframework.context.SmartLifecycle;

import dev.wsclient.WsClient;

/**
 * Opens the connections when everything else has started, an embedded web server
 * included, and ends the handling of messages before anything else stops.
 * {@link WsCloseLifecycle} closes the connections later.
 * <p>
 * The phase is the last there is. A {@code ThreadPoolTaskExecutor} shares it, and is
 * stopped after this bean because this bean depends on it: it waits for running tasks, so
 * the connections must not keep it busy.
 * <p>
 * A stop keeps within the time that the context gives a phase: handlers that still run
 * then are interrupted, and messages that still wait are dropped.
 */
class WsLifecycle implements SmartLifecycle {

	private final WsClient client;

	private final ConnectionRegistry connections;

	private final DispatchExecutor executor;

	private final StopPhase phase;

	private volatile boolean running;

	/**
	 * Creates the life cycle of connections.
	 * @param client opens no session once the stop has begun
	 * @param connections the connections
	 * @param executor calls their handlers
	 * @param timeout how long the context waits for a phase to stop
	 */
	WsLifecycle(WsClient client, ConnectionRegistry connections, DispatchExecutor executor, Duration timeout) {
		this.client = client;
		this.connections = connections;
		this.executor = executor;
		this.phase = new StopPhase(executor, timeout);
	}

	@Override
	public int getPhase() {
		return SmartLifecycle.DEFAULT_PHASE;
	}

	@Override
	public void start() {
		this.client.resume();
		this.executor.starting();
		this.running = true;
		this.connections.start();
	}

	/**
	 * As {@link #stop(Runnable)}, but waits for the end.
	 */
	@Override
	public void stop() {
		StopPhase.stopAndWait(this::stop);
	}

	/**
	 * Lets no connection come back from now on and hands out no message that arrives from
	 * now on.
	 * @param callback called when the messages received before were handled, or the time
	 * is up; at once on an event loop, which would otherwise wait for itself
	 */
	@Override
	public void stop(Runnable callback) {
		this.client.suspend();
		this.executor.stopping();
		this.connections.stopping();
		this.running = false;
		Collection<ManagedConnection> connections = this.connections.managed().values();
		CompletableFuture<Void> drained = CompletableFuture
			.allOf(connections.stream().map(ManagedConnection::drain).toArray(CompletableFuture<?>[]::new));
		boolean onEventLoop = connections.stream().anyMatch((connection) -> connection.tracker().isOnEventLoop());
		this.phase.await(drained, onEventLoop,
				() -> connections.forEach((connection) -> connection.stopHandling(this.phase.timeout())), callback);
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
