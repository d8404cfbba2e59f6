package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.spring.JsonCodec.JsonFailure;

/**
 * Sends what handler methods return.
 */
class ReplySender {

	private final @Nullable JsonCodec json;

	ReplySender(@Nullable JsonCodec json) {
		this.json = json;
	}

	/**
	 * Whether values of a type are sent without conversion to JSON.
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
	 * @param value the value, not a stage
	 * @return completes when it was written
	 * @throws WsMessageConversionException if it can't be written as JSON
	 */
	CompletionStage<Void> send(WsConnection connection, HandlerMethod handler, Object value) {
		if (value instanceof CharSequence text) {
			return connection.send(text.toString());
		}
		if (value instanceof byte[] bytes) {
			return connection.send(bytes);
		}
		if (value instanceof ByteBuffer buffer) {
			return connection.send(copy(buffer));
		}
		if (value instanceof WsMessage message) {
			return message.isText() ? connection.send(message.text()) : connection.send(copy(message.payload()));
		}
		return connection.send(json(connection, handler, value));
	}

	/**
	 * Copies a buffer: it may be the payload of the message that is answered, which is
	 * valid during the call only.
	 */
	private static ByteBuffer copy(ByteBuffer buffer) {
		return ByteBuffer.allocate(buffer.remaining()).put(buffer.duplicate()).flip();
	}

	private String json(WsConnection connection, HandlerMethod handler, Object value) {
		try {
			return Objects.requireNonNull(this.json, "no JSON without Jackson").write(value);
		}
		catch (JsonFailure ex) {
			throw new WsMessageConversionException(connection, handler.method(), handler.returnType(),
					"what " + handler + " returned (" + value.getClass().getName()
							+ ") could not be converted to JSON: " + ex.getMessage());
		}
	}

}
