package dev.wsclient.options;

import java.time.Duration;
import java.util.Objects;

/**
 * Checks of durations that options take.
 */
final class Durations {

	private static final Duration MAX = Duration.ofDays(365);

	private Durations() {
	}

	static Duration requirePositive(Duration duration, String name) {
		requireNotNegative(duration, name);
		if (duration.isZero()) {
			throw new IllegalArgumentException(name + " must be more than zero");
		}
		return duration;
	}

	static Duration requireNotNegative(Duration duration, String name) {
		Objects.requireNonNull(duration, name);
		if (duration.isNegative() || duration.compareTo(MAX) > 0) {
			throw new IllegalArgumentException(name + " must be in 0 to 365 days, was " + duration);
		}
		return duration;
	}

}
