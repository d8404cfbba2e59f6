package dev.wsclient.spring;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;

import dev.wsclient.spring.properties.ErrorStrategy;

/**
 * What follows when a handler method of a connection fails.
 *
 * @param strategy the strategy
 * @param maxRetries how often the method is called again
 * @param delay how long to wait before the first retry
 * @param multiplier by what the delay grows
 * @param maxDelay the longest delay
 * @param recoverer the name of the bean that recovers, or {@code null} for the only one
 */
record FailureSettings(ErrorStrategy strategy, int maxRetries, Duration delay, double multiplier, Duration maxDelay,
		@Nullable String recoverer) {

	static final FailureSettings DEFAULTS = new FailureSettings(ErrorStrategy.LOG, 3, Duration.ofSeconds(1), 2,
			Duration.ofSeconds(10), null);

	/** Bounds how long a message may hold up those behind it. */
	private static final int MAX_RETRIES = 1000;

	FailureSettings {
		if (maxRetries < 0 || maxRetries > MAX_RETRIES) {
			throw new IllegalArgumentException("it must be in 0 to " + MAX_RETRIES + ", was " + maxRetries);
		}
		requirePositive(delay);
		requirePositive(maxDelay);
		if (!(multiplier >= 1)) {
			throw new IllegalArgumentException("it must be 1 or more, was " + multiplier);
		}
	}

	private static void requirePositive(Duration duration) {
		if (duration.toMillis() < 1 || duration.compareTo(Duration.ofDays(1)) > 0) {
			throw new IllegalArgumentException("it must be in 1 millisecond to 1 day, was " + duration);
		}
	}

	FailureSettings withStrategy(ErrorStrategy strategy) {
		return new FailureSettings(strategy, this.maxRetries, this.delay, this.multiplier, this.maxDelay,
				this.recoverer);
	}

	FailureSettings withMaxRetries(int maxRetries) {
		return new FailureSettings(this.strategy, maxRetries, this.delay, this.multiplier, this.maxDelay,
				this.recoverer);
	}

	FailureSettings withDelay(Duration delay) {
		return new FailureSettings(this.strategy, this.maxRetries, delay, this.multiplier, this.maxDelay,
				this.recoverer);
	}

	FailureSettings withMultiplier(double multiplier) {
		return new FailureSettings(this.strategy, this.maxRetries, this.delay, multiplier, this.maxDelay,
				this.recoverer);
	}

	FailureSettings withMaxDelay(Duration maxDelay) {
		return new FailureSettings(this.strategy, this.maxRetries, this.delay, this.multiplier, maxDelay,
				this.recoverer);
	}

	FailureSettings withRecoverer(String recoverer) {
		return new FailureSettings(this.strategy, this.maxRetries, this.delay, this.multiplier, this.maxDelay,
				Objects.requireNonNull(recoverer));
	}

	/**
	 * Makes the policy of retries. A payload that can't be converted or is not valid
	 * stays what it is, so it is not tried again.
	 * @return the policy
	 */
	RetryPolicy retryPolicy() {
		Duration longest = (this.maxDelay.compareTo(this.delay) < 0) ? this.delay : this.maxDelay;
		return RetryPolicy.builder()
			.maxRetries(this.maxRetries)
			.delay(this.delay)
			.multiplier(this.multiplier)
			.maxDelay(longest)
			.includes(Exception.class)
			.excludes(InterruptedException.class, WsMessageConversionException.class,
					WsMessageValidationException.class)
			.build();
	}

}
