package dev.wsclient.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Parses the head of an answer by the grammar of RFC 9112, and skips interim answers.
 * Shares nothing with the code under test.
 *
 * @param status the status
 * @param fields the values of each field in order, by its name in lower case
 * @param end where the head ends
 */
public record StrictHead(int status, Map<String, List<String>> fields, int end) {

	private static final String LINE_END = "\r?\n";

	private static final String TEXT = "[\t\\x20-\\x7E\\x80-\\xFF]*";

	private static final Pattern STATUS_LINE = Pattern
		.compile("HTTP/1[.]1 ([1-9][0-9][0-9])(?: " + TEXT + ")?" + LINE_END);

	private static final Pattern FIELD = Pattern.compile("([-!#$%&'*+.^_`|~0-9A-Za-z]+):(" + TEXT + ")" + LINE_END);

	private static final Pattern EMPTY_LINE = Pattern.compile(LINE_END);

	private static final Pattern BLANKS_AROUND = Pattern.compile("^[ \t]+|[ \t]+$");

	/**
	 * Parses an answer.
	 * @param answer one char a byte
	 * @param maxSize the most bytes of the head
	 * @return the head, or {@code null} if there is none, or not yet
	 */
	public static @Nullable StrictHead parse(String answer, int maxSize) {
		StrictHead head = parseOne(answer, 0);
		while (head != null && head.status < 200 && head.status != 101) {
			head = parseOne(answer, head.end);
		}
		return (head != null && head.end <= maxSize) ? head : null;
	}

	private static @Nullable StrictHead parseOne(String answer, int start) {
		Matcher matcher = STATUS_LINE.matcher(answer).region(start, answer.length());
		if (!matcher.lookingAt()) {
			return null;
		}
		int status = Integer.parseInt(matcher.group(1));
		Map<String, List<String>> fields = new TreeMap<>();
		matcher.region(matcher.end(), answer.length()).usePattern(FIELD);
		while (matcher.lookingAt()) {
			fields.computeIfAbsent(matcher.group(1).toLowerCase(Locale.ROOT), (name) -> new ArrayList<>())
				.add(BLANKS_AROUND.matcher(matcher.group(2)).replaceAll(""));
			matcher.region(matcher.end(), answer.length());
		}
		return matcher.usePattern(EMPTY_LINE).lookingAt() ? new StrictHead(status, fields, matcher.end()) : null;
	}

	/**
	 * Returns the values of a field in order, none if it is absent.
	 */
	public List<String> values(String name) {
		return this.fields.getOrDefault(name.toLowerCase(Locale.ROOT), List.of());
	}

}
