package dev.wsclient.options;

import java.time.Duration;
import java.util.Collections;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.exception.WsException;

/**
 * When a connection tries again by itself. Each end of a session or attempt that the user
 * did not ask for belongs to a {@linkplain EndClass class}:
 * <ul>
 * <li>it <em>heals</em>: exponential backoff with jitter, also for the first attempt. The
 * delay before attempt <i>n</i> is drawn from {@code [ceiling * (1 - jitter), ceiling]},
 * where the ceiling is {@code initialDelay * multiplier^(n-1)}, at most {@code maxDelay}.
 * With the default jitter of 1 that is "full jitter";
 * <li>it is <em>refused</em>, so that it looks as if this client were wrong: the slow
 * lane. The delay after refusal <i>n</i> in a row is drawn from
 * {@code [ceiling * (1 - jitter / 2), ceiling]}, where the ceiling is
 * {@code refusedDelay * 2^(n-1)}, at most {@code refusedMaxDelay};
 * <li>it is <em>stopped</em>: no attempt follows. Only the user says so, by
 * {@code stopOn} or {@code retryDecision}.
 * </ul>
 *
 * @param initialDelay the first ceiling, more than zero; default 1 second
 * @param maxDelay the highest ceiling, at least the initial delay; default 30 seconds
 * @param multiplier the factor from one ceiling to the next, 1 to 100; default 2
 * @param jitter the part of a delay that is random, 0 to 1; default 1
 * @param maxAttempts after how many attempts in a row to give up, at least 0, or
 * {@code null} for never; 0 turns reconnecting off; default {@code null}. Attempts that
 * the user asked for don't count
 * @param maxElapsed after how much time without a stable session to give up, or
 * {@code null} for never; default {@code null}. It runs from the first end that the user
 * did not ask for
 * @param resetAfter how long a session must last to count as stable, which sets the
 * attempts back to none; default 10 seconds
 * @param maxRetryAfter the longest wait that a server may ask for: by the header
 * {@code Retry-After} of an answer 429 or 503, or of a refusal, in seconds or as a date;
 * default 5 minutes
 * @param refusedDelay the ceiling after the first refusal, more than zero; default 30
 * seconds
 * @param refusedMaxDelay the highest ceiling of refusals, at least the refused delay;
 * default 10 minutes
 * @param stopOn the HTTP statuses (200 to 599) of answers and close codes (those that may
 * stand in a Close frame, and 1005 for none) of servers that stop the connection; default
 * none
 * @param retryDecision decides about the class of each end, or {@code null} for the
 * default
 * @since 0.1.0
 */
