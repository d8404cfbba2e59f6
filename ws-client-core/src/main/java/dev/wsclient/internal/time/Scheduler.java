package dev.wsclient.internal.time;

import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

/**
 * The event loop of a connection: runs tasks one at a time and in order, now or later.
 */
public interface Scheduler extends Executor, WaitRule {

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

	@Override
	default @Nullable String objection() {
		return mustNotBlock()
				? "Waiting on an event loop would hang it, and all its connections; "
						+ "go on in a dependent stage (thenRun, whenComplete), or give the connection an executor"
				: null;
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
	 * Runs a task on the event loop after a delay.
	 * @param task the task
	 * @param delay the delay, zero or more
	 * @return takes the task back
	 */
	Timer schedule(Runnable task, Duration delay);

	/**
	 * Runs a task on the event loop after a delay, or another when the event loop is shut
	 * down before.
	 * @param task the task
	 * @param delay the delay, zero or more
	 * @param atShutdown the task that takes its place
	 * @return takes both back
	 */
	Timer schedule(Runnable task, Duration delay, Runnable atShutdown);

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
