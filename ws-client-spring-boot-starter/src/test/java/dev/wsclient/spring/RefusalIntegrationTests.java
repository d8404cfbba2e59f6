package dev.wsclient.spring;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import dev.wsclient.WsState;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsHandshakeSupplier.Attempt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * What an application sees of a server that refuses it: health, log, meters, endpoint and
 * the handshake customizers, with the names of properties.
 */
class RefusalIntegrationTests {

	private final RefusingServer server = new RefusingServer();

	private final Logger logger = (Logger) LoggerFactory.getLogger("dev.wsclient.connection");

	private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class,
				WsHealthContributorAutoConfiguration.class, WsMetricsAutoConfiguration.class))
		.withBean(SimpleMeterRegistry.class)
		.withPropertyValues("ws.clients.feed.url=ws://localhost:" + this.server.port() + "/v1");

	@BeforeEach
	void listen() {
		this.lines.start();
		this.logger.addAppender(this.lines);
	}

	@AfterEach
	void stop() {
		this.logger.detachAppender(this.lines);
		this.server.close();
	}

	private List<String> errors() {
		return new ArrayList<>(this.lines.list).stream()
			.filter((line) -> line.getLevel() == Level.ERROR)
			.map(ILoggingEvent::getFormattedMessage)
			.toList();
	}

	private static Health health(ApplicationContext context) {
		ConnectionsHealthContributor contributor = context.getBean(ConnectionsHealthContributor.class);
		HealthIndicator feed = (HealthIndicator) Objects.requireNonNull(contributor.getContributor("feed"));
		return Objects.requireNonNull(feed.health(true));
	}

	@Test
	void refusedConnectionIsDownAtOnceAndOneLineNamesTheProperties() {
		this.runner.run((context) -> {
			await().until(() -> health(context).getStatus().equals(Status.DOWN));
			assertThat(health(context).getDetails()).containsKeys("refusedSince", "nextAttempt")
				.containsEntry("state", "BACKOFF");
			assertThat(errors()).singleElement()
				.asString()
				.contains("; refused, reconnecting in ",
						"the server refused this client with status 403; check ws.clients.feed.url,"
								+ " ws.clients.feed.headers and the credentials");
			SimpleMeterRegistry meters = context.getBean(SimpleMeterRegistry.class);
			assertThat(meters.get("ws.client.connects").tag("outcome", "refused").counter().count()).isOne();
			assertThat(meters.get("ws.client.connects").tag("outcome", "failure").counter().count()).isZero();
			assertThat(meters.get("ws.client.reconnects").tag("reason", "refused").counter().count()).isOne();
			WsClientsEndpoint.ClientDescriptor descriptor = new WsClientsEndpoint(context.getBean(WsConnections.class))
				.client("feed");
			assertThat(Objects.requireNonNull(descriptor).refusedSince()).isNotNull();
		});
	}

	@Test
	void stoppedConnectionIsDownAndOneLineNamesTheProperty() {
		this.runner.withPropertyValues("ws.clients.feed.reconnect.stop-on=401,403").run((context) -> {
			await().until(() -> health(context).getStatus().equals(Status.DOWN));
			assertThat(health(context).getDetails()).containsEntry("state", "CLOSED");
			assertThat(errors()).singleElement()
				.asString()
				.endsWith("; CLOSED, not reconnecting: ws.clients.feed.reconnect.stop-on lists the status 403;"
						+ " call connect() to go on");
			assertThat(this.server.requests).hasSize(1);
		});
	}

	@Test
	void refusedConnectionComesBackByItself() {
		this.runner
			.withPropertyValues("ws.clients.feed.reconnect.refused-delay=10ms",
					"ws.clients.feed.reconnect.refused-max-delay=20ms")
			.run((context) -> {
				await().until(() -> this.server.requests.size() >= 5);
				assertThat(context.getBean(WsConnections.class).get("feed").state()).isNotEqualTo(WsState.CLOSED);
				assertThat(errors()).hasSize(1);
			});
	}

	@Test
	void customizerIsToldHowTheLastAttemptEnded() {
		List<Attempt> attempts = new CopyOnWriteArrayList<>();
		this.runner
			.withPropertyValues("ws.clients.feed.reconnect.refused-delay=10ms",
					"ws.clients.feed.reconnect.refused-max-delay=20ms")
			.withBean(WsHandshakeCustomizer.class, () -> new WsHandshakeCustomizer() {

				@Override
				public CompletionStage<WsHandshakeRequest> customize(String name, WsHandshakeRequest request,
						Attempt attempt) {
					attempts.add(attempt);
					return CompletableFuture.completedFuture(request);
				}

			})
			.run((context) -> {
				await().until(() -> attempts.size() >= 2);
				assertThat(attempts.get(0).lastEnd()).isNull();
				assertThat(attempts.get(1).lastEnd()).isInstanceOfSatisfying(WsHandshakeException.class, (refused) -> {
					assertThat(refused.statusCode()).isEqualTo(403);
					assertThat(refused.challenges()).containsExactly("Digest realm=\"feed\"");
				});
			});
	}

	@Test
	void startThatNeedsTheConnectionFails() {
		this.runner
			.withPropertyValues("ws.clients.feed.startup.fail-fast=true", "ws.clients.feed.startup.timeout=500ms")
			.run((context) -> assertThat(context).hasFailed()
				.getFailure()
				.hasStackTraceContaining("did not open within 500 ms")
				.hasStackTraceContaining("403"));
	}

	/**
	 * Answers each request by 403.
	 */
	private static final class RefusingServer implements AutoCloseable {

		private final ServerSocket listener;

		private final List<String> requests = new CopyOnWriteArrayList<>();

		RefusingServer() {
			try {
				this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
			Thread thread = new Thread(this::serve, "refusing-server");
			thread.setDaemon(true);
			thread.start();
		}

		int port() {
			return this.listener.getLocalPort();
		}

		private void serve() {
			while (!this.listener.isClosed()) {
				try (Socket socket = this.listener.accept()) {
					socket.setSoTimeout((int) Duration.ofSeconds(10).toMillis());
					this.requests.add(readHead(socket.getInputStream()));
					socket.getOutputStream()
						.write(("HTTP/1.1 403 Forbidden\r\nWWW-Authenticate: Digest realm=\"feed\"\r\n"
								+ "Content-Length: 0\r\nConnection: close\r\n\r\n")
							.getBytes(StandardCharsets.US_ASCII));
				}
				catch (IOException ex) {
					// The client or the test went away
				}
			}
		}

		private static String readHead(InputStream in) throws IOException {
			StringBuilder head = new StringBuilder();
			while (!head.toString().endsWith("\r\n\r\n")) {
				int next = in.read();
				if (next < 0) {
					throw new IOException("no request");
				}
				head.append((char) next);
			}
			return head.toString();
		}

		@Override
		public void close() {
			try {
				this.listener.close();
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

}
