package dev.wsclient.internal.lifecycle;

import java.net.http.HttpHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import dev.wsclient.options.WsHandshakeRequest;

/**
 * The cookies that the redirects of one attempt set, for the requests to the same origin
 * that they lead to (<a href="https://www.rfc-editor.org/rfc/rfc6265#section-5">RFC 6265,
 * section 5</a>). A cookie takes the place of those of its name that the user set, as the
 * newer word of the same server; one that is expired takes them away. Event loop only.
 */
final class RedirectCookies {

	/**
	 * As many as a client has to keep (RFC 6265, section 6.1).
	 */
	private static final int MAX_COOKIES = 50;

	private static final int MAX_SIZE = 4096;

	/**
	 * The eldest first; those that are expired too.
	 */
	private final List<Cookie> cookies = new ArrayList<>();

	/**
	 * Takes the cookies of an answer.
	 * @param request what was asked
	 * @param headers the header fields of the answer
	 */
	void store(WsHandshakeRequest request, HttpHeaders headers) {
		for (String field : headers.allValues("Set-Cookie")) {
			Cookie cookie = (field.length() <= MAX_SIZE) ? Cookie.parse(field, request) : null;
			if (cookie != null) {
				this.cookies.removeIf((other) -> other.name.equals(cookie.name) && other.path.equals(cookie.path));
				if (this.cookies.size() < MAX_COOKIES) {
					this.cookies.add(cookie);
				}
			}
		}
	}

	/**
	 * Forgets all cookies, as the next request is to another origin.
	 */
	void clear() {
		this.cookies.clear();
	}

	/**
	 * Adds the cookies that are meant for a request.
	 */
	WsHandshakeRequest addTo(WsHandshakeRequest request, Instant now) {
		List<Cookie> meant = this.cookies.stream()
			.filter((cookie) -> cookie.isMeantFor(request))
			.sorted(Comparator.comparingInt((cookie) -> -cookie.path.length()))
			.toList();
		if (meant.isEmpty()) {
			return request;
		}
		Set<String> names = new LinkedHashSet<>(meant.stream().map(Cookie::name).toList());
		Stream<String> own = request.headers()
			.getOrDefault("Cookie", List.of())
			.stream()
			.flatMap((value) -> Stream.of(value.split(";", -1)))
			.map(String::strip)
			.filter((pair) -> !pair.isEmpty() && !names.contains(nameOf(pair)));
		Stream<String> set = meant.stream()
			.filter((cookie) -> !cookie.isExpired(now))
			.map((cookie) -> cookie.name + "=" + cookie.value);
		List<String> pairs = Stream.concat(own, set).toList();
		return pairs.isEmpty() ? request.withHeader("Cookie") : request.withHeader("Cookie", String.join("; ", pairs));
	}

	private static String nameOf(String pair) {
		int equals = pair.indexOf('=');
		return (equals < 0) ? "" : pair.substring(0, equals).strip();
	}

	/**
	 * A cookie for one origin, whatever domain it names.
	 *
	 * @param name the name
	 * @param value the value
	 * @param path where it is meant for
	 * @param secure whether it is for TLS only
	 * @param expires when it expires, or {@code null} if it doesn't
	 */
	private record Cookie(String name, String value, String path, boolean secure, @Nullable Instant expires) {

		/**
		 * Reads a {@code Set-Cookie} field (RFC 6265, sections 5.2 and 5.3).
		 * @return the cookie, or {@code null} if it is none, or not of this host
		 */
		static @Nullable Cookie parse(String field, WsHandshakeRequest request) {
			String[] parts = field.split(";", -1);
			String name = nameOf(parts[0]);
			if (name.isEmpty()) {
				return null;
			}
			String path = "";
			boolean secure = false;
			String maxAge = "";
			String expires = "";
			for (int i = 1; i < parts.length; i++) {
				String[] attribute = parts[i].split("=", 2);
				String value = (attribute.length > 1) ? attribute[1].strip() : "";
				switch (attribute[0].strip().toLowerCase(Locale.ROOT)) {
					case "path" -> {
						path = value;
					}
					case "secure" -> {
						secure = true;
					}
					case "max-age" -> {
						maxAge = value;
					}
					case "expires" -> {
						expires = value;
					}
					case "domain" -> {
						if (!isDomainOf(value, request.host())) {
							return null;
						}
					}
					default -> {
					}
				}
			}
			return new Cookie(name, parts[0].substring(parts[0].indexOf('=') + 1).strip(),
					path.startsWith("/") ? path : defaultPath(request.uri().getRawPath()), secure,
					CookieExpiry.of(maxAge, expires));
		}

		private static boolean isDomainOf(String value, String host) {
			String domain = (value.startsWith(".") ? value.substring(1) : value).toLowerCase(Locale.ROOT);
			String lower = host.toLowerCase(Locale.ROOT);
			return domain.isEmpty() || lower.equals(domain)
					|| (lower.endsWith("." + domain) && !Character.isDigit(lower.charAt(lower.length() - 1)));
		}

		private static String defaultPath(@Nullable String path) {
			int last = (path != null) ? path.lastIndexOf('/') : -1;
			return (path == null || last <= 0) ? "/" : path.substring(0, last);
		}

		boolean isMeantFor(WsHandshakeRequest request) {
			String asked = request.uri().getRawPath();
			String target = (asked == null || asked.isEmpty()) ? "/" : asked;
			return (!this.secure || request.uri().getScheme().equalsIgnoreCase("wss"))
					&& (target.equals(this.path) || (target.startsWith(this.path)
							&& (this.path.endsWith("/") || target.charAt(this.path.length()) == '/')));
		}

		boolean isExpired(Instant now) {
			return this.expires != null && !this.expires.isAfter(now);
		}

	}

}
