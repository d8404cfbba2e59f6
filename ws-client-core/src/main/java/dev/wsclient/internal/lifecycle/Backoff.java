package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

import dev.wsclient.options.Reconnect;

/**
 * Counts the attempts in a row and draws the delay before the next. Event loop only.
 */
final class Backoff {

	private static final Duration RESTART_SHORTEST = Duration.ofSeconds(5);

	private static final Duration RESTART_LONGEST = Duration.ofSeconds(30);

	private final Reconnect policy;

	private final RandomGenerator random;

	/**
	 * How many reconnect attempts were made, those that the user asked for too.
	 */
	private int attempts;

	/**
	 * How many of them the policy answered an end with.
	 */
	private int failures;

	/**
	 * When the first of these ends was, if there was one.
	 */
	private long troubledSince;

	/**
	 * Whether the slow lane was taken since the connection was last stable.
	 */
	private boolean refused;

	Backoff(Reconnect policy, RandomGenerator random) {
		this.policy = policy;
		this.random = random;
	}

	Reconnect policy() {
		return this.policy;
	}

	/**
	 * Returns how many reconnect attempts were made since the connection was last stable.
	 */
	int attempts() {
		return this.attempts;
	}

	/**
	 * Forgets the attempts if the session that just ended was stable.
	 * @param uptime how long it lasted
	 * @return whether it was
	 */
	boolean onSessionEnd(Duration uptime) {
		boolean stable = uptime.compareTo(this.policy.resetAfter()) >= 0;
		if (stable) {
			reset();
		}
		return stable;
	}

	void reset() {
		this.attempts = 0;
		this.failures = 0;
		this.refused = false;
	}

	/**
	 * Returns how many ends in a row the policy answered with another attempt.
	 */
	int failures() {
		return this.failures;
	}

	/**
	 * Whether the user wants no attempt but the first.
	 */
	boolean isOff() {
		return this.policy.maxAttempts() != null && this.policy.maxAttempts() == 0;
	}

	/**
	 * Whether the policy allows another attempt.
	 */
	boolean mayRetry(long nowNanos) {
		if (this.failures == 0) {
			this.troubledSince = nowNanos;
		}
		if (isExhausted()) {
			return false;
		}
		return this.policy.maxElapsed() == null || nowNanos - this.troubledSince < this.policy.maxElapsed().toNanos();
	}

	private boolean isExhausted() {
		return this.policy.maxAttempts() != null && this.failures >= this.policy.maxAttempts();
	}

	/**
	 * Counts the next attempt and returns the delay before it.
	 */
	Duration next() {
		double ceiling = this.policy.initialDelay().toNanos() * Math.pow(this.policy.multiplier(), this.failures);
		ceiling = Math.min(ceiling, (double) this.policy.maxDelay().toNanos());
		countFailure();
		double jitter = this.policy.jitter();
		return Duration.ofNanos((long) (ceiling * (1 - jitter) + ceiling * jitter * this.random.nextDouble()));
	}

	private void countFailure() {
		this.attempts++;
		this.failures++;
	}

	/**
	 * Counts the next attempt and returns the delay before it, at least what the server
	 * asked for.
	 * @param asked the time, or zero
	 */
	Duration nextAfter(Duration asked) {
		return max(next(), bounded(asked));
	}

	/**
	 * Bounds what a server asked for. Clients that were told the same time are spread
	 * behind it.
	 */
	private Duration bounded(Duration asked) {
		return asked.isZero() ? asked
				: min(asked, this.policy.maxRetryAfter()).plus(random(this.policy.initialDelay()));
	}

	/**
	 * Returns how long a URL that refused rests, at least what the server asked for.
	 * @param refusals how often it refused in a row before
	 * @param asked the time, or zero
	 */
	Duration refusedDelay(int refusals, Duration asked) {
		double ceiling = Math.min(this.policy.refusedDelay().toNanos() * Math.pow(2, refusals),
				(double) this.policy.refusedMaxDelay().toNanos());
		// At least half of it, however random: a refused client must not knock at once
		double part = 1 - this.policy.jitter() / 2 * this.random.nextDouble();
		return max(Duration.ofNanos((long) (ceiling * part)), bounded(asked));
	}

	/**
	 * Counts the next attempt, which follows by the slow lane.
	 * @return whether it is the first that does since the connection was last stable
	 */
	boolean onRefused() {
		countFailure();
		boolean first = !this.refused;
		this.refused = true;
		return first;
	}

	/**
	 * Counts the next attempt and returns the delay before it, if the server restarts or
	 * is overloaded: random in 5 to 30 seconds, as the registry of close codes has it for
	 * 1012, but within the policy's highest delay.
	 */
	Duration nextAfterRestart() {
		Duration next = next();
		Duration longest = min(RESTART_LONGEST, this.policy.maxDelay());
		Duration shortest = min(RESTART_SHORTEST, longest.dividedBy(2));
		return max(next, shortest.plus(random(longest.minus(shortest))));
	}

	private Duration random(Duration range) {
		return Duration.ofNanos((long) (range.toNanos() * this.policy.jitter() * this.random.nextDouble()));
	}

	private static Duration min(Duration a, Duration b) {
		return (a.compareTo(b) < 0) ? a : b;
	}

	private static Duration max(Duration a, Duration b) {
		return (a.compareTo(b) > 0) ? a : b;
	}

	/**
	 * Counts an attempt that the user asked for, which is no failure.
	 */
	void countWish() {
		this.attempts++;
	}

	/**
	 * Says why {@link #mayRetry} refused.
	 * @param names how the user knows the options
	 */
	String exhausted(UnaryOperator<String> names) {
		return isExhausted()
				? "gave up after " + this.failures + " reconnect attempts (" + names.apply("reconnect maxAttempts")
						+ ")"
				: "gave up after " + this.policy.maxElapsed() + " without a stable session ("
						+ names.apply("reconnect maxElapsed") + ")";
	}

}
