package dev.wsclient.internal.lifecycle;

import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;

/**
 * Brings what users ask of the life cycle from any thread to the event loop, in order. A
 * call that repeats the newest one which still waits would change nothing and is left
 * out, so that a thread that calls again and again does not fill the loop's queue.
 */
final class UserWishes {

	private final Scheduler scheduler;

	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * The newest wish if it still waits. Guarded by the lock.
	 */
	private @Nullable Object newest;

	UserWishes(Scheduler scheduler) {
		this.scheduler = scheduler;
	}

	/**
	 * Runs a task on the event loop, unless that was shut down.
	 * @param wish equal to another one if both ask for the same
	 * @return whether the task will run, or one that was asked for before
	 */
	boolean tryExecute(Object wish, Runnable task) {
		this.lock.lock();
		try {
			if (wish.equals(this.newest)) {
				return true;
			}
			// Within the lock, so that the newest is the last in the loop's queue
			this.newest = wish;
			boolean accepted = this.scheduler.tryExecute(() -> {
				onTurn(wish);
				task.run();
			});
			if (!accepted) {
				this.newest = null;
			}
			return accepted;
		}
		finally {
			this.lock.unlock();
		}
	}

	private void onTurn(Object wish) {
		this.lock.lock();
		try {
			if (this.newest == wish) {
				this.newest = null;
			}
		}
		finally {
			this.lock.unlock();
		}
	}

}
