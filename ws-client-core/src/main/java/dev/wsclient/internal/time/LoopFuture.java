package dev.wsclient.internal.time;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A future that is completed by an event loop and refuses to be waited for there, where
 * waiting would hang for ever.
 *
 * @param <T> the type of the result
 */
public class LoopFuture<T> extends CompletableFuture<T> {

	private final Scheduler scheduler;

	public LoopFuture(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		return new LoopFuture<>(this.scheduler);
	}

	@Override
	public T get() throws InterruptedException, ExecutionException {
		checkMayWait();
		return super.get();
	}

	@Override
	public T get(long timeout, TimeUnit unit) throws InterruptedException, ExecutionException, TimeoutException {
		checkMayWait();
		return super.get(timeout, unit);
	}

	@Override
	public T join() {
		checkMayWait();
		return super.join();
	}

	private void checkMayWait() {
		if (!isDone() && this.scheduler.mustNotBlock()) {
			throw new IllegalStateException("Waiting on an event loop would hang it, and all its connections; "
					+ "go on in a dependent stage (thenRun, whenComplete), or give the connection an executor");
		}
	}

}
