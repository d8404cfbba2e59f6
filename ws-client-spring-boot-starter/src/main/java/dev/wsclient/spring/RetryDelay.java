package dev.wsclient.spring;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Waits before retries of handlers, and no longer when the connection is stopped.
 */
class RetryDelay {

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	/** Guarded by the lock. */
	private boolean stopped;

	/**
	 * Waits in the calling thread.
	 * @param millis for how long
	 * @return whether the time is over; {@code false} if the connection is stopped or the
	 * thread interrupted, so that the next call is the last
	 */
	boolean await(long millis) {
		this.lock.lock();
		try {
			long left = TimeUnit.MILLISECONDS.toNanos(millis);
			while (!this.stopped && left > 0) {
				left = this.changed.awaitNanos(left);
			}
			return !this.stopped;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return false;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Ends all waits, and makes further ones end at once.
	 */
	void stop() {
		set(true);
	}

	/**
	 * Allows to wait again.
	 */
	void start() {
		set(false);
	}

	private void set(boolean stopped) {
		this.lock.lock();
		try {
			this.stopped = stopped;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

}
