package dev.wsclient.internal.transport.netty;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * Checks pinned public keys, after the chain was found valid.
 */
final class PublicKeyPins {

	private PublicKeyPins() {
	}

	/**
	 * Finds a pinned key among the server's certificate and those that signed it. What
	 * the server sends beside them proves nothing.
	 * @throws SSLPeerUnverifiedException if there is none
	 */
	static void check(SSLSession session, List<String> pins) throws SSLPeerUnverifiedException {
		List<String> seen = new ArrayList<>();
		for (Certificate certificate : chain(session.getPeerCertificates())) {
			String pin = pinOf(certificate);
			if (pins.contains(pin)) {
				return;
			}
			seen.add(pin);
		}
		throw new SSLPeerUnverifiedException("no public key of the server is pinned; seen " + String.join(", ", seen)
				+ ", pinned " + String.join(", ", pins)
				+ "; if the server's new key is the right one, add it to the pins of WsTls");
	}

	/**
	 * Returns the certificates from the server's own on, as long as each is signed by the
	 * next.
	 */
	private static List<Certificate> chain(Certificate[] certificates) {
		List<Certificate> chain = new ArrayList<>();
		chain.add(certificates[0]);
		for (int i = 1; i < certificates.length && isSignedBy(certificates[i - 1], certificates[i]); i++) {
			chain.add(certificates[i]);
		}
		return chain;
	}

	private static boolean isSignedBy(Certificate certificate, Certificate issuer) {
		try {
			certificate.verify(issuer.getPublicKey());
			return true;
		}
		catch (GeneralSecurityException ex) {
			return false;
		}
	}

	static String pinOf(Certificate certificate) {
		try {
			byte[] key = certificate.getPublicKey().getEncoded();
			return "sha256/" + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(key));
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
