package dev.wsclient.internal.transport;

import java.net.http.HttpHeaders;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.wsclient.exception.WsTimeoutException.Deadline;

/**
 * Why a session could not be opened or broke. The life cycle makes the user's exception
 * of it, which also knows the connection and whether it tries again.
 */
public sealed interface Failure {

	/**
	 * The network failed: name resolution, TCP, proxy, TLS.
	 *
	 * @param description what happened
	 * @param cause the network's error, or {@code null}
	 */
	record Network(String description, @Nullable Throwable cause) implements Failure {

	}

	/**
	 * An HTTP proxy refused.
	 *
	 * @param description what it refused
	 * @param statusCode its HTTP status
	 * @param headers its header fields
	 */
	record Proxy(String description, int statusCode, HttpHeaders headers) implements Failure {

	}

	/**
	 * The answer to the opening handshake is not an acceptance.
	 *
	 * @param description what is wrong with it
	 * @param statusCode its HTTP status, or 0 if it was not HTTP
	 * @param headers its header fields
	 * @param body the start of its body as text
	 */
	record Handshake(String description, int statusCode, HttpHeaders headers, String body) implements Failure {

	}

	/**
	 * The server broke the protocol or a limit.
	 *
	 * @param description what was expected and seen
	 * @param closeCode what the server was told
	 * @param section the rule
	 */
	record Protocol(String description, int closeCode, String section) implements Failure {

	}

	/**
	 * A deadline passed.
	 *
	 * @param deadline which
	 * @param timeout its length
	 */
	record Timeout(Deadline deadline, Duration timeout) implements Failure {

	}

}
