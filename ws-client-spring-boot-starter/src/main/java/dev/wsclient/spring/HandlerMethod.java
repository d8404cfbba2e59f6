package dev.wsclient.spring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

/**
 * A handler method with all that could be found out when it was registered, so that a
 * call only resolves arguments and invokes.
 */
class HandlerMethod {

	private final HandlerKind kind;

	private final Object bean;

	private final Method method;

	private final List<Argument> arguments;

	private final @Nullable MessageCondition condition;

	private final int order;

	private final String description;

	private final LogThrottle failures = new LogThrottle();

	HandlerMethod(HandlerKind kind, Object bean, Method method, List<Argument> arguments,
			@Nullable MessageCondition condition, int order) {
		this.kind = kind;
		this.bean = bean;
		this.method = method;
		this.arguments = List.copyOf(arguments);
		this.condition = condition;
		this.order = order;
		this.description = describe(method);
		ReflectionUtils.makeAccessible(method);
	}

	/**
	 * Describes a method for messages.
	 * @param method the method
	 * @return class, name and types of parameters
	 */
	static String describe(Method method) {
		return method.getDeclaringClass().getName() + "." + method.getName()
				+ Arrays.stream(method.getParameterTypes())
					.map(Class::getSimpleName)
					.collect(Collectors.joining(", ", "(", ")"));
	}

	/**
	 * Calls the method.
	 * @param event what it is called for
	 * @return what it returned
	 * @throws Throwable what it threw, or why an argument could not be resolved
	 */
	@Nullable Object invoke(WsHandlerEvent event) throws Throwable {
		@Nullable Object[] values = new Object[this.arguments.size()];
		for (int i = 0; i < values.length; i++) {
			values[i] = this.arguments.get(i).resolve(event, this);
		}
		try {
			return this.method.invoke(this.bean, values);
		}
		catch (InvocationTargetException ex) {
			throw (ex.getCause() != null) ? ex.getCause() : ex;
		}
	}

	/**
	 * Whether the method takes an error: all its arguments that are errors fit.
	 * @param error the error
	 * @return {@code true} if it is to be called
	 */
	boolean takes(Throwable error) {
		return this.arguments.stream().allMatch((argument) -> argument.takes(error));
	}

	/**
	 * Whether the method takes messages of a type.
	 * @param text whether the message is text
	 * @return {@code true} if its payload is of this type, or it takes both
	 */
	boolean takes(boolean text) {
		return (text || this.condition == null)
				&& this.arguments.stream().allMatch((argument) -> argument.payload().includes(text));
	}

	HandlerKind kind() {
		return this.kind;
	}

	Method method() {
		return this.method;
	}

	Type returnType() {
		return this.method.getGenericReturnType();
	}

	@Nullable MessageCondition condition() {
		return this.condition;
	}

	int order() {
		return this.order;
	}

	LogThrottle failures() {
		return this.failures;
	}

	@Override
	public String toString() {
		return this.description;
	}

	/**
	 * One argument, decided on when the method was registered.
	 *
	 * @param payload which messages the argument can be made from
	 * @param errorType the class of errors the argument can be, or {@code null} if it is
	 * no error
	 * @param source provides the value
	 */
	record Argument(Payload payload, @Nullable Class<?> errorType, Source source) {

		static Argument of(Source source) {
			return new Argument(Payload.ANY, null, source);
		}

		@Nullable Object resolve(WsHandlerEvent event, HandlerMethod handler) throws Exception {
			return this.source.get(event, handler);
		}

		boolean takes(Throwable error) {
			return this.errorType == null || this.errorType.isInstance(error);
		}

	}

	/**
	 * Provides the value of an argument.
	 */
	@FunctionalInterface
	interface Source {

		/**
		 * Provides the value.
		 * @param event what the handler is called for
		 * @param handler the handler
		 * @return the value
		 * @throws Exception if there is none
		 */
		@Nullable Object get(WsHandlerEvent event, HandlerMethod handler) throws Exception;

	}

	/**
	 * Which messages an argument can be made from.
	 */
	enum Payload {

		/**
		 * Text only.
		 */
		TEXT,

		/**
		 * Binary only.
		 */
		BINARY,

		/**
		 * Both.
		 */
		ANY;

		boolean includes(boolean text) {
			return this == ANY || text == (this == TEXT);
		}

	}

}
