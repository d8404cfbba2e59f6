package dev.wsclient.internal.transport.netty;

import java.net.IDN;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.NetUtil;

import dev.wsclient.options.WsTls;

/**
 * TLS of one attempt: the server's name is sent (SNI) and verified (RFC 2818, section
 * 3.1). It is the name that the user set, or else the URL's host, and no other counts: so
 * the engine gets to know only that one. An engine that knows both takes the URL's host
 * for good if the certificate is not for the name sent.
 *
 * @param engines makes the engine
 * @param options the user's options
 * @param name the server's name, as {@link #nameOf} returns it
 * @param port the server's port
 * @param executor runs what would block the event loop, such as the check of certificates
 */
record Tls(TlsEngines engines, WsTls options, String name, int port, Executor executor) {

	/**
	 * How long a peer that takes no bytes any more can hold up the end of the connection.
	 */
	private static final long CLOSE_NOTIFY_MILLIS = 500;

	/**
	 * Returns the name that a server's certificate must be for.
	 * @param options the user's options
	 * @param host the URL's host
	 * @return the name in ASCII without a dot at its end, or an address without brackets
	 */
	static String nameOf(WsTls options, String host) {
		String name = (options.serverName() != null) ? options.serverName() : host;
		if (name.startsWith("[") && name.endsWith("]")) {
			int zone = name.indexOf('%');
			// No certificate names the zone of an address
			return name.substring(1, (zone >= 0) ? zone : name.length() - 1);
		}
		return isAddress(name) ? name : IDN.toASCII(withoutLastDot(name));
	}

	private static boolean isAddress(String name) {
		return NetUtil.isValidIpV4Address(name) || NetUtil.isValidIpV6Address(name);
	}

	/**
	 * The dot that ends an absolute name is not sent (RFC 6066, section 3), and no
	 * certificate has it.
	 */
	private static String withoutLastDot(String name) {
		return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
	}

	SslHandler newHandler(ByteBufAllocator allocator) {
		SSLEngine engine = this.engines.newEngine(allocator, this.name, this.port);
		SSLParameters parameters = engine.getSSLParameters();
		parameters.setEndpointIdentificationAlgorithm(
				(this.options.verifyHostname() && !UnderscoreName.isOne(this.name)) ? "HTTPS" : null);
		// Addresses are not sent (RFC 6066, section 3)
		if (!isAddress(this.name) && !UnderscoreName.isOne(this.name)) {
			// The JDK sends only names with a dot by itself
			parameters.setServerNames(List.of(new SNIHostName(this.name)));
		}
		engine.setSSLParameters(parameters);
		SslHandler handler = new SslHandler(engine, this.executor);
		// The connector has a deadline for TLS, and the close deadline covers its end
		handler.setHandshakeTimeoutMillis(0);
		handler.setCloseNotifyFlushTimeout(CLOSE_NOTIFY_MILLIS, TimeUnit.MILLISECONDS);
		return handler;
	}

	/**
	 * Verifies what the engine can't: the name if it has {@code _}, and the pins.
	 * @throws SSLPeerUnverifiedException if one doesn't hold
	 */
	void verify(SSLSession session) throws SSLPeerUnverifiedException {
		if (this.options.verifyHostname() && UnderscoreName.isOne(this.name)) {
			UnderscoreName.verify(session, this.name);
		}
		if (!this.options.pins().isEmpty()) {
			PublicKeyPins.check(session, this.options.pins());
		}
	}

}
