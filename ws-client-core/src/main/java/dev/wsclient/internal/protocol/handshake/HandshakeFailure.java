package dev.wsclient.internal.protocol.handshake;

import java.net.http.HttpHeaders;
import java.util.Map;
import java.util.Objects;

/**
 * The server's answer doesn't open a session
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.1">RFC 6455, section
 * 4.1</a>). The message tells what was expected and what was seen; of header fields it
 * shows only such values as can't be secret. No stack trace: the fault is in the answer.
 *
 * @since 0.1.0
 */
public final class HandshakeFailure extends RuntimeException {

	private static final HttpHeaders NO_HEADERS = HttpHeaders.of(Map.of(), (name, value) -> true);

	private final int statusCode;

	private final transient HttpHeaders headers;

	private final byte[] body;

	HandshakeFailure(String message) {
		this(message, 0, NO_HEADERS, new byte[0]);
	}

	HandshakeFailure(String message, int statusCode, HttpHeaders headers, byte[] body) {
		super(message, null, false, false);
		this.statusCode = statusCode;
		this.headers = headers;
		this.body = body;
	}

	/**
	 * Returns the HTTP status.
	 * @return the status, or 0 if the answer was not a complete HTTP/1.1 head
	 */
	public int statusCode() {
		return this.statusCode;
	}

	/**
	 * Returns the header fields of the answer.
	 * @return the headers, empty if the answer was not a complete HTTP/1.1 head
	 */
	public HttpHeaders headers() {
		return this.headers;
	}

	/**
	 * Returns the start of the answer's body.
	 * @return at most 4 KiB, may be empty
	 */
	public byte[] body() {
		return this.body.clone();
	}

	@Override
	public String getMessage() {
		return Objects.requireNonNull(super.getMessage());
	}

}
