package dev.wsclient.options;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

/**
 * The proxy through which a server is reached. It resolves the server's name itself:
 * nothing is looked up here but the proxy's own name. {@link #toString()} doesn't print
 * the password.
 *
 * @param type the protocol spoken with the proxy, or {@link Type#SYSTEM}
 * @param host the proxy's name or address; an international name in its ASCII form, an
 * IPv6 address without brackets; empty for {@link Type#SYSTEM}
 * @param port the proxy's port; 0 for {@link Type#SYSTEM}
 * @param username the user, or {@code null} for none
 * @param password the user's password, or {@code null} for none
 * @param nonProxyHosts hosts that are reached without the proxy: names in any form,
 * addresses without zone, or patterns with {@code *} as first or last character; default
 * none
 * @param timeout the time allowed from the TCP connection to the proxy until it opened
 * the way to the server, within the {@linkplain WsOptions#connectTimeout() connect
 * timeout}; default 10 seconds
 * @since 0.1.0
 */
public record WsProxy(Type type, String host, int port, @Nullable String username, @Nullable String password,
		List<String> nonProxyHosts, Duration timeout) {

	private static final int MAX_SOCKS_TEXT = 255;

	/**
	 * Creates a value.
	 * @throws IllegalArgumentException if a value is out of its range, or the type of
	 * proxy can't take the credentials
	 */
	public WsProxy {
		Objects.requireNonNull(type, "proxy type");
		if (type == Type.SYSTEM) {
			require(host.isEmpty() && port == 0,
					"proxy type SYSTEM takes no host and no port: the JDK's ProxySelector names them");
		}
		else {
			host = requireHost(host);
			require(port >= 1 && port <= 65535, "proxy port must be in 1 to 65535, was " + port);
		}
		require(password == null || username != null, "proxy password needs a username");
		requireCredentials(type, username, password);
		nonProxyHosts = List.copyOf(nonProxyHosts);
		nonProxyHosts.forEach(WsProxy::requirePattern);
		Durations.requirePositive(timeout, "proxy timeout");
	}

	private static String requireHost(String host) {
		try {
			return HostName.ofProxy(host);
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException("proxy host must be a name or an address, without scheme and port", ex);
		}
	}

	private static void requireCredentials(Type type, @Nullable String username, @Nullable String password) {
		if (username == null) {
			return;
		}
		require(!username.isEmpty(), "proxy username must not be empty");
		if (type == Type.HTTP || type == Type.SYSTEM) {
			require(username.indexOf(':') < 0, "proxy username must not have a ':' (RFC 7617, section 2)");
			require(isPrintable(username) && (password == null || isPrintable(password)),
					"proxy username and password must not have control characters (RFC 7617, section 2)");
		}
		if (type == Type.SOCKS5 || type == Type.SYSTEM) {
			require(length(username) <= MAX_SOCKS_TEXT,
					"proxy username must be of at most 255 bytes (RFC 1929, section 2)");
			require(password == null || length(password) <= MAX_SOCKS_TEXT,
					"proxy password must be of at most 255 bytes (RFC 1929, section 2)");
		}
		if (type == Type.SOCKS4A) {
			require(password == null, "proxy type SOCKS4A knows no passwords; use SOCKS5, or a username alone");
			require(username.indexOf('\0') < 0, "proxy username must not have a NUL character");
		}
	}

	private static boolean isPrintable(String text) {
		return text.chars().noneMatch(Character::isISOControl);
	}

	private static int length(String text) {
		return text.getBytes(StandardCharsets.UTF_8).length;
	}

	private static void requirePattern(String pattern) {
		String middle = (pattern.length() > 1) ? pattern.substring(1, pattern.length() - 1) : "";
		require(!pattern.isBlank() && middle.indexOf('*') < 0,
				"proxy nonProxyHosts must be names or have a * as first or last character, one was '" + pattern + "'");
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	private static WsProxy of(Type type, String host, int port) {
		return new WsProxy(type, host, port, null, null, List.of(), Duration.ofSeconds(10));
	}

	/**
	 * Returns an HTTP proxy, which is asked by {@code CONNECT} (RFC 9110, section 9.3.6).
	 * @param host the proxy's name or address
	 * @param port the proxy's port
	 * @return the value
	 */
	public static WsProxy http(String host, int port) {
		return of(Type.HTTP, host, port);
	}

	/**
	 * Returns a SOCKS 5 proxy (RFC 1928).
	 * @param host the proxy's name or address
	 * @param port the proxy's port
	 * @return the value
	 */
	public static WsProxy socks5(String host, int port) {
		return of(Type.SOCKS5, host, port);
	}

	/**
	 * Returns a SOCKS 4A proxy.
	 * @param host the proxy's name or address
	 * @param port the proxy's port
	 * @return the value
	 */
	public static WsProxy socks4a(String host, int port) {
		return of(Type.SOCKS4A, host, port);
	}

	/**
	 * Returns the proxies of the system: before each attempt
	 * {@link java.net.ProxySelector#getDefault()} is asked, off the event loops, for
	 * {@code http} in place of {@code ws} and {@code https} in place of {@code wss}. The
	 * proxies it names are tried in order, and those that fail before they opened the way
	 * are told to it; {@code DIRECT}, an empty list, or no selector at all lead straight
	 * to the server. By default the JDK's selector reads system properties such as
	 * {@code https.proxyHost}.
	 * @return the value
	 */
	public static WsProxy system() {
		return of(Type.SYSTEM, "", 0);
	}

	/**
	 * Returns this value with credentials. Only the proxy gets them: as
	 * {@code Proxy-Authorization: Basic} (RFC 7617) or by RFC 1929. With
	 * {@link Type#SYSTEM} each proxy that the system names gets them.
	 * @param username the user
	 * @param password the password; {@code null} for {@link Type#SOCKS4A}
	 * @return the value
	 */
	public WsProxy withCredentials(String username, @Nullable String password) {
		return new WsProxy(this.type, this.host, this.port, Objects.requireNonNull(username, "username"), password,
				this.nonProxyHosts, this.timeout);
	}

	/**
	 * Returns this value with other hosts that are reached without the proxy.
	 * @param patterns names, addresses, or patterns such as {@code *.internal} and
	 * {@code 10.*}
	 * @return the value
	 */
	public WsProxy withNonProxyHosts(String... patterns) {
		return new WsProxy(this.type, this.host, this.port, this.username, this.password, List.of(patterns),
				this.timeout);
	}

	/**
	 * Returns this value with another timeout.
	 * @param timeout the time allowed for the proxy to open the way, more than zero
	 * @return the value
	 */
	public WsProxy withTimeout(Duration timeout) {
		return new WsProxy(this.type, this.host, this.port, this.username, this.password, this.nonProxyHosts, timeout);
	}

	/**
	 * Whether a server is reached through the proxy.
	 * @param serverHost the host of the server's URL
	 * @return {@code false} if {@link #nonProxyHosts()} names it
	 */
	public boolean appliesTo(String serverHost) {
		String name = withoutLastDot(HostName.comparable(serverHost));
		return this.nonProxyHosts.stream()
			.noneMatch((pattern) -> matches(withoutLastDot(HostName.comparable(pattern)), name));
	}

	private static String withoutLastDot(String name) {
		return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
	}

	private static boolean matches(String pattern, String name) {
		boolean openStart = pattern.startsWith("*");
		boolean openEnd = pattern.endsWith("*");
		String text = pattern.replace("*", "");
		if (openStart && openEnd) {
			return name.contains(text);
		}
		return openStart ? name.endsWith(text) : (openEnd ? name.startsWith(text) : name.equals(text));
	}

	@Override
	public String toString() {
		String where = (this.type != Type.SYSTEM) ? "://" + this.host + ":" + this.port : "";
		return "WsProxy[" + this.type.name().toLowerCase(Locale.ROOT) + where + ", authenticated="
				+ (this.username != null) + ", nonProxyHosts=" + this.nonProxyHosts + ", timeout=" + this.timeout + "]";
	}

	/**
	 * The protocols of proxies.
	 */
	public enum Type {

		/**
		 * HTTP's {@code CONNECT}, with Basic credentials.
		 */
		HTTP,

		/**
		 * SOCKS 5, with user and password.
		 */
		SOCKS5,

		/**
		 * SOCKS 4A, with a user.
		 */
		SOCKS4A,

		/**
		 * What the JDK's {@link java.net.ProxySelector} says for each attempt.
		 */
		SYSTEM

	}

}
