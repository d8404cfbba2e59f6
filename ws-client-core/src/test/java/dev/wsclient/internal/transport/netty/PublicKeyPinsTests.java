package dev.wsclient.internal.transport.netty;

import java.lang.reflect.Proxy;
import java.security.cert.Certificate;
import java.util.List;

import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

import io.netty.pkitesting.X509Bundle;
import org.junit.jupiter.api.Test;

import dev.wsclient.testserver.Certificates;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

/**
 * Tests of {@link PublicKeyPins}.
 */
class PublicKeyPinsTests {

	private final Certificates certificates = new Certificates();

	private final X509Bundle server = this.certificates.issue("feed.example");

	private static SSLSession session(X509Bundle... sent) {
		Certificate[] chain = new Certificate[sent.length];
		for (int i = 0; i < sent.length; i++) {
			chain[i] = sent[i].getCertificate();
		}
		return (SSLSession) Proxy.newProxyInstance(SSLSession.class.getClassLoader(),
				new Class<?>[] { SSLSession.class }, (proxy, method, arguments) -> chain);
	}

	private static List<String> pins(X509Bundle... pinned) {
		return List.of(pinned).stream().map((bundle) -> PublicKeyPins.pinOf(bundle.getCertificate())).toList();
	}

	@Test
	void keyOfTheServerOrItsAuthorityIsEnough() {
		SSLSession session = session(this.server, this.certificates.authority());
		assertThatNoException().isThrownBy(() -> PublicKeyPins.check(session, pins(this.server)));
		assertThatNoException().isThrownBy(() -> PublicKeyPins.check(session, pins(this.certificates.authority())));
		assertThatExceptionOfType(SSLPeerUnverifiedException.class)
			.isThrownBy(() -> PublicKeyPins.check(session, pins(this.certificates.issue("feed.example"))));
	}

	@Test
	void pinnedCertificateSentBesideTheChainProvesNothing() {
		X509Bundle attacker = this.certificates.issue("feed.example");
		Certificates others = new Certificates();
		for (X509Bundle pinned : List.of(this.server, others.authority())) {
			assertThatExceptionOfType(SSLPeerUnverifiedException.class)
				.isThrownBy(() -> PublicKeyPins.check(session(attacker, pinned), pins(pinned)));
			assertThatExceptionOfType(SSLPeerUnverifiedException.class).isThrownBy(
					() -> PublicKeyPins.check(session(attacker, this.certificates.authority(), pinned), pins(pinned)));
		}
	}

}
