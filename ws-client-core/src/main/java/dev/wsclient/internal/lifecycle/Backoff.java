package dev.wsclient.internal.lifecycle;

import java.time.Duration;
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

	private int attempts;

	private long troubledSince;

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
		noteTrouble(nowNanos);
		if (this.policy.maxAttempts() != null && this.attempts >= this.policy.maxAttempts()) {
			return false;
		}
		return this.policy.maxElapsed() == null || nowNanos - this.troubledSince < this.policy.maxElapsed().toNanos();
	}

	private void noteTrouble(long nowNanos) {
		if (this.attempts == 0) {
			this.troubledSince = nowNanos;
		}
	}

	/**
	 * Counts the next attempt and returns the delay before it.
	 */
	Duration next() {
		double ceiling = this.policy.initialDelay().toNanos() * Math.pow(this.policy.multiplier(), this.attempts);
		ceiling = Math.min(ceiling, (double) this.policy.maxDelay().toNanos());
		this.attempts++;
		double jitter = this.policy.jitter();
		return Duration.ofNanos((long) (ceiling * (1 - jitter) + ceiling * jitter * this.random.nextDouble()));
	}

	/**
	 * Counts the next attempt and returns the delay before it, if the server asked for a
	 * wait. Clients that were told the same time are spread behind it.
	 */
	Duration nextAfter(Duration asked) {
		Duration next = next();
		return max(next, min(asked, this.policy.maxRetryAfter()).plus(random(this.policy.initialDelay())));
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
	 * Counts an attempt whose delay the user gave.
	 */
	void countAttempt(long nowNanos) {
		noteTrouble(nowNanos);
		this.attempts++;
	}

	/**
	 * Says why {@link #mayRetry} refused.
	 */
	String exhausted() {
		return (this.policy.maxAttempts() != null && this.attempts >= this.policy.maxAttempts())
				? "gave up after " + this.attempts + " reconnect attempts (reconnect maxAttempts)"
				: "gave up after " + this.policy.maxElapsed() + " without a stable session (reconnect maxElapsed)";
	}

}
