package dev.wsclient.spring.properties;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Reconnecting.
 *
 * @since 0.1.0
 */
public class ReconnectProperties {

	/**
	 * Whether to reconnect by itself.
	 */
	private @Nullable Boolean enabled;

	/**
	 * Upper bound of the first delay. In milliseconds if no unit is given.
	 */
	private @Nullable Duration initialDelay;

	/**
	 * Upper bound of all delays, at least the initial delay. In milliseconds if no unit
	 * is given.
	 */
	private @Nullable Duration maxDelay;

	/**
	 * Factor from one upper bound to the next, at least 1.
	 */
	private @Nullable Double multiplier;

	/**
	 * Part of a delay that is random, 0 to 1.
	 */
	private @Nullable Double jitter;

	/**
	 * Number of attempts in a row after which to give up. Unlimited if not set.
	 */
	private @Nullable Integer maxAttempts;

	/**
	 * Time without a stable session after which to give up. Unlimited if not set. In
	 * milliseconds if no unit is given.
	 */
	private @Nullable Duration maxElapsed;

	/**
	 * Time a session must last to count as stable, which sets the delay back to the
	 * initial one. In milliseconds if no unit is given.
	 */
	private @Nullable Duration resetAfter;

	/**
	 * Longest wait that a server may ask for by the header Retry-After. In milliseconds
	 * if no unit is given.
	 */
	private @Nullable Duration maxRetryAfter;

	/**
	 * Upper bound of the delay after the server or a proxy refused this client: HTTP
	 * status 4xx, or a close code such as 1008 right after the opening. Doubled with each
	 * further refusal. In milliseconds if no unit is given.
	 */
	private @Nullable Duration refusedDelay;

	/**
	 * Upper bound of all delays after refusals, at least the refused delay. In
	 * milliseconds if no unit is given.
	 */
	private @Nullable Duration refusedMaxDelay;

	/**
	 * HTTP statuses of answers and close codes of servers after which no attempt follows
	 * by itself.
	 */
	private @Nullable List<Integer> stopOn;

	public @Nullable Boolean getEnabled() {
		return this.enabled;
	}

	public void setEnabled(@Nullable Boolean enabled) {
		this.enabled = enabled;
	}

	public @Nullable Duration getInitialDelay() {
		return this.initialDelay;
	}

	public void setInitialDelay(@Nullable Duration initialDelay) {
		this.initialDelay = initialDelay;
	}

	public @Nullable Duration getMaxDelay() {
		return this.maxDelay;
	}

	public void setMaxDelay(@Nullable Duration maxDelay) {
		this.maxDelay = maxDelay;
	}

	public @Nullable Double getMultiplier() {
		return this.multiplier;
	}

	public void setMultiplier(@Nullable Double multiplier) {
		this.multiplier = multiplier;
	}

	public @Nullable Double getJitter() {
		return this.jitter;
	}

	public void setJitter(@Nullable Double jitter) {
		this.jitter = jitter;
	}

	public @Nullable Integer getMaxAttempts() {
		return this.maxAttempts;
	}

	public void setMaxAttempts(@Nullable Integer maxAttempts) {
		this.maxAttempts = maxAttempts;
	}

	public @Nullable Duration getMaxElapsed() {
		return this.maxElapsed;
	}

	public void setMaxElapsed(@Nullable Duration maxElapsed) {
		this.maxElapsed = maxElapsed;
	}

	public @Nullable Duration getResetAfter() {
		return this.resetAfter;
	}

	public void setResetAfter(@Nullable Duration resetAfter) {
		this.resetAfter = resetAfter;
	}

	public @Nullable Duration getMaxRetryAfter() {
		return this.maxRetryAfter;
	}

	public void setMaxRetryAfter(@Nullable Duration maxRetryAfter) {
		this.maxRetryAfter = maxRetryAfter;
	}

	public @Nullable Duration getRefusedDelay() {
		return this.refusedDelay;
	}

	public void setRefusedDelay(@Nullable Duration refusedDelay) {
		this.refusedDelay = refusedDelay;
	}

	public @Nullable Duration getRefusedMaxDelay() {
		return this.refusedMaxDelay;
	}

	public void setRefusedMaxDelay(@Nullable Duration refusedMaxDelay) {
		this.refusedMaxDelay = refusedMaxDelay;
	}

	public @Nullable List<Integer> getStopOn() {
		return this.stopOn;
	}

	public void setStopOn(@Nullable List<Integer> stopOn) {
		this.stopOn = stopOn;
	}

}
