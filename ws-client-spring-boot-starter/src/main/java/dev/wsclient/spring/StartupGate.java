package dev.wsclient.spring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.WsSnapshot;

/**
 * Keeps the application from starting without a connection that it needs. The times of
 * all connections run from when this is made.
 */
class StartupGate {

	private final long begin = System.nanoTime();

	/**
	 * Waits for a connection to open, if its settings say so.
	 * @param managed the connection, connecting
	 * @throws WsStartupException if it does not open in time, or was closed for good
	 */
	void await(ManagedConnection managed) {
		Duration timeout = managed.settings().startup().failFastAfter();
		if (timeout == null) {
			return;
		}
		WsConnection connection = managed.connection();
		CompletableFuture<WsConnection> open = connection.whenOpen().toCompletableFuture();
		long left = timeout.toNanos() - (System.nanoTime() - this.begin);
		try {
			open.get(Math.max(0, left), TimeUnit.NANOSECONDS);
		}
		catch (TimeoutException ex) {
			throw failure(connection, "did not open within " + timeout.toMillis() + " ms", null);
		}
		catch (ExecutionException ex) {
			throw failure(connection, "was closed for good", ex.getCause());
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw failure(connection, "did not open before the start was interrupted", null);
		}
	}

	private static WsStartupException failure(WsConnection connection, String what, @Nullable Throwable cause) {
		WsSnapshot snapshot = connection.snapshot();
		return new WsStartupException("The WebSocket connection 'ws.clients." + connection.name() + "' " + what
				+ ", and the application is not to start without it (startup.fail-fast). Its state is "
				+ snapshot.state() + "; last error: " + ((snapshot.lastError() != null) ? snapshot.lastError() : "none")
				+ ".", cause);
	}

}
