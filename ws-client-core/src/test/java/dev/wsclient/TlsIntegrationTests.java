package dev.wsclient;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.netty.handler.ssl.OpenSsl;
import io.netty.pkitesting.X509Bundle;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.NettyServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@code wss://} against servers with certificates good and bad. The build's profile for
 * OpenSSL lets the client use that.
 */
class TlsIntegrationTests {

	private static final char[] PASSWORD = "not-secret".toCharArray();

	private static final Certificates CERTIFICATES = new Certificates();

	private static final Reconnect SLOW = Reconnect.exponential(Duration.ofMinutes(1), Duration.ofMinutes(1))
		.withJitter(0);

	private static final WsClient CLIENT = WsClient.create();

	private static final WsTls TRUSTING = WsTls.defaults().withTrust(CERTIFICATES.trusted());

	private final RecordingListener listener = new RecordingListener();

	private final List<AutoCloseable> resources = new ArrayList<>();

	@AfterAll
	static void closeClient() {
		CLIENT.close();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	private NettyServer server(X509Bundle identity) {
		return start(new NettyServer(CERTIFICATES.serverContext(identity)));
	}

	private NettyServer start(NettyServer server) {
		server.start();
		this.resources.add(server);
		return server;
	}

	private static WsOptions.Builder options(NettyServer server, String host) {
		return WsOptions.builder(server.uri().replace("ws://localhost", "wss://" + host)).reconnect(SLOW);
	}

	private WsConnection connect(WsOptions options) {
		WsConnection connection = CLIENT.connect(options, this.listener);
		this.resources.add(0, connection::abort);
		return connection;
	}

	private void expectEcho(WsOptions.Builder options) {
		WsConnection connection = connect(options.build());
		String large = "x".repeat(100_000);
		connection.send("hello");
		connection.send(large);
		await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("hello", large));
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
		assertThat(this.listener.closes.get(0).clean()).isTrue();
		assertThat(this.listener.errors).isEmpty();
	}

	private String expectRefusal(WsOptions.Builder options) {
		WsConnection connection = connect(options.build());
		await().until(() -> connection.state() == WsState.BACKOFF);
		await().until(() -> this.listener.errors.size() == 1);
		WsException error = (WsException) this.listener.errors.get(0);
		assertThat(error).isInstanceOf(WsConnectException.class).hasMessageContaining("TLS");
		assertThat(error.willRetry()).isTrue();
		assertThat(error.phase()).isEqualTo(Phase.TLS);
		assertThat(this.listener.calls).doesNotContain("open").endsWith("error", "reconnecting");
		return String.valueOf(error.getMessage());
	}

	@Test
	void trustedServerIsTalkedToByName() {
		NettyServer server = server(CERTIFICATES.issue("localhost"));
		expectEcho(options(server, "localhost").tls(TRUSTING));
		assertThat(server.serverName()).isEqualTo("localhost");
	}

	@Test
	void completeContextIsUsed() {
		X509Bundle identity = CERTIFICATES.issue("localhost");
		SSLContext context = CERTIFICATES.serverContext(identity);
		expectEcho(options(server(identity), "localhost").sslContext(context));
	}

	@Test
	void certificatesInAFileAreTrusted(@TempDir Path directory) throws IOException {
		Path file = Files.writeString(directory.resolve("ca.pem"), CERTIFICATES.authority().getCertificatePEM());
		expectEcho(options(server(CERTIFICATES.issue("localhost")), "localhost").tls(WsTls.defaults().withTrust(file)));
	}

	@Test
	void suppliedOptionsAreTakenByTheNextAttempt() {
		NettyServer server = server(CERTIFICATES.issue("localhost"));
		AtomicReference<WsTls> current = new AtomicReference<>(
				WsTls.defaults().withTrust(new Certificates().trusted()));
		expectRefusal(options(server, "localhost").tls(current::get));
		this.listener.errors.clear();
		current.set(TRUSTING);
		expectEcho(options(server, "localhost").tls(current::get));
	}

