package dev.wsclient.options;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Checks what users put into the opening handshake, so that nothing can break the
 * request.
 */
final class HandshakeFields {

	private static final Set<String> HANDSHAKE_HEADERS = Set.of("connection", "upgrade", "sec-websocket-key",
			"sec-websocket-version", "sec-websocket-protocol", "sec-websocket-extensions", "sec-websocket-accept",
			"content-length", "transfer-encoding");

	/**
	 * A second one would make the request malformed (RFC 9110, sections 7.2 and 11.6.2;
	 * RFC 6454, section 7.3).
	 */
	private static final Set<String> SINGLE_HEADERS = Set.of("host", "origin", "authorization");

	private static final Pattern HOST_VALUE = Pattern.compile("[A-Za-z0-9._~%!$&'()*+,;=:\\[\\]-]+");

	private HandshakeFields() {
	}

	static URI parseUrl(String url) {
		URI uri;
		try {
			uri = new URI(url.strip());
		}
		catch (URISyntaxException ex) {
			// Neither the input nor the cause goes into the message: a query may be
			// secret
			throw new IllegalArgumentException("url is not a valid URL: " + ex.getReason() + " at index "
					+ ex.getIndex() + "; expected ws://host[:port][/path][?query]");
		}
		return requireUrl(uri);
	}

	static URI requireUrl(URI uri) {
		String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
		require(scheme.equals("ws") || scheme.equals("wss"),
				"url must start with ws:// or wss://, but its scheme is '" + scheme + "'"
						+ (scheme.startsWith("http") ? "; write ws:// for http:// and wss:// for https://" : ""));
		require(uri.getRawUserInfo() == null, "url must not carry user-info (user:password@); "
				+ "send credentials in a header such as Authorization");
		require(uri.getHost() != null,
				"url has no valid host; expected ws://host[:port][/path][?query], the host of letters, digits, "
						+ "'-' and '.' (no '_'; an international name in its xn-- form)");
		require(!uri.getHost().equals("0.0.0.0") && !uri.getHost().equals("[::]"), "url names the wildcard address "
				+ uri.getHost()
				+ ", on which servers listen; this is a client and listens nowhere: name the server to connect to");
		require(uri.getRawFragment() == null,
				"url must not have a fragment (#...): RFC 6455, section 3; write %23 for a literal #");
		require(uri.getPort() != 0 && uri.getPort() <= 65535,
				"url has port " + uri.getPort() + "; expected 1 to 65535");
		return uri;
	}

	static String redact(URI uri) {
		String path = (uri.getRawPath() != null) ? uri.getRawPath() : "";
		String redacted = uri.getScheme() + "://" + uri.getRawAuthority() + path;
		// The URI keeps its own
		return redacted.equals(uri.toString()) ? uri.toString() : redacted;
	}

	static void requireHeader(String name, List<String> values) {
		require(isToken(name), "header name '" + printable(name)
				+ "' is not a token (RFC 9110, section 5.6.2): letters, digits and !#$%&'*+-.^_`|~ only");
		String lowerCase = name.toLowerCase(Locale.ROOT);
		require(!HANDSHAKE_HEADERS.contains(lowerCase),
				"header '" + name + "' belongs to the opening handshake and can't be set"
						+ (lowerCase.equals("sec-websocket-protocol") ? "; use subprotocols" : ""));
		require(values.size() <= 1 || !SINGLE_HEADERS.contains(lowerCase),
				"header '" + name + "' can have one value only, but has " + values.size());
		for (String value : values) {
			requireFieldValue(name, value);
			require(!lowerCase.equals("host") || HOST_VALUE.matcher(value).matches(),
					"header 'Host' must be host[:port] (RFC 9110, section 7.2)");
		}
	}

	private static void requireFieldValue(String name, String value) {
		for (int i = 0; i < value.length(); i++) {
			char c = value.charAt(i);
			require((c >= 0x20 || c == '\t') && c != 0x7f && c <= 0xff,
					String.format(Locale.ROOT,
							"header '%s' has the character U+%04X at index %d of its value; "
									+ "CR, LF, other control characters and those above U+00FF are not allowed "
									+ "(RFC 9110, section 5.5)",
							name, (int) c, i));
		}
	}

	/**
	 * Checks a cookie (RFC 6265, section 4.1.1).
	 */
	static void requireCookie(String name, String value) {
		require(isToken(name), "cookie name '" + printable(name)
				+ "' is not a token (RFC 6265, section 4.1.1): letters, digits and !#$%&'*+-.^_`|~ only");
		boolean quoted = value.length() >= 2 && value.startsWith("\"") && value.endsWith("\"");
		String octets = quoted ? value.substring(1, value.length() - 1) : value;
		require(octets.chars().allMatch((c) -> c > 0x20 && c < 0x7f && "\",;\\".indexOf(c) < 0),
				"the value of cookie '" + name + "' has a character that a cookie can't have: white space, "
						+ "control and non-ASCII characters and \" , ; \\ (RFC 6265, section 4.1.1)");
	}

	static List<String> requireSubprotocols(List<String> subprotocols) {
		Set<String> names = new LinkedHashSet<>();
		for (String subprotocol : subprotocols) {
			require(isToken(subprotocol), "subprotocol '" + printable(subprotocol)
					+ "' is not a token (RFC 6455, section 4.1): letters, digits and !#$%&'*+-.^_`|~ only");
			require(names.add(subprotocol), "subprotocol '" + subprotocol + "' is offered twice");
		}
		return List.copyOf(names);
	}

	private static String printable(String name) {
		return name.replaceAll("[^\\x20-\\x7e]", "?");
	}

	private static boolean isToken(String value) {
		return !value.isEmpty() && value.chars()
			.allMatch((c) -> (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
					|| "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
	}

	static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

}
