package dev.wsclient.internal.protocol.handshake;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

import io.netty.buffer.ByteBuf;

import dev.wsclient.internal.protocol.extension.ExtensionOffer;
import dev.wsclient.options.WsHandshakeRequest;

/**
 * The request that opens a session
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-4.1">RFC 6455, section
 * 4.1</a>). Immutable. {@link #toString()} shows neither the query nor values of header
 * fields.
 *
 * @since 0.1.0
 */
public final class HandshakeRequest {

	/**
	 * How many random bytes a key has.
	 */
	public static final int KEY_SIZE = 16;

	private static final String ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

	private static final Set<String> RESERVED = Set.of("connection", "upgrade", "sec-websocket-key",
			"sec-websocket-version", "sec-websocket-protocol", "sec-websocket-extensions", "sec-websocket-accept",
			"content-length", "transfer-encoding");

	private final URI uri;

	/**
	 * The value of the {@code Host} field unless one is set.
	 */
	private final String host;

	private final String key;

	private final Map<String, List<String>> headers;

	private final List<String> subprotocols;

	private final List<ExtensionOffer> extensions;

	/**
	 * Creates a request.
	 * @param uri the server's URI, {@code ws} or {@code wss}, with a host
	 * @param key {@value #KEY_SIZE} random bytes, fresh for each handshake
	 * @param headers further header fields; a {@code Host} takes the place of the one
	 * from the URI
	 * @param subprotocols the subprotocols to offer, the preferred one first
	 * @throws IllegalArgumentException if the key is not of {@value #KEY_SIZE} bytes, the
	 * URI has no host, a header field belongs to the handshake itself, or a name or value
	 * can't stand in HTTP
	 */
	public HandshakeRequest(URI uri, byte[] key, Map<String, List<String>> headers, List<String> subprotocols) {
		this(uri, key, headers, subprotocols, List.of());
	}

	/**
	 * Creates a request that offers extensions.
	 * @param uri the server's URI, {@code ws} or {@code wss}, with a host
	 * @param key {@value #KEY_SIZE} random bytes, fresh for each handshake
	 * @param headers further header fields; a {@code Host} takes the place of the one
	 * from the URI
	 * @param subprotocols the subprotocols to offer, the preferred one first
	 * @param extensions the extensions to offer, the preferred one first; their names
	 * differ
	 * @throws IllegalArgumentException as the other constructor does
	 */
	public HandshakeRequest(URI uri, byte[] key, Map<String, List<String>> headers, List<String> subprotocols,
			List<? extends ExtensionOffer> extensions) {
		if (key.length != KEY_SIZE) {
			throw new IllegalArgumentException("Key must be of " + KEY_SIZE + " bytes, was of " + key.length);
		}
		WsHandshakeRequest target = new WsHandshakeRequest(uri, Map.of(), List.of());
		headers.forEach(HandshakeRequest::checkHeader);
		subprotocols.forEach((subprotocol) -> checkToken("subprotocol", subprotocol));
		this.uri = URI.create(target.uri().toASCIIString());
		this.host = hostField(target);
		this.key = Base64.getEncoder().encodeToString(key);
		TreeMap<String, List<String>> caseless = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
		headers.forEach((name, values) -> caseless.put(name, List.copyOf(values)));
		// At most one field (RFC 6265, section 5.4)
		caseless.computeIfPresent("Cookie", (name, values) -> List.of(String.join("; ", values)));
		this.headers = caseless;
		this.subprotocols = List.copyOf(subprotocols);
		this.extensions = List.copyOf(extensions);
	}

	private static String hostField(WsHandshakeRequest target) {
		String host = target.host();
		int zone = host.indexOf('%');
		if (zone >= 0) {
			// A zone has a meaning on this machine only (RFC 6874, section 1)
			host = host.substring(0, zone) + "]";
		}
		int defaultPort = target.uri().getScheme().equalsIgnoreCase("wss") ? 443 : 80;
		return (target.port() == defaultPort) ? host : host + ":" + target.port();
	}

	private static void checkHeader(String name, List<String> values) {
		checkToken("header name", name);
		if (RESERVED.contains(name.toLowerCase(Locale.ROOT))) {
			throw new IllegalArgumentException("Header '" + name + "' belongs to the handshake and can't be set");
		}
		for (String value : values) {
			int bad = HttpSyntax.findBadValueChar(value);
			if (bad >= 0) {
				throw new IllegalArgumentException("Value of header '" + name + "' has a character at index " + bad
						+ " that can't stand in a header field");
			}
		}
	}

	private static void checkToken(String what, String value) {
		if (!HttpSyntax.isToken(value)) {
			throw new IllegalArgumentException(
					"A " + what + " must be a token (RFC 9110, 5.6.2), was " + Printable.quote(value));
		}
	}

	/**
	 * Writes the request.
	 * @param out where it is appended
	 */
	public void writeTo(ByteBuf out) {
		StringBuilder head = new StringBuilder(512);
		head.append("GET ").append(target()).append(" HTTP/1.1\r\n");
		this.headers.getOrDefault("Host", List.of(this.host)).forEach((value) -> appendField(head, "Host", value));
		appendField(head, "Upgrade", "websocket");
		appendField(head, "Connection", "Upgrade");
		appendField(head, "Sec-WebSocket-Key", this.key);
		appendField(head, "Sec-WebSocket-Version", "13");
		if (!this.subprotocols.isEmpty()) {
			appendField(head, "Sec-WebSocket-Protocol", String.join(", ", this.subprotocols));
		}
		if (!this.extensions.isEmpty()) {
			appendField(head, "Sec-WebSocket-Extensions",
					this.extensions.stream().map(ExtensionOffer::text).collect(Collectors.joining(", ")));
		}
		this.headers.forEach((name, values) -> appendFields(head, name, values));
		head.append("\r\n");
		out.writeCharSequence(head, StandardCharsets.ISO_8859_1);
	}

	private static void appendFields(StringBuilder head, String name, List<String> values) {
		if (!name.equalsIgnoreCase("Host")) {
			values.forEach((value) -> appendField(head, name, value));
		}
	}

	private static void appendField(StringBuilder head, String name, String value) {
		head.append(name).append(": ").append(value).append("\r\n");
	}

	// Path and query (RFC 6455, section 3).
	private String target() {
		String path = this.uri.getRawPath();
		String query = this.uri.getRawQuery();
		return ((path == null || path.isEmpty()) ? "/" : path) + ((query != null) ? "?" + query : "");
	}

	/**
	 * Returns what the server has to answer in {@code Sec-WebSocket-Accept} (RFC 6455,
	 * section 4.2.2).
	 * @return the value
	 */
	public String expectedAccept() {
		try {
			byte[] input = (this.key + ACCEPT_SUFFIX).getBytes(StandardCharsets.US_ASCII);
			return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(input));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-1", ex);
		}
	}

	/**
	 * Returns the subprotocols offered.
	 * @return the names, the preferred one first
	 */
	public List<String> subprotocols() {
		return this.subprotocols;
	}

	/**
	 * Returns the extensions offered.
	 * @return the offers, the preferred one first
	 */
	public List<ExtensionOffer> extensions() {
		return this.extensions;
	}

	@Override
	public String toString() {
		return "HandshakeRequest[host=" + this.uri.getRawAuthority() + ", path=" + this.uri.getRawPath() + ", headers="
				+ this.headers.keySet() + ", subprotocols=" + this.subprotocols + "]";
	}

}
