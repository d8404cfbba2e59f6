package dev.wsclient.internal.time;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.wsclient.internal.log.SafeLogger;

/**
 * A future that refuses to be waited for by a thread that has to complete it, where
 * waiting would never end, and that no dependent keeps from completing the others. So do
 * its dependents, but neither a future that only a caller's own code completes nor one of
 * {@link CompletableFuture#allOf}, which don't know where they come from.
 *
 * @param <T> the type of the result
 */
public class LoopFuture<T> extends CompletableFuture<T> {

	private static final Logger logger = SafeLogger.of(LoopFuture.class);

	private final WaitRule waitRule;

	/**
	 * Creates a future.
	 * @param waitRule knows who must not wait for it
	 */
	public LoopFuture(WaitRule waitRule) {
		this.waitRule = waitRule;
	}

	@Override
	public <U> CompletableFuture<U> newIncompleteFuture() {
		return new LoopFuture<>(this.waitRule);
	}

	@Override
	public boolean complete(@Nullable T value) {
		try {
			return super.complete(value);
		}
		catch (Throwable ex) {
			return completeOthers(ex);
		}
	}

	@Override
	public boolean completeExceptionally(Throwable error) {
		try {
			return super.completeExceptionally(error);
		}
		catch (Throwable ex) {
			return completeOthers(ex);
		}
	}

	/**
	 * A dependent threw what the JDK can't keep for its stage, such as an exception whose
	 * text can't be had: that stage is lost, the others behind it are not.
	 */
	private boolean completeOthers(Throwable thrown) {
		Throwable last = thrown;
		// Without memory or stack the next would fare no better
		while (last != null && !(last instanceof VirtualMachineError)) {
			logger.error("A dependent of a stage threw an exception that can't be passed on; "
					+ "what depends on the dependent never completes", last);
			last = null;
			try {
				// It has its result, so this only goes on with the dependents
				super.completeExceptionally(thrown);
			}
			catch (Throwable ex) {
				last = ex;
			}
		}
		return true;
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
		String objection = isDone() ? null : this.waitRule.objection();
		if (objection != null) {
			throw new IllegalStateException(objection);
		}
	}

}
