package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.context.expression.BeanFactoryResolver;
import org.springframework.expression.BeanResolver;
import org.springframework.expression.ParseException;
import org.springframework.expression.spel.SpelNode;
import org.springframework.expression.spel.ast.Assign;
import org.springframework.expression.spel.ast.BeanReference;
import org.springframework.expression.spel.ast.CompoundExpression;
import org.springframework.expression.spel.ast.ConstructorReference;
import org.springframework.expression.spel.ast.FunctionReference;
import org.springframework.expression.spel.ast.Indexer;
import org.springframework.expression.spel.ast.MethodReference;
import org.springframework.expression.spel.ast.Projection;
import org.springframework.expression.spel.ast.PropertyOrFieldReference;
import org.springframework.expression.spel.ast.Selection;
import org.springframework.expression.spel.ast.TypeReference;
import org.springframework.expression.spel.ast.VariableReference;
import org.springframework.expression.spel.standard.SpelExpression;
import org.springframework.expression.spel.standard.SpelExpressionParser;

/**
 * Parses SpEL expressions on messages, and finds at once what could only fail later:
 * names that there are not.
 */
class MessageExpressions {

	private static final Set<String> PREDEFINED = Set.of("#root", "#this");

	/** What can be called where a message is looked at. */
	private static final Set<String> METHODS = Stream.of(WsHandlerEvent.class.getMethods())
		.map(Method::getName)
		.collect(Collectors.toUnmodifiableSet());

	private final SpelExpressionParser parser = new SpelExpressionParser();

	private final MessagePropertyAccessor properties;

	private final @Nullable BeanResolver beans;

	private final @Nullable BeanFactory beanFactory;

	/**
	 * Creates a parser.
	 * @param json reads {@code json}, or {@code null} without Jackson
	 * @param beanFactory holds the beans that expressions refer to by {@code @name}, or
	 * {@code null} for expressions of settings, which may come at run time and from
	 * anyone: they reach the message, but no types, static methods and beans
	 */
	MessageExpressions(@Nullable JsonCodec json, @Nullable BeanFactory beanFactory) {
		this.properties = new MessagePropertyAccessor(json);
		this.beans = (beanFactory != null) ? new BeanFactoryResolver(beanFactory) : null;
		this.beanFactory = beanFactory;
	}

	/**
	 * Parses an expression.
	 * @param text the expression
	 * @param variables names of the variables, in the order in which their values will be
	 * given
	 * @return the expression
	 * @throws IllegalArgumentException if it is wrong; the message says why
	 */
	MessageExpression parse(String text, List<String> variables) {
		try {
			SpelExpression expression = this.parser.parseRaw(text);
			check(expression.getAST(), variables, true);
			if (this.beans == null) {
				refuseCode(expression.getAST());
			}
			return new MessageExpression(expression, this.properties, this.beans, variables);
		}
		catch (ParseException ex) {
			throw new IllegalArgumentException(ex.getSimpleMessage(), ex);
		}
	}

	private static void refuseCode(SpelNode node) {
		if (node instanceof TypeReference || node instanceof ConstructorReference || node instanceof BeanReference) {
			throw new IllegalArgumentException("types, constructors and beans are out of reach of a property: "
					+ node.toStringAST() + "; known are " + MessagePropertyAccessor.NAMES);
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			refuseCode(node.getChild(i));
		}
	}

	/**
	 * Requires the bean of a reference such as {@code @rules}, {@code @'a.b'} or
	 * {@code &factory}.
	 */
	private void requireBean(String reference) {
		String name = reference.substring(1).replaceAll("^'(.*)'$", "$1");
		if (this.beanFactory != null && !this.beanFactory.containsBean(name)) {
			throw new IllegalArgumentException("there is no bean '" + name + "'");
		}
	}

	/**
	 * Checks a node and what belongs to it.
	 * @param first whether a name here is one of the message, not of what stands in front
	 */
	private void check(SpelNode node, List<String> variables, boolean first) {
		if (node instanceof Assign) {
			throw new IllegalArgumentException("it assigns a value; write == to compare");
		}
		if (node instanceof PropertyOrFieldReference property && first
				&& !MessagePropertyAccessor.NAMES.contains(property.getName())) {
			throw new IllegalArgumentException(
					"there is no '" + property.getName() + "'; known are " + MessagePropertyAccessor.NAMES);
		}
		if (node instanceof VariableReference && !PREDEFINED.contains(node.toStringAST())
				&& !variables.contains(node.toStringAST().substring(1))) {
			throw new IllegalArgumentException(
					"there is no variable " + node.toStringAST() + "; known are " + variables);
		}
		if (node instanceof MethodReference method && first && !METHODS.contains(method.getName())) {
			throw new IllegalArgumentException("there is no method '" + method.getName() + "' of the message");
		}
		if (node instanceof FunctionReference) {
			throw new IllegalArgumentException("there is no function " + node.toStringAST());
		}
		if (node instanceof BeanReference) {
			requireBean(node.toStringAST());
		}
		if (node instanceof Indexer || node instanceof Selection || node instanceof Projection
				|| node instanceof BeanReference) {
			return;
		}
		for (int i = 0; i < node.getChildCount(); i++) {
			check(node.getChild(i), variables, !(node instanceof CompoundExpression) || i == 0);
		}
	}

}
