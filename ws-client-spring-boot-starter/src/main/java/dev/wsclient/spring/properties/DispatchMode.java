package dev.wsclient.spring.properties;

/**
 * Where handler methods are called.
 *
 * @since 0.1.0
 */
public enum DispatchMode {

	/**
	 * One at a time and in order, on the application's task executor.
	 */
	SERIAL,

	/**
	 * One at a time and in order, on the event loop of the connection. Handlers must not
	 * block. What fails later, such as the sending of a returned value, is passed to
	 * {@link OnWsError} methods by the thread it fails on.
	 */
	EVENT_LOOP

}
