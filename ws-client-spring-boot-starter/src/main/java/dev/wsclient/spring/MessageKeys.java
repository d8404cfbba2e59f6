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
			MessageExpression expression = this.expressions.parse(text, List.of());
			return (event) -> usable(expression, event);
		}
		MessageScan scan = new MessageScan(List.of(new MessageConditionParser(text).path()));
		JsonCodec json = this.json;
		if (json == null) {
			throw new IllegalArgumentException("a path into JSON needs Jackson: add spring-boot-starter-jackson");
		}
		return (event) -> scalar(json.scan(Objects.requireNonNull(event.message()), scan)[0]);
	}

	/**
	 * An expression may give any object, whose own code is called here and not where
	 * messages are handed over.
	 */
	private static @Nullable Object usable(MessageExpression expression, WsHandlerEvent event) {
		try {
			Object value = expression.value(event);
			if (value instanceof Number number) {
				return canonical(number);
			}
			int unused = Objects.hashCode(value);
			return value;
		}
		catch (Error ex) {
			throw new IllegalStateException("The key could not be found out", ex);
		}
	}

	/**
	 * The same number is the same key however it is written.
	 */
	private static Object canonical(Number number) {
		try {
			return MessageCondition.canonical(new BigDecimal(number.toString()));
		}
		// Not a number, or infinite
		catch (NumberFormatException ex) {
			return number;
		}
	}

	/**
	 * Objects, arrays and numbers beyond every range are no keys.
	 */
	private static @Nullable Object scalar(@Nullable Object value) {
		if (value instanceof BigDecimal number) {
			return MessageCondition.canonical(number);
		}
		return (value instanceof String || value instanceof Boolean) ? value : null;
	}

}
