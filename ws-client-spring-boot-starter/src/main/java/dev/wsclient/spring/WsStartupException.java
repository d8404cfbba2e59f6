package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;

/**
 * A connection that the application must not start without did not open.
 */
class WsStartupException extends IllegalStateException {

	/**
	 * Creates an error.
	 * @param message what happened, without secrets
	 * @param cause what closed the connection, or {@code null} if the time was over
	 */
	WsStartupException(String message, @Nullable Throwable cause) {
		super(message, cause);
	}

}
