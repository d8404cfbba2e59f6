package dev.wsclient.internal.transport.netty;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.TrustManagerFactory;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.OpenSsl;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;

import dev.wsclient.options.WsTls;

/**
 * Makes the engines that encrypt: the JDK's, or OpenSSL's if it is to be had.
 */
@FunctionalInterface
interface TlsEngines {

	/**
	 * Makes an engine.
	 * @param allocator makes its buffers
	 * @param host the server's name
	 * @param port the server's port
	 * @return the engine
	 */
	SSLEngine newEngine(ByteBufAllocator allocator, String host, int port);

	/**
	 * Keeps what is costly to make, so that sessions are resumed, as long as the options
	 * are in use.
	 */
	final class Cache {

		private final Map<WsTls, TlsEngines> engines = Collections.synchronizedMap(new WeakHashMap<>());

		/**
		 * Finds or makes the engines for options. May read key stores and certificates,
		 * so not to be called on an event loop.
		 * @throws IllegalStateException if they can't be made; the message says how to
		 * mend it
		 */
		TlsEngines get(WsTls options) {
			return this.engines.computeIfAbsent(options, Cache::make);
		}

		private static TlsEngines make(WsTls options) {
			try {
				return usesOpenSsl(options) ? openSsl(options) : jdk(options);
			}
			catch (GeneralSecurityException | SSLException | IllegalArgumentException ex) {
				throw new IllegalStateException(ex.getMessage(), ex);
			}
		}

		private static boolean usesOpenSsl(WsTls options) {
			if (options.provider() == WsTls.Provider.OPENSSL && !OpenSsl.isAvailable()) {
				Throwable cause = OpenSsl.unavailabilityCause();
				throw new IllegalStateException("its provider is OPENSSL, which can't be used here (" + cause
						+ "); put io.netty:netty-tcnative-boringssl-static on the class path", cause);
			}
			return options.provider() == WsTls.Provider.OPENSSL || (options.provider() == WsTls.Provider.AUTO
					&& options.sslContext() == null && OpenSsl.isAvailable());
		}

		private static TlsEngines openSsl(WsTls options) throws SSLException {
			SslContext context = SslContextBuilder.forClient()
				.sslProvider(SslProvider.OPENSSL)
				.trustManager(options.trust())
				.keyManager(options.key())
				.protocols(options.protocols().isEmpty() ? null : options.protocols())
				.ciphers(options.ciphers().isEmpty() ? null : options.ciphers())
				.build();
			return context::newEngine;
		}

		private static TlsEngines jdk(WsTls options) throws GeneralSecurityException {
			SSLContext context = jdkContext(options);
			SSLEngine probe = context.createSSLEngine();
			List<String> protocols = options.protocols();
			List<String> ciphers = options.ciphers();
			requireKnown("protocols", protocols, probe.getSupportedProtocols());
			requireKnown("ciphers", ciphers, probe.getSupportedCipherSuites());
			return (allocator, host, port) -> {
				SSLEngine engine = context.createSSLEngine(host, port);
				engine.setUseClientMode(true);
				if (!protocols.isEmpty()) {
					engine.setEnabledProtocols(protocols.toArray(String[]::new));
				}
				if (!ciphers.isEmpty()) {
					engine.setEnabledCipherSuites(ciphers.toArray(String[]::new));
				}
				return engine;
			};
		}

		private static void requireKnown(String what, List<String> names, String[] known) {
			for (String name : names) {
				if (!Arrays.asList(known).contains(name)) {
					throw new IllegalStateException(
							what + " names '" + name + "', known here are " + String.join(", ", known));
				}
			}
		}

		private static SSLContext jdkContext(WsTls options) throws GeneralSecurityException {
			if (options.sslContext() != null) {
				return options.sslContext();
			}
			TrustManagerFactory trust = options.trust();
			KeyManagerFactory key = options.key();
			if (trust == null && key == null) {
				return SSLContext.getDefault();
			}
			SSLContext context = SSLContext.getInstance("TLS");
			context.init((key != null) ? key.getKeyManagers() : null, (trust != null) ? trust.getTrustManagers() : null,
					null);
			return context;
		}

	}

}
