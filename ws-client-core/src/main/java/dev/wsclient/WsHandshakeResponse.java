package dev.wsclient;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The server's answer to an opening handshake
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.2.2">RFC 6455, section
 * 4.2.2</a>).
 *
 * @param statusCode the HTTP status, 101 for an open session
 * @param headers the header fields; names are looked up without regard to case
 * @param subprotocol the subprotocol the server chose, or {@code null} for none
 * @param extensions the extensions the server accepted, as it wrote them
 * @since 0.1.0
 */
public record WsHandshakeResponse(int statusCode, HttpHeaders headers, @Nullable String subprotocol,
		List<String> extensions) {

	private static final int MAX_LENGTH = 2000;

	/**
	 * Creates a response.
	 */
	public WsHandshakeResponse {
		Objects.requireNonNull(headers, "headers");
		extensions = List.copyOf(extensions);
	}

	/**
	 * Returns the names of the header fields only: their values may be secret (cookies,
	 * tokens).
	 */
	@Override
	public String toString() {
		return "WsHandshakeResponse[statusCode=" + this.statusCode + ", headers="
				+ PrintableText.of(this.headers.map().keySet().toString(), MAX_LENGTH) + ", subprotocol="
				+ ((this.subprotocol != null) ? PrintableText.of(this.subprotocol, MAX_LENGTH) : null) + ", extensions="
				+ PrintableText.of(this.extensions.toString(), MAX_LENGTH) + "]";
	}

}
