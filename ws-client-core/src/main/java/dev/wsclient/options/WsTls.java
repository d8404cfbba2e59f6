package dev.wsclient.options;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.security.UnrecoverableKeyException;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Objects;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.jspecify.annotations.Nullable;

/**
 * TLS of {@code wss://}: whom to trust, who we are, and what is agreed on.
 *
 * @param sslContext a complete context, in place of trust, key and provider, or
 * {@code null}; default {@code null}
 * @param trust which certificates are trusted, or {@code null} for the JDK's authorities;
 * default {@code null}
 * @param key the client's certificate and key, or {@code null} for none; default
 * {@code null}
 * @param protocols the versions allowed, such as {@code TLSv1.3}, or empty for the
 * provider's default; default empty
 * @param ciphers the cipher suites allowed, by their names in the JDK, or empty for the
 * provider's default; default empty
 * @param serverName the name or address that counts in place of the URL's host, or
 * {@code null}: the server's certificate must be for it and no other, and a name is sent
 * to the server (SNI); default {@code null}
 * @param verifyHostname whether the server's certificate must be for its name (RFC 2818,
 * section 3.1); default {@code true}
 * @param pins SHA-256 digests of public keys, each as {@code sha256/} and Base64: one of
 * them must be the server's or that of a certificate in its chain; default empty, which
 * allows any
 * @param handshakeTimeout the time allowed for the TLS handshake, within the
 * {@linkplain WsOptions#connectTimeout() connect timeout}; default 10 seconds
 * @param provider who does the cryptography; default {@link Provider#AUTO}
 * @since 0.1.0
 */
