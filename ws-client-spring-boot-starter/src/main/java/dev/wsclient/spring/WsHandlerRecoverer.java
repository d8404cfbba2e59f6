package dev.wsclient.spring;

import java.lang.reflect.Method;

/**
 * Takes what a handler method could not handle, with
 * {@link dev.wsclient.spring.properties.ErrorStrategy#RETRY} and after its last retry:
 * for example to write the message to a dead letter store. If there is one bean of this
 * type it is used everywhere; if there are several,
 * {@code ws.clients.<name>.handler-errors.recoverer} or
 * {@link WsErrorStrategy#recoverer()} names one.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface WsHandlerRecoverer {

	/**
	 * Recovers from a failure. Called on the thread of the handler, after the
	 * {@link OnWsError} methods; the next message waits for it.
	 * @param event what the handler was called for; its message is valid during the call
	 * @param handler the handler method
	 * @param failure why it failed the last time
	 * @throws Exception if this failed too; logged and passed to {@link OnWsError}
	 * methods
	 */
	void recover(WsHandlerEvent event, Method handler, Throwable failure) throws Exception;

}
