package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.spring.JsonCodec.JsonFailure;

/**
 * Sends what handler methods return.
 */
class ReplySender {

	private final MessageConverters converters;

	ReplySender(MessageConverters converters) {
		this.converters = converters;
	}

	/**
	 * Whether values of a type are sent without conversion.
	 * @param type the type
	 * @return {@code true} for texts, bytes and messages
	 */
	static boolean isDirect(Class<?> type) {
		return CharSequence.class.isAssignableFrom(type) || type == byte[].class
				|| ByteBuffer.class.isAssignableFrom(type) || WsMessage.class.isAssignableFrom(type);
	}

	/**
	 * Sends a value.
	 * @param connection where to
	 * @param handler the handler that returned it
	 * @param value the value, neither stage nor publisher
	 * @return completes when it was written
	 * @throws WsMessageConversionException if it can't be converted
	 */
	CompletionStage<Void> send(WsConnection connection, HandlerMethod handler, Object value) {
		if (value instanceof WsMessage message) {
			return message.isText() ? connection.send(message.text()) : connection.send(copy(message.payload()));
		}
		if (value instanceof ByteBuffer buffer) {
			return connection.send(copy(buffer));
		}
		CompletionStage<Void> sent = sendPayload(connection, value);
		if (sent != null) {
			return sent;
		}
		Object payload = convert(connection, handler, value);
		sent = sendPayload(connection, payload);
		if (sent == null) {
			throw conversionFailed(connection, handler, value,
					"its converter gave a " + payload.getClass().getName() + ", not a text or bytes", null);
		}
		return sent;
	}

	/**
	 * Copies a buffer: it may be the payload of the message that is answered, which is
	 * valid during the call only.
	 */
	private static ByteBuffer copy(ByteBuffer buffer) {
		return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
	}

	private static @Nullable CompletionStage<Void> sendPayload(WsConnection connection, Object payload) {
		if (payload instanceof CharSequence text) {
			return connection.send(text.toString());
		}
		if (payload instanceof byte[] bytes) {
			return connection.send(bytes);
		}
		return (payload instanceof ByteBuffer buffer) ? connection.send(buffer) : null;
	}

	private Object convert(WsConnection connection, HandlerMethod handler, Object value) {
		WsMessageConverter.Writer writer = handler.writer();
		if (writer instanceof MessageConverters.WriterByClass byClass) {
			writer = byClass.writer(value.getClass());
		}
		if (writer == null) {
			throw conversionFailed(connection, handler, value, "no converter knows its type", null);
		}
		try {
			return this.converters.write(writer, value);
		}
		catch (JsonFailure ex) {
			throw conversionFailed(connection, handler, value, String.valueOf(ex.getMessage()), null);
		}
		catch (Exception ex) {
			throw conversionFailed(connection, handler, value, ex.getClass().getName(), ex);
		}
	}

	private static WsMessageConversionException conversionFailed(WsConnection connection, HandlerMethod handler,
			Object value, String reason, @Nullable Exception cause) {
		return new WsMessageConversionException(connection, handler.method(), handler.returnType(), "what " + handler
				+ " returned (" + value.getClass().getName() + ") could not be converted to a message: " + reason,
				cause);
	}

}