public record WsTls(@Nullable SSLContext sslContext, @Nullable TrustManagerFactory trust,
		@Nullable KeyManagerFactory key, List<String> protocols, List<String> ciphers, @Nullable String serverName,
		boolean verifyHostname, List<String> pins, Duration handshakeTimeout, Provider provider) {

	private static final String PIN_PREFIX = "sha256/";

	private static final int PIN_BYTES = 32;

	private static final WsTls DEFAULTS = new WsTls(null, null, null, List.of(), List.of(), null, true, List.of(),
			Duration.ofSeconds(10), Provider.AUTO);

	/**
	 * Creates a value.
	 * @throws IllegalArgumentException if a value is out of its range, or contradicts
	 * another
	 */
	public WsTls {
		require(sslContext == null || (trust == null && key == null),
				"tls sslContext brings its own trust and key: set either it or those");
		require(sslContext == null || provider != Provider.OPENSSL,
				"tls provider OPENSSL can't use an sslContext: set trust and key instead");
		protocols = names(protocols, "protocols");
		ciphers = names(ciphers, "ciphers");
		requireServerName(serverName);
		pins = List.copyOf(pins);
		pins.forEach(WsTls::requirePin);
		Durations.requirePositive(handshakeTimeout, "tls handshakeTimeout");
		Objects.requireNonNull(provider, "tls provider");
	}

	private static List<String> names(List<String> names, String what) {
		names.forEach((name) -> require(!name.isBlank(), "tls " + what + " must not hold a blank name"));
		return List.copyOf(names);
	}

	private static void requireServerName(@Nullable String serverName) {
		if (serverName == null) {
			return;
		}
		try {
			if (serverName.indexOf(':') >= 0) {
				requireAddress(serverName);
			}
			else if (serverName.indexOf('_') >= 0) {
				// Not sent, but verified
				HostName.toAscii(serverName);
			}
			else {
				new SNIHostName(serverName);
			}
		}
		catch (IllegalArgumentException ex) {
			throw new IllegalArgumentException(
					"tls serverName must be a host name (RFC 6066, section 3) or an address without port, was '"
							+ serverName + "': " + ex.getMessage(),
					ex);
		}
	}

	private static void requireAddress(String address) {
		try {
			// Looks nothing up: in brackets it can only be an address
			InetAddress.getByName("[" + address + "]");
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException("not an IPv6 address", ex);
		}
	}

	private static void requirePin(String pin) {
		boolean good = pin.startsWith(PIN_PREFIX);
		try {
			good = good && Base64.getDecoder().decode(pin.substring(PIN_PREFIX.length())).length == PIN_BYTES;
		}
		catch (IllegalArgumentException ex) {
			good = false;
		}
		require(good, "tls pins must be 'sha256/' and 44 characters of Base64, one was '" + pin + "'");
	}

	private static void require(boolean condition, String message) {
		if (!condition) {
			throw new IllegalArgumentException(message);
		}
	}

	/**
	 * Returns the default: the JDK's authorities, no client certificate.
	 * @return the value
	 */
	public static WsTls defaults() {
		return DEFAULTS;
	}

	/**
	 * Returns this value with a complete context.
	 * @param sslContext the context
	 * @return the value
	 * @throws IllegalArgumentException if trust, key or OpenSSL is set
	 */
	public WsTls withSslContext(SSLContext sslContext) {
		return new WsTls(Objects.requireNonNull(sslContext, "sslContext"), this.trust, this.key, this.protocols,
				this.ciphers, this.serverName, this.verifyHostname, this.pins, this.handshakeTimeout, this.provider);
	}

	/**
	 * Returns this value with other trust.
	 * @param trust which certificates are trusted, initialized
	 * @return the value
	 */
	public WsTls withTrust(TrustManagerFactory trust) {
		return new WsTls(this.sslContext, Objects.requireNonNull(trust, "trust"), this.key, this.protocols,
				this.ciphers, this.serverName, this.verifyHostname, this.pins, this.handshakeTimeout, this.provider);
	}

	/**
	 * Returns this value with other trust.
	 * @param trusted a key store whose certificates are trusted
	 * @return the value
	 * @throws IllegalArgumentException if it holds no trusted certificate
	 */
	public WsTls withTrust(KeyStore trusted) {
		try {
			boolean any = false;
			for (String alias : Collections.list(trusted.aliases())) {
				any |= trusted.getCertificate(alias) != null;
			}
			require(any, "tls trust holds no certificate, so that no server could be trusted");
			TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			factory.init(trusted);
			return withTrust(factory);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException("tls trust can't be used: " + ex.getMessage(), ex);
		}
	}

	/**
	 * Returns this value with other trust.
	 * @param certificates a file of trusted certificates, PEM or DER; read now
	 * @return the value
	 * @throws IllegalArgumentException if it can't be read or holds no certificate
	 */
	public WsTls withTrust(Path certificates) {
		try (InputStream in = Files.newInputStream(certificates)) {
			KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
			trusted.load(null, null);
			int number = 0;
			for (Certificate certificate : CertificateFactory.getInstance("X.509").generateCertificates(in)) {
				trusted.setCertificateEntry("trusted-" + number, certificate);
				number++;
			}
			return withTrust(trusted);
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalArgumentException(
					"tls trust can't be read from the certificates in '" + certificates + "': " + ex.getMessage(), ex);
		}
	}

	/**
	 * Returns this value with a client certificate.
	 * @param key the certificate and its key, initialized
	 * @return the value
	 */
	public WsTls withKey(KeyManagerFactory key) {
		return new WsTls(this.sslContext, this.trust, Objects.requireNonNull(key, "key"), this.protocols, this.ciphers,
				this.serverName, this.verifyHostname, this.pins, this.handshakeTimeout, this.provider);
	}

	/**
	 * Returns this value with a client certificate.
	 * @param keys a key store with the certificate and its key
	 * @param password the password of the key; not kept
	 * @return the value
	 * @throws IllegalArgumentException if there is no key, or the password is wrong
	 */
	public WsTls withKey(KeyStore keys, char[] password) {
		try {
			require(hasKey(keys), "tls key: the key store holds no private key");
			KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			factory.init(keys, password);
			return withKey(factory);
		}
		catch (UnrecoverableKeyException ex) {
			throw new IllegalArgumentException("tls key can't be read with the password given", ex);
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalArgumentException("tls key can't be used: " + ex.getMessage(), ex);
		}
	}

	private static boolean hasKey(KeyStore keys) throws KeyStoreException {
		for (String alias : Collections.list(keys.aliases())) {
			if (keys.isKeyEntry(alias)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Returns this value with other versions.
	 * @param protocols the versions allowed, such as {@code TLSv1.3}
	 * @return the value
	 */
	public WsTls withProtocols(String... protocols) {
		return new WsTls(this.sslContext, this.trust, this.key, List.of(protocols), this.ciphers, this.serverName,
				this.verifyHostname, this.pins, this.handshakeTimeout, this.provider);
	}

	/**
	 * Returns this value with other cipher suites.
	 * @param ciphers the suites allowed
	 * @return the value
	 */
	public WsTls withCiphers(String... ciphers) {
		return new WsTls(this.sslContext, this.trust, this.key, this.protocols, List.of(ciphers), this.serverName,
				this.verifyHostname, this.pins, this.handshakeTimeout, this.provider);
	}

	/**
	 * Returns this value with another name of the server.
	 * @param serverName the name or address that the server's certificate must be for and
	 * that is sent to the server, or {@code null} for the URL's host
	 * @return the value
	 */
	public WsTls withServerName(@Nullable String serverName) {
		return new WsTls(this.sslContext, this.trust, this.key, this.protocols, this.ciphers, serverName,
				this.verifyHostname, this.pins, this.handshakeTimeout, this.provider);
	}

	/**
	 * Returns this value, with the server's name verified or not. Without, anybody with a
	 * certificate of a trusted authority can pose as the server.
	 * @param verifyHostname whether the certificate must be for the server's name
	 * @return the value
	 */
	public WsTls withVerifyHostname(boolean verifyHostname) {
		return new WsTls(this.sslContext, this.trust, this.key, this.protocols, this.ciphers, this.serverName,
				verifyHostname, this.pins, this.handshakeTimeout, this.provider);
	}

	/**
	 * Returns this value with other pins.
	 * @param pins digests of public keys, each {@code sha256/} and Base64
	 * @return the value
	 */
	public WsTls withPins(String... pins) {
		return new WsTls(this.sslContext, this.trust, this.key, this.protocols, this.ciphers, this.serverName,
				this.verifyHostname, List.of(pins), this.handshakeTimeout, this.provider);
	}

	/**
	 * Returns this value with another timeout.
	 * @param timeout the time allowed for the TLS handshake, more than zero
	 * @return the value
	 */
	public WsTls withHandshakeTimeout(Duration timeout) {
		return new WsTls(this.sslContext, this.trust, this.key, this.protocols, this.ciphers, this.serverName,
				this.verifyHostname, this.pins, timeout, this.provider);
	}

	/**
	 * Returns this value with another provider.
	 * @param provider who does the cryptography
	 * @return the value
	 */
	public WsTls withProvider(Provider provider) {
		return new WsTls(this.sslContext, this.trust, this.key, this.protocols, this.ciphers, this.serverName,
				this.verifyHostname, this.pins, this.handshakeTimeout, provider);
	}

	@Override
	public String toString() {
		return "WsTls[sslContext=" + isSet(this.sslContext) + ", trust=" + isSet(this.trust) + ", key="
				+ isSet(this.key) + ", protocols=" + this.protocols + ", ciphers=" + this.ciphers + ", serverName="
				+ this.serverName + ", verifyHostname=" + this.verifyHostname + ", pins=" + this.pins
				+ ", handshakeTimeout=" + this.handshakeTimeout + ", provider=" + this.provider + "]";
	}

	private static String isSet(@Nullable Object value) {
		return (value != null) ? "set" : "default";
	}

	/**
	 * Who does the cryptography.
	 */
	public enum Provider {

		/**
		 * OpenSSL if netty-tcnative is on the class path and there is no
		 * {@link WsTls#sslContext()}, otherwise the JDK.
		 */
		AUTO,

		/**
		 * The JDK.
		 */
		JDK,

		/**
		 * OpenSSL, through netty-tcnative on the class path.
		 */
		OPENSSL

	}

}
