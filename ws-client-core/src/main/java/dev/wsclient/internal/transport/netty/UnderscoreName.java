package dev.wsclient.internal.transport.netty;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;

import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import org.jspecify.annotations.Nullable;

/**
 * Verifies a name with {@code _}, as services of Docker have it. The JDK takes such a
 * name for illegal, although private authorities issue certificates for it: as a client
 * it accepts no certificate, and as a server it refuses whoever sends the name (SNI).
 */
final class UnderscoreName {

	private static final int DNS_NAME = 2;

	private UnderscoreName() {
	}

	/**
	 * Whether the JDK takes a name for illegal: for {@code _}, or a label with {@code -}
	 * at an end.
	 * @param name a name, or an address without brackets
	 */
	static boolean isOne(String name) {
		if (name.indexOf(':') >= 0) {
			return false;
		}
		try {
			new SNIHostName(name);
			return false;
		}
		catch (IllegalArgumentException ex) {
			return true;
		}
	}

	/**
	 * Verifies that a certificate is for a name
	 * (<a href="https://www.rfc-editor.org/rfc/rfc6125#section-6.4">RFC 6125, section
	 * 6.4</a>).
	 * @throws SSLPeerUnverifiedException if it isn't
	 */
	static void verify(SSLSession session, String name) throws SSLPeerUnverifiedException {
		if (!(session.getPeerCertificates()[0] instanceof X509Certificate certificate)
				|| names(certificate).stream().noneMatch((entry) -> isFor(entry, name))) {
			throw new SSLPeerUnverifiedException("No subject alternative DNS name matching " + name + " found.");
		}
	}

	private static Collection<List<?>> names(X509Certificate certificate) throws SSLPeerUnverifiedException {
		try {
			@Nullable Collection<List<?>> names = certificate.getSubjectAlternativeNames();
			return (names != null) ? names : List.of();
		}
		catch (CertificateParsingException ex) {
			throw new SSLPeerUnverifiedException("No subject alternative DNS name can be read: " + ex.getMessage());
		}
	}

	private static boolean isFor(List<?> entry, String name) {
		return entry.get(0) instanceof Integer type && type == DNS_NAME && entry.get(1) instanceof String pattern
				&& isFor(pattern, name);
	}

	/**
	 * Whether a certificate's name is for a server's: the same, or with {@code *} in
	 * place of the first label.
	 */
	static boolean isFor(String pattern, String name) {
		int dot = name.indexOf('.');
		return pattern.equalsIgnoreCase(name)
				|| (dot > 0 && pattern.startsWith("*.") && pattern.substring(1).equalsIgnoreCase(name.substring(dot)));
	}

}
