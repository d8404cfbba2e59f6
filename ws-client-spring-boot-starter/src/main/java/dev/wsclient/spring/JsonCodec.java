package dev.wsclient.spring;

import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;

/**
 * Reads and writes JSON. Its errors are described without payload.
 */
interface JsonCodec {

	/**
	 * Prepares to read values of a type.
	 * @param type the type, with its generics
	 * @return the reader
	 */
	Reader reader(Type type);

	/**
	 * Writes a value.
	 * @param value the value
	 * @return the JSON text
	 * @throws JsonFailure if the value can't be written
	 */
	String write(Object value) throws JsonFailure;

	/**
	 * Looks for the values of paths in one pass that ends when all are found.
	 * @param message a text message
	 * @param scan the paths
	 * @return the value of each path in its slot as
	 * {@link MessageCondition#matches(Object)} takes it; all {@code null} if the message
	 * is not JSON
	 */
	@Nullable Object[] scan(WsMessage message, MessageScan scan);

	/**
	 * Reads values of one type.
	 */
	@FunctionalInterface
	interface Reader {

		/**
		 * Reads a value.
		 * @param message a text message
		 * @return the value
		 * @throws JsonFailure if the message is not JSON, or not of the type
		 */
		@Nullable Object read(WsMessage message) throws JsonFailure;

	}

	/**
	 * JSON could not be read or written.
	 */
	final class JsonFailure extends Exception {

		/**
		 * Creates an error.
		 * @param description what happened, without payload
		 */
		JsonFailure(String description) {
			super(description);
		}

	}

}
