package dev.wsclient.spring;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * The condition of a handler method on the JSON of a message: a path, and the values that
 * may or may not stand there.
 *
 * @param path the names of fields ({@link String}) and indexes of elements
 * ({@link Integer}) from the root to the value, at least one
 * @param values what the value is compared with: each a {@link String},
 * {@link BigDecimal} without trailing zeros, {@link Boolean}, or {@code null} for JSON's
 * {@code null} and for a value that is not there
 * @param negated whether the value must be none of these, otherwise one of them
 */
record MessageCondition(List<Object> path, List<@Nullable Object> values, boolean negated) {

	/** Stands for the value of every path of a message that is not JSON. */
	static final Object NOT_JSON = new Object();

	MessageCondition {
		path = List.copyOf(path);
		values = Collections.unmodifiableList(new ArrayList<>(values));
	}

	/**
	 * Parses a condition such as {@code $.type == 'trade'}.
	 * @param expression the expression
	 * @return the condition
	 * @throws IllegalArgumentException if it is not a condition; the message says where
	 */
	static MessageCondition parse(String expression) {
		return new MessageConditionParser(expression).condition();
	}

	/**
	 * Returns the number that is equal however it is written.
	 * @param number a number
	 * @return the same number without trailing zeros
	 */
	static BigDecimal canonical(BigDecimal number) {
		try {
			return number.stripTrailingZeros();
		}
		// The exponent is the largest there is
		catch (ArithmeticException ex) {
			return number;
		}
	}

	/**
	 * Whether a value satisfies the condition.
	 * @param value a {@link String}, {@link BigDecimal} or {@link Boolean}, any other
	 * object for an array, an object or a number beyond every range, {@code null} if
	 * there is none, or {@link #NOT_JSON}, which satisfies no condition
	 * @return {@code true} if it does
	 */
	boolean matches(@Nullable Object value) {
		if (value == NOT_JSON) {
			return false;
		}
		for (Object each : this.values) {
			if (isEqual(each, value)) {
				return !this.negated;
			}
		}
		return this.negated;
	}

	/** Two numbers are equal whatever their scale. */
	private static boolean isEqual(@Nullable Object expected, @Nullable Object value) {
		if (expected == null || value == null) {
			return expected == value;
		}
		if (expected instanceof BigDecimal number) {
			return value instanceof BigDecimal other && number.compareTo(other) == 0;
		}
		return expected.equals(value);
	}

}
