package dev.wsclient.options;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Options of the TCP socket. The three of keep-alive are for platforms that know them;
 * where they are unknown they are left out, and the log says so once.
 *
 * @param noDelay whether small packets are sent at once; default {@code true}
 * @param keepAlive whether the system probes an idle connection; default {@code true}
 * @param keepAliveIdle how long a connection is idle before the first probe, or
 * {@code null} for the system's default
 * @param keepAliveInterval the time between probes, or {@code null} for the system's
 * default
 * @param keepAliveCount after how many unanswered probes the connection is broken, or
 * {@code null} for the system's default
 * @since 0.1.0
 */
public record WsTcp(boolean noDelay, boolean keepAlive, @Nullable Duration keepAliveIdle,
		@Nullable Duration keepAliveInterval, @Nullable Integer keepAliveCount) {

	/**
	 * What Linux takes.
	 */
	private static final Duration MAX_TIME = Duration.ofSeconds(32_767);

	private static final int MAX_COUNT = 127;

	private static final WsTcp DEFAULTS = new WsTcp(true, true, null, null, null);

	/**
	 * Creates a value.
	 * @throws IllegalArgumentException if a value is out of its range, or times are given
	 * without keep-alive
	 */
	public WsTcp {
		requireTime(keepAliveIdle, "tcp keepAliveIdle");
		requireTime(keepAliveInterval, "tcp keepAliveInterval");
		require(keepAliveCount == null || (keepAliveCount >= 1 && keepAliveCount <= MAX_COUNT),
				"tcp keepAliveCount must be in 1 to 127, was " + keepAliveCount);
		require(keepAlive || (keepAliveIdle == null && keepAliveInterval == null && keepAliveCount == null),
				"tcp keepAliveIdle, keepAliveInterval and keepAliveCount need keepAlive");
	}

	private static void requireTime(@Nullable Duration time, String name) {
		require(time == null || (time.compareTo(Duration.ofSeconds(1)) >= 0 && time.compareTo(MAX_TIME) <= 0
				&& time.toNanosPart() == 0), name + " must be whole seconds in 1 to 32767, was " + time);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	/**
	 * Returns the default: no delay, keep-alive with the system's times.
	 * @return the value
	 */
	public static WsTcp defaults() {
		return DEFAULTS;
	}

	/**
	 * Returns this value, with small packets sent at once or gathered.
	 * @param noDelay whether they are sent at once
	 * @return the value
	 */
	public WsTcp withNoDelay(boolean noDelay) {
		return new WsTcp(noDelay, this.keepAlive, this.keepAliveIdle, this.keepAliveInterval, this.keepAliveCount);
	}

	/**
	 * Returns this value without keep-alive.
	 * @return the value
	 */
	public WsTcp withoutKeepAlive() {
		return new WsTcp(this.noDelay, false, null, null, null);
	}

	/**
	 * Returns this value with keep-alive of given times.
	 * @param idle how long a connection is idle before the first probe, or {@code null}
	 * @param interval the time between probes, or {@code null}
	 * @param count after how many unanswered probes the connection is broken, or
	 * {@code null}
	 * @return the value
	 */
	public WsTcp withKeepAlive(@Nullable Duration idle, @Nullable Duration interval, @Nullable Integer count) {
		return new WsTcp(this.noDelay, true, idle, interval, count);
	}

}
