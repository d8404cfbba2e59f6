package dev.wsclient.options;

import java.time.Duration;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import dev.wsclient.exception.WsException;

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
 * @param maxRetryAfter the longest wait that a server may ask for: by the header
 * {@code Retry-After} of an answer 429 or 503, in seconds or as a date; default 5 minutes
 * @param retryDecision decides what is tried again, or {@code null} for the default:
 * everything that may heal, so all but the received close codes 1002, 1003, 1007, 1008,
 * 1009 and 1010, and the HTTP status 4xx other than 408, 421, 425 and 429
 * @since 0.1.0
 */
public record Reconnect(Duration initialDelay, Duration maxDelay, double multiplier, double jitter,
		@Nullable Integer maxAttempts, @Nullable Duration maxElapsed, Duration resetAfter, Duration maxRetryAfter,
		@Nullable RetryDecision retryDecision) {

	private static final Reconnect DEFAULTS = new Reconnect(Duration.ofSeconds(1), Duration.ofSeconds(30), 2, 1, null,
			null, Duration.ofSeconds(10), Duration.ofMinutes(5), null);

	/**
	 * Creates a policy.
	 * @throws IllegalArgumentException if a value is out of its range
	 */
	public Reconnect {
		Durations.requirePositive(initialDelay, "reconnect initialDelay");
		Durations.requirePositive(maxDelay, "reconnect maxDelay");
		Durations.requireNotNegative(resetAfter, "reconnect resetAfter");
		Durations.requireNotNegative(maxRetryAfter, "reconnect maxRetryAfter");
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
				DEFAULTS.resetAfter, DEFAULTS.maxRetryAfter, null);
	}

	/**
	 * Returns this policy with another multiplier.
	 * @param multiplier the factor from one ceiling to the next, at least 1
	 * @return the policy
	 */
	public Reconnect withMultiplier(double multiplier) {
		return new Reconnect(this.initialDelay, this.maxDelay, multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter, this.maxRetryAfter, this.retryDecision);
	}

	/**
	 * Returns this policy with another jitter.
	 * @param jitter the part of a delay that is random, 0 to 1
	 * @return the policy
	 */
	public Reconnect withJitter(double jitter) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter, this.maxRetryAfter, this.retryDecision);
	}

	/**
	 * Returns this policy with another bound of attempts.
	 * @param maxAttempts after how many attempts in a row to give up, or {@code null} for
	 * never
	 * @return the policy
	 */
	public Reconnect withMaxAttempts(@Nullable Integer maxAttempts) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, maxAttempts,
				this.maxElapsed, this.resetAfter, this.maxRetryAfter, this.retryDecision);
	}

	/**
	 * Returns this policy with another bound of time.
	 * @param maxElapsed after how much time without a stable session to give up, or
	 * {@code null} for never
	 * @return the policy
	 */
	public Reconnect withMaxElapsed(@Nullable Duration maxElapsed) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				maxElapsed, this.resetAfter, this.maxRetryAfter, this.retryDecision);
	}

	/**
	 * Returns this policy with another time of stability.
	 * @param resetAfter how long a session must last to count as stable
	 * @return the policy
	 */
	public Reconnect withResetAfter(Duration resetAfter) {
		Objects.requireNonNull(resetAfter, "resetAfter");
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, resetAfter, this.maxRetryAfter, this.retryDecision);
	}

	/**
	 * Returns this policy with another bound of what servers may ask for.
	 * @param maxRetryAfter the longest wait that a server may ask for
	 * @return the policy
	 */
	public Reconnect withMaxRetryAfter(Duration maxRetryAfter) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter, maxRetryAfter, this.retryDecision);
	}

	/**
	 * Returns this policy with another decision about what is tried again. The bounds of
	 * attempts and time hold as before.
	 * @param retryDecision the decision, or {@code null} for the default
	 * @return the policy
	 */
	public Reconnect withRetryDecision(@Nullable RetryDecision retryDecision) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter, this.maxRetryAfter, retryDecision);
	}

	/**
	 * Decides whether another attempt follows the end of a session or attempt that the
	 * user did not ask for.
	 */
	@FunctionalInterface
	public interface RetryDecision {

		/**
		 * Decides. Called on the connection's event loop, must not block. If it throws,
		 * the default holds.
		 * @param cause why the session or attempt ended:
		 * {@link dev.wsclient.exception.WsClosedException} with the status if the server
		 * closed, {@link dev.wsclient.exception.WsHandshakeException} with the HTTP
		 * status if it refused, {@link dev.wsclient.exception.WsConnectException} with
		 * the network's or TLS's error, {@link dev.wsclient.exception.WsTimeoutException}
		 * or {@link dev.wsclient.exception.WsProtocolException}
		 * @param byDefault what the default is
		 * @return whether to try again
		 */
		boolean shouldRetry(WsException cause, boolean byDefault);

	}

}
