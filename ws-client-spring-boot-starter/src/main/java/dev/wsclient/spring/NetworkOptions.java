package dev.wsclient.spring;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.function.Function;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.StringUtils;

import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTcp;
import dev.wsclient.spring.properties.ConnectionProperties;
import dev.wsclient.spring.properties.ProxyProperties;

/**
 * Sets the options of TLS, proxy and sockets from the properties.
 */
class NetworkOptions {

	private final LayeredSettings properties;

	private final Function<String, SslBundle> sslBundles;

	private WsTcp tcp = WsTcp.defaults();

	private @Nullable WsProxy proxy;

	/**
	 * Creates the options.
	 * @param properties the properties
	 * @param sslBundles finds an SSL bundle, or throws an
	 * {@link IllegalArgumentException}
	 */
	NetworkOptions(LayeredSettings properties, Function<String, SslBundle> sslBundles) {
		this.properties = properties;
		this.sslBundles = sslBundles;
	}

	void applyTo(WsOptions.Builder builder) {
		new TlsOptions(this.properties, this.sslBundles).applyTo(builder);
		applyTcp();
		builder.tcp(this.tcp);
		applyProxy();
		builder.proxy(this.proxy);
		this.properties.together(ConnectionProperties::getUnixSocket)
			.apply("local-address", ConnectionProperties::getLocalAddress, "an address of this machine",
					(address) -> builder.localAddress(new InetSocketAddress(address, 0)));
		this.properties.apply("unix-socket", ConnectionProperties::getUnixSocket,
				"the path of a unix domain socket, without proxy and local-address",
				(path) -> applyUnixSocket(builder, path));
	}

	private void applyTcp() {
		this.properties.apply("tcp.no-delay", (settings) -> settings.getTcp().getNoDelay(), "true or false",
				(noDelay) -> changeTcp((tcp) -> tcp.withNoDelay(noDelay)));
		this.properties.apply("tcp.keep-alive-idle", (settings) -> settings.getTcp().getKeepAliveIdle(),
				"whole seconds such as 55s",
				(idle) -> changeTcp((tcp) -> tcp.withKeepAlive(idle, tcp.keepAliveInterval(), tcp.keepAliveCount())));
		this.properties.apply("tcp.keep-alive-interval", (settings) -> settings.getTcp().getKeepAliveInterval(),
				"whole seconds such as 10s", (interval) -> changeTcp(
						(tcp) -> tcp.withKeepAlive(tcp.keepAliveIdle(), interval, tcp.keepAliveCount())));
		this.properties.apply("tcp.keep-alive-count", (settings) -> settings.getTcp().getKeepAliveCount(),
				"a number in 1 to 127",
				(count) -> changeTcp((tcp) -> tcp.withKeepAlive(tcp.keepAliveIdle(), tcp.keepAliveInterval(), count)));
		this.properties.apply("tcp.keep-alive", (settings) -> settings.getTcp().getKeepAlive(), "true or false",
				(keepAlive) -> {
					if (!keepAlive) {
						changeTcp(WsTcp::withoutKeepAlive);
					}
				});
	}

	private void changeTcp(UnaryOperator<WsTcp> change) {
		this.tcp = change.apply(this.tcp);
	}

	/**
	 * Credentials are for one proxy: with a proxy of its own a connection never sends
	 * those of the defaults, nor the default password with a user of its own.
	 */
	private void applyProxy() {
		LayeredSettings own = this.properties.together(NetworkOptions::proxyOf);
		if (hasOwnUnixSocket() || !createProxy(own)) {
			return;
		}
		own.apply("proxy.username", (settings) -> settings.getProxy().getUsername(),
				"a user that the type of proxy can take",
				(username) -> changeProxy((proxy) -> proxy.withCredentials(username, null)));
		own.together((settings) -> settings.getProxy().getUsername())
			.apply("proxy.password", (settings) -> settings.getProxy().getPassword(),
					"a password that the type of proxy can take, and proxy.username to its user", this::applyPassword);
		this.properties.apply("proxy.non-proxy-hosts", (settings) -> settings.getProxy().getNonProxyHosts(),
				"names, addresses, or patterns with * as first or last character",
				(hosts) -> changeProxy((proxy) -> proxy.withNonProxyHosts(StringUtils.toStringArray(hosts))));
		this.properties.apply("proxy.timeout", (settings) -> settings.getProxy().getTimeout(), LayeredSettings.DURATION,
				(timeout) -> changeProxy((proxy) -> proxy.withTimeout(timeout)));
	}

	/**
	 * Whether the connection leaves the network, which takes away the defaults for it.
	 */
	private boolean hasOwnUnixSocket() {
		return this.properties.isOwn(ConnectionProperties::getUnixSocket)
				&& !this.properties.isOwn(NetworkOptions::proxyOf);
	}

	/**
	 * Returns what names the proxy: its host, or the type if that is the system's.
	 */
	private static @Nullable Object proxyOf(ConnectionProperties settings) {
		ProxyProperties proxy = settings.getProxy();
		return (proxy.getHost() == null && proxy.getType() == WsProxy.Type.SYSTEM) ? proxy.getType() : proxy.getHost();
	}

	private boolean createProxy(LayeredSettings settings) {
		if (settings.get((each) -> each.getProxy().getType()) == WsProxy.Type.SYSTEM) {
			return settings.apply("proxy.type", (each) -> each.getProxy().getType(),
					"another type, or take proxy.host and proxy.port away", (type) -> createSystemProxy(settings));
		}
		return settings.apply("proxy.host", (each) -> each.getProxy().getHost(),
				"the name or address of the proxy, and proxy.port to its port", (host) -> createProxy(settings, host));
	}

	private void createSystemProxy(LayeredSettings settings) {
		if (settings.get((each) -> each.getProxy().getHost()) != null
				|| settings.get((each) -> each.getProxy().getPort()) != null) {
			throw new IllegalArgumentException(
					"system takes no proxy.host and no proxy.port: the JDK's ProxySelector names the proxies");
		}
		this.proxy = WsProxy.system();
	}

	private void createProxy(LayeredSettings settings, String host) {
		Integer port = settings.get((each) -> each.getProxy().getPort());
		if (port == null) {
			throw new IllegalArgumentException("proxy.port is missing");
		}
		WsProxy.Type type = settings.get((each) -> each.getProxy().getType());
		this.proxy = switch ((type != null) ? type : WsProxy.Type.HTTP) {
			case HTTP -> WsProxy.http(host, port);
			case SOCKS5 -> WsProxy.socks5(host, port);
			case SOCKS4A -> WsProxy.socks4a(host, port);
			case SYSTEM -> WsProxy.system();
		};
	}

	private void applyPassword(String password) {
		changeProxy((proxy) -> {
			if (proxy.username() == null) {
				throw new IllegalArgumentException("proxy.username is missing");
			}
			return proxy.withCredentials(proxy.username(), password);
		});
	}

	private void changeProxy(UnaryOperator<WsProxy> change) {
		if (this.proxy != null) {
			this.proxy = change.apply(this.proxy);
		}
	}

	private void applyUnixSocket(WsOptions.Builder builder, String path) {
		builder.unixSocket(Path.of(path));
		// Contradictions come to light here, where the property can be named
		builder.build();
	}

}
