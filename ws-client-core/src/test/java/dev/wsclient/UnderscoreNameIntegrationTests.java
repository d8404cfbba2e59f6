package dev.wsclient;

import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import io.netty.handler.ssl.OpenSsl;
import org.bouncycastle.asn1.DERIA5String;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.X509CertificateHolder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.NettyServer;
import dev.wsclient.testserver.SocksServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

/**
 * TLS with servers whose name has an underscore: the certificate must be for it.
 */
class UnderscoreNameIntegrationTests {

	private static final char[] PASSWORD = "not-secret".toCharArray();

	private final RecordingListener listener = new RecordingListener();

	@ParameterizedTest
	@CsvSource({ "JDK, my_service, my_service, true", "JDK, My_Service.test, my_service.test, true",
			"JDK, a-.test, a-.test, true", "JDK, my_service, other_service, false",
			"JDK, my_service, my-service, false", "OPENSSL, my_service, my_service, true",
			"OPENSSL, my_service, other_service, false" })
	void certificateMustBeForTheName(WsTls.Provider provider, String name, String certified, boolean accepted)
			throws Exception {
		assumeThat(provider == WsTls.Provider.JDK || OpenSsl.isAvailable()).isTrue();
		KeyPair keys = KeyPairGenerator.getInstance("EC").generateKeyPair();
		X509Certificate certificate = certificate(keys, certified);
		try (NettyServer server = new NettyServer(serverContext(keys, certificate));
				SocksServer proxy = new SocksServer(null, null);
				WsClient client = WsClient.create()) {
			server.start();
			WsConnection connection = client
				.connect(WsOptions.builder(server.uri().replace("ws://localhost", "wss://" + name))
					.proxy(WsProxy.socks5("localhost", proxy.port()))
					.tls(WsTls.defaults().withTrust(Certificates.trusted(certificate)).withProvider(provider))
					.build(), this.listener);
			await().until(() -> connection.isOpen() || !this.listener.errors.isEmpty());
			assertThat(connection.isOpen()).as(this.listener.errors.toString()).isEqualTo(accepted);
			if (!accepted) {
				assertThat(this.listener.errors.get(0))
					.hasMessageContaining("the certificate is not for '" + name + "'");
			}
			connection.abort();
		}
	}

	/**
	 * Makes a certificate that signs itself, by hand: other builders refuse such names.
	 */
	private static X509Certificate certificate(KeyPair keys, String name) throws Exception {
		X500Name subject = new X500Name("CN=test");
		Instant now = Instant.now();
		X509CertificateHolder holder = new JcaX509v3CertificateBuilder(subject, BigInteger.ONE,
				Date.from(now.minus(Duration.ofDays(1))), Date.from(now.plus(Duration.ofDays(1))), subject,
				keys.getPublic())
			.addExtension(Extension.subjectAlternativeName, false,
					new GeneralNames(new GeneralName(GeneralName.dNSName, new DERIA5String(name))))
			.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate()));
		return new JcaX509CertificateConverter().getCertificate(holder);
	}

	private static SSLContext serverContext(KeyPair keys, X509Certificate certificate) throws Exception {
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		keyStore.load(null, null);
		keyStore.setKeyEntry("key", keys.getPrivate(), PASSWORD, new Certificate[] { certificate });
		KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		factory.init(keyStore, PASSWORD);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(factory.getKeyManagers(), null, null);
		return context;
	}

}
