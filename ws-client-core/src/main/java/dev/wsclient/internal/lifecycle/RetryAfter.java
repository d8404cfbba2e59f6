package dev.wsclient.internal.lifecycle;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import dev.wsclient.internal.transport.Failure;

/**
 * How long a refusal asks to wait: the header {@code Retry-After} (RFC 9110, section
 * 10.2.3).
 */
final class RetryAfter {

	private static final Set<Integer> STATUS = Set.of(429, 503);

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
	static Duration of(Failure.Handshake answer, Instant now) {
		String value = answer.headers().firstValue("Retry-After").orElse("").strip();
		if (!STATUS.contains(answer.statusCode()) || value.isEmpty()) {
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
