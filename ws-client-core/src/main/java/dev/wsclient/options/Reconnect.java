package dev.wsclient.options;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * When a connection tries again by itself: exponential backoff with jitter, also for the
 * first attempt.
 * <p>
 * The delay before attempt <i>n</i> is drawn from
 * {@code [ceiling * (1 - jitter), ceiling]}, where the ceiling is
 * {@code initialDelay * multiplier^(n-1)}, at most {@code maxDelay}. With the default
 * jitter of 1 that is "full jitter".
 *
 * @param initialDelay the first ceiling, more than zero; default 1 second
 * @param maxDelay the highest ceiling, at least the initial delay; default 30 seconds
 * @param multiplier the factor from one ceiling to the next, at least 1; default 2
 * @param jitter the part of a delay that is random, 0 to 1; default 1
 * @param maxAttempts after how many attempts in a row to give up, at least 0, or
 * {@code null} for never; 0 turns reconnecting off; default {@code null}
 * @param maxElapsed after how much time without a stable session to give up, or
 * {@code null} for never; default {@code null}
 * @param resetAfter how long a session must last to count as stable, which sets the
 * attempts back to none; default 10 seconds
 * @since 0.1.0
 */
public record Reconnect(Duration initialDelay, Duration maxDelay, double multiplier, double jitter,
		@Nullable Integer maxAttempts, @Nullable Duration maxElapsed, Duration resetAfter) {

	private static final Reconnect DEFAULTS = new Reconnect(Duration.ofSeconds(1), Duration.ofSeconds(30), 2, 1, null,
			null, Duration.ofSeconds(10));

	/**
	 * Creates a policy.
	 * @throws IllegalArgumentException if a value is out of its range
	 */
	public Reconnect {
		Durations.requirePositive(initialDelay, "reconnect initialDelay");
		Durations.requirePositive(maxDelay, "reconnect maxDelay");
		Durations.requireNotNegative(resetAfter, "reconnect resetAfter");
		require(maxDelay.compareTo(initialDelay) >= 0,
				"reconnect maxDelay must be at least the initialDelay of " + initialDelay + ", was " + maxDelay);
		require(multiplier >= 1 && multiplier <= 100, "reconnect multiplier must be in 1 to 100, was " + multiplier);
		require(jitter >= 0 && jitter <= 1, "reconnect jitter must be in 0 to 1, was " + jitter);
		require(maxAttempts == null || maxAttempts >= 0, "reconnect maxAttempts must be 0 or more, was " + maxAttempts);
		if (maxElapsed != null) {
			Durations.requirePositive(maxElapsed, "reconnect maxElapsed");
		}
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	/**
	 * Returns the default policy: 1 s, doubled up to 30 s, full jitter, for ever.
	 * @return the policy
	 */
	public static Reconnect defaults() {
		return DEFAULTS;
	}

	/**
	 * Returns a policy that never tries again.
	 * @return the policy
	 */
	public static Reconnect never() {
		return DEFAULTS.withMaxAttempts(0);
	}

	/**
	 * Returns the default policy with other delays.
	 * @param initialDelay the first ceiling, more than zero
	 * @param maxDelay the highest ceiling, at least the initial delay
	 * @return the policy
	 * @throws IllegalArgumentException if a delay is out of its range
	 */
	public static Reconnect exponential(Duration initialDelay, Duration maxDelay) {
		return new Reconnect(initialDelay, maxDelay, DEFAULTS.multiplier, DEFAULTS.jitter, null, null,
				DEFAULTS.resetAfter);
	}

	/**
	 * Returns this policy with another multiplier.
	 * @param multiplier the factor from one ceiling to the next, at least 1
	 * @return the policy
	 */
	public Reconnect withMultiplier(double multiplier) {
		return new Reconnect(this.initialDelay, this.maxDelay, multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter);
	}

	/**
	 * Returns this policy with another jitter.
	 * @param jitter the part of a delay that is random, 0 to 1
	 * @return the policy
	 */
	public Reconnect withJitter(double jitter) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter);
	}

	/**
	 * Returns this policy with another bound of attempts.
	 * @param maxAttempts after how many attempts in a row to give up, or {@code null} for
	 * never
	 * @return the policy
	 */
	public Reconnect withMaxAttempts(@Nullable Integer maxAttempts) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, maxAttempts,
				this.maxElapsed, this.resetAfter);
	}

	/**
	 * Returns this policy with another bound of time.
	 * @param maxElapsed after how much time without a stable session to give up, or
	 * {@code null} for never
	 * @return the policy
	 */
	public Reconnect withMaxElapsed(@Nullable Duration maxElapsed) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				maxElapsed, this.resetAfter);
	}

	/**
	 * Returns this policy with another time of stability.
	 * @param resetAfter how long a session must last to count as stable
	 * @return the policy
	 */
	public Reconnect withResetAfter(Duration resetAfter) {
		Objects.requireNonNull(resetAfter, "resetAfter");
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, resetAfter);
	}

}
