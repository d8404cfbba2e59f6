package dev.wsclient.spring;

import java.util.List;

import org.jspecify.annotations.Nullable;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.EvaluationContext;
import org.springframework.expression.Expression;
import org.springframework.expression.PropertyAccessor;
import org.springframework.expression.spel.support.SimpleEvaluationContext;
import org.springframework.expression.spel.support.StandardEvaluationContext;

/**
 * A SpEL expression on a message, and on the arguments of a handler method if it has
 * variables. Safe for use by several threads.
 */
class MessageExpression {

	private final Expression expression;

	private final PropertyAccessor properties;

	/** {@code null} where types, static methods and beans are out of reach. */
	private final @Nullable BeanResolver beans;

	private final List<String> variables;

	/** Shared by all evaluations without variables. */
	private final EvaluationContext shared;

	MessageExpression(Expression expression, PropertyAccessor properties, @Nullable BeanResolver beans,
			List<String> variables) {
		this.expression = expression;
		this.properties = properties;
		this.beans = beans;
		this.variables = List.copyOf(variables);
		this.shared = context();
	}

	private EvaluationContext context() {
		if (this.beans == null) {
			return SimpleEvaluationContext.forPropertyAccessors(this.properties)
				.withInstanceMethods()
				.withAssignmentDisabled()
				.build();
		}
		StandardEvaluationContext context = new StandardEvaluationContext();
		context.addPropertyAccessor(this.properties);
		context.setBeanResolver(this.beans);
		return context;
	}

	/**
	 * Evaluates the expression as a condition.
	 * @param event the event of a message
	 * @return the result; {@code null} counts as {@code false}
	 * @throws org.springframework.expression.EvaluationException if it can't be evaluated
	 */
	boolean test(WsHandlerEvent event) {
		return Boolean.TRUE.equals(this.expression.getValue(this.shared, event, Boolean.class));
	}

	/**
	 * Evaluates the expression as a condition on a message and the arguments made of it.
	 * @param event the event of a message
	 * @param arguments the values of the variables
	 * @return the result; {@code null} counts as {@code false}
	 * @throws org.springframework.expression.EvaluationException if it can't be evaluated
	 */
	boolean test(WsHandlerEvent event, @Nullable Object[] arguments) {
		EvaluationContext context = context();
		for (int i = 0; i < arguments.length; i++) {
			context.setVariable(this.variables.get(i), arguments[i]);
		}
		return Boolean.TRUE.equals(this.expression.getValue(context, event, Boolean.class));
	}

	/**
	 * Evaluates the expression.
	 * @param event the event of a message
	 * @return the result
	 * @throws org.springframework.expression.EvaluationException if it can't be evaluated
	 */
	@Nullable Object value(WsHandlerEvent event) {
		return this.expression.getValue(this.shared, event);
	}

}
