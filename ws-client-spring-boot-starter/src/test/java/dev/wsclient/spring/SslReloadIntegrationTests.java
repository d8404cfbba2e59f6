package dev.wsclient.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import dev.wsclient.WsConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that certificates may change while the application runs, against a real server
 * and with files that Spring Boot watches.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class SslReloadIntegrationTests {

	private static final Duration LONG = Duration.ofSeconds(60);

	private static final char[] PASSWORD = "not-secret".toCharArray();

	private final X509Bundle oldAuthority = authority("Old");

	private final X509Bundle newAuthority = authority("New");

	private final SslContextFactory.Server tls = new SslContextFactory.Server();

	/** Who connected, by the names of the client certificates. */
	private final List<String> clients = new CopyOnWriteArrayList<>();

	@TempDir
	private Path directory;

	private JettyWsServer server;

	@BeforeEach
	void start() throws Exception {
		this.tls.setNeedClientAuth(true);
		this.tls.setSslContext(serverContext(this.oldAuthority));
		this.server = new JettyWsServer(new JettyWsServer.Script() {
		}, this.tls);
		write("trust.pem", this.oldAuthority.getCertificatePEM());
		writeClient("one");
	}

	@AfterEach
	void stop() {
		this.server.close();
	}

	private static X509Bundle authority(String name) {
		try {
			return new CertificateBuilder().subject("CN=" + name)
				.setIsCertificateAuthority(true)
				.ecp256()
				.buildSelfSigned();
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static X509Bundle issue(X509Bundle authority, String name) throws Exception {
		return new CertificateBuilder().subject("CN=" + name)
			.addSanDnsName("localhost")
			.ecp256()
			.buildIssuedBy(authority);
	}

	private SSLContext serverContext(X509Bundle authority) throws Exception {
		KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
		keys.init(issue(authority, "localhost").toKeyStore(PASSWORD), PASSWORD);
		SSLContext context = SSLContext.getInstance("TLS");
		context.init(keys.getKeyManagers(), new TrustManager[] { new RecordingTrust() }, null);
		return context;
	}

	private void write(String file, String pem) {
		try {
			Path temporary = Files.writeString(this.directory.resolve(file + ".tmp"), pem);
			Files.move(temporary, this.directory.resolve(file), StandardCopyOption.ATOMIC_MOVE);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private void writeClient(String name) throws Exception {
		X509Bundle client = issue(this.oldAuthority, name);
		write("client.pem", client.getCertificatePEM() + client.getPrivateKeyPEM());
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, SslAutoConfiguration.class))
			.withPropertyValues("ws.clients.feed.url=" + this.server.url().replace("ws://", "wss://"),
					"ws.clients.feed.ssl.bundle=feed", "ws.defaults.reconnect.initial-delay=20ms",
					"ws.defaults.reconnect.max-delay=100ms", "spring.ssl.bundle.watch.file.quiet-period=100ms",
					"spring.ssl.bundle.pem.feed.reload-on-update=true",
					"spring.ssl.bundle.pem.feed.truststore.certificate=" + this.directory.resolve("trust.pem"),
					"spring.ssl.bundle.pem.feed.keystore.certificate=" + this.directory.resolve("client.pem"),
					"spring.ssl.bundle.pem.feed.keystore.private-key=" + this.directory.resolve("client.pem"));
	}

	@Test
	void newTrustIsUsedByTheNextAttempt() {
		runner().run((context) -> {
			WsConnection connection = context.getBean(WsConnection.class);
			await().atMost(LONG).until(connection::isOpen);
			SSLContext renewed = serverContext(this.newAuthority);
			this.tls.reload((factory) -> factory.setSslContext(renewed));
			this.server.eachSession(Session::disconnect);
			await().atMost(LONG).until(() -> String.valueOf(connection.snapshot().lastError()).contains("not trusted"));
			assertThat(connection.snapshot().sessions()).isOne();
			write("trust.pem", this.newAuthority.getCertificatePEM());
			await().atMost(LONG).until(connection::isOpen);
			assertThat(connection.snapshot().sessions()).isEqualTo(2);
		});
	}

	@Test
	void newCertificateIsUsedByTheNextSessionOnly(CapturedOutput output) {
		runner().run((context) -> {
			WsConnection connection = context.getBean(WsConnection.class);
			await().atMost(LONG).until(connection::isOpen);
			writeClient("two");
			await().atMost(LONG)
				.until(() -> output.getOut().contains("the SSL bundle 'feed' was updated, the next attempt uses it"));
			assertThat(connection.isOpen()).isTrue();
			assertThat(this.clients).containsOnly("CN=one");
			this.server.eachSession(Session::disconnect);
			await().atMost(LONG).until(() -> connection.snapshot().sessions() == 2);
			assertThat(this.clients).endsWith("CN=two");
			assertThat(output).as("Spring Boot's warning about who ignores updates")
				.doesNotContain("doesn't support SSL reloading");
		});
	}

	@Test
	void newCertificateReplacesTheSessionIfWanted() {
		runner().withPropertyValues("ws.clients.feed.ssl.reconnect-on-update=true").run((context) -> {
			WsConnection connection = context.getBean(WsConnection.class);
			await().atMost(LONG).until(connection::isOpen);
			writeClient("two");
			await().atMost(LONG).until(() -> connection.snapshot().sessions() == 2);
			assertThat(this.clients).endsWith("CN=two");
		});
	}

	@Test
	void connectionThatIsClosedStaysClosed(CapturedOutput output) {
		runner().withPropertyValues("ws.clients.feed.ssl.reconnect-on-update=true", "ws.clients.feed.auto-start=false")
			.run((context) -> {
				writeClient("two");
				await().atMost(LONG).until(() -> output.getOut().contains("the SSL bundle 'feed' was updated"));
				assertThat(this.clients).isEmpty();
				context.getBean(WsConnection.class).connect();
				await().atMost(LONG).until(context.getBean(WsConnection.class)::isOpen);
				assertThat(this.clients).containsOnly("CN=two");
			});
	}

	@Test
	void tlsSessionsAreResumedWhileNothingChanges() {
		runner().run((context) -> {
			WsConnection connection = context.getBean(WsConnection.class);
			for (int session = 1; session <= 3; session++) {
				int expected = session;
				await().atMost(LONG).until(() -> connection.snapshot().sessions() == expected && connection.isOpen());
				this.server.eachSession(Session::disconnect);
			}
			assertThat(this.clients).as("full handshakes").hasSize(1);
		});
	}

	/**
	 * Trusts every client and remembers its name.
	 */
	private final class RecordingTrust extends X509ExtendedTrustManager {

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket) {
			checkClientTrusted(chain, authType);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
			checkClientTrusted(chain, authType);
		}

		@Override
		public void checkClientTrusted(X509Certificate[] chain, String authType) {
			SslReloadIntegrationTests.this.clients.add(chain[0].getSubjectX500Principal().getName());
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine) {
			throw new UnsupportedOperationException();
		}

		@Override
		public void checkServerTrusted(X509Certificate[] chain, String authType) {
			throw new UnsupportedOperationException();
		}

		@Override
		public X509Certificate[] getAcceptedIssuers() {
			return new X509Certificate[0];
		}

	}

}
