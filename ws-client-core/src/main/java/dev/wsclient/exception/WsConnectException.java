package dev.wsclient.exception;

import org.jspecify.annotations.Nullable;

/**
 * The server could not be reached: name resolution, TCP or TLS failed, or an open
 * connection broke.
 *
 * @since 0.1.0
 */
public class WsConnectException extends WsException {

	/**
	 * Creates an error.
	 * @param context where it happened
	 * @param description what happened
	 * @param cause the network's error, or {@code null}
	 */
	public WsConnectException(ErrorContext context, String description, @Nullable Throwable cause) {
		super(context, description, cause);
	}

}
