package dev.wsclient.spring;

import dev.wsclient.WsConnection;
import dev.wsclient.observe.WsEvents;

/**
 * Watches one connection and its handlers, for meters and traces.
 */
interface ConnectionObserver extends WsEvents {

	/**
	 * Watches nothing.
	 */
	ConnectionObserver NONE = new ConnectionObserver() {
	};

	/**
	 * Calls of the listener are nothing that is watched, those of handlers are.
	 */
	@Override
	default boolean timesCallbacks() {
		return false;
	}

	/**
	 * Whether it is to hear of each message that is received or sent.
	 * @return {@code true} if {@link #messageReceived} and {@link #messageSent} are to be
	 * called
	 */
	default boolean watchesMessages() {
		return false;
	}

	/**
	 * Whether it may want to watch calls of handlers.
	 * @return {@code true} if {@link #handlerStarted} is to be called
	 */
	default boolean watchesHandlers() {
		return false;
	}

	/**
	 * The connection was created.
	 * @param connection the connection
	 */
	default void bind(WsConnection connection) {
	}

	/**
	 * The connection was closed and is not to come back: it is forgotten.
	 */
	default void unbind() {
	}

	/**
	 * A handler method is about to be called.
	 * @param handler the method
	 * @param event what it is called for
	 * @return hears how the call ends, on the same thread; {@link HandlerScope#NONE} if
	 * this call is not watched
	 */
	default HandlerScope handlerStarted(HandlerMethod handler, WsHandlerEvent event) {
		return HandlerScope.NONE;
	}

	/**
	 * A message arrived that no handler takes.
	 */
	default void messageUnhandled() {
	}

	/**
	 * A handler took a message, but its filter did not let it through.
	 */
	default void messageFiltered() {
	}

	/**
	 * A message was not handled because a newer one took its place.
	 */
	default void messageConflated() {
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
