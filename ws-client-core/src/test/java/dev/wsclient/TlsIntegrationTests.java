package dev.wsclient;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.NettyServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * {@code wss://} against a server whose certificate names only {@code localhost}.
 */
class TlsIntegrationTests {

	private static final String PASSWORD = "not-secret";

	private static final Reconnect SLOW = Reconnect.exponential(Duration.ofMinutes(1), Duration.ofMinutes(1))
		.withJitter(0);

	private static final WsClient CLIENT = WsClient.create();

	@SuppressWarnings("NullAway.Init") // set before the tests
	private static SSLContext sslContext;

	@SuppressWarnings("NullAway.Init") // set before the tests
	private static NettyServer server;

	private final RecordingListener listener = new RecordingListener();

	@BeforeAll
	static void startServer(@TempDir Path directory) throws Exception {
		sslContext = newContext(makeKeyStore(directory.resolve("server.p12")));
		server = new NettyServer(sslContext);
		server.start();
	}

	@AfterAll
	static void stop() {
		CLIENT.close();
		server.close();
	}

	private static Path makeKeyStore(Path file) throws IOException, InterruptedException {
		Process keytool = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
				"-genkeypair", "-alias", "server", "-keyalg", "EC", "-dname", "CN=localhost", "-ext",
				"san=dns:localhost", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD)
			.redirectErrorStream(true)
			.start();
		keytool.getInputStream().readAllBytes();
		assertThat(keytool.waitFor(30, TimeUnit.SECONDS)).isTrue();
		return file;
	}

	private static SSLContext newContext(Path keyStoreFile) throws IOException, GeneralSecurityException {
		KeyStore keyStore = KeyStore.getInstance("PKCS12");
		try (InputStream in = Files.newInputStream(keyStoreFile)) {
			keyStore.load(in, PASSWORD.toCharArray());
		}
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(keyStore, PASSWORD.toCharArray());
		TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
		trust.init(keyStore);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
		return context;
	}

	private static String uri(String host) {
		return server.uri().replace("ws://localhost", "wss://" + host);
	}

	@Test
	void trustedServerIsTalkedToByName() {
		WsConnection connection = CLIENT.connect(WsOptions.builder(uri("localhost")).sslContext(sslContext).build(),
				this.listener);
		String large = "x".repeat(100_000);
		connection.send("hello");
		connection.send(large);
		await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("hello", large));
		assertThat(server.serverName()).isEqualTo("localhost");
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
		assertThat(this.listener.closes.get(0).clean()).isTrue();
		assertThat(this.listener.errors).isEmpty();
	}

	@Test
	void unknownIssuerIsRefusedByTheDefaultContext() {
		expectRefusal(WsOptions.builder(uri("localhost")));
	}

	@Test
	void certificateOfAnotherNameIsRefused() {
		expectRefusal(WsOptions.builder(uri("127.0.0.1")).sslContext(sslContext));
	}

	private void expectRefusal(WsOptions.Builder options) {
		WsConnection connection = CLIENT.connect(options.reconnect(SLOW).build(), this.listener);
		await().until(() -> connection.state() == WsState.BACKOFF);
		await().until(() -> this.listener.errors.size() == 1);
		WsException error = (WsException) this.listener.errors.get(0);
		assertThat(error).isInstanceOf(WsConnectException.class).hasMessageContaining("TLS");
		assertThat(error.willRetry()).isTrue();
		assertThat(error.phase()).isEqualTo(Phase.TLS);
		assertThat(this.listener.calls).containsExactly("error", "reconnecting");
		connection.abort();
	}

}
