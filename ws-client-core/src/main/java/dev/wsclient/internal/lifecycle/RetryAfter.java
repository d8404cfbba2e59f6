package dev.wsclient.internal.lifecycle;

import java.net.http.HttpHeaders;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;

/**
 * How long an answer asks to wait: the header {@code Retry-After} (RFC 9110, section
 * 10.2.3).
 */
final class RetryAfter {

	/**
	 * What a recipient must read (RFC 9110, section 5.6.7).
	 */
	private static final List<DateTimeFormatter> DATES = List.of(DateTimeFormatter.RFC_1123_DATE_TIME,
			DateTimeFormatter.ofPattern("EEEE, dd-MMM-yy HH:mm:ss 'GMT'", Locale.US).withZone(ZoneOffset.UTC),
			DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.US).withZone(ZoneOffset.UTC));

	private RetryAfter() {
	}

	/**
	 * Returns the time asked for.
	 * @return the time, zero if none is asked for
	 */
	static Duration of(HttpHeaders headers, Instant now) {
		String value = headers.firstValue("Retry-After").orElse("").strip();
		if (value.isEmpty()) {
			return Duration.ZERO;
		}
		if (value.chars().allMatch((c) -> c >= '0' && c <= '9')) {
			// Longer numbers are beyond every bound
			return Duration.ofSeconds((value.length() <= 9) ? Long.parseLong(value) : Integer.MAX_VALUE);
		}
		for (DateTimeFormatter date : DATES) {
			try {
				Duration delay = Duration.between(now, Instant.from(date.parse(value)));
				return delay.isNegative() ? Duration.ZERO : delay;
			}
			catch (DateTimeException ex) {
				// Another format, or nonsense
			}
		}
		return Duration.ZERO;
	}

}
