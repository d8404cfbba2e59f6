package dev.wsclient.spring;

import dev.wsclient.WsConnection;
import dev.wsclient.observe.WsEvents;

/**
 * Watches one connection and its handlers, for meters.
 */
interface ConnectionObserver extends WsEvents {

	/**
	 * Watches nothing.
	 */
	ConnectionObserver NONE = new ConnectionObserver() {
	};

	/**
	 * The connection was created.
	 * @param connection the connection
	 */
	default void bind(WsConnection connection) {
	}

	/**
	 * A handler method returned or failed.
	 * @param nanos how long it ran, with the conversion of its arguments
	 * @param success whether it returned
	 */
	default void handlerFinished(long nanos, boolean success) {
	}

	/**
	 * A message arrived that no handler takes.
	 */
	default void messageUnhandled() {
	}

	/**
	 * Makes the observer of a connection.
	 */
	interface Factory {

		/**
		 * Makes an observer.
		 * @param client the name of the connection
		 * @return the observer
		 */
		ConnectionObserver create(String client);

	}

}
