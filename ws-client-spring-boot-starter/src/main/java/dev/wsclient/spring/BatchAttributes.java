package dev.wsclient.spring;

import java.lang.reflect.ParameterizedType;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.DurationStyle;

import dev.wsclient.spring.HandlerMethod.Argument;

/**
 * Checks what {@link OnWsMessage} says of batches.
 */
class BatchAttributes {

	/** What timers of connections can do. */
	private static final Duration LONGEST = Duration.ofDays(365);

	private final UnaryOperator<String> placeholders;

	BatchAttributes(UnaryOperator<String> placeholders) {
		this.placeholders = placeholders;
	}

	/**
	 * Reads the limits of a method.
	 * @param definition the method
	 * @param target the connection whose handler it becomes
	 * @return the limits, or {@code null} if the method takes one message at a time
	 * @throws WsConfigurationException if they can't be kept
	 */
	@Nullable BatchLimits limits(HandlerDefinition definition, HandlerTarget target) {
		if (definition.kind() != HandlerKind.MESSAGE) {
			return null;
		}
		int size = definition.annotation().getInt("batchSize");
		if (size == 0) {
			if (!definition.annotation().hasDefaultValue("batchTimeout")) {
				throw HandlerMethodFactory.invalid(definition.method(), "has a batchTimeout, but no batchSize",
						"Set batchSize to 1 or more, or remove batchTimeout.");
			}
			return null;
		}
		if (size < 0) {
			throw HandlerMethodFactory.invalid(definition.method(), "has the batchSize " + size,
					"Set it to 1 or more, or to 0 for one message at a time.");
		}
		if (target.eventLoop()) {
			throw HandlerMethodFactory.invalid(definition.method(),
					"takes batches, but the connection '" + target.name() + "' calls it on its event loop",
					"Set 'ws.clients." + target.name() + ".dispatch.mode' to another mode than event-loop, "
							+ "or remove batchSize.");
		}
		if (size > target.queue() / 2) {
			throw HandlerMethodFactory.invalid(definition.method(),
					"has the batchSize " + size + ", which is more than half of the " + target.queue()
							+ " messages that may wait in the connection '" + target.name() + "'",
					"Set batchSize to " + target.queue() / 2 + " or less, or raise 'ws.clients." + target.name()
							+ ".dispatch.queue' to " + size * 2L + " or more.");
		}
		if (!definition.text("filter").isEmpty()) {
			throw HandlerMethodFactory.invalid(definition.method(),
					"has a filter, but takes batches, whose messages have no arguments of their own",
					"Say with 'when' which messages it takes, or remove batchSize.");
		}
		return new BatchLimits(size, timeout(definition));
	}

	private Duration timeout(HandlerDefinition definition) {
		String text = HandlerMethodFactory.resolve(this.placeholders, definition.method(), "batchTimeout",
				definition.text("batchTimeout"));
		try {
			Duration timeout = DurationStyle.detectAndParse(text);
			if (timeout.isNegative() || timeout.isZero() || timeout.compareTo(LONGEST) > 0) {
				throw new IllegalArgumentException("it must be more than 0 and at most 365 days");
			}
			return timeout;
		}
		catch (IllegalArgumentException ex) {
			throw HandlerMethodFactory.invalid(definition.method(),
					"has the wrong batchTimeout \"" + text + "\": " + ex.getMessage(),
					"Set it to a duration such as 500ms or 2s.");
		}
	}

	/**
	 * Requires a list, whose elements stand for one message each.
	 * @param definition the method
	 * @param parameter its payload
	 */
	void requireList(HandlerDefinition definition, HandlerParameter parameter) {
		if (parameter.wrapped() || parameter.typeClass() != List.class
				|| !(parameter.type() instanceof ParameterizedType)) {
			throw HandlerMethodFactory.invalid(definition.method(),
					"takes batches, but its parameter " + parameter.declared().getParameterIndex() + " is a "
							+ parameter.declaredTypeName() + ", not a List of payloads",
					"Declare it as List<String>, or as a List of another type of payload, or remove batchSize.");
		}
	}

	/**
	 * Requires one payload.
	 * @param definition the method
	 * @param arguments its arguments
	 */
	void requireOneList(HandlerDefinition definition, List<Argument> arguments) {
		long lists = arguments.stream().filter((argument) -> argument.element() != null).count();
		if (lists != 1) {
			throw HandlerMethodFactory.invalid(definition.method(),
					"takes batches, but has " + lists + " parameters for their payloads",
					"Declare one parameter such as List<String>, or remove batchSize.");
		}
	}

}
