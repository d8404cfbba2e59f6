package dev.wsclient.spring.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Health.
 *
 * @since 0.1.0
 */
public class HealthProperties {

	/**
	 * Whether the connection can pull the health of the application down.
	 */
	private @Nullable Boolean required;

	/**
	 * Time without an open session after which the connection is down. In milliseconds if
	 * no unit is given.
	 */
	private @Nullable Duration downAfter;

	/**
	 * Time without a received message after which an open connection is down. Unlimited
	 * if not set. In milliseconds if no unit is given.
	 */
	private @Nullable Duration staleAfter;

	public @Nullable Boolean getRequired() {
		return this.required;
	}

	public void setRequired(@Nullable Boolean required) {
		this.required = required;
	}

	public @Nullable Duration getDownAfter() {
		return this.downAfter;
	}

	public void setDownAfter(@Nullable Duration downAfter) {
		this.downAfter = downAfter;
	}

	public @Nullable Duration getStaleAfter() {
		return this.staleAfter;
	}

	public void setStaleAfter(@Nullable Duration staleAfter) {
		this.staleAfter = staleAfter;
	}

}
