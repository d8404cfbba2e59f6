package dev.wsclient.internal.transport.netty;

import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import io.netty.handler.ssl.SslHandler;

import dev.wsclient.options.WsOptions;

/**
 * TLS of one attempt: the server's name is sent (SNI) and verified (RFC 2818, section
 * 3.1).
 *
 * @param context the keys and trust
 * @param host the server's name
 * @param port the server's port
 * @param executor runs what would block the event loop, such as the check of certificates
 */
record Tls(SSLContext context, String host, int port, Executor executor) {

	/**
	 * How long a peer that takes no bytes any more can hold up the end of the connection.
	 */
	private static final long CLOSE_NOTIFY_MILLIS = 500;

	/**
	 * Finds the context. May read key stores, so not to be called on an event loop.
	 */
	static Tls prepare(WsOptions options, String host, int port, Executor executor) {
		return new Tls(options.sslContext().orElseGet(Tls::defaultContext), host, port, executor);
	}

	private static SSLContext defaultContext() {
		try {
			return SSLContext.getDefault();
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("the JDK has no default TLS context", ex);
		}
	}

	SslHandler newHandler() {
		SSLEngine engine = this.context.createSSLEngine(this.host, this.port);
		engine.setUseClientMode(true);
		SSLParameters parameters = engine.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm("HTTPS");
		if (this.host.indexOf('.') < 0 && !this.host.startsWith("[")) {
			// The JDK sends only names with a dot by itself
			parameters.setServerNames(List.of(new SNIHostName(this.host)));
		}
		engine.setSSLParameters(parameters);
		SslHandler handler = new SslHandler(engine, this.executor);
		// The connect deadline covers TLS, and the close deadline its end
		handler.setHandshakeTimeoutMillis(0);
		handler.setCloseNotifyFlushTimeout(CLOSE_NOTIFY_MILLIS, TimeUnit.MILLISECONDS);
		return handler;
	}

}
