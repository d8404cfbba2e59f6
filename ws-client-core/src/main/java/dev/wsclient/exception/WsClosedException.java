package dev.wsclient.exception;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;

/**
 * The connection is closed, so what was waited for can't come.
 *
 * @since 0.1.0
 */
public class WsClosedException extends WsException {

	private final @Nullable CloseStatus closeStatus;

	/**
	 * Creates an error.
	 * @param context where it happened
	 * @param description why the connection is closed
	 * @param closeStatus the newest session's close status, or {@code null}
	 * @param cause the error that closed the connection, or {@code null}
	 */
	public WsClosedException(ErrorContext context, String description, @Nullable CloseStatus closeStatus,
			@Nullable Throwable cause) {
		super(context, description, cause);
		this.closeStatus = closeStatus;
	}

	/**
	 * Returns how the newest session was closed.
	 * @return the status, or {@code null} if no session was open
	 */
	public @Nullable CloseStatus closeStatus() {
		return this.closeStatus;
	}

}
