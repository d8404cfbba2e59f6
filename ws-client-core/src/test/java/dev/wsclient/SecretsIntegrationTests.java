package dev.wsclient;

import java.nio.charset.StandardCharsets;
import java.security.KeyStore;
import java.security.KeyStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.Reconnect.EndClass;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.SocksServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

/**
 * What is secret stays out of logs, errors and everything printable.
 */
class SecretsIntegrationTests {

	private static final String SECRET = "s3cr3t";

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.wsclient");

	private final RecordingAppender appender = new RecordingAppender();

	private final RecordingListener listener = new RecordingListener();

	@BeforeEach
	void captureLogs() {
		this.appender.start();
		this.logger.setLevel(Level.TRACE);
		this.logger.setAdditive(false);
		this.logger.addAppender(this.appender);
	}

	@AfterEach
	void release() {
		this.logger.detachAppender(this.appender);
		this.logger.setAdditive(true);
		this.logger.setLevel(null);
	}

	@Test
	void secretsAreNowhereToBeSeen() throws KeyStoreException {
		byte[] badText = Frames.frame(0x81, (SECRET + "\u00ff").getBytes(StandardCharsets.ISO_8859_1));
		try (SocksServer proxy = new SocksServer("user", SECRET);
				WsClient client = WsClient.create();
				ScriptedServer server = new ScriptedServer((connection) -> {
					connection.readRequest();
					connection
						.write("HTTP/1.1 503 Busy\r\nSet-Cookie: " + SECRET + "\r\nContent-Length: 6\r\n\r\n" + SECRET);
				}, (connection) -> {
					connection.accept(Frames.text(SECRET), badText);
					connection.readUntilClose();
				}, (connection) -> {
					connection.accept(Frames.text(SECRET), Frames.ping(SECRET));
					connection.readFrame();
					connection.reset();
				}, (connection) -> {
					connection.readRequest();
					connection.write("HTTP/1.1 403 No\r\nX-Key: " + SECRET + "\r\nContent-Length: 6\r\n\r\n" + SECRET);
				})) {
			WsOptions options = WsOptions.builder(server.uri() + "path?token=" + SECRET)
				.header("Authorization", "Bearer " + SECRET)
				.header("Cookie", "session=" + SECRET)
				.onOpenMessages(SECRET)
				.proxy(WsProxy.socks5("localhost", proxy.port()).withCredentials("user", SECRET))
				.tls(WsTls.defaults()
					.withKey(new Certificates().issue("client").toKeyStore(SECRET.toCharArray()), SECRET.toCharArray()))
				.reconnect(Reconnect.exponential(Duration.ofMillis(5), Duration.ofMillis(10)).withStopOn(403))
				.build();
			WsConnection connection = client.connect(options, this.listener);
			connection.send(SECRET).whenComplete((result, error) -> {
				if (error != null) {
					this.listener.errors.add(error);
				}
			});
			await().until(() -> connection.state() == WsState.CLOSED);
			connection.send(SECRET).whenComplete((result, error) -> this.listener.errors.add(error));
			await().until(() -> this.listener.errors.size() >= 5);
			assertThat(server.connections()).hasSize(4);
			List<String> printable = new ArrayList<>(this.appender.lines);
			assertThat(printable).isNotEmpty();
			printable.add(options.toString());
			printable.add(connection.toString());
			printable.add(connection.uri());
			printable.add(connection.name());
			printable.add(connection.snapshot().toString());
			this.listener.opens.forEach((response) -> printable.add(response.toString()));
			this.listener.closes.forEach((event) -> printable.add(event.toString()));
			this.listener.messages.forEach((message) -> printable.add(message.toString()));
			this.listener.errors
				.forEach((error) -> printable.add(ThrowableProxyUtil.asString(new ThrowableProxy(error))));
			assertThat(printable).allSatisfy((line) -> assertThat(line).doesNotContain(SECRET));
		}
	}

