package dev.wsclient.spring;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.util.ReflectionUtils;

import dev.wsclient.WsMessage;

/**
 * A handler method with all that could be found out when it was registered, so that a
 * call only resolves arguments and invokes.
 */
class HandlerMethod {

	/** Returned instead of a call that the filter did not let through. */
	static final Object FILTERED = new Object();

	private final HandlerKind kind;

	private final Object bean;

	private final Method method;

	private final List<Argument> arguments;

	private final Source[] sources;

	private final MessageRoute route;

	private final Type returnType;

	private final WsMessageConverter.@Nullable Writer writer;

	private final FailurePolicy failurePolicy;

	private final @Nullable BatchLimits batch;

	/** Makes each element of a batch; {@code null} if there are no batches. */
	private final @Nullable Source element;

	private final int order;

	private final String description;

	/** Class and name, for tags of meters. */
	private final String shortName;

	private final LogThrottle failures = new LogThrottle();

	HandlerMethod(HandlerDefinition definition, List<Argument> arguments, MessageRoute route,
			WsMessageConverter.@Nullable Writer writer, FailurePolicy failurePolicy, @Nullable BatchLimits batch) {
		this.kind = definition.kind();
		this.bean = definition.bean();
		this.method = definition.invocable();
		this.arguments = List.copyOf(arguments);
		this.sources = this.arguments.stream().map(Argument::source).toArray(Source[]::new);
		this.route = route;
		this.returnType = definition.returnType();
		this.writer = writer;
		this.failurePolicy = failurePolicy;
		this.batch = batch;
		this.element = this.arguments.stream().map(Argument::element).filter(Objects::nonNull).findFirst().orElse(null);
		this.order = definition.order();
		this.description = describe(definition.method());
		this.shortName = ClassName.shortest(definition.method().getDeclaringClass()) + "."
				+ definition.method().getName();
		ReflectionUtils.makeAccessible(this.method);
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
	 * Returns the class and the name of the method.
	 * @return the name, such as {@code FeedHandlers.onTrade}
	 */
	String shortName() {
		return this.shortName;
	}

	/**
	 * Calls the method, if its filter lets it.
	 * @param event what it is called for
	 * @return what it returned, or {@link #FILTERED}
	 * @throws Throwable what it threw, or why an argument could not be resolved
	 */
	@Nullable Object invoke(WsHandlerEvent event) throws Throwable {
		@Nullable Object[] values = new Object[this.sources.length];
		for (int i = 0; i < values.length; i++) {
			values[i] = this.sources[i].get(event, this);
		}
		if (this.route.filter() != null && !this.route.filter().test(event, values)) {
			return FILTERED;
		}
		try {
			return this.method.invoke(this.bean, values);
		}
		catch (InvocationTargetException ex) {
			throw (ex.getCause() != null) ? ex.getCause() : ex;
		}
	}

	/**
	 * Makes an element of a batch.
	 * @param event the event of the message
	 * @return the element
	 * @throws Exception if the message can't be converted or is not valid
	 */
	@Nullable Object element(WsHandlerEvent event) throws Exception {
		return Objects.requireNonNull(this.element).get(event, this);
	}

	/**
	 * Whether the method takes an error: all its arguments that are errors fit.
	 * @param error the error
	 * @return {@code true} if it may be called
	 */
	boolean takes(Throwable error) {
		return errorTypes().allMatch((type) -> type.isInstance(error));
	}

	/**
	 * Returns how far the error is from what the method declares.
	 * @param error an error that the method takes
	 * @return 0 for its very class, 1 for its superclass and so on; the farthest if the
	 * method declares no error
	 */
	int distance(Throwable error) {
		return errorTypes().mapToInt((type) -> distance(error.getClass(), type)).min().orElse(Integer.MAX_VALUE);
	}

	private static int distance(Class<?> from, Class<?> to) {
		int distance = 0;
		for (Class<?> type = from; type != to && type != null; type = type.getSuperclass()) {
			distance++;
		}
		return distance;
	}

	private Stream<Class<?>> errorTypes() {
		return this.arguments.stream().<Class<?>>mapMulti((argument, types) -> {
			if (argument.errorType() != null) {
				types.accept(argument.errorType());
			}
		});
	}

	/**
	 * Returns the types that messages are converted to.
	 * @return usually none or one
	 */
	List<Class<?>> convertedTypes() {
		return this.arguments.stream().<Class<?>>mapMulti((argument, types) -> {
			if (argument.converted() && argument.payloadType() != null) {
				types.accept(argument.payloadType());
			}
		}).toList();
	}

	/**
	 * Returns the families that the method's payloads belong to.
	 * @return usually none or one
	 */
	List<PayloadFamily> families() {
		return this.arguments.stream().<PayloadFamily>mapMulti((argument, families) -> {
			if (argument.family() != null) {
				families.accept(argument.family());
			}
		}).toList();
	}

	HandlerKind kind() {
		return this.kind;
	}

	Object bean() {
		return this.bean;
	}

	Method method() {
		return this.method;
	}

	Type returnType() {
		return this.returnType;
	}

	MessageRoute route() {
		return this.route;
	}

	/**
	 * Returns what converts returned values to messages.
	 * @return the writer, or {@code null} if they need none, or it depends on their class
	 */
	WsMessageConverter.@Nullable Writer writer() {
		return this.writer;
	}

	FailurePolicy failurePolicy() {
		return this.failurePolicy;
	}

	/**
	 * Returns when the method is called with several messages at once.
	 * @return the limits, or {@code null} if it takes one message at a time
	 */
	@Nullable BatchLimits batch() {
		return this.batch;
	}

	boolean takesBatches() {
		return this.batch != null;
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
	 * @param payloadType the class of the payload that the argument is, or {@code null}
	 * if it is none
	 * @param converted whether the payload is converted, not given as it is
	 * @param family the family its payload belongs to, or {@code null} if to none
	 * @param source provides the value
	 * @param element provides one element of the value, if that is a batch, or
	 * {@code null}
	 */
	record Argument(Payload payload, @Nullable Class<?> errorType, @Nullable Class<?> payloadType, boolean converted,
			@Nullable PayloadFamily family, Source source, @Nullable Source element) {

		static Argument of(Source source) {
			return new Argument(Payload.ANY, null, null, false, null, source, null);
		}

		static Argument ofError(Class<?> type, Source source) {
			return new Argument(Payload.ANY, type, null, false, null, source, null);
		}

		static Argument ofPayload(Payload payload, Class<?> type, Source source) {
			return new Argument(payload, null, type, false, null, source, null);
		}

		static Argument converted(Payload payload, Class<?> type, @Nullable PayloadFamily family, Source source) {
			return new Argument(payload, null, type, true, family, source, null);
		}

		Argument withSource(Source source) {
			return new Argument(this.payload, this.errorType, this.payloadType, this.converted, this.family, source,
					this.element);
		}

		/**
		 * Makes an argument of the payloads of several messages.
		 * @return the argument, one element of which is this
		 */
		Argument batch() {
			return new Argument(this.payload, null, this.payloadType, this.converted, this.family,
					(event, handler) -> event.batchViews(), this.source);
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

		static Payload of(Collection<WsMessage.Type> types) {
			return (types.size() > 1) ? ANY : valueOf(types.iterator().next().name());
		}

		boolean includes(WsMessage.Type type) {
			return this == ANY || Objects.equals(name(), type.name());
		}

	}

}
