package dev.wsclient.spring;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;

/**
 * Converts messages to the payload types of handler methods, and what these return to
 * messages: for example protobuf, CSV or a binary format of one's own. Beans of this type
 * are asked in order, and JSON comes last, if Jackson is there. {@link String},
 * {@code byte[]}, {@link ByteBuffer} and {@link WsMessage} are never converted.
 * <p>
 * A converter is asked once for each parameter and return type when the handler is
 * registered; what it gives is called for each message, where the handler is called, and
 * by several threads at once.
 *
 * @since 0.1.0
 * @see OnWsMessage
 */
public interface WsMessageConverter {

	/**
	 * Returns which messages are converted, unless the method names its own by
	 * {@link OnWsMessage#type()}.
	 * @return the types, at least one; by default both
	 */
	default Set<WsMessage.Type> messageTypes() {
		return Set.of(WsMessage.Type.values());
	}

	/**
	 * Prepares to convert messages to a type.
	 * @param type the type with its generics, which the bean of the handler decides: no
	 * type variable and no wildcard
	 * @return what converts them, or {@code null} if this converter doesn't know the type
	 */
	default @Nullable Reader reader(Type type) {
		return null;
	}

	/**
	 * Prepares to convert values of a type to messages.
	 * @param type the type with its generics, as above; the class of the value if the
	 * method declares none, such as {@link Object}
	 * @return what converts them, or {@code null} if this converter doesn't know the type
	 */
	default @Nullable Writer writer(Type type) {
		return null;
	}

	/**
	 * Converts messages to one type.
	 */
	@FunctionalInterface
	interface Reader {

		/**
		 * Converts a message.
		 * @param message the message, valid during the call
		 * @return the value; {@code null} if the message stands for none, which is an
		 * error unless the parameter is an {@code Optional} or {@code @Nullable}
		 * @throws Exception if the message can't be converted. It becomes the cause of a
		 * {@link WsMessageConversionException} and is logged, so it should not show the
		 * payload
		 */
		@Nullable Object read(WsMessage message) throws Exception;

	}

	/**
	 * Converts values of one type to messages.
	 */
	@FunctionalInterface
	interface Writer {

		/**
		 * Converts a value.
		 * @param value the value
		 * @return the payload: a {@link CharSequence} for a text message, a
		 * {@code byte[]} or {@link ByteBuffer} for a binary one
		 * @throws Exception if the value can't be converted. It becomes the cause of a
		 * {@link WsMessageConversionException} and is logged, so it should not show the
		 * payload
		 */
		Object write(Object value) throws Exception;

	}

}
