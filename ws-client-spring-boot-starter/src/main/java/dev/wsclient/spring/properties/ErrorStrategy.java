package dev.wsclient.spring.properties;

/**
 * What follows when a handler method annotated with {@code @OnWsMessage} or
 * {@code @OnWsOpen} fails: when it throws, or an argument can't be made. Whatever the
 * strategy, the failure is logged (at most one line a minute for each method), counted,
 * and passed to {@code @OnWsError} methods.
 *
 * @since 0.1.0
 */
public enum ErrorStrategy {

	/**
	 * Nothing else: the connection goes on with the next message. The default.
	 */
	LOG,

	/**
	 * The connection is closed with code 1011 and stays closed: the server would send the
	 * same again. Its health is down until the application connects it again. Messages
	 * that were received before are still handled.
	 */
	CLOSE,

	/**
	 * The method is called again with the same message, after a delay and on the same
	 * thread, so that messages stay in order; what arrives meanwhile waits, and in the
	 * end the socket is not read. Only the last failure is reported. Then the
	 * {@code WsHandlerRecoverer} is called, if there is one. A payload that can't be
	 * converted or is not valid is not tried again, as it stays what it is. Not possible
	 * on the event loop.
	 */
	RETRY

}
