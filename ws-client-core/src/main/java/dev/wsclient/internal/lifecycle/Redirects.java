package dev.wsclient.internal.lifecycle;

import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.wsclient.internal.transport.Failure;
import dev.wsclient.options.WsHandshakeRequest;

/**
 * Follows redirects (RFC 9110, section 15.4) as far as that is safe.
 */
final class Redirects {

	private static final Set<Integer> STATUS = Set.of(301, 302, 303, 307, 308);

	private static final Map<String, String> SCHEMES = Map.of("http", "ws", "https", "wss", "ws", "ws", "wss", "wss");

	/**
	 * Headers that are meant for one origin only: its own name, and what says by its name
	 * that it holds a secret.
	 */
	private static final Pattern PRIVATE_HEADER = Pattern
		.compile("host|.*(auth|cookie|token|key|secret|password|passwd|credential|session|signature).*");

	private Redirects() {
	}

	static boolean isRedirect(Failure.Handshake answer) {
		return STATUS.contains(answer.statusCode());
	}

	/**
	 * Returns the request that an answer leads to.
	 * @throws IllegalArgumentException if it must not be followed; says why
	 */
	static WsHandshakeRequest follow(WsHandshakeRequest request, Failure.Handshake answer) {
		URI target = target(request.uri(), location(answer));
		if (isSecure(request.uri()) && !isSecure(target)) {
			throw new IllegalArgumentException("it leads from wss to ws, where nothing is encrypted");
		}
		Map<String, List<String>> headers = request.headers();
		if (!isSameOrigin(request.uri(), target)) {
			headers = new TreeMap<>(headers);
			headers.keySet().removeIf((name) -> PRIVATE_HEADER.matcher(name.toLowerCase(Locale.ROOT)).matches());
		}
		return new WsHandshakeRequest(target, headers, request.subprotocols());
	}

	private static String location(Failure.Handshake answer) {
		List<String> values = answer.headers().allValues("Location");
		if (values.size() != 1) {
			throw new IllegalArgumentException("it has " + values.size() + " Location headers instead of one");
		}
		return values.get(0);
	}

	private static URI target(URI from, String location) {
		URI resolved;
		try {
			// The JDK resolves a lone query against the folder, not the path
			resolved = from.resolve(location.startsWith("?") ? from.getRawPath() + location : location);
		}
		catch (IllegalArgumentException ex) {
			// Its message would show the query
			throw new IllegalArgumentException("its Location is not a valid URL", null);
		}
		String text = resolved.toString();
		String scheme = resolved.getScheme();
		String mapped = SCHEMES.get(scheme.toLowerCase(Locale.ROOT));
		if (mapped == null) {
			throw new IllegalArgumentException("its Location has the scheme '" + scheme + "'");
		}
		int fragment = text.indexOf('#');
		return URI.create(mapped + text.substring(scheme.length(), (fragment < 0) ? text.length() : fragment));
	}

	private static boolean isSecure(URI uri) {
		return uri.getScheme().equalsIgnoreCase("wss");
	}

	/**
	 * Whether two URLs have the same scheme, host and port.
	 */
	static boolean isSameOrigin(URI one, URI other) {
		return origin(one).equals(origin(other));
	}

	private static String origin(URI uri) {
		int port = (uri.getPort() >= 0) ? uri.getPort() : (isSecure(uri) ? 443 : 80);
		return (uri.getScheme() + "://" + uri.getHost()).toLowerCase(Locale.ROOT) + ":" + port;
	}

}
