package dev.wsclient.spring;

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
 */
class WsLifecycle implements SmartLifecycle {

	private static final Logger logger = LoggerFactory.getLogger(WsLifecycle.class);

	private final DefaultWsConnections connections;

	private final DispatchExecutor executor;

	private volatile boolean running;

	WsLifecycle(DefaultWsConnections connections, DispatchExecutor executor) {
		this.connections = connections;
		this.executor = executor;
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

	@Override
	public void stop() {
		stop(() -> {
		});
	}

	/**
	 * Closes the connections with 1001 and returns at once; the callback is called when
	 * they are closed and their last handlers have returned. How long that may take is
	 * the matter of {@code spring.lifecycle.timeout-per-shutdown-phase}.
	 */
	@Override
	public void stop(Runnable callback) {
		this.executor.stopping();
		this.running = false;
		this.connections.stop().whenComplete((closed, error) -> {
			if (error != null) {
				logger.warn("WebSocket connections could not be closed", error);
			}
			callback.run();
		});
	}

	@Override
	public boolean isRunning() {
		return this.running;
	}

}
