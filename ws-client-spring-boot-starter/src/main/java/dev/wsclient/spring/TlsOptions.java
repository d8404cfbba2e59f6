package dev.wsclient.spring;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.ssl.SslBundle;
import org.springframework.util.ClassUtils;
import org.springframework.util.StringUtils;

import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsTls;

/**
 * Sets the options of TLS from the properties. With an SSL bundle they are those of the
 * bundle as it is when an attempt starts.
 */
class TlsOptions {

	private static final boolean OPENSSL_PRESENT = ClassUtils.isPresent("io.netty.internal.tcnative.SSL",
			TlsOptions.class.getClassLoader());

	private final LayeredSettings settings;

	private final Function<String, SslBundle> sslBundles;

	/**
	 * Creates the options.
	 * @param settings the properties
	 * @param sslBundles finds an SSL bundle, or throws an
	 * {@link IllegalArgumentException}
	 */
	TlsOptions(LayeredSettings settings, Function<String, SslBundle> sslBundles) {
		this.settings = settings;
		this.sslBundles = sslBundles;
	}

	/**
	 * The settings beside the bundle are checked first, so that an error of theirs is not
	 * taken for one of the bundle.
	 */
	void applyTo(WsOptions.Builder builder) {
		builder.tls(tls(null));
		this.settings.apply("ssl.bundle", (each) -> each.getSsl().getBundle(), "the name of an SSL bundle",
				(name) -> applySslBundle(builder, name));
	}

	private void applySslBundle(WsOptions.Builder builder, String name) {
		SslBundleTls tls = new SslBundleTls(() -> this.sslBundles.apply(name), this::tls);
		tls.get();
		builder.tls(tls);
	}

	/**
	 * Makes the options of TLS.
	 * @param bundle the SSL bundle, or {@code null} for none
	 * @return the options
	 */
	private WsTls tls(@Nullable SslBundle bundle) {
		AtomicReference<WsTls> result = new AtomicReference<>(WsTls.defaults());
		this.settings.apply("ssl.provider", (each) -> each.getSsl().getProvider(), "auto, jdk or openssl",
				(provider) -> result.updateAndGet((tls) -> tls.withProvider(provider)));
		if (bundle != null) {
			result.updateAndGet((tls) -> withBundle(tls, bundle));
		}
		this.settings.apply("ssl.server-name", (each) -> each.getSsl().getServerName(), "a host name",
				(name) -> result.updateAndGet((tls) -> tls.withServerName(name)));
		this.settings.apply("ssl.verify-hostname", (each) -> each.getSsl().getVerifyHostname(), "true or false",
				(verify) -> result.updateAndGet((tls) -> tls.withVerifyHostname(verify)));
		this.settings.apply("ssl.pins", (each) -> each.getSsl().getPins(),
				"digests, each sha256/ and 44 characters of Base64",
				(pins) -> result.updateAndGet((tls) -> tls.withPins(StringUtils.toStringArray(pins))));
		this.settings.apply("ssl.protocols", (each) -> each.getSsl().getProtocols(), "TLS versions such as TLSv1.3",
				(protocols) -> result.updateAndGet((tls) -> withProtocols(tls, protocols)));
		this.settings.apply("ssl.ciphers", (each) -> each.getSsl().getCiphers(), "names of cipher suites",
				(ciphers) -> result.updateAndGet((tls) -> withCiphers(tls, ciphers)));
		this.settings.apply("ssl.handshake-timeout", (each) -> each.getSsl().getHandshakeTimeout(),
				LayeredSettings.DURATION, (timeout) -> result.updateAndGet((tls) -> tls.withHandshakeTimeout(timeout)));
		return result.get();
	}

	/**
	 * OpenSSL takes no SSL context, so it gets the bundle's key and trust.
	 */
	private static WsTls withBundle(WsTls tls, SslBundle bundle) {
		WsTls result = (tls.provider() == WsTls.Provider.OPENSSL)
				? tls.withTrust(bundle.getManagers().getTrustManagerFactory())
					.withKey(bundle.getManagers().getKeyManagerFactory())
				: tls.withSslContext(bundle.createSslContext());
		String[] protocols = bundle.getOptions().getEnabledProtocols();
		if (protocols != null) {
			result = withProtocols(result, List.of(protocols));
		}
		String[] ciphers = bundle.getOptions().getCiphers();
		return (ciphers != null) ? withCiphers(result, List.of(ciphers)) : result;
	}

	private static WsTls withProtocols(WsTls tls, List<String> protocols) {
		requireKnown("TLS version", tls, protocols, SSLParameters::getProtocols);
		return tls.withProtocols(StringUtils.toStringArray(protocols));
	}

	private static WsTls withCiphers(WsTls tls, List<String> ciphers) {
		requireKnown("cipher suite", tls, ciphers, SSLParameters::getCipherSuites);
		return tls.withCiphers(StringUtils.toStringArray(ciphers));
	}

	/**
	 * Refuses at the start what would fail each attempt. What OpenSSL knows, only an
	 * attempt can tell.
	 */
	private static void requireKnown(String what, WsTls tls, List<String> names,
			Function<SSLParameters, String[]> kind) {
		if (names.isEmpty() || mayUseOpenSsl(tls)) {
			return;
		}
		List<String> known = List.of(kind.apply(context(tls).getSupportedSSLParameters()));
		for (String name : names) {
			if (!known.contains(name)) {
				throw new IllegalArgumentException("there is no " + what + " '" + name + "' here; known are " + known);
			}
		}
	}

	private static boolean mayUseOpenSsl(WsTls tls) {
		return switch (tls.provider()) {
			case JDK -> false;
			case OPENSSL -> true;
			case AUTO -> OPENSSL_PRESENT && tls.sslContext() == null;
		};
	}

	private static SSLContext context(WsTls tls) {
		try {
			return (tls.sslContext() != null) ? tls.sslContext() : SSLContext.getDefault();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("the JDK's TLS can't be used: " + ex.getMessage(), ex);
		}
	}

}
