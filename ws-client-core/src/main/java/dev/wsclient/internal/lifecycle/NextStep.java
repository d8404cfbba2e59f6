package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.PrintableText;
import dev.wsclient.exception.WsException;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.options.Reconnect.EndClass;
import dev.wsclient.options.Reconnect.RetryDecision;

/**
 * What follows the end of a session or attempt: another attempt after a delay, or none.
 *
 * @param kind why this follows
 * @param delay the delay before the next attempt, or {@code null} for none
 * @param reason why there is none, or only a late one
 */
record NextStep(Kind kind, @Nullable Duration delay, String reason) {

	private static final Logger logger = LoggerFactory.getLogger(NextStep.class);

	/**
	 * As the user wishes.
	 */
	static NextStep wished(@Nullable Duration delay) {
		return new NextStep(Kind.WISHED, delay, "closed by the user");
	}

	/**
	 * Lets the end's class decide, told to the user's decision.
	 */
	static NextStep decide(SessionEnd end, boolean stable, Policy policy, Function<EndClass, WsException> cause) {
		Backoff backoff = policy.backoff();
		if (backoff.isOff()) {
			return new NextStep(Kind.OFF, null, "reconnecting is off");
		}
		long now = policy.ticker().nanos();
		EndClass byDefault = RetryRule.classify(end, backoff.policy(), stable,
				policy.urls().acceptedWithin(RetryRule.DEPLOYMENT_TIME, now));
		EndClass endClass = decide(backoff.policy().retryDecision(), cause, byDefault);
		if (endClass == EndClass.STOPPED) {
			return gaveUp(RetryRule.stop(end, byDefault, policy.names()));
		}
		if (!backoff.mayRetry(now)) {
			return gaveUp(backoff.exhausted(policy.names()));
		}
		Duration asked = RetryRule.retryAfter(end, endClass, policy.ticker().now());
		if (endClass == EndClass.REFUSED) {
			return refused(end, asked, now, policy);
		}
		if (!stable) {
			policy.urls().onFailed(now);
		}
		Duration delay = RetryRule.isRestart(end) ? backoff.nextAfterRestart() : backoff.nextAfter(asked);
		return new NextStep(Kind.HEALS, delay, "");
	}

	private static NextStep gaveUp(String reason) {
		return new NextStep(Kind.GAVE_UP, null, reason + "; call connect() to go on");
	}

	/**
	 * The URL that refused rests. The others are tried by the backoff; when all refuse,
	 * the one whose rest ends first is waited for.
	 */
	private static NextStep refused(SessionEnd end, Duration asked, long now, Policy policy) {
		Urls urls = policy.urls();
		urls.onRefused(now, policy.backoff().refusedDelay(urls.refusals(), asked));
		if (!urls.allRefuse()) {
			return new NextStep(Kind.HEALS, policy.backoff().next(), "");
		}
		boolean first = policy.backoff().onRefused();
		return new NextStep(first ? Kind.REFUSED : Kind.REFUSED_AGAIN, urls.untilRested(now),
				RetryRule.advice(end, policy.names()));
	}

	private static EndClass decide(@Nullable RetryDecision decision, Function<EndClass, WsException> cause,
			EndClass byDefault) {
		if (decision == null) {
			return byDefault;
		}
		WsException error = cause.apply(byDefault);
		try {
			EndClass endClass = decision.decide(error, byDefault);
			if (endClass != null) {
				return endClass;
			}
			logger.error("Connection '{}': the retryDecision gave null, the default {} holds", error.connectionName(),
					byDefault);
		}
		// Whatever user code throws must not end the loop
		catch (Throwable ex) {
			logger.error("Connection '{}': the retryDecision threw, the default {} holds", error.connectionName(),
					byDefault, PrintableText.of(ex));
		}
		return byDefault;
	}

	boolean isReconnect() {
		return this.delay != null;
	}

	boolean isWished() {
		return this.kind == Kind.WISHED;
	}

	/**
	 * Whether the slow lane follows.
	 */
	boolean isRefused() {
		return this.kind == Kind.REFUSED || this.kind == Kind.REFUSED_AGAIN;
	}

	/**
	 * Whether an ERROR line of its own tells about the step.
	 */
	boolean isError() {
		return this.kind == Kind.REFUSED || this.kind == Kind.GAVE_UP;
	}

	String describe() {
		if (this.delay == null) {
			return "CLOSED, not reconnecting";
		}
		return isRefused() ? "BACKOFF, refused, reconnecting in " + text(this.delay)
				: "BACKOFF, reconnecting in " + this.delay.toMillis() + " ms";
	}

	/**
	 * Prints a time as people say it.
	 */
	static String text(Duration time) {
		long seconds = time.toSeconds();
		if (seconds < 10) {
			return time.toMillis() + " ms";
		}
		if (seconds < 120) {
			return seconds + " s";
		}
		return (seconds < 7200) ? (seconds / 60) + " min " + (seconds % 60) + " s"
				: (seconds / 3600) + " h " + (seconds % 3600 / 60) + " min";
	}

	/**
	 * Why a step follows.
	 */
	enum Kind {

		/**
		 * The user wants it.
		 */
		WISHED,

		/**
		 * Reconnecting is off.
		 */
		OFF,

		/**
		 * The end heals.
		 */
		HEALS,

		/**
		 * The end is the first that leads to the slow lane.
		 */
		REFUSED,

		/**
		 * The end leads to the slow lane, as one before.
		 */
		REFUSED_AGAIN,

		/**
		 * The user's policy is against another attempt, or its bounds are reached.
		 */
		GAVE_UP

	}

	/**
	 * What decides about the next attempt.
	 *
	 * @param backoff counts and draws the delays
	 * @param urls where attempts go
	 * @param ticker the clock
	 * @param names how the user knows the options
	 */
	record Policy(Backoff backoff, Urls urls, Ticker ticker, UnaryOperator<String> names) {

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
