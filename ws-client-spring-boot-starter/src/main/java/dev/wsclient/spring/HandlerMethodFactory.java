package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.MethodParameter;
import org.springframework.core.annotation.SynthesizingMethodParameter;
import org.springframework.util.ClassUtils;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.spring.HandlerMethod.Argument;
import dev.wsclient.spring.HandlerMethod.Payload;
import dev.wsclient.spring.JsonCodec.JsonFailure;

/**
 * Checks handler methods and decides how each of their arguments is provided.
 */
class HandlerMethodFactory {

	private final @Nullable JsonCodec json;

	private final List<WsArgumentResolver> resolvers;

	/**
	 * Creates a factory.
	 * @param json reads and writes JSON, or {@code null} without Jackson
	 * @param resolvers the user's resolvers, in order
	 */
	HandlerMethodFactory(@Nullable JsonCodec json, List<WsArgumentResolver> resolvers) {
		this.json = json;
		this.resolvers = List.copyOf(resolvers);
	}

	/**
	 * Makes a handler of a method.
	 * @param kind what it is called for
	 * @param bean the bean, which may be a proxy
	 * @param targetClass the class behind the proxy
	 * @param method the method to invoke on the bean
	 * @param when the condition, or an empty text
	 * @param order the order among others
	 * @return the handler
	 * @throws WsConfigurationException if it could not work
	 */
	HandlerMethod create(HandlerKind kind, Object bean, Class<?> targetClass, Method method, String when, int order) {
		List<Argument> arguments = new ArrayList<>();
		for (int i = 0; i < method.getParameterCount(); i++) {
			MethodParameter parameter = new SynthesizingMethodParameter(method, i).withContainingClass(targetClass);
			arguments.add(argument(kind, parameter));
		}
		HandlerMethod handler = new HandlerMethod(kind, bean, method, arguments, condition(method, when), order);
		if (kind == HandlerKind.MESSAGE && !handler.takes(true) && !handler.takes(false)) {
			throw invalid(method, "could never be called: one of its arguments needs a text message, "
					+ "or its condition does, and another a binary message", "Split it into two methods.");
		}
		checkReturnType(kind, method);
		return handler;
	}

	private Argument argument(HandlerKind kind, MethodParameter parameter) {
		for (WsArgumentResolver resolver : this.resolvers) {
			if (resolver.supports(parameter)) {
				return Argument.of((event, handler) -> resolver.resolve(parameter, event));
			}
		}
		Class<?> type = parameter.getParameterType();
		if (type == WsConnection.class) {
			return Argument.of((event, handler) -> event.connection());
		}
		Argument argument = switch (kind) {
			case OPEN ->
				(type == WsHandshakeResponse.class) ? Argument.of((event, handler) -> event.handshakeResponse()) : null;
			case MESSAGE -> payload(parameter, type);
			case CLOSE -> closeArgument(type);
			case ERROR -> Throwable.class.isAssignableFrom(type)
					? new Argument(Payload.ANY, type, (event, handler) -> event.error()) : null;
			case PING, PONG -> controlArgument(type);
			case RECONNECTING -> reconnectingArgument(type);
			case CONNECT, BUFFER_FULL, BUFFER_DRAIN -> null;
		};
		if (argument == null) {
			throw unresolvable(kind, parameter);
		}
		return argument;
	}

	private static @Nullable Argument closeArgument(Class<?> type) {
		if (type == WsCloseEvent.class) {
			return Argument.of((event, handler) -> event.closeEvent());
		}
		return (type == CloseStatus.class)
				? Argument.of((event, handler) -> Objects.requireNonNull(event.closeEvent()).status()) : null;
	}

	private static @Nullable Argument controlArgument(Class<?> type) {
		if (type == ByteBuffer.class) {
			return Argument.of((event, handler) -> controlPayload(event));
		}
		return (type == byte[].class) ? Argument.of((event, handler) -> {
			ByteBuffer payload = controlPayload(event);
			byte[] bytes = new byte[payload.remaining()];
			payload.get(bytes);
			return bytes;
		}) : null;
	}

	/**
	 * Returns a view of its own for each argument, as reading moves the position.
	 */
	private static ByteBuffer controlPayload(WsHandlerEvent event) {
		return Objects.requireNonNull(event.controlPayload()).asReadOnlyBuffer();
	}

	private static @Nullable Argument reconnectingArgument(Class<?> type) {
		if (type == Duration.class) {
			return Argument.of((event, handler) -> event.delay());
		}
		return (type == int.class || type == Integer.class) ? Argument.of((event, handler) -> event.attempt()) : null;
	}

