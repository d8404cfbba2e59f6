package dev.wsclient.spring;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * Thresholds of a connection's health.
 *
 * @param required whether the connection can pull the whole down
 * @param downAfter how long a connection may be without a session
 * @param staleAfter how long an open connection may be without a message, or {@code null}
 * for ever
 */
record HealthSettings(boolean required, Duration downAfter, @Nullable Duration staleAfter) {

	/**
	 * Builds and checks the settings.
	 */
	static final class Builder {

		private boolean required = true;

		private Duration downAfter = Duration.ofSeconds(30);

		private @Nullable Duration staleAfter;

		void required(boolean required) {
			this.required = required;
		}

		void downAfter(Duration downAfter) {
			if (downAfter.isNegative()) {
				throw new IllegalArgumentException("it must be zero or more, was " + downAfter);
			}
			this.downAfter = downAfter;
		}

		void staleAfter(Duration staleAfter) {
			if (staleAfter.isNegative() || staleAfter.isZero()) {
				throw new IllegalArgumentException("it must be more than zero, was " + staleAfter);
			}
			this.staleAfter = staleAfter;
		}

		HealthSettings build() {
			return new HealthSettings(this.required, this.downAfter, this.staleAfter);
		}

	}

}
