package dev.wsclient.testserver;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;

/**
 * An authority made for the tests, and what it issues.
 */
public final class Certificates {

	private static final char[] PASSWORD = "not-secret".toCharArray();

	private final X509Bundle authority = build(
			new CertificateBuilder().subject("CN=Test Authority").setIsCertificateAuthority(true).ecp256());

	private static X509Bundle build(CertificateBuilder builder) {
		try {
			return builder.buildSelfSigned();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private X509Bundle issue(CertificateBuilder builder) {
		try {
			return builder.buildIssuedBy(this.authority);
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static CertificateBuilder builder(String name) {
		return new CertificateBuilder().subject("CN=" + name).addSanDnsName(name).ecp256();
	}

	public X509Bundle authority() {
		return this.authority;
	}

	/**
	 * Issues a certificate for a host.
	 * @param host the name
	 * @return the certificate and its key
	 */
	public X509Bundle issue(String host) {
		return issue(builder(host));
	}

	/**
	 * Issues a certificate for names and addresses.
	 * @param names the names
	 * @param addresses the addresses
	 * @return the certificate and its key
	 */
	public X509Bundle issue(List<String> names, List<String> addresses) {
		CertificateBuilder builder = new CertificateBuilder().subject("CN=test").ecp256();
		names.forEach(builder::addSanDnsName);
		addresses.forEach(builder::addSanIpAddress);
		return issue(builder);
	}

	/**
	 * Issues a certificate that expired an hour ago.
	 * @param host the name
	 * @return the certificate and its key
	 */
	public X509Bundle issueExpired(String host) {
		Instant now = Instant.now();
		return issue(builder(host).notBefore(now.minus(Duration.ofDays(2))).notAfter(now.minus(Duration.ofHours(1))));
	}

	/**
	 * Makes a certificate that no authority issued.
	 * @param host the name
	 * @return the certificate and its key
	 */
	public X509Bundle selfSigned(String host) {
		return build(builder(host).setIsCertificateAuthority(true));
	}

	/**
	 * Returns a key store that trusts the authority.
	 * @return the key store
	 */
	public KeyStore trusted() {
		return trusted(this.authority.getCertificate());
	}

	/**
	 * Returns a key store of trusted certificates.
	 * @param certificates the certificates
	 * @return the key store
	 */
	public static KeyStore trusted(Certificate... certificates) {
		try {
			KeyStore keyStore = KeyStore.getInstance("PKCS12");
			keyStore.load(null, null);
			for (int i = 0; i < certificates.length; i++) {
				keyStore.setCertificateEntry("trusted-" + i, certificates[i]);
			}
			return keyStore;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Returns a server's context, which trusts clients of the authority.
	 * @param identity the server's certificate and key
	 * @return the context
	 */
	public SSLContext serverContext(X509Bundle identity) {
		try {
			KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
			keys.init(identity.toKeyStore(PASSWORD), PASSWORD);
			TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trust.init(trusted());
			SSLContext context = SSLContext.getInstance("TLS");
			context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
			return context;
		}
		catch (GeneralSecurityException ex) {
			throw new IllegalStateException(ex);
		}
	}

}
