package dev.wsclient.spring;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;
import org.springframework.util.ClassUtils;
import org.springframework.validation.annotation.ValidationAnnotationUtils;

import dev.wsclient.WsMessage;
import dev.wsclient.spring.HandlerMethod.Argument;
import dev.wsclient.spring.HandlerMethod.Payload;
import dev.wsclient.spring.HandlerMethod.Source;
import dev.wsclient.spring.JsonCodec.JsonFailure;
import dev.wsclient.spring.MessageContent.Conversion;
import dev.wsclient.spring.MessageConverters.MessageReader;
import dev.wsclient.spring.WsMessageValidationException.Violation;

/**
 * Decides how the payload of a message becomes an argument.
 */
class PayloadArguments {

	private final MessageConverters converters;

	private final PayloadValidation validation;

	/** What reads the families of this context, each one the same for all its members. */
	private final Map<Class<?>, WsMessageConverter.Reader> familyReaders = new ConcurrentHashMap<>();

	/**
	 * Creates the arguments of all handlers.
	 * @param converters convert messages
	 * @param validation finds what checks payloads
	 */
	PayloadArguments(MessageConverters converters, PayloadValidation validation) {
		this.converters = converters;
		this.validation = validation;
	}

	/**
	 * Makes the argument of a parameter.
	 * @param parameter the parameter
	 * @param typesNamed whether the method itself names the types of its messages
	 * @return the argument, or {@code null} if the parameter is no payload
	 */
	@Nullable Argument create(HandlerParameter parameter, boolean typesNamed) {
		Argument argument = direct(parameter.typeClass(), typesNamed);
		if (argument == null && !HandlerKind.isEventType(parameter.typeClass())) {
			argument = converted(parameter, typesNamed);
		}
		return (argument != null) ? validated(argument, parameter) : null;
	}

	/**
	 * Whether JSON can be read.
	 * @return {@code false} without Jackson
	 */
	boolean readsJson() {
		return this.converters.json() != null;
	}

	private static @Nullable Argument direct(Class<?> type, boolean typesNamed) {
		if (type == WsMessage.class) {
			return Argument.ofPayload(Payload.ANY, type, (event, handler) -> message(event));
		}
		if (type == String.class || type == CharSequence.class) {
			return Argument.ofPayload(Payload.TEXT, String.class, (event, handler) -> message(event).text());
		}
		Payload bytes = typesNamed ? Payload.ANY : Payload.BINARY;
		if (type == byte[].class) {
			return Argument.ofPayload(bytes, type, (event, handler) -> message(event).bytes());
		}
		return (type == ByteBuffer.class)
				? Argument.ofPayload(bytes, type, (event, handler) -> message(event).payload()) : null;
	}

	private @Nullable Argument converted(HandlerParameter parameter, boolean typesNamed) {
		Type type = parameter.type();
		MessageReader reader = this.converters.reader(type);
		if (reader == null) {
			return null;
		}
		Payload payload = typesNamed ? Payload.ANY : Payload.of(reader.types());
		boolean optional = parameter.isOptional();
		PayloadFamily family = reader.isJson() ? family(type, optional) : null;
		if (family != null) {
			return Argument.converted(payload, parameter.typeClass(), family, (event, handler) -> {
				if (optional && message(event).size() == 0) {
					return null;
				}
				Conversion conversion = event.content().convert(family);
				if (conversion.failure() != null) {
					throw conversionFailed(event, handler, type, conversion.failure());
				}
				return present(event, handler, type, conversion.value(), optional);
			});
		}
		WsMessageConverter.Reader each = reader.reader();
		return Argument.converted(payload, parameter.typeClass(), null, (event, handler) -> {
			if (optional && message(event).size() == 0) {
				return null;
			}
			try {
				return present(event, handler, type, each.read(message(event)), optional);
			}
			catch (WsMessageConversionException ex) {
				throw ex;
			}
			catch (Exception ex) {
				throw conversionFailed(event, handler, type, ex);
			}
		});
	}

	private @Nullable PayloadFamily family(Type type, boolean optional) {
		JsonCodec json = Objects.requireNonNull(this.converters.json());
		Class<?> root = (type instanceof Class<?> member) ? json.family(member) : null;
		return (root != null)
				? new PayloadFamily(root, (Class<?>) type, optional,
						Objects.requireNonNull(this.familyReaders.computeIfAbsent(root, (each) -> json.reader(each))))
				: null;
	}

