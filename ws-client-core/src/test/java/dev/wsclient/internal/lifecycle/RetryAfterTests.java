package dev.wsclient.internal.lifecycle;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class RetryAfterTests {

	private static final Instant NOW = Instant.parse("1994-11-06T08:49:00Z");

	@ParameterizedTest
	@CsvSource({ "120, 120", "' 1 ', 1", "0, 0", "99999999999999999999, 2147483647",
			"'Sun, 06 Nov 1994 08:49:37 GMT', 37", "'Sun Nov  6 08:49:37 1994', 37",
			"'Sun, 06 Nov 1994 08:48:37 GMT', 0", "soon, 0", "-5, 0", "'', 0" })
	void readsSecondsAndDates(String value, long seconds) {
		HttpHeaders headers = HttpHeaders.of(Map.of("retry-after", List.of(value)), (name, each) -> true);
		assertThat(RetryAfter.of(headers, NOW)).isEqualTo(Duration.ofSeconds(seconds));
	}

	@Test
	void readsTheObsoleteDateOfRfc850() {
		HttpHeaders headers = HttpHeaders.of(Map.of("retry-after", List.of("Monday, 23-Nov-26 08:49:37 GMT")),
				(name, value) -> true);
		assertThat(RetryAfter.of(headers, Instant.parse("2026-11-23T08:49:30Z"))).hasSeconds(7);
	}

}
