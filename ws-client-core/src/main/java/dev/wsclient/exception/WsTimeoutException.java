package dev.wsclient.exception;

import java.time.Duration;

import dev.wsclient.exception.ErrorContext.Phase;

/**
 * A deadline passed.
 *
 * @since 0.1.0
 */
public class WsTimeoutException extends WsException {

	private final Deadline deadline;

	private final Duration timeout;

	/**
	 * Creates an error.
	 * @param context where it happened
	 * @param deadline which deadline passed
	 * @param timeout its length
	 */
	public WsTimeoutException(ErrorContext context, Deadline deadline, Duration timeout) {
		this(context, deadline, timeout, deadline.option);
	}

	/**
	 * Creates an error for a user who knows the option by another name.
	 * @param context where it happened
	 * @param deadline which deadline passed
	 * @param timeout its length
	 * @param option the name of the option that sets its length
	 */
	public WsTimeoutException(ErrorContext context, Deadline deadline, Duration timeout, String option) {
		super(context, deadline.text + " within " + timeout.toMillis() + " ms (" + option + ")"
				+ waitedFor(deadline, context.phase()), null);
		this.deadline = deadline;
		this.timeout = timeout;
	}

	private static String waitedFor(Deadline deadline, Phase phase) {
		if (deadline != Deadline.CONNECT) {
			return "";
		}
		return switch (phase) {
			case PROXY -> ": the proxy did not open the way to the server";
			case TLS -> ": the TLS handshake did not end";
			default -> "";
		};
	}

	/**
	 * Returns which deadline passed.
	 * @return the deadline
	 */
	public Deadline deadline() {
		return this.deadline;
	}

	/**
	 * Returns the length of the deadline.
	 * @return the time allowed
	 */
	public Duration timeout() {
		return this.timeout;
	}

	/**
	 * The deadlines of a connection.
	 */
	public enum Deadline {

		/**
		 * The handshake supplier's result.
		 */
		PREPARE("the handshake supplier gave no request", "connectTimeout"),

		/**
		 * All before the opening handshake: name resolution, TCP, proxy and TLS.
		 */
		CONNECT("not connected", "connectTimeout"),

		/**
		 * The way through the proxy.
		 */
		PROXY("the proxy did not open the way to the server", "timeout of WsProxy"),

		/**
		 * The TLS handshake.
		 */
		TLS("the TLS handshake did not end", "handshakeTimeout of WsTls"),

		/**
		 * The server's answer to the opening handshake.
		 */
		HANDSHAKE("no answer to the opening handshake", "handshakeTimeout"),

		/**
		 * Any byte after a keep-alive ping.
		 */
		PONG("no sign of life after a ping, the connection is taken for dead", "pingTimeout"),

		/**
		 * Any message of the server.
		 */
		MESSAGE("no message arrived", "messageTimeout"),

		/**
		 * The closing handshake.
		 */
		CLOSE("the closing handshake did not end", "closeTimeout");

		private final String text;

		private final String option;

		Deadline(String text, String option) {
			this.text = text;
			this.option = option;
		}

		/**
		 * Returns the option that sets the length of the deadline.
		 * @return the name of the builder's method, and of the record it belongs to if it
		 * is not that of the connection
		 */
		public String option() {
			return this.option;
		}

	}

}