	private static @Nullable Object present(WsHandlerEvent event, HandlerMethod handler, Type type,
			@Nullable Object value, boolean optional) {
		if (value == null && !optional) {
			throw new WsMessageConversionException(event.connection(), handler.method(), type, describe(event)
					+ " stands for null; " + handler + " takes that if its parameter is an Optional " + "or @Nullable",
					null);
		}
		return value;
	}

	/**
	 * The text of a JSON error is safe to show; an error of another converter is the
	 * user's own.
	 */
	private static WsMessageConversionException conversionFailed(WsHandlerEvent event, HandlerMethod handler, Type type,
			Throwable failure) {
		boolean json = failure instanceof JsonFailure;
		return new WsMessageConversionException(event.connection(), handler.method(), type,
				describe(event) + " could not be converted to " + type.getTypeName() + " for " + handler + ": "
						+ (json ? failure.getMessage() : failure.getClass().getName()),
				json ? null : failure);
	}

	private static String describe(WsHandlerEvent event) {
		WsMessage message = message(event);
		return "a " + (message.isText() ? "text" : "binary") + " message of " + message.size() + " bytes";
	}

	private static WsMessage message(WsHandlerEvent event) {
		return Objects.requireNonNull(event.message());
	}

	private Argument validated(Argument argument, HandlerParameter parameter) {
		Object[] hints = validationHints(parameter.declared());
		if (hints == null) {
			return argument;
		}
		PayloadValidator validator = validator(parameter);
		Class<?>[] groups = Arrays.stream(hints).filter(Class.class::isInstance).toArray(Class<?>[]::new);
		Source source = argument.source();
		return argument.withSource((event, handler) -> {
			Object value = source.get(event, handler);
			List<Violation> violations = (value != null) ? validator.validate(value, groups) : List.of();
			if (!violations.isEmpty()) {
				throw new WsMessageValidationException(event.connection(), handler, message(event).size(), violations);
			}
			return value;
		});
	}

	private PayloadValidator validator(HandlerParameter parameter) {
		try {
			return this.validation.validator();
		}
		catch (IllegalStateException ex) {
			throw HandlerMethodFactory.invalid(parameter.method(),
					"has the parameter " + parameter.describe() + ", whose payload is to be validated, but "
							+ ex.getMessage(),
					"Add spring-boot-starter-validation, or mark one of several Validator beans as @Primary, or remove "
							+ "@Valid and @Validated.");
		}
	}

	/**
	 * Returns how the payload of a parameter is validated.
	 * @param parameter the parameter
	 * @return the groups, or {@code null} if it is not
	 */
	static Object @Nullable [] validationHints(MethodParameter parameter) {
		return Stream
			.concat(Stream.of(parameter.getParameterAnnotations()),
					declarations(parameter).flatMap(PayloadArguments::elements).flatMap(PayloadArguments::annotations))
			.map(ValidationAnnotationUtils::determineValidationHints)
			.filter(Objects::nonNull)
			.findFirst()
			.orElse(null);
	}

	/**
	 * Returns the types that the parameter has in its method, and in those of interfaces
	 * and superclasses that the method overrides.
	 */
	private static Stream<AnnotatedType> declarations(MethodParameter parameter) {
		Method method = Objects.requireNonNull(parameter.getMethod());
		List<Class<?>> types = new ArrayList<>(
				ClassUtils.getAllInterfacesForClassAsSet(parameter.getContainingClass()));
		for (Class<?> type = method.getDeclaringClass().getSuperclass(); type != null; type = type.getSuperclass()) {
			types.add(type);
		}
		return Stream
			.concat(Stream.of(method),
					HandlerAnnotations.overridden(method, parameter.getContainingClass(), types.toArray(Class[]::new)))
			.map((each) -> each.getAnnotatedParameterTypes()[parameter.getParameterIndex()]);
	}

	/**
	 * Returns the types of elements, as in {@code List<@Valid Trade>}.
	 */
	private static Stream<AnnotatedType> elements(AnnotatedType type) {
		return (type instanceof AnnotatedParameterizedType parameterized)
				? Stream.of(parameterized.getAnnotatedActualTypeArguments())
					.flatMap((element) -> Stream.concat(Stream.of(element), elements(element)))
				: Stream.empty();
	}

	private static Stream<Annotation> annotations(AnnotatedType type) {
		return Stream.of(type.getAnnotations());
	}

}
