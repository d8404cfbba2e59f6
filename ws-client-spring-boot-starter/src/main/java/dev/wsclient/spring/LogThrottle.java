package dev.wsclient.spring;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Lets one of many equal log lines through a minute and counts the others. Not safe for
 * use by several threads at once; a race costs a line or a count, nothing else.
 */
class LogThrottle {

	private static final long INTERVAL = Duration.ofMinutes(1).toNanos();

	private final LongSupplier nanoTime;

	private long nextAt;

	private long count;

	private boolean used;

	LogThrottle() {
		this(System::nanoTime);
	}

	LogThrottle(LongSupplier nanoTime) {
		this.nanoTime = nanoTime;
	}

	/**
	 * Counts an occurrence.
	 * @return how many there were since the last line, if one is due; otherwise 0
	 */
	long count() {
		this.count++;
		long now = this.nanoTime.getAsLong();
		if (this.used && now - this.nextAt < 0) {
			return 0;
		}
		long since = this.count;
		this.used = true;
		this.nextAt = now + INTERVAL;
		this.count = 0;
		return since;
	}

}
