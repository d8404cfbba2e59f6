package dev.wsclient.spring;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * Parses paths and conditions: <pre>
 * condition = path [ ( "==" | "!=" ) value | "in" "(" value { "," value } ")" ]
 * path      = "$" step { step }
 * step      = "." name | "[" index "]" | "[" text "]"
 * value     = text | number | "true" | "false" | "null"
 * text      = "'" characters with the escapes of JSON, and \\' for an apostrophe "'"
 * </pre> Used once.
 */
class MessageConditionParser {

	private static final Pattern NAME = Pattern.compile("[\\p{L}_][\\p{L}\\p{Nd}_-]*");

	private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");

	private static final Pattern NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][+-]?[0-9]{1,3})?");

	private static final Pattern WORD = Pattern.compile("[^\\s,()']+");

	private static final Pattern UNICODE = Pattern.compile("[0-9a-fA-F]{4}");

	private final String text;

	private int position;

	MessageConditionParser(String text) {
		this.text = text.strip();
	}

	/**
	 * Parses a condition.
	 * @return the condition
	 * @throws IllegalArgumentException if it is none; the message says where
	 */
	MessageCondition condition() {
		List<Object> path = steps();
		skipBlanks();
		if (isAtEnd()) {
			return present(path);
		}
		boolean negated = accept("!=");
		if (negated || accept("==")) {
			require(!accept("="), "write == or != to compare, found '" + rest(this.position - 3) + "'");
			skipBlanks();
			List<@Nullable Object> value = Collections.singletonList(value("after " + (negated ? "!=" : "==")));
			MessageCondition condition = new MessageCondition(path, value, negated);
			requireEnd();
			return condition;
		}
		if (WORD.matcher(rest()).lookingAt() && word().equals("in")) {
			accept("in");
			MessageCondition condition = new MessageCondition(path, list(), false);
			requireEnd();
			return condition;
		}
		throw new IllegalArgumentException(
				"after the path only ==, != or in and what to compare with may follow, found '" + rest() + "'"
						+ (rest().startsWith("=") ? "; write == to compare" : ""));
	}

	/**
	 * Parses a path that stands for itself.
	 * @return the condition that there is a value
	 * @throws IllegalArgumentException if it is none; the message says where
	 */
	MessageCondition path() {
		MessageCondition path = present(steps());
		require(isAtEnd(), "a key is a path without == or anything else behind it, found '" + rest() + "'");
		return path;
	}

	private static MessageCondition present(List<Object> path) {
		return new MessageCondition(path, Collections.singletonList(null), true);
	}

	private List<Object> steps() {
		require(accept("$"), "it must start with $, the root of the message");
		List<Object> path = new ArrayList<>();
		while (!isAtEnd() && (this.text.charAt(this.position) == '.' || this.text.charAt(this.position) == '[')) {
			path.add(step());
		}
		require(!path.isEmpty(),
				"after $ a field (.name or ['name']) or an element ([0]) must follow, found '" + rest().strip() + "'");
		return path;
	}

	private Object step() {
		String step = rest();
		if (accept(".")) {
			String name = accept(NAME);
			if (name == null) {
				throw new IllegalArgumentException(
						"a name must follow the dot, found '" + step + "'; other names are written ['name']");
			}
			return name;
		}
		accept("[");
		boolean named = isAt('\'');
		String inBrackets = named ? quoted() : accept(INDEX);
		if (inBrackets == null || !accept("]")) {
			throw new IllegalArgumentException(
					"in brackets an index ([0]) or a name (['name']) must stand, found '" + step + "'");
		}
		return named ? inBrackets : Integer.valueOf(inBrackets);
	}

	private List<@Nullable Object> list() {
		skipBlanks();
		require(accept("("), "after in a list such as ('a', 'b') must follow, found '" + rest() + "'");
		List<@Nullable Object> values = new ArrayList<>();
		do {
			skipBlanks();
			values.add(value("in the list"));
			skipBlanks();
		}
		while (accept(","));
		require(accept(")"), "in the list a comma or ) must follow a value, found '" + rest() + "'");
		return values;
	}

	private @Nullable Object value(String where) {
		if (isAt('\'')) {
			return quoted();
		}
		String word = word();
		if (NUMBER.matcher(word).matches()) {
			this.position += word.length();
			return MessageCondition.canonical(new BigDecimal(word));
		}
		require(word.equals("true") || word.equals("false") || word.equals("null"),
				where + " a 'text', a number, true, false or null must follow, found '" + rest() + "'"
						+ (word.startsWith("\"") ? "; a text stands in single quotes" : ""));
		this.position += word.length();
		return word.equals("null") ? null : Boolean.valueOf(word);
	}

	private String quoted() {
		int start = this.position++;
		StringBuilder value = new StringBuilder();
		while (!isAtEnd() && !isAt('\'')) {
			char next = this.text.charAt(this.position++);
			value.append((next == '\\') ? escaped() : next);
		}
		require(accept("'"), "the text has no end: " + this.text.substring(start));
		return value.toString();
	}

	private char escaped() {
		char escape = isAtEnd() ? ' ' : this.text.charAt(this.position++);
		return switch (escape) {
			case '\'', '"', '\\', '/' -> escape;
			case 'b' -> '\b';
			case 'f' -> '\f';
			case 'n' -> '\n';
			case 'r' -> '\r';
			case 't' -> '\t';
			default -> unicode(escape);
		};
	}

	private char unicode(char escape) {
		String digits = (escape == 'u') ? accept(UNICODE) : null;
		if (digits == null) {
			throw new IllegalArgumentException("there is no escape \\" + escape
					+ "; known are \\' \\\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u with four digits");
		}
		return (char) Integer.parseInt(digits, 16);
	}

	/** What stands here up to the next blank or sign, not consumed. */
	private String word() {
		Matcher word = WORD.matcher(this.text).region(this.position, this.text.length());
		return word.lookingAt() ? word.group() : "";
	}

	private void requireEnd() {
		skipBlanks();
		require(isAtEnd(), "nothing may follow the condition, found '" + rest()
				+ "'; SpEL knows and, or and more: json.type == 'trade' and json.size > 2");
	}

	private void skipBlanks() {
		while (!isAtEnd() && Character.isWhitespace(this.text.charAt(this.position))) {
			this.position++;
		}
	}

	private boolean isAtEnd() {
		return this.position == this.text.length();
	}

	private boolean isAt(char character) {
		return !isAtEnd() && this.text.charAt(this.position) == character;
	}

	private boolean accept(String expected) {
		boolean found = this.text.startsWith(expected, this.position);
		this.position += found ? expected.length() : 0;
		return found;
	}

	private @Nullable String accept(Pattern pattern) {
		Matcher matcher = pattern.matcher(this.text).region(this.position, this.text.length());
		if (!matcher.lookingAt()) {
			return null;
		}
		this.position = matcher.end();
		return matcher.group();
	}

	private String rest() {
		return rest(this.position);
	}

	private String rest(int from) {
		return this.text.substring(from);
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

}
