package dev.wsclient.spring;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * The condition of a handler method on the JSON of a message: a path, and the value that
 * must stand there.
 *
 * @param path the names of fields ({@link String}) and indexes of elements
 * ({@link Integer}) from the root to the value, at least one
 * @param expected a {@link String}, {@link BigDecimal} or {@link Boolean}, or
 * {@code null} if any value but JSON's {@code null} will do
 */
record MessageCondition(List<Object> path, @Nullable Object expected) {

	private static final Pattern STEP = Pattern
		.compile("\\.([A-Za-z_][A-Za-z0-9_-]*)|\\[([0-9]{1,9})]|\\['([^'\\\\]+)']");

	private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");

	private static final Pattern STRING = Pattern.compile("'((?:[^'\\\\]|\\\\['\\\\])*)'");

	MessageCondition {
		path = List.copyOf(path);
	}

	/**
	 * Parses a condition such as {@code $.type == 'trade'}.
	 * @param expression the expression
	 * @return the condition
	 * @throws IllegalArgumentException if it is not a condition; the message says where
	 */
	static MessageCondition parse(String expression) {
		String text = expression.strip();
		require(text.startsWith("$"), "it must start with $, the root of the message");
		List<Object> path = new ArrayList<>();
		Matcher step = STEP.matcher(text);
		int position = 1;
		while (step.find(position) && step.start() == position) {
			path.add(step(step));
			position = step.end();
		}
		String rest = text.substring(position).strip();
		require(!path.isEmpty(),
				"after $ a field (.name or ['name']) or an element ([0]) must follow, found '" + rest + "'");
		if (rest.isEmpty()) {
			return new MessageCondition(path, null);
		}
		require(rest.startsWith("=="), "after the path only == and a value may follow, found '" + rest + "'");
		return new MessageCondition(path, value(rest.substring(2).strip()));
	}

	private static Object step(Matcher step) {
		if (step.group(2) != null) {
			return Integer.valueOf(step.group(2));
		}
		return (step.group(1) != null) ? step.group(1) : step.group(3);
	}

	private static Object value(String literal) {
		Matcher string = STRING.matcher(literal);
		if (string.matches()) {
			return string.group(1).replaceAll("\\\\(.)", "$1");
		}
		if (NUMBER.matcher(literal).matches()) {
			return new BigDecimal(literal);
		}
		require(literal.equals("true") || literal.equals("false"),
				"after == a 'text', a number, true or false must follow, found '" + literal + "'");
		return Boolean.valueOf(literal);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	/**
	 * Whether a value satisfies the condition.
	 * @param value a {@link String}, {@link BigDecimal} or {@link Boolean}, any other
	 * object for an array or object, or {@code null} if there is none
	 * @return {@code true} if it does
	 */
	boolean matches(@Nullable Object value) {
		if (value == null || this.expected == null) {
			return value != null;
		}
		if (this.expected instanceof BigDecimal number) {
			return value instanceof BigDecimal other && number.compareTo(other) == 0;
		}
		return this.expected.equals(value);
	}

	/**
	 * Two numbers are equal whatever their scale, as they are in {@link #matches}.
	 */
	@Override
	public boolean equals(@Nullable Object other) {
		return other instanceof MessageCondition condition && this.path.equals(condition.path)
				&& ((this.expected != null) ? condition.expected != null && matches(condition.expected)
						: condition.expected == null);
	}

	@Override
	public int hashCode() {
		return this.path.hashCode();
	}

}