	@Test
	void passwordsThatAProxyRefusesAreNowhereToBeSeen() {
		try (SocksServer socks = new SocksServer("user", "other");
				ScriptedServer http = new ScriptedServer((connection) -> {
					connection.readRequest();
					connection.write("HTTP/1.1 407 No\r\nX-Key: " + SECRET + "\r\nContent-Length: 6\r\n\r\n" + SECRET);
				});
				WsClient client = WsClient.create()) {
			for (WsProxy proxy : List.of(WsProxy.socks5("localhost", socks.port()),
					WsProxy.http("localhost", http.port()))) {
				WsConnection connection = client.connect(WsOptions.builder("ws://localhost:1/?" + SECRET)
					.proxy(proxy.withCredentials("user", SECRET))
					.reconnect(Reconnect.never())
					.build(), this.listener);
				await().until(() -> connection.state() == WsState.CLOSED);
			}
			await().until(() -> this.listener.errors.size() == 2);
			List<String> printable = new ArrayList<>(this.appender.lines);
			this.listener.errors
				.forEach((error) -> printable.add(ThrowableProxyUtil.asString(new ThrowableProxy(error))));
			assertThat(printable).hasSizeGreaterThan(3)
				.allSatisfy((line) -> assertThat(line).doesNotContain(SECRET)
					.doesNotContain(Base64.getEncoder()
						.encodeToString(("user:" + SECRET).getBytes(StandardCharsets.US_ASCII))));
		}
	}

	@Test
	void secretsOfEachAttemptAreNowhereToBeSeen() {
		List<String> attempts = new CopyOnWriteArrayList<>();
		try (WsClient client = WsClient.create();
				ScriptedServer server = new ScriptedServer(redirect("?ticket=" + SECRET),
						redirect("ws://user:" + SECRET + "@localhost/"), redirect("gopher://localhost/?" + SECRET),
						redirect("ws://[" + SECRET + "/"), (connection) -> {
							connection.accept();
							connection.readFrame();
							connection.reset();
						}, (connection) -> {
							connection.readRequest();
							connection.write("HTTP/1.1 401 No\r\nWWW-Authenticate: " + SECRET + "\r\n\r\n");
						})) {
			WsOptions options = WsOptions
				.builder(List.of(server.uri() + "a?token=" + SECRET, server.uri() + "b?token=" + SECRET))
				.cookie("session", SECRET)
				.followRedirects(true)
				.keepAliveMessage(SECRET, Duration.ofMillis(10))
				.offlinePolicy(OfflinePolicy.BUFFER)
				.handshakeSupplier((request, attempt) -> {
					WsHandshakeRequest prepared = request.withBearerToken(SECRET)
						.withUrl(request.uri() + "&fresh=" + SECRET);
					attempts.add(prepared + " " + attempt);
					return CompletableFuture.completedFuture(prepared);
				})
				.reconnect(Reconnect.exponential(Duration.ofMillis(5), Duration.ofMillis(10))
					.withMaxAttempts(8)
					.withRetryDecision((error, byDefault) -> EndClass.HEALS))
				.build();
			WsConnection connection = client.connect(options, this.listener);
			connection.send(SECRET).whenComplete((result, error) -> attempts.add(String.valueOf(error)));
			await().until(() -> connection.state() == WsState.CLOSED);
			List<String> printable = new ArrayList<>(this.appender.lines);
			assertThat(printable).anyMatch((line) -> line.contains("redirect")).hasSizeGreaterThan(10);
			printable.addAll(attempts);
			printable.add(options.toString());
			printable.add(connection.toString());
			printable.add(connection.snapshot().toString());
			this.listener.closes.forEach((event) -> printable.add(event.toString()));
			this.listener.errors
				.forEach((error) -> printable.add(ThrowableProxyUtil.asString(new ThrowableProxy(error))));
			assertThat(printable).allSatisfy((line) -> assertThat(line).doesNotContain(SECRET));
		}
	}

	private static ScriptedServer.Script redirect(String location) {
		return (connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 307 There\r\nContent-Length: 0\r\nLocation: " + location + "\r\n\r\n");
		};
	}

