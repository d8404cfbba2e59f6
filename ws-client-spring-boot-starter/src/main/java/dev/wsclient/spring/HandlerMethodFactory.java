package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.MethodParameter;
import org.springframework.core.ParameterNameDiscoverer;

import dev.wsclient.WsMessage;
import dev.wsclient.spring.HandlerMethod.Argument;
import dev.wsclient.spring.HandlerMethod.Source;

/**
 * Checks handler methods and decides how each of their arguments is provided.
 */
class HandlerMethodFactory {

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
		List<MethodParameter> parameters = parameters(definition);
		BatchLimits batch = this.batches.limits(definition, target);
		List<Argument> arguments = parameters.stream()
			.map((each) -> argument(definition, each, batch != null))
			.toList();
		if (batch != null) {
			this.batches.requireOneList(definition, arguments);
		}
		return new HandlerMethod(definition, arguments, route(definition, parameters, arguments),
				this.returnValues.writer(definition), this.failurePolicies.create(definition, target), batch);
	}

	private List<MethodParameter> parameters(HandlerDefinition definition) {
		MethodParameter[] parameters = new HandlerSignature(definition.method(), definition.targetClass())
			.getMethodParameters();
		for (MethodParameter parameter : parameters) {
			parameter.initParameterNameDiscovery(this.parameterNames);
		}
		return Arrays.asList(parameters);
	}

	private Argument argument(HandlerDefinition definition, MethodParameter parameter, boolean batch) {
		for (WsArgumentResolver resolver : this.resolvers) {
			if (resolver.supports(parameter)) {
				return Argument.of((event, handler) -> resolver.resolve(parameter, event));
			}
		}
		MethodParameter value = parameter.nestedIfOptional();
		Argument argument = this.events.create(definition.kind(), value);
		if (argument == null && definition.kind() == HandlerKind.MESSAGE) {
			argument = batch ? elements(definition, parameter)
					: this.payloads.create(value, !definition.types().isEmpty());
		}
		if (argument == null) {
			throw unresolvable(definition, parameter);
		}
		if (parameter.getParameterType() != Optional.class) {
			return argument;
		}
		Source source = argument.source();
		return argument.withSource((event, handler) -> Optional.ofNullable(source.get(event, handler)));
	}

	private @Nullable Argument elements(HandlerDefinition definition, MethodParameter parameter) {
		this.batches.requireList(definition, parameter);
		Argument element = this.payloads.create(parameter.nested(), !definition.types().isEmpty());
		return (element != null) ? element.batch() : null;
	}

	private WsConfigurationException unresolvable(HandlerDefinition definition, MethodParameter parameter) {
		String name = (parameter.getParameterName() != null) ? " '" + parameter.getParameterName() + "'" : "";
		HandlerKind kind = definition.kind();
		String payload = "";
		if (kind == HandlerKind.MESSAGE) {
			payload = this.payloads.readsJson() ? ", any type that JSON or a WsMessageConverter gives"
					: " (and, with Jackson on the class path or a WsMessageConverter bean, any type that it gives)";
		}
		return new WsConfigurationException(null, "Parameter " + parameter.getParameterIndex() + name + " of type "
				+ parameter.getGenericParameterType().getTypeName() + " of the @" + kind.annotation().getSimpleName()
				+ " method " + HandlerMethod.describe(definition.method()) + " can't be provided.",
				"Use these types: " + kind.argumentTypes() + payload
						+ ", or Optional of each; or define a bean of type WsArgumentResolver that supports the parameter.");
	}

	private MessageRoute route(HandlerDefinition definition, List<MethodParameter> parameters,
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
		parameters.forEach((parameter) -> names.add(parameter.getParameterName()));
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
