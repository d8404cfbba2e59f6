package dev.wsclient.options;

import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What the opening handshake of an attempt asks for. Immutable; {@link #toString()}
 * prints no secrets.
 *
 * @param uri the server's URI, an international host name in its ASCII form
 * @param headers the header fields to add, an unmodifiable map whose keys are looked up
 * without regard to case; cookies in one field (RFC 6265, section 5.4)
 * @param subprotocols the subprotocols to offer, in order of preference
 * @since 0.1.0
 */
public record WsHandshakeRequest(URI uri, Map<String, List<String>> headers, List<String> subprotocols) {

	/**
	 * Creates a request.
	 * @throws IllegalArgumentException if a value would break the request, as in
	 * {@link WsOptions.Builder}
	 */
	public WsHandshakeRequest {
		uri = HandshakeFields.requireUrl(uri);
		headers = Collections.unmodifiableMap(caseless(headers));
		headers.forEach(HandshakeFields::requireHeader);
		subprotocols = HandshakeFields.requireSubprotocols(subprotocols);
	}

	private static Map<String, List<String>> caseless(Map<String, List<String>> headers) {
		Map<String, List<String>> caseless = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		headers.forEach((name, values) -> caseless.merge(name, List.copyOf(values),
				(some, others) -> Stream.concat(some.stream(), others.stream()).toList()));
		caseless.computeIfPresent("Cookie", (name, values) -> HandshakeFields.oneCookieField(values));
		return caseless;
	}

	/**
	 * Returns this request to another URL.
	 * @param url the URL, as in {@link WsOptions#builder(String)}
	 * @return the request
	 * @throws IllegalArgumentException if it is no such URL
	 */
	public WsHandshakeRequest withUrl(String url) {
		return new WsHandshakeRequest(HandshakeFields.parseUrl(url), this.headers, this.subprotocols);
	}

	/**
	 * Returns this request with a header field in place of all of that name.
	 * @param name the field name
	 * @param values the field's values, none to remove it
	 * @return the request
	 * @throws IllegalArgumentException if name or value would break the request
	 */
	public WsHandshakeRequest withHeader(String name, String... values) {
		Map<String, List<String>> headers = caseless(this.headers);
		headers.put(name, List.of(values));
		headers.values().removeIf(List::isEmpty);
		return new WsHandshakeRequest(this.uri, headers, this.subprotocols);
	}

	/**
	 * Returns this request with a bearer token (RFC 6750, section 2.1).
	 * @param token the token
	 * @return the request
	 * @throws IllegalArgumentException if the token would break the request
	 */
	public WsHandshakeRequest withBearerToken(String token) {
		return withHeader("Authorization", "Bearer " + token);
	}

	/**
	 * Returns this request with other subprotocols.
	 * @param subprotocols the names, each a token, none twice
	 * @return the request
	 * @throws IllegalArgumentException if a name is not a token or comes twice
	 */
	public WsHandshakeRequest withSubprotocols(String... subprotocols) {
		return new WsHandshakeRequest(this.uri, this.headers, List.of(subprotocols));
	}

	/**
	 * Returns the server's host, also one that {@link URI#getHost()} doesn't know, such
	 * as a name with {@code _}.
	 * @return a name in ASCII, an IPv4 address, or an IPv6 address in brackets, with its
	 * zone if it has one, as in {@code [fe80::1%eth0]}
	 */
	public String host() {
		return HandshakeFields.host(this.uri);
	}

	/**
	 * Returns the server's port.
	 * @return the port in 1 to 65535; 80 for {@code ws} and 443 for {@code wss} if the
	 * URI names none
	 */
	public int port() {
		return HandshakeFields.port(this.uri);
	}

	/**
	 * Returns the server's URI without its query, as logs and errors show it.
	 * @return scheme, host, port and path
	 */
	public String redactedUri() {
		return HandshakeFields.redact(this.uri);
	}

	@Override
	public String toString() {
		return "WsHandshakeRequest[uri=" + redactedUri() + ", headers=" + this.headers.keySet() + ", subprotocols="
				+ this.subprotocols + "]";
	}

}
