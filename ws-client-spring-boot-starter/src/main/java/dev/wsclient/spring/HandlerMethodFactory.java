package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;

import dev.wsclient.WsMessage;
import dev.wsclient.spring.HandlerMethod.Argument;

/**
 * Checks handler methods and decides how each of their arguments is provided.
 */
class HandlerMethodFactory {

	/** What Kotlin adds to the parameters of a suspend function. */
	private static final String CONTINUATION = "kotlin.coroutines.Continuation";

	private final ParameterNameDiscoverer parameterNames = new DefaultParameterNameDiscoverer();

	private final List<WsArgumentResolver> resolvers;

	private final PayloadArguments payloads;

	private final EventArguments events = new EventArguments();

	private final MessageConditions conditions;

	private final ReturnValues returnValues;

	private final FailurePolicies failurePolicies;

	private final BatchAttributes batches;

	/**
	 * Creates a factory.
	 * @param resolvers the user's resolvers, in order
	 * @param payloads makes arguments of messages
	 * @param conditions makes conditions
	 * @param returnValues checks what methods return
	 * @param failurePolicies decides what follows when a method fails
	 * @param batches checks what is said of batches
	 */
	HandlerMethodFactory(List<WsArgumentResolver> resolvers, PayloadArguments payloads, MessageConditions conditions,
			ReturnValues returnValues, FailurePolicies failurePolicies, BatchAttributes batches) {
		this.resolvers = List.copyOf(resolvers);
		this.payloads = payloads;
		this.conditions = conditions;
		this.returnValues = returnValues;
		this.failurePolicies = failurePolicies;
		this.batches = batches;
	}

	/**
	 * Makes a handler of a method.
	 * @param definition the method
	 * @param target the connection whose handler it becomes
	 * @return the handler
	 * @throws WsConfigurationException if it could not work
	 */
	HandlerMethod create(HandlerDefinition definition, HandlerTarget target) {
		try {
			return prepare(definition, target);
		}
		catch (WsConfigurationException ex) {
			throw ex;
		}
		// Resolvers and converters are the user's
		catch (RuntimeException | LinkageError ex) {
			WsConfigurationException failure = invalid(definition.method(), "could not be prepared: " + ex,
					"Look at the cause: it is not about the WebSocket connection.");
			failure.initCause(ex);
			throw failure;
		}
	}

	private HandlerMethod prepare(HandlerDefinition definition, HandlerTarget target) {
		List<HandlerParameter> parameters = parameters(definition);
		BatchLimits batch = this.batches.limits(definition, target);
		List<Argument> arguments = parameters.stream()
			.map((each) -> argument(definition, each, batch != null))
			.toList();
		if (batch != null) {
			this.batches.requireOneList(definition, arguments);
		}
		requirePossible(definition, parameters, arguments);
		return new HandlerMethod(definition, arguments, route(definition, parameters, arguments),
				this.returnValues.writer(definition), this.failurePolicies.create(definition, target), batch);
	}

	private List<HandlerParameter> parameters(HandlerDefinition definition) {
		List<HandlerParameter> parameters = new ArrayList<>();
		for (MethodParameter each : new HandlerSignature(definition.method(), definition.targetClass())
			.getMethodParameters()) {
			each.initParameterNameDiscovery(this.parameterNames);
			parameters.add(HandlerParameter.of(each, definition.beanTypes().resolve(each.getGenericParameterType())));
		}
		return parameters;
	}

	private Argument argument(HandlerDefinition definition, HandlerParameter parameter, boolean batch) {
		MethodParameter declared = parameter.declared();
		for (WsArgumentResolver resolver : this.resolvers) {
			if (resolver.supports(declared)) {
				return Argument.of((event, handler) -> resolver.resolve(declared, event));
			}
		}
		Argument argument = this.events.create(definition.kind(), parameter);
		if (argument == null && definition.kind() == HandlerKind.MESSAGE) {
			argument = payload(definition, parameter, batch);
		}
		if (argument == null) {
			throw unresolvable(definition, parameter);
		}
		return parameter.wrap(argument);
	}

	private @Nullable Argument payload(HandlerDefinition definition, HandlerParameter parameter, boolean batch) {
		TypeVariable<?> open = definition.beanTypes().open(parameter.declared().getGenericParameterType());
		if (open != null) {
			throw invalid(definition.method(),
					"has the parameter " + parameter.describe() + ", whose type variable " + open.getName()
							+ " the class " + definition.targetClass().getName()
							+ " leaves open: it can't be told what to convert to",
					"Let a subclass or the type of the @Bean method decide it, as in Feed<Trade>; "
							+ "a parameter of type Object takes any JSON.");
		}
		boolean typesNamed = !definition.types().isEmpty();
		if (!batch) {
			return this.payloads.create(parameter, typesNamed);
		}
		this.batches.requireList(definition, parameter);
		HandlerParameter element = HandlerParameter.of(parameter.declared(),
				BeanTypes.argument(parameter.type(), List.class));
		Argument argument = this.payloads.create(element, typesNamed);
		return (argument != null) ? element.wrap(argument).batch() : null;
	}

