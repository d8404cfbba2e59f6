package dev.wsclient.spring;

import java.math.BigDecimal;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * Makes keys of what stands in the configuration: a path into the JSON of messages, or an
 * expression.
 */
class MessageKeys {

	private final @Nullable JsonCodec json;

	private final MessageExpressions expressions;

	/**
	 * Creates a maker of keys.
	 * @param json reads JSON, or {@code null} without Jackson
	 * @param expressions parses expressions
	 */
	MessageKeys(@Nullable JsonCodec json, MessageExpressions expressions) {
		this.json = json;
		this.expressions = expressions;
	}

	/**
	 * Makes a key.
	 * @param text a path such as {@code $.symbol}, or an expression in SpEL such as
	 * {@code json.symbol}
	 * @return the key
	 * @throws IllegalArgumentException if it is wrong; the message says why
	 */
	MessageKey parse(String text) {
		if (!text.strip().startsWith("$")) {
			return this.expressions.parse(text, List.of())::value;
		}
		MessageCondition path = MessageCondition.parse(text);
		if (path.expected() != null) {
			throw new IllegalArgumentException("a key is a path without ==");
		}
		JsonCodec json = this.json;
		if (json == null) {
			throw new IllegalArgumentException("a path into JSON needs Jackson: add spring-boot-starter-jackson");
		}
		MessageScan scan = new MessageScan(List.of(path));
		return (event) -> scalar(json.scan(Objects.requireNonNull(event.message()), scan)[0]);
	}

	/**
	 * Objects and arrays are no keys, and the same number is the same key however it is
	 * written.
	 */
	private static @Nullable Object scalar(@Nullable Object value) {
		if (value instanceof BigDecimal number) {
			return number.stripTrailingZeros();
		}
		return (value instanceof String || value instanceof Boolean) ? value : null;
	}

}
