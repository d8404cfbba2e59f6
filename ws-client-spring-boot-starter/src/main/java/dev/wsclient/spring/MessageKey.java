package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;

/**
 * Finds the key of a message: messages of the same key are handled in order.
 */
@FunctionalInterface
interface MessageKey {

	/**
	 * That of messages whose order does not matter, or which are all in order.
	 */
	MessageKey NONE = (event) -> null;

	/**
	 * Finds the key.
	 * @param event the event of a message
	 * @return the key, with {@code equals} and {@code hashCode}, or {@code null} if the
	 * message has none
	 * @throws RuntimeException if the key could not be found out
	 */
	@Nullable Object of(WsHandlerEvent event);

}