	@Test
	void optionsThatCannotBeSuppliedFailTheAttemptOnly() {
		NettyServer server = server(CERTIFICATES.issue("localhost"));
		AtomicInteger attempts = new AtomicInteger();
		WsConnection connection = connect(options(server, "localhost")
			.reconnect(Reconnect.exponential(Duration.ofMillis(1), Duration.ofMillis(1)))
			.tls(() -> {
				if (attempts.incrementAndGet() == 1) {
					throw new IllegalStateException("the file is being written");
				}
				return TRUSTING;
			})
			.build());
		await().until(connection::isOpen);
		assertThat(this.listener.errors).singleElement()
			.asInstanceOf(InstanceOfAssertFactories.throwable(WsConnectException.class))
			.hasMessageContaining("the file is being written")
			.hasMessageNotContaining("lambda");
		assertThat(attempts).as("asked once for each attempt").hasValue(2);
	}

	@Test
	void expiredCertificateIsRefused() {
		NettyServer server = server(CERTIFICATES.issueExpired("localhost"));
		assertThat(expectRefusal(options(server, "localhost").tls(TRUSTING)))
			.contains("a certificate of 'localhost' expired (")
			.contains("the server needs a new one, or this machine's clock is wrong");
	}

	@Test
	void certificateOfAnotherNameIsRefused() {
		NettyServer server = server(CERTIFICATES.issue("feed.example"));
		assertThat(expectRefusal(options(server, "localhost").tls(TRUSTING)))
			.contains("the certificate is not for 'localhost' (No ")
			.contains("use a host that it names, or set the serverName of WsTls");
	}

	@Test
	void certificateOfAnotherNameIsAcceptedWithoutVerification() {
		NettyServer server = server(CERTIFICATES.issue("feed.example"));
		expectEcho(options(server, "localhost").tls(TRUSTING.withVerifyHostname(false)));
	}

	@Test
	void serverNameIsSentAndVerifiedInPlaceOfTheHost() {
		NettyServer server = server(CERTIFICATES.issue("feed.example"));
		expectEcho(options(server, "localhost").tls(TRUSTING.withServerName("feed.example")));
		assertThat(server.serverName()).isEqualTo("feed.example");
	}

