package dev.wsclient;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.ScriptedServer.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * To another origin nothing of the user's goes but what is allowed.
 */
class CredentialsStayAtHomeIntegrationTests {

	private static final String SECRET = "s3cr3t";

	private static final char[] PASSWORD = "not-secret".toCharArray();

	private final List<AutoCloseable> resources = new ArrayList<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final RecordingListener listener = new RecordingListener();

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	private <T extends AutoCloseable> T closing(T resource) {
		this.resources.add(0, resource);
		return resource;
	}

	private ScriptedServer server(Script... scripts) {
		return closing(new ScriptedServer(scripts));
	}

	private Script redirecting(String location, String... fields) {
		return (connection) -> {
			this.requests.add(connection.readRequest());
			connection.write("HTTP/1.1 302 Found\r\nLocation: " + location + "\r\nContent-Length: 0\r\n"
					+ String.join("", fields) + "\r\n");
		};
	}

	private Script welcoming(String... fields) {
		return (connection) -> {
			this.requests.add(connection.readRequest());
			connection.write(connection.acceptance(fields));
			connection.write(Frames.text("welcome"));
			connection.readUntilEof();
		};
	}

	private static WsOptions.Builder options(String uri) {
		return WsOptions.builder(uri + "?" + SECRET)
			.followRedirects(true)
			.reconnect(Reconnect.never())
			.header("X-JWT", SECRET)
			.header("X-Amz-Sign", SECRET)
			.header("Harmless-Looking", SECRET)
			.cookie("sid", SECRET)
			.origin("https://" + SECRET + ".example")
			.subprotocols("v1", SECRET)
			.handshakeSupplier((request, attempt) -> CompletableFuture
				.completedFuture(request.withBearerToken(SECRET).withHeader("X-Supplied", SECRET)));
	}

	private WsConnection connect(WsOptions options) {
		return closing(WsClient.create()).connect(options, this.listener);
	}

	@Test
	void nothingOfTheUsersGoesToAnotherOrigin() {
		ScriptedServer other = server(welcoming());
		ScriptedServer home = server(redirecting("/moved"), redirecting(other.uri() + "feed"));
		connect(options(home.uri()).build());
		await().until(() -> this.listener.texts().contains("welcome"));
		assertThat(this.requests.get(1)).startsWith("GET /moved ")
			.contains("X-JWT: " + SECRET, "Sec-WebSocket-Protocol: v1, " + SECRET, "Cookie: sid=" + SECRET);
		assertThat(this.requests.get(2)).doesNotContain(SECRET);
		assertThat(this.requests.get(2).lines().skip(1).filter((line) -> !line.isEmpty()))
			.allMatch((line) -> line.matches("(Host|Upgrade|Connection|Sec-WebSocket-(Key|Version|Extensions)): .*"));
	}

	@Test
	void allowedFieldsGoAlong() {
		ScriptedServer other = server(welcoming("Sec-WebSocket-Protocol: v1"));
		ScriptedServer home = server(redirecting(other.uri()));
		connect(options(home.uri()).header("X-Tenant", "7")
			.redirectHeaders("x-tenant", "sec-websocket-protocol")
			.build());
		await().until(() -> this.listener.texts().contains("welcome"));
		assertThat(this.requests.get(1)).contains("X-Tenant: 7", "Sec-WebSocket-Protocol: v1, " + SECRET)
			.doesNotContain("X-JWT", "Cookie", "Authorization", "Origin");
		assertThat(this.listener.opens.get(0).subprotocol()).isEqualTo("v1");
	}

	@Test
	void subprotocolThatWasNotOfferedThereIsRefused() {
		ScriptedServer other = server(welcoming("Sec-WebSocket-Protocol: v1"));
		ScriptedServer home = server(redirecting(other.uri()));
		connect(options(home.uri()).build());
		await().until(() -> !this.listener.errors.isEmpty());
		assertThat(this.listener.errors.get(0)).isInstanceOf(WsHandshakeException.class)
			.hasMessageContaining("Sec-WebSocket-Protocol must be absent as none was offered");
	}

