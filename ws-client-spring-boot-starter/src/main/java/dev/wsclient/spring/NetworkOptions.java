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
import dev.wsclient.options.WsTls;

/**
 * Sets the options of TLS, proxy and sockets from the properties.
 */
class NetworkOptions {

	private final LayeredSettings properties;

	private final Function<String, SslBundle> sslBundles;

	private WsTls tls = WsTls.defaults();

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
		applyTls();
		builder.tls(this.tls);
		applyTcp();
		builder.tcp(this.tcp);
		applyProxy();
		builder.proxy(this.proxy);
		this.properties.apply("local-address", (settings) -> settings.getLocalAddress(), "an address of this machine",
				(address) -> builder.localAddress(new InetSocketAddress(address, 0)));
		this.properties.apply("unix-socket", (settings) -> settings.getUnixSocket(),
				"the path of a unix domain socket, without proxy and local-address",
				(path) -> applyUnixSocket(builder, path));
	}

	private void applyTls() {
		this.properties.apply("ssl.provider", (settings) -> settings.getSsl().getProvider(), "auto, jdk or openssl",
				(provider) -> changeTls((tls) -> tls.withProvider(provider)));
		this.properties.apply("ssl.bundle", (settings) -> settings.getSsl().getBundle(), "the name of an SSL bundle",
				this::applySslBundle);
		this.properties.apply("ssl.server-name", (settings) -> settings.getSsl().getServerName(), "a host name",
				(name) -> changeTls((tls) -> tls.withServerName(name)));
		this.properties.apply("ssl.verify-hostname", (settings) -> settings.getSsl().getVerifyHostname(),
				"true or false", (verify) -> changeTls((tls) -> tls.withVerifyHostname(verify)));
		this.properties.apply("ssl.pins", (settings) -> settings.getSsl().getPins(),
				"digests, each sha256/ and 44 characters of Base64",
				(pins) -> changeTls((tls) -> tls.withPins(StringUtils.toStringArray(pins))));
		this.properties.apply("ssl.protocols", (settings) -> settings.getSsl().getProtocols(),
				"TLS versions such as TLSv1.3",
				(protocols) -> changeTls((tls) -> tls.withProtocols(StringUtils.toStringArray(protocols))));
		this.properties.apply("ssl.ciphers", (settings) -> settings.getSsl().getCiphers(), "names of cipher suites",
				(ciphers) -> changeTls((tls) -> tls.withCiphers(StringUtils.toStringArray(ciphers))));
		this.properties.apply("ssl.handshake-timeout", (settings) -> settings.getSsl().getHandshakeTimeout(),
				LayeredSettings.DURATION, (timeout) -> changeTls((tls) -> tls.withHandshakeTimeout(timeout)));
	}

	private void changeTls(UnaryOperator<WsTls> change) {
		this.tls = change.apply(this.tls);
	}

	/**
	 * OpenSSL takes no SSL context, so it gets the bundle's key and trust.
	 */
	private void applySslBundle(String name) {
		SslBundle bundle = this.sslBundles.apply(name);
		if (this.tls.provider() == WsTls.Provider.OPENSSL) {
			changeTls((tls) -> tls.withTrust(bundle.getManagers().getTrustManagerFactory())
				.withKey(bundle.getManagers().getKeyManagerFactory()));
		}
		else {
			changeTls((tls) -> tls.withSslContext(bundle.createSslContext()));
		}
		String[] protocols = bundle.getOptions().getEnabledProtocols();
		if (protocols != null) {
			changeTls((tls) -> tls.withProtocols(protocols));
		}
		String[] ciphers = bundle.getOptions().getCiphers();
		if (ciphers != null) {
			changeTls((tls) -> tls.withCiphers(ciphers));
		}
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

	private void applyProxy() {
		boolean used = this.properties.apply("proxy.host", (settings) -> settings.getProxy().getHost(),
				"the name or address of the proxy, and proxy.port to its port", this::createProxy);
		if (!used) {
			return;
		}
		this.properties.apply("proxy.username", (settings) -> settings.getProxy().getUsername(),
				"a user that the type of proxy can take",
				(username) -> changeProxy((proxy) -> proxy.withCredentials(username, null)));
		this.properties.apply("proxy.password", (settings) -> settings.getProxy().getPassword(),
				"a password that the type of proxy can take, and proxy.username to its user", this::applyPassword);
		this.properties.apply("proxy.non-proxy-hosts", (settings) -> settings.getProxy().getNonProxyHosts(),
				"names, addresses, or patterns with * as first or last character",
				(hosts) -> changeProxy((proxy) -> proxy.withNonProxyHosts(StringUtils.toStringArray(hosts))));
		this.properties.apply("proxy.timeout", (settings) -> settings.getProxy().getTimeout(), LayeredSettings.DURATION,
				(timeout) -> changeProxy((proxy) -> proxy.withTimeout(timeout)));
	}

	private void createProxy(String host) {
		Integer port = this.properties.get((settings) -> settings.getProxy().getPort());
		if (port == null) {
			throw new IllegalArgumentException("proxy.port is missing");
		}
		WsProxy.Type type = this.properties.get((settings) -> settings.getProxy().getType());
		this.proxy = switch ((type != null) ? type : WsProxy.Type.HTTP) {
			case HTTP -> WsProxy.http(host, port);
			case SOCKS5 -> WsProxy.socks5(host, port);
			case SOCKS4A -> WsProxy.socks4a(host, port);
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
