package dev.wsclient.spring.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.wsclient.options.PingMode;

/**
 * Keep-alive pings.
 *
 * @since 0.1.0
 */
public class PingProperties {

	/**
	 * When pings are sent: after the interval without a sign of life, or each interval
	 * whatever arrives.
	 */
	private @Nullable PingMode mode;

	/**
	 * Time without a sign of life after which a ping is sent, or between two pings if the
	 * mode is always. Zero turns pings off. In milliseconds if no unit is given.
	 */
	private @Nullable Duration interval;

	/**
	 * Time allowed for a sign of life after a ping; when it passes the session is ended.
	 * In milliseconds if no unit is given.
	 */
	private @Nullable Duration timeout;

	/**
	 * Number of pings in a row that may go unanswered before the session is ended.
	 */
	private @Nullable Integer misses;

	public @Nullable PingMode getMode() {
		return this.mode;
	}

	public void setMode(@Nullable PingMode mode) {
		this.mode = mode;
	}

	public @Nullable Duration getInterval() {
		return this.interval;
	}

	public void setInterval(@Nullable Duration interval) {
		this.interval = interval;
	}

	public @Nullable Duration getTimeout() {
		return this.timeout;
	}

	public void setTimeout(@Nullable Duration timeout) {
		this.timeout = timeout;
	}

	public @Nullable Integer getMisses() {
		return this.misses;
	}

	public void setMisses(@Nullable Integer misses) {
		this.misses = misses;
	}

}