public record Reconnect(Duration initialDelay, Duration maxDelay, double multiplier, double jitter,
		@Nullable Integer maxAttempts, @Nullable Duration maxElapsed, Duration resetAfter, Duration maxRetryAfter,
		Duration refusedDelay, Duration refusedMaxDelay, Set<Integer> stopOn, @Nullable RetryDecision retryDecision) {

	private static final Reconnect DEFAULTS = new Reconnect(Duration.ofSeconds(1), Duration.ofSeconds(30), 2, 1, null,
			null, Duration.ofSeconds(10), Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(10),
			Set.of(), null);

	/**
	 * Creates a policy.
	 * @throws IllegalArgumentException if a value is out of its range
	 */
	public Reconnect {
		Durations.requirePositive(initialDelay, "reconnect initialDelay");
		Durations.requirePositive(maxDelay, "reconnect maxDelay");
		Durations.requireNotNegative(resetAfter, "reconnect resetAfter");
		Durations.requireNotNegative(maxRetryAfter, "reconnect maxRetryAfter");
		Durations.requirePositive(refusedDelay, "reconnect refusedDelay");
		Durations.requirePositive(refusedMaxDelay, "reconnect refusedMaxDelay");
		require(maxDelay.compareTo(initialDelay) >= 0,
				"reconnect maxDelay must be at least the initialDelay of " + initialDelay + ", was " + maxDelay);
		require(refusedMaxDelay.compareTo(refusedDelay) >= 0, "reconnect refusedMaxDelay must be at least the "
				+ "refusedDelay of " + refusedDelay + ", was " + refusedMaxDelay);
		require(multiplier >= 1 && multiplier <= 100, "reconnect multiplier must be in 1 to 100, was " + multiplier);
		require(jitter >= 0 && jitter <= 1, "reconnect jitter must be in 0 to 1, was " + jitter);
		require(maxAttempts == null || maxAttempts >= 0, "reconnect maxAttempts must be 0 or more, was " + maxAttempts);
		if (maxElapsed != null) {
			Durations.requirePositive(maxElapsed, "reconnect maxElapsed");
		}
		stopOn.forEach((code) -> require(isStatus(code) || isCloseCode(code),
				"reconnect stopOn must have HTTP statuses, 200 to 599, and close codes that a server can send, "
						+ "1000-1003, 1005, 1007-1014 and 3000-4999, but had " + code));
		stopOn = Collections.unmodifiableSet(new TreeSet<>(stopOn));
	}

	private static boolean isStatus(int code) {
		return code >= 200 && code <= 599;
	}

	private static boolean isCloseCode(int code) {
		return CloseStatus.isSendable(code) || code == CloseStatus.NO_STATUS.code();
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	/**
	 * Returns the default policy: 1 s, doubled up to 30 s, full jitter, for ever; 30 s,
	 * doubled up to 10 minutes, after refusals.
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
		return DEFAULTS.withDelays(initialDelay, maxDelay);
	}

	private Reconnect withDelays(Duration initialDelay, Duration maxDelay) {
		return new Reconnect(initialDelay, maxDelay, this.multiplier, this.jitter, this.maxAttempts, this.maxElapsed,
				this.resetAfter, this.maxRetryAfter, this.refusedDelay, this.refusedMaxDelay, this.stopOn,
				this.retryDecision);
	}

	/**
	 * Returns this policy with another multiplier.
	 * @param multiplier the factor from one ceiling to the next, 1 to 100
	 * @return the policy
	 * @throws IllegalArgumentException if the multiplier is out of its range
	 */
	public Reconnect withMultiplier(double multiplier) {
		return new Reconnect(this.initialDelay, this.maxDelay, multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter, this.maxRetryAfter, this.refusedDelay, this.refusedMaxDelay,
				this.stopOn, this.retryDecision);
	}

	/**
	 * Returns this policy with another jitter.
	 * @param jitter the part of a delay that is random, 0 to 1
	 * @return the policy
	 * @throws IllegalArgumentException if the jitter is out of its range
	 */
	public Reconnect withJitter(double jitter) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter, this.maxRetryAfter, this.refusedDelay, this.refusedMaxDelay,
				this.stopOn, this.retryDecision);
	}

	/**
	 * Returns this policy with another bound of attempts.
	 * @param maxAttempts after how many attempts in a row to give up, or {@code null} for
	 * never
	 * @return the policy
	 * @throws IllegalArgumentException if the bound is negative
	 */
	public Reconnect withMaxAttempts(@Nullable Integer maxAttempts) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, maxAttempts,
				this.maxElapsed, this.resetAfter, this.maxRetryAfter, this.refusedDelay, this.refusedMaxDelay,
				this.stopOn, this.retryDecision);
	}

	/**
	 * Returns this policy with another bound of time.
	 * @param maxElapsed after how much time without a stable session to give up, or
	 * {@code null} for never
	 * @return the policy
	 * @throws IllegalArgumentException if the time is not more than zero
	 */
	public Reconnect withMaxElapsed(@Nullable Duration maxElapsed) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				maxElapsed, this.resetAfter, this.maxRetryAfter, this.refusedDelay, this.refusedMaxDelay, this.stopOn,
				this.retryDecision);
	}

	/**
	 * Returns this policy with another time of stability.
	 * @param resetAfter how long a session must last to count as stable
	 * @return the policy
	 * @throws IllegalArgumentException if the time is negative
	 */
	public Reconnect withResetAfter(Duration resetAfter) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, resetAfter, this.maxRetryAfter, this.refusedDelay, this.refusedMaxDelay, this.stopOn,
				this.retryDecision);
	}

	/**
	 * Returns this policy with another bound of what servers may ask for.
	 * @param maxRetryAfter the longest wait that a server may ask for
	 * @return the policy
	 * @throws IllegalArgumentException if the time is negative
	 */
	public Reconnect withMaxRetryAfter(Duration maxRetryAfter) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter, maxRetryAfter, this.refusedDelay, this.refusedMaxDelay, this.stopOn,
				this.retryDecision);
	}

	/**
	 * Returns this policy with other delays after refusals.
	 * @param delay the ceiling after the first refusal, more than zero
	 * @param maxDelay the highest ceiling, at least the delay
	 * @return the policy
	 * @throws IllegalArgumentException if a delay is out of its range
	 */
	public Reconnect withRefusedDelays(Duration delay, Duration maxDelay) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter, this.maxRetryAfter, delay, maxDelay, this.stopOn, this.retryDecision);
	}

	/**
	 * Returns this policy with other ends that stop the connection.
	 * @param codes the HTTP statuses of answers and close codes of servers, also none
	 * @return the policy
	 * @throws IllegalArgumentException if none of both can have such a code
	 */
	public Reconnect withStopOn(int... codes) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter, this.maxRetryAfter, this.refusedDelay, this.refusedMaxDelay,
				IntStream.of(codes).boxed().collect(Collectors.toSet()), this.retryDecision);
	}

	/**
	 * Returns this policy with another decision about the class of each end. The bounds
	 * of attempts and time hold as before.
	 * @param retryDecision the decision, or {@code null} for the default
	 * @return the policy
	 */
	public Reconnect withRetryDecision(@Nullable RetryDecision retryDecision) {
		return new Reconnect(this.initialDelay, this.maxDelay, this.multiplier, this.jitter, this.maxAttempts,
				this.maxElapsed, this.resetAfter, this.maxRetryAfter, this.refusedDelay, this.refusedMaxDelay,
				this.stopOn, retryDecision);
	}

	/**
	 * What follows the end of a session or attempt that the user did not ask for.
	 */
	public enum EndClass {

		/**
		 * It passes by itself, so the next attempt follows by the backoff. By default
		 * that is all that is not named at {@link #REFUSED}: network, DNS, TLS,
		 * deadlines, violations of the protocol, HTTP status 5xx, 408, 421, 425 and 429,
		 * most close codes.
		 */
		HEALS,

		/**
		 * The server, or a proxy, refuses this client, so that the same attempt would
		 * probably fail again: the next one follows by the slow lane. By default that is
		 * any other HTTP status 4xx, unless the server had accepted this client within
		 * the last 10 minutes, as during a rolling deployment; and the close codes 1002,
		 * 1003, 1007, 1008, 1009 and 1010 of a session that was not stable.
		 */
		REFUSED,

		/**
		 * No attempt follows, the connection is closed. By default that is what
		 * {@link Reconnect#stopOn()} lists.
		 */
		STOPPED

	}

	/**
	 * Decides which class the end of a session or attempt belongs to.
	 */
	@FunctionalInterface
	public interface RetryDecision {

		/**
		 * Decides. Called on the connection's event loop, must not block. If it throws or
		 * gives {@code null}, the default holds.
		 * @param cause why the session or attempt ended:
		 * {@link dev.wsclient.exception.WsClosedException} with the status if the server
		 * closed, {@link dev.wsclient.exception.WsHandshakeException} with the HTTP
		 * status if the server refused, or a proxy, in the phase
		 * {@link dev.wsclient.exception.ErrorContext.Phase#PROXY PROXY},
		 * {@link dev.wsclient.exception.WsConnectException} with the network's or TLS's
		 * error, {@link dev.wsclient.exception.WsTimeoutException} or
		 * {@link dev.wsclient.exception.WsProtocolException}
		 * @param byDefault what the default is
		 * @return the class
		 */
		EndClass decide(WsException cause, EndClass byDefault);

	}

}
