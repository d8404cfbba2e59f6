package dev.wsclient.internal.lifecycle;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.transport.SessionEnd;

/**
 * What follows the end of a session or attempt: another attempt after a delay, or none.
 *
 * @param delay the delay before the next attempt, or {@code null} for none
 * @param reason why there is none
 * @param isFailure whether there is none though the user wants the connection
 */
record NextStep(@Nullable Duration delay, String reason, boolean isFailure) {

	/**
	 * Decides by the user's wish, or else by the policy.
	 */
	static NextStep decide(SessionEnd end, @Nullable Wish wish, Backoff backoff, long nowNanos) {
		if (wish != null) {
			if (wish.isLast()) {
				return new NextStep(null, "closed by the user", false);
			}
			backoff.countAttempt(nowNanos);
			return new NextStep(wish.delay(), "", false);
		}
		if (backoff.isOff()) {
			return new NextStep(null, "reconnecting is off", false);
		}
		if (!RetryRule.mayHeal(end)) {
			return new NextStep(null, RetryRule.advice(end), true);
		}
		if (!backoff.mayRetry(nowNanos)) {
			return new NextStep(null, backoff.exhausted() + "; call connect() to go on", true);
		}
		return new NextStep(backoff.next(), "", false);
	}

	boolean isReconnect() {
		return this.delay != null;
	}

	String describe() {
		return (this.delay != null) ? "BACKOFF, reconnecting in " + this.delay.toMillis() + " ms"
				: "CLOSED, not reconnecting";
	}

	/**
	 * What the user wants to follow.
	 *
	 * @param delay the delay before the next attempt, or {@code null} for none
	 */
	record Wish(@Nullable Duration delay) {

		static final Wish CLOSED = new Wish(null);

		static Wish reconnect(Duration delay) {
			return new Wish(delay);
		}

		boolean isLast() {
			return this.delay == null;
		}

	}

}
