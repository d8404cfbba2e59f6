package dev.wsclient.spring.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What the start of the application expects of a connection.
 *
 * @since 0.1.0
 */
public class StartupProperties {

	/**
	 * Whether the start of the application waits until the connection is open, and fails
	 * if it doesn't open.
	 */
	private @Nullable Boolean failFast;

	/**
	 * Time that the start waits for the connection to open, however many attempts that
	 * takes. In milliseconds if no unit is given.
	 */
	private @Nullable Duration timeout;

	public @Nullable Boolean getFailFast() {
		return this.failFast;
	}

	public void setFailFast(@Nullable Boolean failFast) {
		this.failFast = failFast;
	}

	public @Nullable Duration getTimeout() {
		return this.timeout;
	}

	public void setTimeout(@Nullable Duration timeout) {
		this.timeout = timeout;
	}

}
