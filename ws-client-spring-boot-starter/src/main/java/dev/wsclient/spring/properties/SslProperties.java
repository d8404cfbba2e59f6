package dev.wsclient.spring.properties;

import java.time.Duration;
import java.util.List;

import org.jspecify.annotations.Nullable;

import dev.wsclient.options.WsTls;

/**
 * TLS.
 *
 * @since 0.1.0
 */
public class SslProperties {

	/**
	 * Name of the SSL bundle to use for wss URLs. The JDK's default context if not set.
	 */
	private @Nullable String bundle;

	/**
	 * Whether an update of the SSL bundle replaces the open session by one with the new
	 * certificates. Otherwise the next session uses them, whenever it is.
	 */
	private @Nullable Boolean reconnectOnUpdate;

	/**
	 * Name sent to the server (SNI) in place of the URL's host.
	 */
	private @Nullable String serverName;

	/**
	 * Whether the server's certificate must be for its name.
	 */
	private @Nullable Boolean verifyHostname;

	/**
	 * SHA-256 digests of public keys, each as sha256/ and Base64, one of which the
	 * server's certificate or one that signed it must have. Any if not set.
	 */
	private @Nullable List<String> pins;

	/**
	 * TLS versions allowed, such as TLSv1.3. Those of the SSL bundle or provider if not
	 * set.
	 */
	private @Nullable List<String> protocols;

	/**
	 * Cipher suites allowed. Those of the SSL bundle or provider if not set.
	 */
	private @Nullable List<String> ciphers;

	/**
	 * Time allowed for the TLS handshake, within the connect timeout. In milliseconds if
	 * no unit is given.
	 */
	private @Nullable Duration handshakeTimeout;

	/**
	 * Who does the cryptography.
	 */
	private WsTls.@Nullable Provider provider;

	public @Nullable String getBundle() {
		return this.bundle;
	}

	public void setBundle(@Nullable String bundle) {
		this.bundle = bundle;
	}

	public @Nullable Boolean getReconnectOnUpdate() {
		return this.reconnectOnUpdate;
	}

	public void setReconnectOnUpdate(@Nullable Boolean reconnectOnUpdate) {
		this.reconnectOnUpdate = reconnectOnUpdate;
	}

	public @Nullable String getServerName() {
		return this.serverName;
	}

	public void setServerName(@Nullable String serverName) {
		this.serverName = serverName;
	}

	public @Nullable Boolean getVerifyHostname() {
		return this.verifyHostname;
	}

	public void setVerifyHostname(@Nullable Boolean verifyHostname) {
		this.verifyHostname = verifyHostname;
	}

	public @Nullable List<String> getPins() {
		return this.pins;
	}

	public void setPins(@Nullable List<String> pins) {
		this.pins = pins;
	}

	public @Nullable List<String> getProtocols() {
		return this.protocols;
	}

	public void setProtocols(@Nullable List<String> protocols) {
		this.protocols = protocols;
	}

	public @Nullable List<String> getCiphers() {
		return this.ciphers;
	}

	public void setCiphers(@Nullable List<String> ciphers) {
		this.ciphers = ciphers;
	}

	public @Nullable Duration getHandshakeTimeout() {
		return this.handshakeTimeout;
	}

	public void setHandshakeTimeout(@Nullable Duration handshakeTimeout) {
		this.handshakeTimeout = handshakeTimeout;
	}

	public WsTls.@Nullable Provider getProvider() {
		return this.provider;
	}

	public void setProvider(WsTls.@Nullable Provider provider) {
		this.provider = provider;
	}

}
