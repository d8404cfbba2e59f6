package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

import dev.wsclient.options.Reconnect;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Delays and bounds of the reconnect policy.
 */
class BackoffTests {

	@Test
	void delaysGrowByTheMultiplierUpToTheCap() {
		Reconnect policy = Reconnect.exponential(Duration.ofMillis(100), Duration.ofSeconds(1))
			.withMultiplier(3)
			.withJitter(0);
		Backoff backoff = new Backoff(policy, new Random(1));
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
		assertThat(backoff.exhausted((option) -> option))
			.isEqualTo("gave up after 1 reconnect attempts (reconnect maxAttempts)");
	}

	@Test
	void maxElapsedBoundsAndSurvivesAnOverflowOfTheClock() {
		Backoff backoff = new Backoff(Reconnect.defaults().withMaxElapsed(Duration.ofNanos(20)), new Random(1));
		assertThat(backoff.mayRetry(after(0))).isTrue();
		backoff.next();
		assertThat(backoff.mayRetry(after(19))).isTrue();
		assertThat(backoff.mayRetry(after(20))).isFalse();
		assertThat(backoff.exhausted((option) -> option)).contains("without a stable session (reconnect maxElapsed)");
		backoff.reset();
		assertThat(backoff.mayRetry(after(20))).isTrue();
	}

	@Test
	void waitThatTheServerAsksForIsBoundedAndSpread() {
		Backoff backoff = new Backoff(Reconnect.defaults().withMaxRetryAfter(Duration.ofSeconds(60)), new Random(1));
		for (int i = 0; i < 500; i++) {
			assertThat(backoff.nextAfter(Duration.ofSeconds(40))).isBetween(Duration.ofSeconds(40),
					Duration.ofSeconds(41));
			assertThat(backoff.nextAfter(Duration.ofHours(1))).isBetween(Duration.ofSeconds(60),
					Duration.ofSeconds(61));
		}
		assertThat(backoff.attempts()).isEqualTo(1_000);
		assertThat(new Backoff(Reconnect.defaults().withJitter(0), new Random(1)).nextAfter(Duration.ofMillis(10)))
			.isEqualTo(Duration.ofSeconds(1));
	}

	@Test
	void restartOfTheServerSpreadsOverFiveToThirtySeconds() {
		Backoff backoff = new Backoff(Reconnect.defaults(), new Random(1));
		List<Duration> delays = IntStream.range(0, 2_000).mapToObj((i) -> backoff.nextAfterRestart()).toList();
		assertThat(Collections.min(delays)).isBetween(Duration.ofSeconds(5), Duration.ofMillis(5_500));
		assertThat(Collections.max(delays)).isBetween(Duration.ofMillis(29_500), Duration.ofSeconds(30));
	}

	@Test
	void restartOfTheServerKeepsThePolicysHighestDelay() {
		Backoff backoff = new Backoff(Reconnect.exponential(Duration.ofMillis(10), Duration.ofMillis(40)),
				new Random(1));
		List<Duration> delays = IntStream.range(0, 2_000).mapToObj((i) -> backoff.nextAfterRestart()).toList();
		assertThat(delays).allMatch(
				(delay) -> delay.compareTo(Duration.ofMillis(20)) >= 0 && delay.compareTo(Duration.ofMillis(40)) <= 0);
	}

	@Test
	void whatTheUserAskedForIsNoFailure() {
		Reconnect policy = Reconnect.defaults().withJitter(0).withMaxAttempts(1).withMaxElapsed(Duration.ofNanos(20));
		Backoff backoff = new Backoff(policy, new Random(1));
		for (int i = 0; i < 5; i++) {
			backoff.countWish();
		}
		assertThat(backoff.attempts()).isEqualTo(5);
		assertThat(backoff.failures()).isZero();
		assertThat(backoff.mayRetry(after(100))).isTrue();
		assertThat(backoff.next()).isEqualTo(Duration.ofSeconds(1));
		assertThat(backoff.mayRetry(after(100))).isFalse();
	}

	@Test
	void refusedDelaysAreDoubledUpToTheirCap() {
		Backoff backoff = new Backoff(Reconnect.defaults().withJitter(0), new Random(1));
		assertThat(IntStream.range(0, 7).mapToObj((refusals) -> backoff.refusedDelay(refusals, Duration.ZERO)))
			.extracting(Duration::toSeconds)
			.containsExactly(30L, 60L, 120L, 240L, 480L, 600L, 600L);
		assertThat(backoff.refusedDelay(5_000, Duration.ZERO)).hasMinutes(10);
	}

	@Test
	void refusedDelayIsAtLeastHalfOfItsCeilingHoweverRandom() {
		Backoff backoff = new Backoff(Reconnect.defaults(), new Random(1));
		List<Duration> delays = IntStream.range(0, 2_000)
			.mapToObj((i) -> backoff.refusedDelay(0, Duration.ZERO))
			.toList();
		assertThat(Collections.min(delays)).isBetween(Duration.ofSeconds(15), Duration.ofMillis(15_100));
		assertThat(Collections.max(delays)).isBetween(Duration.ofMillis(29_900), Duration.ofSeconds(30));
	}

	@Test
	void refusedDelayIsWhatTheServerAsksForIfThatIsLonger() {
		Backoff backoff = new Backoff(Reconnect.defaults().withJitter(0), new Random(1));
		assertThat(backoff.refusedDelay(0, Duration.ofSeconds(29))).hasSeconds(30);
		assertThat(backoff.refusedDelay(0, Duration.ofSeconds(31))).hasSeconds(31);
		assertThat(backoff.refusedDelay(0, Duration.ofHours(1))).hasMinutes(5);
		assertThat(backoff.refusedDelay(9, Duration.ofHours(1))).hasMinutes(10);
	}

	/**
	 * The clock overflows on the way.
	 */
	private static long after(long nanos) {
		return (Long.MAX_VALUE - 5) + nanos;
	}

}
