package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;

/**
 * Makes the conditions of handler methods: {@link OnWsMessage#when()} and
 * {@link OnWsMessage#filter()}.
 */
class MessageConditions {

	private final boolean json;

	private final MessageExpressions expressions;

	private final UnaryOperator<String> placeholders;

	/**
	 * Creates conditions.
	 * @param json whether JSON can be read
	 * @param expressions parses SpEL
	 * @param placeholders resolves placeholders in conditions
	 */
	MessageConditions(boolean json, MessageExpressions expressions, UnaryOperator<String> placeholders) {
		this.json = json;
		this.expressions = expressions;
		this.placeholders = placeholders;
	}

	/**
	 * Makes the route of a method.
	 * @param definition the method
	 * @param types the messages it can take
	 * @param names the names of its parameters, as far as they are known
	 * @return the route, whose types are empty if the method could never be called
	 * @throws WsConfigurationException if a condition is wrong
	 */
	MessageRoute route(HandlerDefinition definition, Set<WsMessage.Type> types, List<@Nullable String> names) {
		String when = text(definition, "when");
		String filter = text(definition, "filter");
		MessageExpression filterExpression = filter.isEmpty() ? null
				: expression(definition, "filter", filter, variables(names));
		if (!when.startsWith("$")) {
			return new MessageRoute(types, null,
					when.isEmpty() ? null : expression(definition, "condition", when, List.of()), filterExpression);
		}
		Set<WsMessage.Type> json = EnumSet.copyOf(List.of(WsMessage.Type.values()));
		json.retainAll(definition.types().isEmpty() ? Set.of(WsMessage.Type.TEXT) : definition.types());
		json.retainAll(types);
		return new MessageRoute(json, condition(definition, when), null, filterExpression);
	}

	private String text(HandlerDefinition definition, String attribute) {
		return HandlerMethodFactory.resolve(this.placeholders, definition.method(), attribute,
				definition.text(attribute));
	}

	private MessageCondition condition(HandlerDefinition definition, String when) {
		if (!this.json) {
			throw HandlerMethodFactory.invalid(definition.method(), "has a condition on JSON, which needs Jackson",
					"Add spring-boot-starter-jackson, or remove the condition.");
		}
		try {
			return MessageCondition.parse(when);
		}
		catch (IllegalArgumentException ex) {
			throw HandlerMethodFactory.invalid(definition.method(),
					"has the wrong condition \"" + when + "\": " + ex.getMessage(),
					"Write a condition such as $.type == 'trade', $.data.size != 2, $.last == true, $.side in ('buy', 'sell'), "
							+ "$.error == null, $.event or $[0]; for more write SpEL, such as json.data.size > 2.");
		}
	}

	private MessageExpression expression(HandlerDefinition definition, String role, String text,
			List<String> variables) {
		try {
			return this.expressions.parse(text, variables);
		}
		catch (IllegalArgumentException ex) {
			throw HandlerMethodFactory
				.invalid(definition.method(), "has the wrong " + role + " \"" + text + "\": " + ex.getMessage(),
						"Write SpEL on " + MessagePropertyAccessor.NAMES + " (json.type == 'trade')"
								+ (variables.isEmpty()
										? ", or a path of the JSON that starts with $ ($.type == 'trade')."
										: " and the arguments (#" + variables.get(0) + ")."));
		}
	}

	private static List<String> variables(List<@Nullable String> names) {
		List<String> variables = new ArrayList<>();
		for (String name : names) {
			variables.add((name != null) ? name : "p" + variables.size());
		}
		return variables;
	}

}
