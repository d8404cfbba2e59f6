package dev.wsclient.internal.time;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/**
 * The event loop of a connection: runs tasks one at a time and in order, now or later.
 */
public interface Scheduler extends Executor {

	/**
	 * Whether the calling thread is the event loop.
	 * @return {@code true} on the event loop
	 */
	boolean inEventLoop();

	/**
	 * Whether the calling thread is an event loop, this one or one beside it.
	 * @return {@code true} if nothing is to be waited for
	 */
	default boolean mustNotBlock() {
		return inEventLoop();
	}

	/**
	 * Runs a task on the event loop, unless that was shut down.
	 * @param task the task
	 * @return whether the task will run
	 */
	default boolean tryExecute(Runnable task) {
		try {
			execute(task);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	/**
	 * Runs a task at once if this is called on the event loop, or else there as soon as
	 * it can, unless the event loop was shut down.
	 * @param task the task
	 * @return whether the task ran or will run
	 */
	default boolean tryRun(Runnable task) {
		if (inEventLoop()) {
			task.run();
			return true;
		}
		return tryExecute(task);
	}

	/**
	 * Runs a task on the event loop, or when that was shut down: then on another thread
	 * after the loop's last task, one at a time. So what the event loop owes to others is
	 * done in any case.
	 * @param task the task
	 */
	default void executeAlways(Runnable task) {
		if (!tryExecute(task)) {
			executeAfterShutdown(task);
		}
	}

	/**
	 * Runs a task on another thread when an event loop that was shut down has ended.
	 * @param task the task
	 */
	void executeAfterShutdown(Runnable task);

	/**
	 * Runs a task on the event loop after a delay.
	 * @param task the task
	 * @param delay the delay, zero or more
	 * @return takes the task back
	 */
	Timer schedule(Runnable task, Duration delay);

	/**
	 * A scheduled task that can be taken back.
	 */
	@FunctionalInterface
	interface Timer {

		/**
		 * Takes the task back. Called on the event loop, it will not run after that; does
		 * nothing if it ran.
		 */
		void cancel();

	}

}
