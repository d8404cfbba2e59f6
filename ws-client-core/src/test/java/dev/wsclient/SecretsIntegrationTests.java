package dev.wsclient;

import java.nio.charset.StandardCharsets;
import java.security.KeyStoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.SocksServer;

import static org.assertj.core.api.Assertions.assertThat;
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
				.reconnect(Reconnect.exponential(Duration.ofMillis(5), Duration.ofMillis(10)))
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
			this.listener.errors.forEach((error) -> printable.add(error.toString()));
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
