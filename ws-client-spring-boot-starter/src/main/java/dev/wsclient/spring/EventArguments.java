package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.convert.ApplicationConversionService;
import org.springframework.core.ResolvableType;
import org.springframework.core.convert.ConversionException;
import org.springframework.core.convert.ConversionService;
import org.springframework.core.convert.TypeDescriptor;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.spring.HandlerMethod.Argument;
import dev.wsclient.spring.HandlerMethod.Source;

/**
 * Decides how arguments other than the payload of a message are provided: the connection,
 * what is known of its session, and what belongs to the annotation.
 */
class EventArguments {

	private static final TypeDescriptor STRING = TypeDescriptor.valueOf(String.class);

	private static final TypeDescriptor STRINGS = TypeDescriptor.collection(List.class, STRING);

	/** A token of RFC 9110, section 5.6.2. */
	private static final Pattern HEADER_NAME = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");

	private final ConversionService conversion = ApplicationConversionService.getSharedInstance();

	/**
	 * Makes the argument of a parameter.
	 * @param kind what the method is called for
	 * @param parameter the parameter
	 * @return the argument, or {@code null} if there is none
	 */
	@Nullable Argument create(HandlerKind kind, HandlerParameter parameter) {
		Class<?> type = parameter.typeClass();
		WsAttribute attribute = parameter.annotation(WsAttribute.class);
		WsHeader header = parameter.annotation(WsHeader.class);
		if (attribute != null && header != null) {
			throw invalid(parameter, "which is annotated with both @WsHeader and @WsAttribute", "Remove one of them.");
		}
		if (attribute != null) {
			return Argument.of(attribute(attribute, parameter));
		}
		if (header != null) {
			return kind.hasSession() ? Argument.of(header(header, parameter)) : null;
		}
		if (type == WsConnection.class) {
			return Argument.of((event, handler) -> event.connection());
		}
		if (type == WsHandshakeResponse.class && kind.hasSession()) {
			return Argument.of((event, handler) -> response(event));
		}
		return switch (kind) {
			case CLOSE -> close(type);
			case ERROR -> Throwable.class.isAssignableFrom(type)
					? Argument.ofError(type, (event, handler) -> event.error()) : null;
			case PING, PONG -> control(type);
			case RECONNECTING -> reconnecting(type);
			case CONNECT, OPEN, MESSAGE, BUFFER_FULL, BUFFER_DRAIN -> null;
		};
	}

	private static Source attribute(WsAttribute attribute, HandlerParameter parameter) {
		Class<?> type = parameter.typeClass();
		if (attribute.name().isEmpty() && type == Map.class) {
			return (event, handler) -> event.connection().attributes();
		}
		String name = name(attribute.name(), "@WsAttribute", parameter);
		boolean required = required(attribute.required(), parameter);
		Class<?> expected = TypeDescriptor.valueOf(type).getObjectType();
		return (event, handler) -> {
			Object value = event.connection().attributes().get(name);
			if (value == null && required) {
				throw new IllegalStateException(
						"The connection has no attribute '" + name + "', which " + handler + " requires");
			}
			if (value != null && !expected.isInstance(value)) {
				throw new IllegalStateException("The connection's attribute '" + name + "' is a "
						+ value.getClass().getName() + ", but " + handler + " takes a " + expected.getName());
			}
			return value;
		};
	}

	private Source header(WsHeader header, HandlerParameter parameter) {
		String name = name(header.name(), "@WsHeader", parameter);
		if (!HEADER_NAME.matcher(name).matches()) {
			throw invalid(parameter, "whose @WsHeader names '" + name + "', which is no name of a header field",
					"Name the field as the server sends it, such as X-Limit. Placeholders are not resolved.");
		}
		boolean required = required(header.required(), parameter);
		TypeDescriptor target = new TypeDescriptor(ResolvableType.forType(parameter.type()), null,
				parameter.declared().getParameterAnnotations());
		boolean all = target.isCollection() || target.isArray();
		if (!this.conversion.canConvert(all ? STRINGS : STRING, target)) {
			throw invalid(parameter, "which no header can be converted to",
					"Use String, List<String>, or a type that Spring's conversion makes of a String.");
		}
		return (event, handler) -> {
			List<String> values = response(event).headers().allValues(name);
			if (!values.isEmpty()) {
				return all ? convert(name, values, STRINGS, target) : convert(name, values.get(0), STRING, target);
			}
			if (required) {
				throw new IllegalStateException(
						"The handshake response has no header '" + name + "', which " + handler + " requires");
			}
			return all ? convert(name, values, STRINGS, target) : null;
		};
	}

	private @Nullable Object convert(String name, Object value, TypeDescriptor source, TypeDescriptor target) {
		try {
			return this.conversion.convert(value, source, target);
		}
		catch (ConversionException ex) {
			// Its text and cause show the value, which may be secret
			throw new IllegalStateException("The header '" + name + "' of the handshake response can't be converted to "
					+ target.getResolvableType() + ": " + ex.getClass().getSimpleName());
		}
	}

	private static String name(String name, String annotation, HandlerParameter parameter) {
		String used = name.isEmpty() ? parameter.name() : name;
		if (used == null) {
			throw invalid(parameter, "whose " + annotation + " names nothing, and the class file doesn't either",
					"Set the name, or compile with -parameters.");
		}
		return used;
	}

	private static boolean required(boolean required, HandlerParameter parameter) {
		if (!required && parameter.typeClass().isPrimitive()) {
			throw invalid(parameter, "which is not required, but can't be null", "Use the wrapper type, or Optional.");
		}
		return required && !parameter.isOptional();
	}

	private static WsConfigurationException invalid(HandlerParameter parameter, String reason, String action) {
		return HandlerMethodFactory.invalid(parameter.method(),
				"has the parameter " + parameter.describe() + ", " + reason, action);
	}

	private static WsHandshakeResponse response(WsHandlerEvent event) {
		return Objects.requireNonNull(event.handshakeResponse());
	}

	private static @Nullable Argument close(Class<?> type) {
		if (type == WsCloseEvent.class) {
			return Argument.of((event, handler) -> event.closeEvent());
		}
		if (type == CloseStatus.class) {
			return Argument.of((event, handler) -> Objects.requireNonNull(event.closeEvent()).status());
		}
		return (type == Throwable.class)
				? Argument.of((event, handler) -> Objects.requireNonNull(event.closeEvent()).cause()) : null;
	}

	private static @Nullable Argument control(Class<?> type) {
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

	private static @Nullable Argument reconnecting(Class<?> type) {
		if (type == Duration.class) {
			return Argument.of((event, handler) -> event.delay());
		}
		return (type == int.class || type == Integer.class) ? Argument.of((event, handler) -> event.attempt()) : null;
	}

}
