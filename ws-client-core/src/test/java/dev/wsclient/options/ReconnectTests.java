package dev.wsclient.options;

import java.time.Duration;
import java.util.List;
import java.util.Set;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Values of the reconnect policy.
 */
class ReconnectTests {

	private final Reconnect defaults = Reconnect.defaults();

	@Test
	void defaultsAreThoseOfTheReference() {
		assertThat(this.defaults).isEqualTo(
				new Reconnect(Duration.ofSeconds(1), Duration.ofSeconds(30), 2, 1, null, null, Duration.ofSeconds(10),
						Duration.ofMinutes(5), Duration.ofSeconds(30), Duration.ofMinutes(10), Set.of(), null));
		assertThat(Reconnect.never()).isEqualTo(this.defaults.withMaxAttempts(0));
		assertThat(Reconnect.exponential(Duration.ofSeconds(1), Duration.ofSeconds(30))).isEqualTo(this.defaults);
	}

	@Test
	void withChangesOneValue() {
		assertThat(this.defaults.withMultiplier(3).multiplier()).isEqualTo(3);
		assertThat(this.defaults.withJitter(0.5).jitter()).isEqualTo(0.5);
		assertThat(this.defaults.withMaxAttempts(7).maxAttempts()).isEqualTo(7);
		assertThat(this.defaults.withMaxElapsed(Duration.ofHours(1)).maxElapsed()).isEqualTo(Duration.ofHours(1));
		assertThat(this.defaults.withResetAfter(Duration.ZERO).resetAfter()).isEqualTo(Duration.ZERO);
		assertThat(this.defaults.withRefusedDelays(Duration.ofSeconds(1), Duration.ofSeconds(2)))
			.extracting(Reconnect::refusedDelay, Reconnect::refusedMaxDelay)
			.containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(2));
		assertThat(this.defaults.withStopOn(4001, 401).stopOn()).containsExactly(401, 4001).isUnmodifiable();
		assertThat(this.defaults.withStopOn(401).withStopOn()).isEqualTo(this.defaults);
		assertThat(this.defaults.withMaxAttempts(7).withMaxAttempts(null)).isEqualTo(this.defaults);
		assertThat(this.defaults.withMaxElapsed(Duration.ofHours(1)).withMaxElapsed(null)).isEqualTo(this.defaults);
	}

	@Test
	void valuesOutOfRangeAreNamed() {
		refused(() -> Reconnect.exponential(Duration.ZERO, Duration.ofSeconds(1)),
				"reconnect initialDelay must be more than zero");
		refused(() -> Reconnect.exponential(Duration.ofSeconds(-1), Duration.ofSeconds(1)),
				"reconnect initialDelay must be in 0 to 365 days, was PT-1S");
		refused(() -> Reconnect.exponential(Duration.ofSeconds(2), Duration.ofSeconds(1)),
				"reconnect maxDelay must be at least the initialDelay of PT2S, was PT1S");
		refused(() -> Reconnect.exponential(Duration.ofSeconds(2), Duration.ofDays(366)),
				"reconnect maxDelay must be in 0 to 365 days, was PT8784H");
		refused(() -> this.defaults.withMultiplier(0.9), "reconnect multiplier must be in 1 to 100, was 0.9");
		refused(() -> this.defaults.withMultiplier(Double.NaN), "reconnect multiplier must be in 1 to 100, was NaN");
		refused(() -> this.defaults.withJitter(-0.1), "reconnect jitter must be in 0 to 1, was -0.1");
		refused(() -> this.defaults.withJitter(1.1), "reconnect jitter must be in 0 to 1, was 1.1");
		refused(() -> this.defaults.withMaxAttempts(-1), "reconnect maxAttempts must be 0 or more, was -1");
		refused(() -> this.defaults.withMaxElapsed(Duration.ZERO), "reconnect maxElapsed must be more than zero");
		refused(() -> this.defaults.withResetAfter(Duration.ofNanos(-1)),
				"reconnect resetAfter must be in 0 to 365 days, was PT-0.000000001S");
	}

	@Test
	void stopOnTakesWhatAnswersAndCloseFramesCanSay() {
		for (int code : List.of(200, 302, 401, 599, 1000, 1003, 1005, 1007, 1014, 3000, 4999)) {
			assertThat(this.defaults.withStopOn(code).stopOn()).containsExactly(code);
		}
		for (int code : List.of(-1, 0, 101, 199, 600, 999, 1004, 1006, 1015, 1016, 2999, 5000)) {
			refused(() -> this.defaults.withStopOn(401, code),
					"reconnect stopOn must have HTTP statuses, 200 to 599, and close codes that a server can send, "
							+ "1000-1003, 1005, 1007-1014 and 3000-4999, but had " + code);
		}
	}

	@Test
	void refusedDelaysOutOfRangeAreNamed() {
		refused(() -> this.defaults.withRefusedDelays(Duration.ZERO, Duration.ofSeconds(1)),
				"reconnect refusedDelay must be more than zero");
		refused(() -> this.defaults.withRefusedDelays(Duration.ofSeconds(2), Duration.ofSeconds(1)),
				"reconnect refusedMaxDelay must be at least the refusedDelay of PT2S, was PT1S");
		refused(() -> this.defaults.withRefusedDelays(Duration.ofSeconds(2), Duration.ofDays(366)),
				"reconnect refusedMaxDelay must be in 0 to 365 days, was PT8784H");
	}

	private static void refused(Runnable call, String message) {
		assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
	}

}