	@Test
	void cookiesOfARedirectGoToItsTargetInOneField() {
		ScriptedServer home = server(redirecting("/moved", "Set-Cookie: node=1; Path=/\r\n", "Set-Cookie: sid=new\r\n",
				"Set-Cookie: other=path; Path=/elsewhere\r\n"), welcoming("Sec-WebSocket-Protocol: v1"));
		connect(options(home.uri()).cookie("mine", "2").header("Cookie", "third=3").build());
		await().until(() -> this.listener.texts().contains("welcome"));
		assertThat(this.requests.get(1).lines().filter((line) -> line.startsWith("Cookie:")))
			.containsExactly("Cookie: mine=2; third=3; node=1; sid=new");
	}

	@Test
	void clientCertificateAndServerNameAreForTheConfiguredOriginOnly() throws Exception {
		Certificates certificates = new Certificates();
		WsTls tls = WsTls.defaults()
			.withTrust(certificates.trusted())
			.withKey(certificates.issue("client").toKeyStore(PASSWORD), PASSWORD);
		try (TlsPeer home = new TlsPeer(certificates, "localhost");
				TlsPeer other = new TlsPeer(certificates, "localhost")) {
			connect(options(home.uri()).tls(tls).build());
			assertThat(home.serve("HTTP/1.1 302 Found\r\nLocation: " + other.uri() + "\r\nContent-Length: 0\r\n\r\n"))
				.isEqualTo("CN=client");
			assertThat(other.serve("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n")).isEqualTo("none");
			await().until(() -> !this.listener.errors.isEmpty());
			assertThat(this.listener.errors.get(0)).hasMessageContaining("404");
		}
		this.listener.errors.clear();
		try (TlsPeer home = new TlsPeer(certificates, "home.test");
				TlsPeer other = new TlsPeer(certificates, "localhost")) {
			connect(options(home.uri()).tls(tls.withServerName("home.test")).build());
			home.serve("HTTP/1.1 302 Found\r\nLocation: " + other.uri() + "\r\nContent-Length: 0\r\n\r\n");
			assertThat(home.serverNames).containsExactly("home.test");
			other.serve("HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n");
			assertThat(other.serverNames).containsExactly("localhost");
			await().until(() -> !this.listener.errors.isEmpty());
			assertThat(this.listener.errors.get(0)).hasMessageContaining("404");
		}
	}

	@Test
	void contextWhoseKeysAreNotKnownIsNotUsedWithAnotherOrigin() throws Exception {
		Certificates certificates = new Certificates();
		try (TlsPeer other = new TlsPeer(certificates, "localhost")) {
			ScriptedServer home = server(redirecting(other.uri()));
			connect(options(home.uri()).sslContext(certificates.serverContext(certificates.issue("client"))).build());
			await().until(() -> !this.listener.errors.isEmpty());
			assertThat(this.listener.errors.get(0)).hasMessageContaining("set trust and key of WsTls");
		}
	}

	/**
	 * A server that asks for a client's certificate and takes none too.
	 */
	private static final class TlsPeer implements AutoCloseable {

		private final SSLServerSocket listener;

		private final List<String> serverNames = new CopyOnWriteArrayList<>();

		TlsPeer(Certificates certificates, String name) throws IOException {
			this.listener = (SSLServerSocket) certificates.serverContext(certificates.issue(name))
				.getServerSocketFactory()
				.createServerSocket(0, 1, InetAddress.getLoopbackAddress());
			this.listener.setWantClientAuth(true);
			this.listener.setSoTimeout(30_000);
		}

		String uri() {
			return "wss://localhost:" + this.listener.getLocalPort() + "/";
		}

		/**
		 * Answers one request.
		 * @return the client that the certificate names, or "none"
		 */
		String serve(String answer) throws IOException {
			try (SSLSocket socket = (SSLSocket) this.listener.accept()) {
				socket.setSoTimeout(30_000);
				socket.startHandshake();
				((ExtendedSSLSession) socket.getSession()).getRequestedServerNames().forEach(this::add);
				String client = client(socket);
				InputStream in = socket.getInputStream();
				StringBuilder request = new StringBuilder();
				while (request.indexOf("\r\n\r\n") < 0) {
					request.append((char) in.read());
				}
				socket.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
				return client;
			}
		}

		private void add(SNIServerName name) {
			this.serverNames.add(((SNIHostName) name).getAsciiName());
		}

		private static String client(SSLSocket socket) {
			try {
				return socket.getSession().getPeerPrincipal().getName();
			}
			catch (SSLPeerUnverifiedException ex) {
				return "none";
			}
		}

		@Override
		public void close() throws IOException {
			this.listener.close();
		}

	}

}
