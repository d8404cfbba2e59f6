package dev.wsclient.exception;

import org.jspecify.annotations.Nullable;

/**
 * A message was not sent; {@link #outcome()} says what became of it. What is
 * {@link Outcome#NOT_ACCEPTED}, {@link Outcome#DROPPED} or {@link Outcome#EXPIRED} never
 * reached the wire.
 *
 * @since 0.1.0
 */
public class WsSendException extends WsException {

	private final Outcome outcome;

	/**
	 * Creates an error.
	 * @param context where it happened
	 * @param outcome what became of the message
	 * @param description why
	 * @param cause the error behind it, or {@code null}
	 */
	public WsSendException(ErrorContext context, Outcome outcome, String description, @Nullable Throwable cause) {
		super(context, description, cause);
		this.outcome = outcome;
	}

	/**
	 * Returns what became of the message.
	 * @return the outcome
	 */
	public Outcome outcome() {
		return this.outcome;
	}

	/**
	 * What became of a message that was not sent.
	 */
	public enum Outcome {

		/**
		 * Refused at once: the send buffer is full or there is no session.
		 */
		NOT_ACCEPTED,

		/**
		 * Accepted, then given up before any byte of it was written.
		 */
		DROPPED,

		/**
		 * Accepted, then too old before any byte of it was written.
		 */
		EXPIRED,

		/**
		 * Accepted, and not known to be written wholly when the session broke.
		 */
		LOST

	}

}
