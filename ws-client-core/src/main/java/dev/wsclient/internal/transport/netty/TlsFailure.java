package dev.wsclient.internal.transport.netty;

import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;

import javax.net.ssl.SSLException;

import io.netty.handler.codec.DecoderException;
import org.jspecify.annotations.Nullable;

/**
 * Says what a TLS error means and how to mend it, for those that are common.
 */
final class TlsFailure {

	private TlsFailure() {
	}

	/**
	 * Whether an error of a channel comes from TLS.
	 */
	static boolean isTls(Throwable cause) {
		return cause instanceof SSLException
				|| (cause instanceof DecoderException && cause.getCause() instanceof SSLException);
	}

	/**
	 * Describes an error of TLS.
	 * @param error the error
	 * @param host the name that the certificate must be for
	 */
	static String describe(Throwable error, String host) {
		Throwable cause = (error instanceof DecoderException && error.getCause() != null) ? error.getCause() : error;
		String advice = advice(cause, host);
		return "the TLS handshake failed: " + ((advice != null) ? advice : text(cause));
	}

	/**
	 * Newer JDKs tell of an exception of the application's code only as cause.
	 */
	private static String text(Throwable error) {
		Throwable root = error;
		while (root.getCause() != null) {
			root = root.getCause();
		}
		String text = String.valueOf(error.getMessage());
		String rootText = root.getMessage();
		return (rootText == null || text.contains(rootText)) ? text : text + " (" + rootText + ")";
	}

	private static @Nullable String advice(Throwable error, String host) {
		for (Throwable cause = error; cause != null; cause = cause.getCause()) {
			String text = (cause.getMessage() != null) ? cause.getMessage() : "";
			if (cause instanceof CertificateExpiredException) {
				return "a certificate of '" + host + "' expired (" + text
						+ "); the server needs a new one, or this machine's clock is wrong";
			}
			if (cause instanceof CertificateNotYetValidException) {
				return "a certificate of '" + host + "' is not valid yet (" + text
						+ "); this machine's clock is wrong, or the server's certificate";
			}
			if (text.contains("unable to find valid certification path")) {
				return "the certificate of '" + host + "' is self-signed or from an authority that is not trusted; "
						+ "if it is the right one, add it or its authority to the trust of WsTls";
			}
			if (text.startsWith("No subject alternative") || text.startsWith("No name matching")) {
				return "the certificate is not for '" + host + "' (" + text
						+ "); use a host that it names, or set the serverName of WsTls to the name it is for";
			}
			String alert = alert(text);
			if (alert != null) {
				return alert;
			}
		}
		return null;
	}

	/**
	 * What the server says by an alert; the JDK and OpenSSL spell them in their own ways.
	 */
	private static @Nullable String alert(String text) {
		String name = text.toLowerCase(Locale.ROOT).replace(' ', '_');
		if (!name.contains("alert")) {
			return null;
		}
		if (name.contains("certificate_required") || name.contains("bad_certificate") || name.contains("unknown_ca")
				|| name.contains("certificate_unknown")) {
			return "the server refused the client's certificate or the lack of one (" + text
					+ "); set one that it accepts by the key of WsTls";
		}
		if (name.contains("handshake_failure") || name.contains("protocol_version")) {
			return "the server agrees with none of the versions and cipher suites offered, or wants a client "
					+ "certificate (" + text + "); see protocols, ciphers and key of WsTls";
		}
		if (name.contains("unrecognized_name")) {
			return "the server doesn't know the name it was asked for (" + text + "); see the serverName of WsTls";
		}
		return null;
	}

}
