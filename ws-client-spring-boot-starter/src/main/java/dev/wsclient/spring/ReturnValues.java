package dev.wsclient.spring;

import java.io.Closeable;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.function.Supplier;
import java.util.stream.BaseStream;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;

/**
 * Decides whether and how what a handler method returns is sent.
 */
class ReturnValues {

	/** Types that stand for something that is done or read later, not for a value. */
	private static final Set<Class<?>> NO_VALUES = Set.of(Future.class, Callable.class, Supplier.class, Runnable.class,
			Iterator.class, BaseStream.class, Closeable.class, WsConnection.class);

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
		Type type = definition.returnType();
		if (isNothing(BeanTypes.raw(type))) {
			return null;
		}
		if (!kind.replies()) {
			throw HandlerMethodFactory.invalid(method,
					"returns a value, but what a @" + kind.annotation().getSimpleName() + " method returns is not sent",
					"Let it return void; send through the WsConnection.");
		}
		Type value = value(type);
		Class<?> valueClass = BeanTypes.raw(value);
		if (isNothing(valueClass) || ReplySender.isDirect(valueClass)) {
			return null;
		}
		if (valueClass == Object.class) {
			return new MessageConverters.WriterByClass(this.converters);
		}
		WsMessageConverter.Writer writer = this.converters.writer(value);
		boolean json = writer instanceof JsonCodec.JsonWriter;
		if (json && (HandlerKind.isEventType(valueClass)
				|| NO_VALUES.stream().anyMatch((each) -> each.isAssignableFrom(valueClass)))) {
			throw HandlerMethodFactory.invalid(method, "returns " + value.getTypeName() + ", which can't be sent",
					"Return a value, a CompletionStage or a Publisher, or send through the WsConnection.");
		}
		if (writer == null) {
			throw HandlerMethodFactory.invalid(method,
					"returns " + value.getTypeName() + ", which nothing converts to a message",
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
	 * @param type what a method returns, as its bean decides it
	 * @return the type of the values that are sent
	 */
	static Type value(Type type) {
		Class<?> container = BeanTypes.raw(type);
		if (CompletionStage.class.isAssignableFrom(container)) {
			return value(BeanTypes.argument(type, CompletionStage.class));
		}
		if (container == Optional.class) {
			return value(BeanTypes.argument(type, Optional.class));
		}
		return ReplyPublishers.supports(container) ? value(ReplyPublishers.element(type)) : type;
	}

}
