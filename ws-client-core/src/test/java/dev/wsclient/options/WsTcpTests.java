package dev.wsclient.options;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link WsTcp}.
 */
class WsTcpTests {

	private final WsTcp defaults = WsTcp.defaults();

	@Test
	void defaultsAreThoseOfTheJavadoc() {
		assertThat(this.defaults).isEqualTo(new WsTcp(true, true, null, null, null));
		assertThat(this.defaults.withKeepAlive(Duration.ofSeconds(55), null, 3).withoutKeepAlive())
			.isEqualTo(new WsTcp(true, false, null, null, null));
	}

	@Test
	void valuesOutOfRangeAreNamed() {
		refused(() -> this.defaults.withKeepAlive(Duration.ofMillis(1500), null, null),
				"tcp keepAliveIdle must be whole seconds in 1 to 32767, was PT1.5S");
		refused(() -> this.defaults.withKeepAlive(null, Duration.ZERO, null),
				"tcp keepAliveInterval must be whole seconds in 1 to 32767, was PT0S");
		refused(() -> this.defaults.withKeepAlive(null, Duration.ofDays(1), null),
				"tcp keepAliveInterval must be whole seconds in 1 to 32767, was PT24H");
		refused(() -> this.defaults.withKeepAlive(null, null, 128), "tcp keepAliveCount must be in 1 to 127, was 128");
		refused(() -> new WsTcp(true, false, Duration.ofSeconds(1), null, null),
				"tcp keepAliveIdle, keepAliveInterval and keepAliveCount need keepAlive");
	}

	private static void refused(Runnable call, String message) {
		assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
	}

}
