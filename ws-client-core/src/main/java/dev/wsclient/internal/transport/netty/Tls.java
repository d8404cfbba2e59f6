package dev.wsclient.internal.transport.netty;

import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;

import dev.wsclient.options.WsTls;

/**
 * TLS of one attempt: the server's name is sent (SNI) and verified (RFC 2818, section
 * 3.1).
 *
 * @param engines makes the engine
 * @param options the user's options
 * @param host the server's name
 * @param port the server's port
 * @param executor runs what would block the event loop, such as the check of certificates
 */
record Tls(TlsEngines engines, WsTls options, String host, int port, Executor executor) {

	/**
	 * How long a peer that takes no bytes any more can hold up the end of the connection.
	 */
	private static final long CLOSE_NOTIFY_MILLIS = 500;

	SslHandler newHandler(ByteBufAllocator allocator) {
		SSLEngine engine = this.engines.newEngine(allocator, bare(this.host), this.port);
		SSLParameters parameters = engine.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm(this.options.verifyHostname() ? "HTTPS" : null);
		if (this.options.serverName() != null) {
			parameters.setServerNames(List.of(new SNIHostName(this.options.serverName())));
		}
		else if (!isAddress(this.host) && this.host.indexOf('_') < 0) {
			// The JDK sends only names with a dot by itself, and none with '_'
			parameters.setServerNames(List.of(new SNIHostName(withoutLastDot(this.host))));
		}
		engine.setSSLParameters(parameters);
		SslHandler handler = new SslHandler(engine, this.executor);
		// The connector has a deadline for TLS, and the close deadline covers its end
		handler.setHandshakeTimeoutMillis(0);
		handler.setCloseNotifyFlushTimeout(CLOSE_NOTIFY_MILLIS, TimeUnit.MILLISECONDS);
		return handler;
	}

	private static boolean isAddress(String host) {
		return host.startsWith("[") || NetUtil.isValidIpV4Address(host);
	}

	/**
	 * The dot that ends an absolute name is not sent (RFC 6066, section 3).
	 */
	private static String withoutLastDot(String host) {
		return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
	}

	/**
	 * No certificate names the zone of an address.
	 */
	private static String bare(String host) {
		if (!host.startsWith("[")) {
			return host;
		}
		int zone = host.indexOf('%');
		return host.substring(1, (zone >= 0) ? zone : host.length() - 1);
	}

}
