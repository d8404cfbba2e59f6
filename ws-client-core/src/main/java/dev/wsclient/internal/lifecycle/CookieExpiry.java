package dev.wsclient.internal.lifecycle;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * When a cookie expires
 * (<a href="https://www.rfc-editor.org/rfc/rfc6265#section-5.1.1">RFC 6265, sections
 * 5.1.1, 5.2.1 and 5.2.2</a>).
 */
final class CookieExpiry {

	private static final Pattern DELIMITERS = Pattern.compile("[\\x09\\x20-\\x2F\\x3B-\\x40\\x5B-\\x60\\x7B-\\x7E]+");

	private static final Pattern TIME = Pattern.compile("([0-9]{1,2}):([0-9]{1,2}):([0-9]{1,2})(?:[^0-9].*)?");

	private static final Pattern DAY = Pattern.compile("([0-9]{1,2})(?:[^0-9].*)?");

	private static final Pattern YEAR = Pattern.compile("([0-9]{2,4})(?:[^0-9].*)?");

	private static final List<String> MONTHS = List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep",
			"oct", "nov", "dec");

	private @Nullable Matcher time;

	private int day;

	private int month;

	private int year = -1;

	private CookieExpiry() {
	}

	/**
	 * Reads the attributes of a cookie. The age counts for more than the date; what can't
	 * be read is as if it was not there. An attempt is over before an age is, unless
	 * there is none.
	 * @param maxAge the value of {@code Max-Age}, may be empty
	 * @param expires the value of {@code Expires}, may be empty
	 * @return the time, or {@code null} if the cookie doesn't expire
	 */
	static @Nullable Instant of(String maxAge, String expires) {
		if (maxAge.matches("-?[0-9]+")) {
			return maxAge.matches("-.*|0+") ? Instant.MIN : null;
		}
		return new CookieExpiry().date(expires);
	}

	private @Nullable Instant date(String text) {
		for (String token : DELIMITERS.split(text, -1)) {
			take(token);
		}
		if (this.time == null || this.day == 0 || this.month == 0 || this.year < 1601) {
			return null;
		}
		try {
			return LocalDateTime
				.of(this.year, this.month, this.day, number(this.time, 1), number(this.time, 2), number(this.time, 3))
				.toInstant(ZoneOffset.UTC);
		}
		catch (DateTimeException ex) {
			return null;
		}
	}

	private void take(String token) {
		Matcher time = TIME.matcher(token);
		Matcher day = DAY.matcher(token);
		Matcher year = YEAR.matcher(token);
		int month = (token.length() >= 3) ? MONTHS.indexOf(token.substring(0, 3).toLowerCase(Locale.ROOT)) + 1 : 0;
		if (this.time == null && time.matches()) {
			this.time = time;
		}
		else if (this.day == 0 && day.matches()) {
			this.day = number(day, 1);
		}
		else if (this.month == 0 && month > 0) {
			this.month = month;
		}
		else if (this.year < 0 && year.matches()) {
			this.year = fullYear(number(year, 1));
		}
	}

	private static int number(Matcher token, int group) {
		return Integer.parseInt(token.group(group));
	}

	private static int fullYear(int year) {
		if (year >= 100) {
			return year;
		}
		return year + ((year >= 70) ? 1900 : 2000);
	}

}
