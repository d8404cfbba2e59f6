package dev.wsclient.exception;

import java.util.Objects;

/**
 * Where an error happened.
 *
 * @param connectionName the name of the connection
 * @param uri the server's URI without its query
 * @param phase what the connection was doing
 * @param willRetry whether the connection tries again by itself
 * @since 0.1.0
 */
public record ErrorContext(String connectionName, String uri, Phase phase, boolean willRetry) {

	/**
	 * Creates a context.
	 */
	public ErrorContext {
		Objects.requireNonNull(connectionName, "connectionName");
		Objects.requireNonNull(uri, "uri");
		Objects.requireNonNull(phase, "phase");
	}

	/**
	 * What a connection was doing.
	 */
	public enum Phase {

		/**
		 * The handshake supplier computes the request.
		 */
		PREPARE,

		/**
		 * Name resolution and TCP.
		 */
		CONNECT,

		/**
		 * The way through the proxy.
		 */
		PROXY,

		/**
		 * The TLS handshake.
		 */
		TLS,

		/**
		 * The opening handshake.
		 */
		HANDSHAKE,

		/**
		 * A session was open.
		 */
		OPEN,

		/**
		 * The closing handshake.
		 */
		CLOSE,

		/**
		 * There was no session and no attempt.
		 */
		DISCONNECTED

	}

}