	@Test
	void optionsThatAreRefusedShowNoSecret() throws KeyStoreException {
		KeyStore key = new Certificates().issue("client").toKeyStore("other".toCharArray());
		List<ThrowingCallable> refused = List.of(() -> WsOptions.builder("ws://user:" + SECRET + "@localhost/"),
				() -> WsOptions.builder("ws://localhost/?" + SECRET + " |"),
				() -> WsOptions.builder("http://localhost/?" + SECRET),
				() -> WsOptions.builder("ws://localhost/?" + SECRET + "#" + SECRET),
				() -> WsOptions.builder("ws://localhost/").header("Authorization", SECRET + "\r\n"),
				() -> WsOptions.builder("ws://localhost/").cookie("id", SECRET + ";\n"),
				() -> WsOptions.builder("ws://localhost/").keepAliveMessage(SECRET, Duration.ofSeconds(-1)),
				() -> WsTls.defaults().withKey(key, SECRET.toCharArray()),
				() -> WsProxy.http("localhost", 1).withCredentials("user:name", SECRET));
		for (ThrowingCallable call : refused) {
			Throwable thrown = catchThrowable(call);
			assertThat(thrown).isNotNull();
			assertThat(ThrowableProxyUtil.asString(new ThrowableProxy(thrown))).doesNotContain(SECRET);
		}
	}

	@Test
	void listenerThatAlwaysThrowsDoesNotFloodTheLog() {
		this.logger.setLevel(Level.INFO);
		try (WsClient client = WsClient.create(); ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			for (int i = 0; i < 1000; i++) {
				connection.write(Frames.text("message"));
			}
			connection.write(Frames.close(connection.readUntilClose()));
		})) {
			RecordingListener throwing = new RecordingListener() {

				@Override
				public void onMessage(WsConnection connection, WsMessage message) {
					throw new IllegalStateException("from the listener");
				}

			};
			WsConnection connection = client.connect(WsOptions.builder(server.uri()).name("feed").build(), throwing);
			await().until(() -> throwing.errors.size() == 1000);
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
			assertThat(this.appender.lines).hasSize(3)
				.allMatch((line) -> line.startsWith("Connection 'feed' [feed#1]"));
		}
	}

	@Test
	void eachEventIsOneLineWithNameAndSession() {
		this.logger.setLevel(Level.INFO);
		try (WsClient client = WsClient.create();
				ScriptedServer server = new ScriptedServer((connection) -> connection.reset(), (connection) -> {
					connection.accept();
					connection.reset();
				}, (connection) -> {
					connection.readRequest();
					connection.write("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
				})) {
			WsConnection connection = client.connect(WsOptions.builder(server.uri())
				.name("feed")
				.reconnect(Reconnect.exponential(Duration.ofMillis(5), Duration.ofMillis(10)).withStopOn(403))
				.build(), this.listener);
			await().until(() -> connection.state() == WsState.CLOSED && this.listener.errors.size() == 3);
			assertThat(this.appender.lines).satisfiesExactly(
					(line) -> assertThat(line).startsWith("Connection 'feed' to ").contains("[feed#1]; BACKOFF"),
					(line) -> assertThat(line).startsWith("Connection 'feed' [feed#1] OPEN"),
					(line) -> assertThat(line).startsWith("Connection 'feed' [feed#1] closed: 1006"),
					(line) -> assertThat(line).startsWith("Connection 'feed' to ")
						.contains("403")
						.contains("[feed#2]; CLOSED, not reconnecting: reconnect stopOn lists the status 403"));
		}
	}

	/**
	 * Remembers all lines, with stack traces.
	 */
	private static final class RecordingAppender extends AppenderBase<ILoggingEvent> {

		private final List<String> lines = new CopyOnWriteArrayList<>();

		@Override
		protected void append(ILoggingEvent event) {
			this.lines.add(event.getFormattedMessage() + ((event.getThrowableProxy() != null)
					? ThrowableProxyUtil.asString(event.getThrowableProxy()) : ""));
		}

	}

}
