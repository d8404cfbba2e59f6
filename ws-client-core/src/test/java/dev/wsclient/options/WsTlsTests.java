package dev.wsclient.options;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.List;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.testserver.Certificates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests of {@link WsTls}.
 */
class WsTlsTests {

	private static final String PIN = "sha256/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";

	private static final Certificates CERTIFICATES = new Certificates();

	private static final char[] PASSWORD = "s3cr3t".toCharArray();

	private final WsTls defaults = WsTls.defaults();

	private static KeyStore emptyStore() throws IOException, GeneralSecurityException {
		KeyStore empty = KeyStore.getInstance("PKCS12");
		empty.load(null, null);
		return empty;
	}

	@Test
	void defaultsVerifyTheServer() {
		assertThat(this.defaults.verifyHostname()).isTrue();
		assertThat(this.defaults.pins()).isEmpty();
		assertThat(this.defaults.trust()).isNull();
		assertThat(this.defaults.handshakeTimeout()).isEqualTo(Duration.ofSeconds(10));
		assertThat(this.defaults.provider()).isEqualTo(WsTls.Provider.AUTO);
	}

	@Test
	void withKeepsTheOtherValues() {
		WsTls tls = this.defaults.withTrust(CERTIFICATES.trusted())
			.withProtocols("TLSv1.3")
			.withCiphers("TLS_AES_128_GCM_SHA256")
			.withServerName("feed.example")
			.withVerifyHostname(false)
			.withPins(PIN)
			.withHandshakeTimeout(Duration.ofSeconds(3))
			.withProvider(WsTls.Provider.JDK);
		assertThat(tls.protocols()).containsExactly("TLSv1.3");
		assertThat(tls.ciphers()).containsExactly("TLS_AES_128_GCM_SHA256");
		assertThat(tls.serverName()).isEqualTo("feed.example");
		assertThat(tls.verifyHostname()).isFalse();
		assertThat(tls.pins()).containsExactly(PIN);
		assertThat(tls.handshakeTimeout()).isEqualTo(Duration.ofSeconds(3));
		assertThat(tls.trust()).isNotNull();
		assertThat(tls).isEqualTo(tls.withProtocols("TLSv1.2").withProtocols("TLSv1.3"));
	}

	@Test
	void contextBringsTrustAndKey() throws GeneralSecurityException {
		SSLContext context = SSLContext.getDefault();
		WsTls trusting = this.defaults.withTrust(CERTIFICATES.trusted());
		refused(() -> trusting.withSslContext(context),
				"tls sslContext brings its own trust and key: set either it or those");
		refused(() -> this.defaults.withSslContext(context).withProvider(WsTls.Provider.OPENSSL),
				"tls provider OPENSSL can't use an sslContext: set trust and key instead");
	}

	@Test
	void trustMustHoldACertificate(@TempDir Path directory) throws IOException, GeneralSecurityException {
		KeyStore empty = emptyStore();
		refused(() -> this.defaults.withTrust(empty),
				"tls trust holds no certificate, so that no server could be trusted");
		Path missing = directory.resolve("missing.pem");
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withTrust(missing))
			.withMessageStartingWith("tls trust can't be read from the certificates in '" + missing + "': ");
		Path garbage = Files.writeString(directory.resolve("garbage.pem"), "garbage");
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withTrust(garbage))
			.withMessageStartingWith("tls trust ");
	}

	@Test
	void keyMustBeThereAndReadable() throws IOException, GeneralSecurityException {
		KeyStore empty = emptyStore();
		refused(() -> this.defaults.withKey(empty, PASSWORD), "tls key: the key store holds no private key");
		KeyStore keys = CERTIFICATES.issue("client").toKeyStore(PASSWORD);
		assertThat(this.defaults.withKey(keys, PASSWORD).key()).isInstanceOf(KeyManagerFactory.class);
		refused(() -> this.defaults.withKey(keys, "wrong".toCharArray()),
				"tls key can't be read with the password given");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "sha256/", "sha1/AAAA", "sha256/AAAA", "sha256/!!!",
			"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=" })
	void pinsAreDigests(String pin) {
		refused(() -> this.defaults.withPins(PIN, pin),
				"tls pins must be 'sha256/' and 44 characters of Base64, one was '" + pin + "'");
	}

	@Test
	void otherValuesOutOfRangeAreNamed() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.defaults.withServerName("a b"))
			.withMessageStartingWith(
					"tls serverName must be a host name (RFC 6066, section 3) or an address without port, was 'a b': ");
		refused(() -> this.defaults.withProtocols(""), "tls protocols must not hold a blank name");
		refused(() -> this.defaults.withCiphers(" "), "tls ciphers must not hold a blank name");
		refused(() -> this.defaults.withHandshakeTimeout(Duration.ZERO), "tls handshakeTimeout must be more than zero");
	}

	@Test
	void materialIsNotPrinted() throws Exception {
		WsTls tls = this.defaults.withTrust(CERTIFICATES.trusted())
			.withKey(CERTIFICATES.issue("client").toKeyStore(PASSWORD), PASSWORD);
		assertThat(tls).hasToString("WsTls[sslContext=default, trust=set, key=set, protocols=" + List.of()
				+ ", ciphers=[], serverName=null, verifyHostname=true, pins=[], handshakeTimeout=PT10S, provider=AUTO]");
	}

	private static void refused(Runnable call, String message) {
		assertThatIllegalArgumentException().isThrownBy(call::run).withMessage(message);
	}

}
