package dev.wsclient.spring.properties;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.wsclient.options.WsProxy;

/**
 * Proxy.
 *
 * @since 0.1.0
 */
public class ProxyProperties {

	/**
	 * Protocol spoken with the proxy, or system to ask the ProxySelector of the JDK for
	 * the proxies before each attempt.
	 */
	private WsProxy.@Nullable Type type;

	/**
	 * Name or address of the proxy. No proxy if not set, unless the type is system.
	 */
	private @Nullable String host;

	/**
	 * Port of the proxy.
	 */
	private @Nullable Integer port;

	/**
	 * User at the proxy.
	 */
	private @Nullable String username;

	/**
	 * Password of the user at the proxy.
	 */
	private @Nullable String password;

	/**
	 * Hosts that are reached without the proxy: names, addresses, or patterns with * as
	 * first or last character.
	 */
	private @Nullable List<String> nonProxyHosts;

	/**
	 * Time allowed for the proxy to open the way to the server, within the connect
	 * timeout. In milliseconds if no unit is given.
	 */
	private @Nullable Duration timeout;

	public WsProxy.@Nullable Type getType() {
		return this.type;
	}

	public void setType(WsProxy.@Nullable Type type) {
		this.type = type;
	}

	public @Nullable String getHost() {
		return this.host;
	}

	public void setHost(@Nullable String host) {
		this.host = host;
	}

	public @Nullable Integer getPort() {
		return this.port;
	}

	public void setPort(@Nullable Integer port) {
		this.port = port;
	}

	public @Nullable String getUsername() {
		return this.username;
	}

	public void setUsername(@Nullable String username) {
		this.username = username;
	}

	public @Nullable String getPassword() {
		return this.password;
	}

	public void setPassword(@Nullable String password) {
		this.password = password;
	}

	public @Nullable List<String> getNonProxyHosts() {
		return this.nonProxyHosts;
	}

	public void setNonProxyHosts(@Nullable List<String> nonProxyHosts) {
		this.nonProxyHosts = nonProxyHosts;
	}

	public @Nullable Duration getTimeout() {
		return this.timeout;
	}

	public void setTimeout(@Nullable Duration timeout) {
		this.timeout = timeout;
	}

}