	private @Nullable Argument payload(MethodParameter parameter, Class<?> type) {
		if (type == WsMessage.class) {
			return Argument.of((event, handler) -> message(event));
		}
		if (type == String.class || type == CharSequence.class) {
			return new Argument(Payload.TEXT, null, (event, handler) -> message(event).text());
		}
		if (type == byte[].class) {
			return new Argument(Payload.BINARY, null, (event, handler) -> message(event).bytes());
		}
		if (type == ByteBuffer.class) {
			return new Argument(Payload.BINARY, null, (event, handler) -> message(event).payload());
		}
		return (this.json != null && !HandlerKind.isEventType(type)) ? json(this.json, parameter) : null;
	}

	private static Argument json(JsonCodec json, MethodParameter parameter) {
		Type type = GenericTypeResolver.resolveType(parameter.getGenericParameterType(),
				parameter.getContainingClass());
		JsonCodec.Reader reader = json.reader(type);
		return new Argument(Payload.TEXT, null, (event, handler) -> {
			try {
				return reader.read(message(event));
			}
			catch (JsonFailure ex) {
				throw new WsMessageConversionException(event.connection(), handler.method(), type,
						"a text message of " + message(event).size() + " bytes could not be converted to "
								+ type.getTypeName() + " for " + handler + ": " + ex.getMessage());
			}
		});
	}

	private static WsMessage message(WsHandlerEvent event) {
		return Objects.requireNonNull(event.message());
	}

	private WsConfigurationException unresolvable(HandlerKind kind, MethodParameter parameter) {
		parameter.initParameterNameDiscovery(new DefaultParameterNameDiscoverer());
		String name = (parameter.getParameterName() != null) ? " '" + parameter.getParameterName() + "'" : "";
		Method method = Objects.requireNonNull(parameter.getMethod());
		String json = "";
		if (kind == HandlerKind.MESSAGE) {
			json = (this.json != null) ? ", any type that JSON is converted to"
					: " (and, with Jackson on the class path, any type that JSON is converted to)";
		}
		return new WsConfigurationException(null, "Parameter " + parameter.getParameterIndex() + name + " of type "
				+ parameter.getGenericParameterType().getTypeName() + " of the @" + kind.annotation().getSimpleName()
				+ " method " + HandlerMethod.describe(method) + " can't be provided.",
				"Use these types: " + kind.argumentTypes() + json
						+ "; or define a bean of type WsArgumentResolver that supports the parameter.");
	}

	private @Nullable MessageCondition condition(Method method, String when) {
		if (when.isEmpty()) {
			return null;
		}
		if (this.json == null) {
			throw invalid(method, "has a condition ('when'), which needs Jackson",
					"Add spring-boot-starter-jackson, or remove the condition.");
		}
		try {
			return MessageCondition.parse(when);
		}
		catch (IllegalArgumentException ex) {
			throw invalid(method, "has the wrong condition \"" + when + "\": " + ex.getMessage(),
					"Write a condition such as $.type == 'trade', $.data.size == 2, $.last == true, $.event or $[0].");
		}
	}

	private void checkReturnType(HandlerKind kind, Method method) {
		Class<?> type = method.getReturnType();
		if (type == void.class || type == Void.class) {
			return;
		}
		if (!kind.replies()) {
			throw invalid(method,
					"returns a value, but what a @" + kind.annotation().getSimpleName() + " method returns is not sent",
					"Let it return void; send through the WsConnection.");
		}
		boolean stage = CompletionStage.class.isAssignableFrom(type);
		if (isPublisher(type) || (Future.class.isAssignableFrom(type) && !stage)) {
			throw invalid(method, "returns " + type.getName() + ", which can't be sent",
					"Return a CompletionStage, or send through the WsConnection.");
		}
		if (this.json == null && !stage && !ReplySender.isDirect(type)) {
			throw invalid(method, "returns " + type.getName() + ", which needs Jackson to be sent as JSON",
					"Add spring-boot-starter-jackson, or return a String, byte[], ByteBuffer or WsMessage.");
		}
	}

	private static boolean isPublisher(Class<?> type) {
		return Flow.Publisher.class.isAssignableFrom(type) || ClassUtils.getAllInterfacesForClassAsSet(type)
			.stream()
			.anyMatch((contract) -> contract.getName().equals("org.reactivestreams.Publisher"));
	}

	private static WsConfigurationException invalid(Method method, String reason, String action) {
		return new WsConfigurationException(null,
				"The WebSocket handler method " + HandlerMethod.describe(method) + " " + reason + ".", action);
	}

}
