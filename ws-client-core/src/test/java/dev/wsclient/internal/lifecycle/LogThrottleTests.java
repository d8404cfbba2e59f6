package dev.wsclient.internal.lifecycle;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which lines go to the log.
 */
class LogThrottleTests {

	private final FakeScheduler clock = new FakeScheduler();

	private final LogThrottle throttle = new LogThrottle(this.clock);

	@Test
	void oneLineAMinuteTellsOfThoseHeldBack() {
		assertThat(this.throttle.ask()).isEmpty();
		assertThat(this.throttle.ask()).isNull();
		this.clock.advance(Duration.ofSeconds(59));
		assertThat(this.throttle.ask()).isNull();
		this.clock.advance(Duration.ofSeconds(1));
		assertThat(this.throttle.ask()).isEqualTo(" (2 more since the last line)");
		this.clock.advance(Duration.ofMinutes(1));
		assertThat(this.throttle.ask()).isEmpty();
	}

}
