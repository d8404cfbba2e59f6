package dev.wsclient.exception;

import org.jspecify.annotations.Nullable;

import dev.wsclient.PrintableText;

/**
 * Base of all errors a connection reports. The message names the connection and its
 * redacted URI, and says whether the connection tries again; it holds no secrets. What it
 * and the causes quote of the server is shown as {@link PrintableText}.
 *
 * @since 0.1.0
 */
public abstract class WsException extends RuntimeException {

	private static final int MAX_LENGTH = 2000;

	private final ErrorContext context;

	/**
	 * Creates an error.
	 * @param context where it happened
	 * @param description what happened, with the figures, and how to mend it
	 * @param cause the underlying error, or {@code null}
	 */
	protected WsException(ErrorContext context, String description, @Nullable Throwable cause) {
		super("Connection '" + context.connectionName() + "' to " + PrintableText.of(context.uri()) + ": "
				+ PrintableText.of(description, MAX_LENGTH), (cause != null) ? PrintableText.of(cause) : null);
		this.context = context;
	}

	/**
	 * Returns the name of the connection.
	 * @return the name
	 */
	public String connectionName() {
		return this.context.connectionName();
	}

	/**
	 * Returns the server's URI without its query.
	 * @return the redacted URI
	 */
	public String uri() {
		return this.context.uri();
	}

	/**
	 * Returns what the connection was doing.
	 * @return the phase
	 */
	public ErrorContext.Phase phase() {
		return this.context.phase();
	}

	/**
	 * Whether the connection tries again by itself.
	 * @return {@code true} if another attempt follows
	 */
	public boolean willRetry() {
		return this.context.willRetry();
	}

}
