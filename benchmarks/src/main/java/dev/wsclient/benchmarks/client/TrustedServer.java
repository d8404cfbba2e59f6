package dev.wsclient.benchmarks.client;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;

import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * What makes a client trust the load server, in the forms that clients take.
 *
 * @param certificate the server's certificate, as PEM
 * @param trustManagers trusts it and no other
 * @param sslContext trusts it and no other
 */
record TrustedServer(Path certificate, TrustManagerFactory trustManagers, SSLContext sslContext) {

	static TrustedServer of(Path certificate) {
		try (InputStream in = Files.newInputStream(certificate)) {
			KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
			store.load(null, null);
			store.setCertificateEntry("server", CertificateFactory.getInstance("X.509").generateCertificate(in));
			TrustManagerFactory trustManagers = TrustManagerFactory
				.getInstance(TrustManagerFactory.getDefaultAlgorithm());
			trustManagers.init(store);
			SSLContext sslContext = SSLContext.getInstance("TLS");
			sslContext.init(null, trustManagers.getTrustManagers(), null);
			return new TrustedServer(certificate, trustManagers, sslContext);
		}
		catch (IOException | GeneralSecurityException ex) {
			throw new IllegalStateException("The certificate of the load server can't be used", ex);
		}
	}

	X509TrustManager trustManager() {
		return (X509TrustManager) this.trustManagers.getTrustManagers()[0];
	}

}
