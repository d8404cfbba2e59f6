package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.Random;

import org.junit.jupiter.api.Test;

import dev.wsclient.options.Reconnect;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Delays and bounds of the reconnect policy.
 */
class BackoffTests {

	@Test
	void delaysGrowByTheMultiplierUpToTheCap() {
		Backoff backoff = new Backoff(
				new Reconnect(Duration.ofMillis(100), Duration.ofSeconds(1), 3, 0, null, null, Duration.ofSeconds(10)),
				new Random(1));
		assertThat(backoff.next()).isEqualTo(Duration.ofMillis(100));
		assertThat(backoff.next()).isEqualTo(Duration.ofMillis(300));
		assertThat(backoff.next()).isEqualTo(Duration.ofMillis(900));
		assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
		for (int i = 0; i < 5_000; i++) {
			assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
		}
	}

	@Test
	void jitterTakesItsPartOfTheCeiling() {
		Reconnect policy = Reconnect.exponential(Duration.ofSeconds(8), Duration.ofSeconds(8)).withJitter(0.25);
		Backoff backoff = new Backoff(policy, new Random(1));
		Duration least = Duration.ofDays(1);
		Duration most = Duration.ZERO;
		for (int i = 0; i < 2_000; i++) {
			Duration delay = backoff.next();
			least = (delay.compareTo(least) < 0) ? delay : least;
			most = (delay.compareTo(most) > 0) ? delay : most;
		}
		assertThat(least).isBetween(Duration.ofSeconds(6), Duration.ofMillis(6_010));
		assertThat(most).isBetween(Duration.ofMillis(7_990), Duration.ofSeconds(8));
	}

	@Test
	void stableSessionResets() {
		Backoff backoff = new Backoff(Reconnect.defaults().withJitter(0), new Random(1));
		backoff.next();
		backoff.next();
		backoff.onSessionEnd(Duration.ofSeconds(10).minusNanos(1));
		assertThat(backoff.attempts()).isEqualTo(2);
		backoff.onSessionEnd(Duration.ofSeconds(10));
		assertThat(backoff.attempts()).isZero();
		assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void maxAttemptsBounds() {
		Backoff backoff = new Backoff(Reconnect.defaults().withMaxAttempts(1), new Random(1));
		assertThat(backoff.mayRetry(after(0))).isTrue();
		backoff.next();
		assertThat(backoff.mayRetry(after(0))).isFalse();
		assertThat(backoff.exhausted()).isEqualTo("gave up after 1 reconnect attempts (reconnect maxAttempts)");
	}

	@Test
	void maxElapsedBoundsAndSurvivesAnOverflowOfTheClock() {
		Backoff backoff = new Backoff(Reconnect.defaults().withMaxElapsed(Duration.ofNanos(20)), new Random(1));
		assertThat(backoff.mayRetry(after(0))).isTrue();
		backoff.next();
		assertThat(backoff.mayRetry(after(19))).isTrue();
		assertThat(backoff.mayRetry(after(20))).isFalse();
		assertThat(backoff.exhausted()).contains("without a stable session (reconnect maxElapsed)");
		backoff.reset();
		assertThat(backoff.mayRetry(after(20))).isTrue();
	}

	@Test
	void attemptOfTheUserStartsTheTimeToo() {
		Backoff backoff = new Backoff(Reconnect.defaults().withMaxElapsed(Duration.ofNanos(20)), new Random(1));
		backoff.countAttempt(after(0));
		assertThat(backoff.mayRetry(after(19))).isTrue();
		assertThat(backoff.mayRetry(after(20))).isFalse();
	}

	/**
	 * The clock overflows on the way.
	 */
	private static long after(long nanos) {
		return (Long.MAX_VALUE - 5) + nanos;
	}

}
