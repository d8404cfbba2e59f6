package dev.wsclient.spring;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsMessage;

/**
 * Reads and writes JSON. Its errors are described without payload.
 */
interface JsonCodec extends WsMessageConverter {

	/**
	 * Text only: where JSON comes in binary messages the method says so, as bytes may be
	 * anything.
	 */
	@Override
	default Set<WsMessage.Type> messageTypes() {
		return Set.of(WsMessage.Type.TEXT);
	}

	/**
	 * Looks for the values of paths in one pass over the whole message. They are those
	 * that a payload gets: of fields that come twice the last counts, and what is not
	 * JSON to its end gives none. Whatever the message holds, nothing is thrown.
	 * @param message a message
	 * @param scan the paths
	 * @return the value of each path in its slot as
	 * {@link MessageCondition#matches(Object)} takes it, which may be changed
	 */
	@Nullable Object[] scan(WsMessage message, MessageScan scan);

	/**
	 * Reads a message without a type. What the message says of types is never followed,
	 * and whatever it holds, nothing is thrown.
	 * @param message a message
	 * @return maps, lists and scalars (fractions as {@link Double}, integers as large as
	 * they are), or {@code null} if the message is not JSON
	 */
	@Nullable Object tree(WsMessage message);

	/**
	 * Finds the family a type belongs to: the highest of its supertypes that tells its
	 * subtypes apart by what stands in the JSON.
	 * @param type the type
	 * @return the supertype, which may be the type itself, or {@code null} if the type
	 * belongs to no family
	 */
	@Nullable Class<?> family(Class<?> type);

	/**
	 * Writes to text, and to bytes where JSON is to be sent in binary messages.
	 */
	interface JsonWriter extends Writer {

		/**
		 * Converts a value.
		 * @param value the value
		 * @return its JSON as UTF-8
		 * @throws JsonFailure if the value can't be converted
		 */
		byte[] writeBytes(Object value) throws JsonFailure;

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
