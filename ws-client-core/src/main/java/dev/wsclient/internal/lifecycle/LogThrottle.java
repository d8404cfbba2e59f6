package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Ticker;

/**
 * Lets one log line of a kind through in a while, and counts those it holds back. Safe
 * for use by several threads.
 */
final class LogThrottle {

	private static final Duration QUIET_TIME = Duration.ofMinutes(1);

	private static final int NONE_YET = -1;

	private final Ticker ticker;

	private final ReentrantLock lock = new ReentrantLock();

	private long loggedNanos;

	/**
	 * How many lines were held back since the newest.
	 */
	private int held = NONE_YET;

	LogThrottle(Ticker ticker) {
		this.ticker = ticker;
	}

	/**
	 * Asks for a line.
	 * @return what the line is to say about those held back before it, or {@code null} if
	 * it is held back too
	 */
	@Nullable String ask() {
		long now = this.ticker.nanos();
		this.lock.lock();
		try {
			if (this.held != NONE_YET && now - this.loggedNanos < QUIET_TIME.toNanos()) {
				this.held++;
				return null;
			}
			String said = (this.held > 0) ? " (" + this.held + " more since the last line)" : "";
			this.loggedNanos = now;
			this.held = 0;
			return said;
		}
		finally {
			this.lock.unlock();
		}
	}

}
