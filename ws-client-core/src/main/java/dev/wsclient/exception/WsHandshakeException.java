package dev.wsclient.exception;

import java.net.http.HttpHeaders;
import java.util.List;

/**
 * The server's answer to the opening handshake is not a valid acceptance
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.1">RFC 6455, section
 * 4.1</a>), or an HTTP proxy refused, in the phase {@link ErrorContext.Phase#PROXY}. The
 * message holds neither headers nor body, which may be secret.
 *
 * @since 0.1.0
 */
public class WsHandshakeException extends WsException {

	private final int statusCode;

	private final transient HttpHeaders headers;

	private final String body;

	/**
	 * Creates an error.
	 * @param context where it happened
	 * @param description what is wrong with the answer
	 * @param statusCode the HTTP status, or 0 if the answer was not HTTP
	 * @param headers the header fields, empty if the answer was not HTTP
	 * @param body the start of the body as text
	 */
	public WsHandshakeException(ErrorContext context, String description, int statusCode, HttpHeaders headers,
			String body) {
		super(context, description, null);
		this.statusCode = statusCode;
		this.headers = headers;
		this.body = body;
	}

	/**
	 * Returns the HTTP status.
	 * @return the status, or 0 if the answer was not HTTP
	 */
	public int statusCode() {
		return this.statusCode;
	}

	/**
	 * Returns the header fields of the answer.
	 * @return the headers, empty if the answer was not HTTP
	 */
	public HttpHeaders headers() {
		return this.headers;
	}

	/**
	 * Returns what credentials the server asks for: its header fields
	 * {@code WWW-Authenticate}, or {@code Proxy-Authenticate} if a proxy refused
	 * (<a href="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1">RFC 9110, section
	 * 11.6.1</a>).
	 * @return the fields as they came, empty for none
	 */
	public List<String> challenges() {
		return this.headers
			.allValues((phase() == ErrorContext.Phase.PROXY) ? "Proxy-Authenticate" : "WWW-Authenticate");
	}

	/**
	 * Returns the start of the answer's body as text.
	 * @return at most 4 KiB, decoded as UTF-8, may be empty
	 */
	public String body() {
		return this.body;
	}

}
