package dev.wsclient.internal.lifecycle;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import javax.net.ssl.TrustManagerFactory;

import dev.wsclient.PrintableText;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsTls;

/**
 * Follows redirects (RFC 9110, section 15.4) as far as that is safe.
 */
final class Redirects {

	private static final Set<Integer> STATUS = Set.of(301, 302, 303, 307, 308);

	private static final Map<String, String> SCHEMES = Map.of("http", "ws", "https", "wss", "ws", "ws", "wss", "wss");

	private static final int MAX_SHOWN = 20;

	private Redirects() {
	}

	static boolean isRedirect(Failure.Handshake answer) {
		return STATUS.contains(answer.statusCode());
	}

	/**
	 * Returns the request that an answer leads to. To another origin it has nothing of
	 * the user's but the header fields, and the subprotocols, that are allowed.
	 * @param allowed the names of header fields that may go to another origin
	 * @throws IllegalArgumentException if it must not be followed; says why
	 */
	static WsHandshakeRequest follow(WsHandshakeRequest request, Failure.Handshake answer, Set<String> allowed) {
		WsHandshakeRequest redirected = new WsHandshakeRequest(target(request.uri(), location(answer)),
				request.headers(), request.subprotocols());
		if (isSecure(request) && !isSecure(redirected)) {
			throw new IllegalArgumentException("it leads from wss to ws, where nothing is encrypted");
		}
		return isSameOrigin(request, redirected) ? redirected : onlyAllowed(redirected, allowed);
	}

	private static WsHandshakeRequest onlyAllowed(WsHandshakeRequest request, Set<String> allowed) {
		Map<String, List<String>> headers = new TreeMap<>(request.headers());
		headers.keySet().removeIf((name) -> !isAllowed(name, allowed));
		return new WsHandshakeRequest(request.uri(), headers,
				isAllowed("Sec-WebSocket-Protocol", allowed) ? request.subprotocols() : List.of());
	}

	private static boolean isAllowed(String name, Set<String> allowed) {
		return allowed.stream().anyMatch(name::equalsIgnoreCase);
	}

	/**
	 * Returns what TLS with another origin goes by: what is trusted stays, but the
	 * server's own name counts, and no client certificate is shown. May block.
	 * @param tls what TLS with the configured server goes by
	 * @throws IllegalStateException if that can't be known; the message says how to mend
	 * it
	 */
	static WsTls foreign(WsTls tls) {
		if (tls.sslContext() != null) {
			throw new IllegalStateException("a redirect leads to another origin, which the client certificate that the "
					+ "sslContext may hold is not meant for; set trust and key of WsTls in place of the sslContext");
		}
		return WsTls.defaults()
			// Not the JDK's default context, which may have a key
			.withTrust((tls.trust() != null) ? tls.trust() : defaultTrust())
			.withProtocols(tls.protocols().toArray(String[]::new))
			.withCiphers(tls.ciphers().toArray(String[]::new))
			.withVerifyHostname(tls.verifyHostname())
			.withPins(tls.pins().toArray(String[]::new))
			.withHandshakeTimeout(tls.handshakeTimeout())
			.withProvider(tls.provider());
	}

	private static TrustManagerFactory defaultTrust() {
		try {
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init((KeyStore) null);
			return trust;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex.getMessage(), ex);
		}
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
			String reference = utf8(location);
			resolved = from.resolve(reference.startsWith("?") ? from.getRawPath() + reference : reference);
		}
		catch (IllegalArgumentException ex) {
			// Its message would show the query
			throw new IllegalArgumentException("its Location is not a valid URL", null);
		}
		String text = resolved.toASCIIString();
		String scheme = resolved.getScheme();
		String mapped = SCHEMES.get(scheme.toLowerCase(Locale.ROOT));
		if (mapped == null) {
			throw new IllegalArgumentException(
					"its Location has the scheme '" + PrintableText.of(scheme, MAX_SHOWN) + "'");
		}
		int fragment = text.indexOf('#');
		return URI.create(mapped + text.substring(scheme.length(), (fragment < 0) ? text.length() : fragment));
	}

	/**
	 * Header fields are read as one character a byte, while whoever writes other
	 * characters than ASCII into a URL means UTF-8 today.
	 */
	private static String utf8(String location) {
		try {
			return StandardCharsets.UTF_8.newDecoder()
				.decode(ByteBuffer.wrap(location.getBytes(StandardCharsets.ISO_8859_1)))
				.toString();
		}
		catch (CharacterCodingException ex) {
			return location;
		}
	}

	private static boolean isSecure(WsHandshakeRequest request) {
		return request.uri().getScheme().equalsIgnoreCase("wss");
	}

	/**
	 * Whether two requests have the same scheme, host and port.
	 */
	static boolean isSameOrigin(WsHandshakeRequest one, WsHandshakeRequest other) {
		return isSecure(one) == isSecure(other) && one.host().equalsIgnoreCase(other.host())
				&& one.port() == other.port();
	}

}
