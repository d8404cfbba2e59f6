package dev.wsclient.spring;

import java.util.concurrent.Executor;
import java.util.function.BiConsumer;

import org.jspecify.annotations.Nullable;

/**
 * Calls an executor that is not ours, which may block in {@code execute}, run the task
 * itself, or throw: on one thread of our own, so that none of this happens on an event
 * loop or within a call of a handler. A task that the executor would run on that thread
 * is taken for refused, since the tasks behind it wait.
 */
class HandOff implements Executor {

	private final Executor target;

	private final Executor thread;

	private final BiConsumer<Runnable, @Nullable Throwable> refused;

	/** The thread while it calls the target. */
	private volatile @Nullable Thread caller;

	/**
	 * Creates a hand-off.
	 * @param target the executor
	 * @param thread runs one task at a time, and never blocks nor refuses
	 * @param refused given each task that the target did not take, with what it threw, or
	 * {@code null} if it would have run the task in the calling thread
	 */
	HandOff(Executor target, Executor thread, BiConsumer<Runnable, @Nullable Throwable> refused) {
		this.target = target;
		this.thread = thread;
		this.refused = refused;
	}

	/**
	 * Hands a task over, and returns at once.
	 * @param task the task; it may be run twice if the target both takes it and throws
	 */
	@Override
	public void execute(Runnable task) {
		this.thread.execute(() -> pass(task));
	}

	private void pass(Runnable task) {
		this.caller = Thread.currentThread();
		try {
			this.target.execute(() -> {
				if (Thread.currentThread() == this.caller) {
					this.refused.accept(task, null);
				}
				else {
					task.run();
				}
			});
		}
		// An executor, its task decorator or its thread factory may throw anything
		catch (Throwable ex) {
			this.refused.accept(task, ex);
		}
		finally {
			this.caller = null;
			// A flag that the target left set would hit the next task
			Thread.interrupted();
		}
	}

}