	@Test
	void trustThatThrowsFailsTheAttemptOnly() throws GeneralSecurityException {
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(null, new TrustManager[] { new X509ExtendedTrustManager() {

			@Override
			public void checkClientTrusted(X509Certificate[] chain, String type) {
			}

			@Override
			public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {
			}

			@Override
			public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
			}

			@Override
			public void checkServerTrusted(X509Certificate[] chain, String type) {
				throw new IllegalStateException("broken trust");
			}

			@Override
			public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {
				throw new IllegalStateException("broken trust");
			}

			@Override
			public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {
				throw new IllegalStateException("broken trust");
			}

			@Override
			public X509Certificate[] getAcceptedIssuers() {
				return new X509Certificate[0];
			}

		} }, null);
		assertThat(expectRefusal(options(server(CERTIFICATES.issue("localhost")), "localhost").sslContext(context)))
			.contains("broken trust");
	}

	@Test
	void selfSignedCertificateIsRefusedUnlessTrusted() {
		X509Bundle identity = CERTIFICATES.selfSigned("localhost");
		NettyServer server = server(identity);
		assertThat(expectRefusal(options(server, "localhost").tls(TRUSTING)))
			.contains("the certificate of 'localhost' is self-signed or from an authority that is not trusted");
		this.listener.errors.clear();
		expectEcho(options(server, "localhost")
			.tls(WsTls.defaults().withTrust(Certificates.trusted(identity.getCertificate()))));
	}

	@Test
	void unknownAuthorityIsRefusedByDefault() {
		assertThat(expectRefusal(options(server(CERTIFICATES.issue("localhost")), "localhost")))
			.contains("from an authority that is not trusted");
	}

	@ParameterizedTest
	@ValueSource(strings = { "TLSv1.2", "TLSv1.3" })
	void clientCertificateIsAskedForAndSent(String protocol) throws Exception {
		NettyServer server = start(
				new NettyServer(CERTIFICATES.serverContext(CERTIFICATES.issue("localhost"))).needClientCertificate());
		WsTls tls = TRUSTING.withProtocols(protocol);
		assertThat(expectRefusal(options(server, "localhost").tls(tls)))
			// With TLS 1.2 the alert of newer JDKs has other causes too
			.containsAnyOf("the server refused the client's certificate or the lack of one",
					"or wants a client certificate")
			.contains("key of WsTls");
		this.listener.errors.clear();
		expectEcho(options(server, "localhost")
			.tls(tls.withKey(CERTIFICATES.issue("client").toKeyStore(PASSWORD), PASSWORD)));
	}

	@Test
	void pinnedKeysAreAccepted() {
		X509Bundle identity = CERTIFICATES.issue("localhost");
		NettyServer server = server(identity);
		expectEcho(
				options(server, "localhost").tls(TRUSTING.withPins(pinOf("other"), pinOf(identity.getCertificate()))));
	}

	@Test
	void otherKeysThanPinnedAreRefused() {
		X509Bundle identity = CERTIFICATES.issue("localhost");
		NettyServer server = server(identity);
		assertThat(expectRefusal(options(server, "localhost").tls(TRUSTING.withPins(pinOf("other")))))
			.contains("no public key of the server is pinned; seen " + pinOf(identity.getCertificate()))
			.contains("pinned " + pinOf("other"));
	}

	private static String pinOf(X509Certificate certificate) {
		return pinOf(certificate.getPublicKey().getEncoded());
	}

	private static String pinOf(String text) {
		return pinOf(text.getBytes(StandardCharsets.US_ASCII));
	}

	private static String pinOf(byte[] bytes) {
		try {
			return "sha256/" + Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(bytes));
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@Test
	void protocolsAndCiphersAreOffered() {
		NettyServer server = server(CERTIFICATES.issue("localhost"));
		expectEcho(options(server, "localhost")
			.tls(TRUSTING.withProtocols("TLSv1.2").withCiphers("TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256")));
	}

	@Test
	void serverThatAgreesWithNoCipherIsTold() {
		NettyServer server = server(CERTIFICATES.issue("localhost"));
		WsTls tls = TRUSTING.withProtocols("TLSv1.2").withCiphers("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
		assertThat(expectRefusal(options(server, "localhost").tls(tls)))
			.contains("the server agrees with none of the versions and cipher suites offered");
	}

	@Test
	void unknownProtocolIsNamedWithTheKnownOnes() {
		NettyServer server = server(CERTIFICATES.issue("localhost"));
		WsTls tls = TRUSTING.withProvider(WsTls.Provider.JDK).withProtocols("TLSv9");
		assertThat(expectRefusal(options(server, "localhost").tls(tls)))
			.contains("TLS can't be set up: protocols names 'TLSv9', known here are ")
			.contains("TLSv1.3");
	}

	@Test
	void openSslIsUsedIfItIsThereAndMissedIfItIsNot() {
		NettyServer server = server(CERTIFICATES.issue("localhost"));
		WsOptions.Builder options = options(server, "localhost").tls(TRUSTING.withProvider(WsTls.Provider.OPENSSL));
		boolean expected = Boolean.getBoolean("test.openssl");
		assertThat(OpenSsl.isAvailable()).isEqualTo(expected);
		if (expected) {
			expectEcho(options);
		}
		else {
			assertThat(expectRefusal(options)).contains("its provider is OPENSSL, which can't be used here")
				.contains("io.netty:netty-tcnative-boringssl-static");
		}
	}

}
