package dev.wsclient.spring.properties;

/**
 * Where handler methods are called with messages, and in what order. In every mode other
 * events come alone: after all messages before them were handled, before any later one.
 *
 * @since 0.1.0
 */
public enum DispatchMode {

	/**
	 * One message at a time and in order, on the application's task executor.
	 */
	SERIAL,

	/**
	 * Messages of the same key in order, others beside one another, on the application's
	 * task executor.
	 */
	KEYED,

	/**
	 * Several messages at a time and in any order, on the application's task executor.
	 */
	CONCURRENT,

	/**
	 * One message at a time and in order, on the event loop of the connection. Handlers
	 * must not block. What fails later, such as the sending of a returned value, is
	 * passed to {@link dev.wsclient.spring.OnWsError} methods by the thread it fails on.
	 */
	EVENT_LOOP

}
