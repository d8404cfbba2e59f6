package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.wsclient.exception.WsException;
import dev.wsclient.internal.log.SafeLogger;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.options.Reconnect.RetryDecision;

/**
 * What follows the end of a session or attempt: another attempt after a delay, or none.
 *
 * @param delay the delay before the next attempt, or {@code null} for none
 * @param reason why there is none
 * @param isFailure whether there is none though the user wants the connection
 */
record NextStep(@Nullable Duration delay, String reason, boolean isFailure) {

	private static final Logger logger = SafeLogger.of(NextStep.class);

	/**
	 * Decides by the user's wish, or else by the policy.
	 * @param cause makes the typed cause of the end, given what the default is
	 */
	static NextStep decide(SessionEnd end, @Nullable Wish wish, Backoff backoff, Ticker ticker,
			Function<Boolean, WsException> cause) {
		if (wish != null) {
			if (wish.isLast()) {
				return new NextStep(null, "closed by the user", false);
			}
			backoff.countAttempt(ticker.nanos());
			return new NextStep(wish.delay(), "", false);
		}
		if (backoff.isOff()) {
			return new NextStep(null, "reconnecting is off", false);
		}
		boolean mayHeal = RetryRule.mayHeal(end);
		if (!shouldRetry(backoff.policy().retryDecision(), cause, mayHeal)) {
			return new NextStep(null, mayHeal ? "its retryDecision is against another attempt; call connect() to go on"
					: RetryRule.advice(end), true);
		}
		if (!backoff.mayRetry(ticker.nanos())) {
			return new NextStep(null, backoff.exhausted() + "; call connect() to go on", true);
		}
		return new NextStep(delay(end, backoff, ticker), "", false);
	}

	private static boolean shouldRetry(@Nullable RetryDecision decision, Function<Boolean, WsException> cause,
			boolean byDefault) {
		if (decision == null) {
			return byDefault;
		}
		WsException error = cause.apply(byDefault);
		try {
			return decision.shouldRetry(error, byDefault);
		}
		// Whatever user code throws must not end the loop
		catch (Throwable ex) {
			logger.error("Connection '{}': the retryDecision threw, the default holds", error.connectionName(), ex);
			return byDefault;
		}
	}

	private static Duration delay(SessionEnd end, Backoff backoff, Ticker ticker) {
		if (end.failure() instanceof Failure.Handshake answer) {
			Duration asked = RetryAfter.of(answer, ticker.now());
			return asked.isZero() ? backoff.next() : backoff.nextAfter(asked);
		}
		return RetryRule.isRestart(end) ? backoff.nextAfterRestart() : backoff.next();
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
