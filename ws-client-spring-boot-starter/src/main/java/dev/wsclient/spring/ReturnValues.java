package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;

import org.jspecify.annotations.Nullable;
import org.springframework.core.GenericTypeResolver;
import org.springframework.core.ResolvableType;

/**
 * Decides whether and how what a handler method returns is sent.
 */
class ReturnValues {

	private final MessageConverters converters;

	ReturnValues(MessageConverters converters) {
		this.converters = converters;
	}

	/**
	 * Checks the return type of a method.
	 * @param definition the method
	 * @return what converts the values to messages, or {@code null} if there are none or
	 * they need no conversion
	 */
	WsMessageConverter.@Nullable Writer writer(HandlerDefinition definition) {
		HandlerKind kind = definition.kind();
		Method method = definition.method();
		ResolvableType type = ResolvableType.forMethodReturnType(method, definition.targetClass());
		if (isNothing(type.toClass())) {
			return null;
		}
		if (!kind.replies()) {
			throw HandlerMethodFactory.invalid(method,
					"returns a value, but what a @" + kind.annotation().getSimpleName() + " method returns is not sent",
					"Let it return void; send through the WsConnection.");
		}
		ResolvableType value = value(method, type);
		Class<?> valueClass = value.toClass();
		if (isNothing(valueClass) || ReplySender.isDirect(valueClass)) {
			return null;
		}
		if (valueClass == Object.class) {
			return new MessageConverters.WriterByClass(this.converters);
		}
		WsMessageConverter.Writer writer = this.converters
			.writer(GenericTypeResolver.resolveType(value.getType(), definition.targetClass()));
		if (writer == null) {
			throw HandlerMethodFactory.invalid(method,
					"returns " + valueClass.getName() + ", which nothing converts to a message",
					"Add spring-boot-starter-jackson to send it as JSON, define a WsMessageConverter bean, "
							+ "or return a String, byte[], ByteBuffer or WsMessage.");
		}
		return writer;
	}

	private static boolean isNothing(Class<?> type) {
		return type == void.class || type == Void.class;
	}

	/**
	 * Unwraps what brings values later, several or none.
	 */
	private static ResolvableType value(Method method, ResolvableType type) {
		Class<?> container = type.toClass();
		boolean stage = CompletionStage.class.isAssignableFrom(container);
		if (Future.class.isAssignableFrom(container) && !stage) {
			throw HandlerMethodFactory.invalid(method, "returns " + container.getName() + ", which can't be sent",
					"Return a CompletionStage or a Publisher, or send through the WsConnection.");
		}
		if (stage) {
			return value(method, type.as(CompletionStage.class).getGeneric());
		}
		if (container == Optional.class || ReplyPublishers.supports(container)) {
			return value(method, type.getGeneric());
		}
		return type;
	}

}
