package dev.wsclient.spring.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What follows when a handler method of messages or of the opening fails.
 *
 * @since 0.1.0
 */
public class HandlerErrorsProperties {

	/**
	 * What follows when a handler method of messages or of the opening fails.
	 */
	private @Nullable ErrorStrategy strategy;

	/**
	 * How often the method is called again if the strategy is retry.
	 */
	private @Nullable Integer maxRetries;

	/**
	 * Time to wait before the first retry. In milliseconds if no unit is given.
	 */
	private @Nullable Duration delay;

	/**
	 * Factor by which the delay grows with each retry.
	 */
	private @Nullable Double multiplier;

	/**
	 * Longest time to wait before a retry. In milliseconds if no unit is given.
	 */
	private @Nullable Duration maxDelay;

	/**
	 * Name of the bean of type WsHandlerRecoverer that is called after the last retry.
	 * Not needed if there is only one.
	 */
	private @Nullable String recoverer;

	public @Nullable ErrorStrategy getStrategy() {
		return this.strategy;
	}

	public void setStrategy(@Nullable ErrorStrategy strategy) {
		this.strategy = strategy;
	}

	public @Nullable Integer getMaxRetries() {
		return this.maxRetries;
	}

	public void setMaxRetries(@Nullable Integer maxRetries) {
		this.maxRetries = maxRetries;
	}

	public @Nullable Duration getDelay() {
		return this.delay;
	}

	public void setDelay(@Nullable Duration delay) {
		this.delay = delay;
	}

	public @Nullable Double getMultiplier() {
		return this.multiplier;
	}

	public void setMultiplier(@Nullable Double multiplier) {
		this.multiplier = multiplier;
	}

	public @Nullable Duration getMaxDelay() {
		return this.maxDelay;
	}

	public void setMaxDelay(@Nullable Duration maxDelay) {
		this.maxDelay = maxDelay;
	}

	public @Nullable String getRecoverer() {
		return this.recoverer;
	}

	public void setRecoverer(@Nullable String recoverer) {
		this.recoverer = recoverer;
	}

}
