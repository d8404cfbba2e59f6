package dev.wsclient.spring;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;

/**
 * Which messages go to a handler method.
 *
 * @param types the types of messages
 * @param condition the condition on a field of their JSON, or {@code null} for none
 * @param expression the condition in SpEL, or {@code null} for none
 * @param filter the condition on the method's arguments, with a variable for each, or
 * {@code null} for none
 */
record MessageRoute(Set<WsMessage.Type> types, @Nullable MessageCondition condition,
		@Nullable MessageExpression expression, @Nullable MessageExpression filter) {

	/** That of methods for other events. */
	static final MessageRoute NONE = new MessageRoute(Set.of(), null, null, null);

	MessageRoute {
		types = Set.copyOf(types);
	}

	/**
	 * Whether there is a condition that is looked at before the method is chosen.
	 * @return {@code true} if there is one
	 */
	boolean isConditional() {
		return this.condition != null || this.expression != null;
	}

}
