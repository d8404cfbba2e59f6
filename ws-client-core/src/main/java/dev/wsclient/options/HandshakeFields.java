package dev.wsclient.options;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import dev.wsclient.PrintableText;

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

	private static final Pattern AUTHORITY = Pattern.compile("(\\[[^\\]]*]|[^:]+)(?::(.*))?");

	private static final String NO_HOST = "url has no valid host; expected ws://host[:port][/path][?query], "
			+ "the host a name, of letters, digits, '-', '_' and '.' or international, or an address";

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
					+ ex.getIndex() + "; expected ws://host[:port][/path][?query]"
					+ (ex.getReason().endsWith("scope id")
							? "; write the number of the network interface in place of its name, as in %255" : ""));
		}
		return requireUrl(uri);
	}

	/**
	 * Checks a URL.
	 * @return the URL, its host in ASCII
	 */
	static URI requireUrl(URI uri) {
		String scheme = (uri.getScheme() != null) ? uri.getScheme().toLowerCase(Locale.ROOT) : "";
		require(scheme.equals("ws") || scheme.equals("wss"),
				"url must start with ws:// or wss://, but its scheme is '" + PrintableText.of(scheme, 20) + "'"
						+ (scheme.startsWith("http") ? "; write ws:// for http:// and wss:// for https://" : ""));
		String authority = (uri.getRawAuthority() != null) ? uri.getRawAuthority() : "";
		require(authority.indexOf('@') < 0, "url must not carry user-info (user:password@); "
				+ "send credentials in a header such as Authorization");
		Matcher parts = AUTHORITY.matcher(authority);
		require(parts.matches(), NO_HOST);
		String host = asciiHost(parts.group(1));
		require(!HostName.isWildcard(host), "url names the wildcard address " + host
				+ ", on which servers listen; this is a client and listens nowhere: name the server to connect to");
		require(uri.getRawFragment() == null,
				"url must not have a fragment (#...): RFC 6455, section 3; write %23 for a literal #");
		String port = (parts.group(2) != null) ? parts.group(2) : "";
		require(port.isEmpty() || isPort(port), "url has port " + PrintableText.of(port, 20) + "; expected 1 to 65535");
		return host.equals(parts.group(1)) ? uri : withHost(uri, host + (port.isEmpty() ? "" : ":" + port));
	}

	private static String asciiHost(String host) {
		try {
			return HostName.toAscii(host);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(NO_HOST, ex);
		}
	}

	private static boolean isPort(String port) {
		String digits = port.replaceFirst("^0+", "");
		return digits.matches("[0-9]{1,5}") && Integer.parseInt(digits) <= 65535;
	}

	private static URI withHost(URI uri, String authority) {
		String path = (uri.getRawPath() != null) ? uri.getRawPath() : "";
		String query = (uri.getRawQuery() != null) ? "?" + uri.getRawQuery() : "";
		return URI.create(uri.getScheme() + "://" + authority + path + query);
	}

	/**
	 * Returns the host of a URL that was checked.
	 * @return a name in ASCII, an IPv4 address, or an IPv6 address in brackets, with its
	 * zone if it has one
	 */
	static String host(URI uri) {
		return HostName.withPlainZone(authority(uri).group(1));
	}

	/**
	 * Returns the port of a URL that was checked, the scheme's if it names none.
	 */
	static int port(URI uri) {
		String port = authority(uri).group(2);
		if (port != null && !port.isEmpty()) {
			return Integer.parseInt(port);
		}
		return uri.getScheme().equalsIgnoreCase("wss") ? 443 : 80;
	}

	/**
	 * {@link URI#getHost()} knows no names with {@code _}.
	 */
	private static Matcher authority(URI uri) {
		Matcher parts = AUTHORITY.matcher(uri.getRawAuthority());
		require(parts.matches(), NO_HOST);
		return parts;
	}

	static String redact(URI uri) {
		String path = (uri.getRawPath() != null) ? uri.getRawPath() : "";
		String redacted = uri.getScheme() + "://" + uri.getRawAuthority() + path;
		// The URI keeps its own
		return redacted.equals(uri.toString()) ? PrintableText.of(uri.toString()) : PrintableText.of(redacted);
	}

	static void requireHeader(String name, List<String> values) {
		require(isToken(name), "header name '" + PrintableText.of(name, 80)
				+ "' is not a token (RFC 9110, section 5.6.2): letters, digits and !#$%&'*+-.^_`|~ only");
		String lowerCase = name.toLowerCase(Locale.ROOT);
		require(!HANDSHAKE_HEADERS.contains(lowerCase),
				"header '" + name + "' belongs to the opening handshake and can't be set"
						+ (lowerCase.equals("sec-websocket-protocol") ? "; use subprotocols" : ""));
		require(!lowerCase.equals("proxy-authorization"), "header '" + name
				+ "' is for a proxy, but would reach the server (RFC 9110, section 11.7.1); use the credentials of WsProxy");
		require(values.size() <= 1 || !SINGLE_HEADERS.contains(lowerCase),
				"header '" + name + "' can have one value only, but has " + values.size());
		for (String value : values) {
			requireFieldValue(name, value);
			require(!lowerCase.equals("host") || HOST_VALUE.matcher(value).matches(),
					"header 'Host' must be host[:port] (RFC 9110, section 7.2)");
		}
	}

	/**
	 * Checks the names of header fields that go along with redirects to another origin.
	 */
	static Set<String> requireRedirectHeaders(List<String> names) {
		for (String name : names) {
			if (!name.equalsIgnoreCase("Sec-WebSocket-Protocol")) {
				requireHeader(name, List.of());
			}
			require(!name.equalsIgnoreCase("Host"), "redirectHeaders can't hold 'Host': it names the server to each");
		}
		return Set.copyOf(names);
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
	 * Joins the values of {@code Cookie} fields, for a request has at most one
	 * (<a href="https://www.rfc-editor.org/rfc/rfc6265#section-5.4">RFC 6265, section
	 * 5.4</a>).
	 */
	static List<String> oneCookieField(List<String> values) {
		if (values.size() < 2) {
			return values;
		}
		return List.of(values.stream()
			.map((value) -> value.strip().replaceFirst("[; ]+$", ""))
			.filter((value) -> !value.isEmpty())
			.collect(Collectors.joining("; ")));
	}

	/**
	 * Checks a cookie (RFC 6265, section 4.1.1).
	 */
	static void requireCookie(String name, String value) {
		require(isToken(name), "cookie name '" + PrintableText.of(name, 80)
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
			require(isToken(subprotocol), "subprotocol '" + PrintableText.of(subprotocol, 80)
					+ "' is not a token (RFC 6455, section 4.1): letters, digits and !#$%&'*+-.^_`|~ only");
			require(names.add(subprotocol), "subprotocol '" + subprotocol + "' is offered twice");
		}
		return List.copyOf(names);
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
