package dev.wsclient.internal.time;

import java.time.Instant;

/**
 * Reads the clocks.
 */
public interface Ticker {

	/**
	 * Reads the clocks of the system.
	 */
	Ticker SYSTEM = new Ticker() {

		@Override
		public long nanos() {
			return System.nanoTime();
		}

		@Override
		public Instant now() {
			return Instant.now();
		}

	};

	/**
	 * Returns the monotonic clock, for durations.
	 * @return nanoseconds since an arbitrary moment
	 */
	long nanos();

	/**
	 * Returns the wall clock, for people.
	 * @return the moment
	 */
	Instant now();

}
