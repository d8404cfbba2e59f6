package dev.wsclient.spring;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bounds what connections do in one phase of the application's stop.
 */
class StopPhase {

	private static final Logger logger = LoggerFactory.getLogger(StopPhase.class);

	private final DispatchExecutor executor;

	private final Duration timeout;

	/**
	 * Creates a phase.
	 * @param executor starts the thread that waits
	 * @param contextTimeout how long the context waits for a phase
	 */
	StopPhase(DispatchExecutor executor, Duration contextTimeout) {
		this.executor = executor;
		// The rest is for the context to notice that the phase is over
		this.timeout = contextTimeout.multipliedBy(9).dividedBy(10);
	}

	Duration timeout() {
		return this.timeout;
	}

	/**
	 * Stops and waits for the end.
	 * @param stop stops, and calls what it is given at the end
	 */
	static void stopAndWait(Consumer<Runnable> stop) {
		CountDownLatch stopped = new CountDownLatch(1);
		stop.accept(stopped::countDown);
		try {
			stopped.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Waits for the end on a thread of its own.
	 * @param done completes at the end
	 * @param onEventLoop whether the caller is an event loop, which would wait for
	 * itself: then the phase is over at once
	 * @param late called when the time is up
	 * @param callback called when the phase is over
	 */
	void await(CompletableFuture<Void> done, boolean onEventLoop, Runnable late, Runnable callback) {
		if (onEventLoop || done.isDone()) {
			callback.run();
			return;
		}
		this.executor.executeOnOwnThread(() -> {
			if (!isDoneInTime(done)) {
				late.run();
			}
			callback.run();
		});
	}

	private boolean isDoneInTime(CompletableFuture<Void> done) {
		try {
			done.get(this.timeout.toMillis(), TimeUnit.MILLISECONDS);
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

}