	/**
	 * Refuses what each argument allows, but not all of them together.
	 */
	private static void requirePossible(HandlerDefinition definition, List<HandlerParameter> parameters,
			List<Argument> arguments) {
		for (int i = 0; i < arguments.size(); i++) {
			for (int j = 0; j < i; j++) {
				String reason = arePayloads(parameters.get(j), arguments.get(j), parameters.get(i), arguments.get(i))
						? "which would both be the payload of the message"
						: conflict(arguments.get(j).errorType(), arguments.get(i).errorType());
				if (reason != null) {
					throw invalid(definition.method(),
							"has the parameters " + parameters.get(j).describe() + " and "
									+ parameters.get(i).describe() + ", " + reason,
							"Take one of them away, or write two methods. What else a parameter is to be, an annotation "
									+ "says: @WsHeader, @WsAttribute, or one that a WsArgumentResolver bean supports.");
				}
			}
		}
	}

	/**
	 * Whether two parameters want the payload in the same form, or converted to two
	 * types: one of them was meant to be something else. The message as it is may stand
	 * beside what it is converted to, and a value beside its {@code Optional}.
	 */
	private static boolean arePayloads(HandlerParameter one, Argument argument, HandlerParameter other,
			Argument otherArgument) {
		if (argument.payloadType() == null || otherArgument.payloadType() == null
				|| argument.converted() != otherArgument.converted()) {
			return false;
		}
		boolean sameType = one.type().equals(other.type());
		return sameType ? one.wrapped() == other.wrapped() : argument.converted();
	}

	private static @Nullable String conflict(@Nullable Class<?> error, @Nullable Class<?> other) {
		boolean possible = error == null || other == null || error.isAssignableFrom(other)
				|| other.isAssignableFrom(error);
		return possible ? null : "and no error is both";
	}

	private WsConfigurationException unresolvable(HandlerDefinition definition, HandlerParameter parameter) {
		HandlerKind kind = definition.kind();
		String problem = "Parameter " + parameter.describe() + " of the @" + kind.annotation().getSimpleName()
				+ " method " + HandlerMethod.describe(definition.method()) + " can't be provided";
		if (parameter.typeClass().getName().equals(CONTINUATION)) {
			return new WsConfigurationException(null, problem + ": suspend functions are not supported yet.",
					"Remove suspend, and return a CompletionStage, such as that of "
							+ "kotlinx.coroutines.future.future { }, for what ends later.");
		}
		String payload = "";
		if (kind == HandlerKind.MESSAGE) {
			payload = this.payloads.readsJson() ? ", any type that JSON or a WsMessageConverter gives"
					: " (and, with Jackson on the class path or a WsMessageConverter bean, any type that it gives)";
		}
		List<String> others = Stream.of(HandlerKind.values())
			.filter((each) -> each != kind && this.events.create(each, parameter) != null)
			.map((each) -> "@" + each.annotation().getSimpleName())
			.toList();
		return new WsConfigurationException(null, problem + (others
			.isEmpty() ? "." : ": it belongs to " + String.join(", ", others) + "."), "Use these types: "
					+ kind.argumentTypes() + payload
					+ ", or Optional of each; or define a bean of type WsArgumentResolver that supports the parameter. "
					+ "Beans are injected into the constructor of the class.");
	}

	private MessageRoute route(HandlerDefinition definition, List<HandlerParameter> parameters,
			List<Argument> arguments) {
		if (definition.kind() != HandlerKind.MESSAGE) {
			return MessageRoute.NONE;
		}
		Set<WsMessage.Type> named = definition.types();
		Set<WsMessage.Type> types = EnumSet.noneOf(WsMessage.Type.class);
		for (WsMessage.Type type : WsMessage.Type.values()) {
			if ((named.isEmpty() || named.contains(type))
					&& arguments.stream().allMatch((argument) -> argument.payload().includes(type))) {
				types.add(type);
			}
		}
		List<@Nullable String> names = new ArrayList<>();
		parameters.forEach((parameter) -> names.add(parameter.name()));
		MessageRoute route = this.conditions.route(definition, types, names);
		if (route.types().isEmpty()) {
			throw invalid(definition.method(),
					"could never be called: one of its arguments, its condition or its type needs a text message, "
							+ "and another a binary message",
					"Split it into two methods. JSON in binary messages is read with type = BINARY.");
		}
		return route;
	}

	/**
	 * Resolves the placeholders of an attribute.
	 * @param placeholders resolves placeholders
	 * @param method the method
	 * @param attribute the attribute with its annotation, for messages
	 * @param text the value of the attribute
	 * @return the text without placeholders, stripped
	 * @throws WsConfigurationException if one has no value
	 */
	static String resolve(UnaryOperator<String> placeholders, Method method, String attribute, String text) {
		String reason;
		try {
			String resolved = placeholders.apply(text).strip();
			if (!isUnresolved(text, resolved)) {
				return resolved;
			}
			reason = resolved;
		}
		catch (IllegalArgumentException ex) {
			reason = String.valueOf(ex.getMessage());
		}
		throw invalid(method,
				"has the " + attribute + " \"" + text + "\", a placeholder of which has no value: " + reason,
				"Set the property, or give the placeholder a default as in ${name:default}.");
	}

	/**
	 * Whether there still is a placeholder, as what resolves them may leave those without
	 * a value as they are.
	 * @param text the text, in which an escaped placeholder stands for itself
	 * @param resolved the text without placeholders
	 * @return {@code true} if there is one
	 */
	static boolean isUnresolved(String text, String resolved) {
		return resolved.contains("${") && !text.contains("\\${");
	}

	/**
	 * Makes the error of a method that can't work.
	 * @param method the method
	 * @param reason what is wrong with it, following its name
	 * @param action how to mend it
	 * @return the error
	 */
	static WsConfigurationException invalid(Method method, String reason, String action) {
		return new WsConfigurationException(null,
				"The WebSocket handler method " + HandlerMethod.describe(method) + " " + reason + ".", action);
	}

}
