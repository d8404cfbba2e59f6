package dev.wsclient.spring;

import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.health.actuate.endpoint.CompositeHealthDescriptor;
import org.springframework.boot.health.actuate.endpoint.HealthEndpoint;
import org.springframework.boot.health.actuate.endpoint.IndicatedHealthDescriptor;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.micrometer.metrics.actuate.endpoint.MetricsEndpoint;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of an application with the real core against a real server.
 */
@Timeout(60)
class WsClientIntegrationTests {

	@BeforeAll
	static void waitLongOnSlowMachines() {
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
	}

	@AfterAll
	static void reset() {
		Awaitility.reset();
	}

	private final Feed feed = new Feed();

	private ConfigurableApplicationContext run(JettyWsServer server, String... properties) {
		List<String> all = new ArrayList<>(List.of("--ws.clients.feed.url=" + server.url(),
				"--ws.defaults.reconnect.initial-delay=20ms", "--ws.defaults.reconnect.max-delay=50ms",
				"--management.endpoint.health.show-details=always", "--spring.main.banner-mode=off"));
		for (String property : properties) {
			all.add("--" + property);
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers((context) -> ((GenericApplicationContext) context).registerBean("feed", Feed.class,
					() -> this.feed))
			.run(all.toArray(String[]::new));
	}

	private static void text(Session session, String text) {
		session.sendText(text, Callback.NOOP);
	}

	@Test
	void messagesGoBothWaysInAllForms() {
		List<String> received = Collections.synchronizedList(new ArrayList<>());
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				text(session, "");
				text(session, "{\"type\":\"trade\",\"price\":5}");
				session.sendBinary(ByteBuffer.wrap("bytes".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
			}

			@Override
			public void onText(Session session, String text) {
				received.add(text);
			}

			@Override
			public void onBinary(Session session, ByteBuffer payload) {
				received.add("binary " + StandardCharsets.UTF_8.decode(payload));
			}

		});
				ConfigurableApplicationContext context = run(server, "ws.clients.feed.headers.Cookie=a=1, b=2",
						"ws.clients.feed.on-open[0]={\"op\":\"login\",\"x\":1}")) {
			await().untilAsserted(() -> assertThat(received).containsExactlyInAnyOrder("{\"op\":\"login\",\"x\":1}",
					"hello", "text ''", "{\"price\":10}", "binary bytes"));
			assertThat(this.feed.heard).startsWith("connect", "open 101 OPEN");
			assertThat(this.feed.threads).allMatch((thread) -> thread.startsWith("task-"));
			assertThat(server.handshakes.get(0)).containsEntry("Cookie", List.of("a=1, b=2"));
			context.getBean(WsConnections.class).get("feed").send("from the bean");
			await().untilAsserted(() -> assertThat(received).contains("from the bean"));
		}
	}

	@Test
	void furtherEventsComeInOrder() {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				session.sendPing(ByteBuffer.wrap("pi".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
			}

		}); ConfigurableApplicationContext context = run(server)) {
			await().until(() -> this.feed.heard.contains("ping pi"));
			WsConnection connection = context.getBean(WsConnection.class);
			connection.ping(ByteBuffer.wrap("po".getBytes(StandardCharsets.UTF_8)));
			await().until(() -> this.feed.heard.contains("pong po"));
			server.stop();
			await().until(() -> this.feed.heard.contains("attempt 1"));
			assertThat(this.feed.heard).containsSubsequence("connect", "open 101 OPEN", "ping pi", "pong po",
					"attempt 1");
		}
	}

	@Test
	void tenThousandMessagesArriveInOrderOffTheEventLoop() {
		int count = 10_000;
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				for (int i = 0; i < count; i++) {
					String number = "n" + i;
					Callback.Completable.with((callback) -> session.sendText(number, callback)).join();
				}
			}

		}); ConfigurableApplicationContext context = run(server, "ws.clients.feed.dispatch.queue=16")) {
			await().atMost(Duration.ofSeconds(30)).until(() -> this.feed.numbers.size() == count);
			for (int i = 0; i < count; i++) {
				assertThat(this.feed.numbers.get(i)).isEqualTo(i);
			}
			assertThat(context.getBean(MeterRegistry.class)
				.get("ws.client.handler")
				.tags("outcome", "success")
				.timer()
				.count()).as("messages, connect and open").isEqualTo(count + 2);
		}
	}

	@Test
	void handlerThatThrowsIsReportedAndTheConnectionStays() {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				text(session, "throw");
				text(session, "{\"type\":\"trade\",\"price\":\"hush\"}");
				text(session, "n1");
			}

		}); ConfigurableApplicationContext context = run(server)) {
			await().until(() -> this.feed.numbers.size() == 1);
			assertThat(this.feed.errors).hasSize(2);
			assertThat(this.feed.errors.get(0)).hasMessage("as told");
			assertThat(this.feed.errors.get(1)).isInstanceOf(WsMessageConversionException.class);
			assertThat(context.getBean(WsConnection.class).isOpen()).isTrue();
			assertThat(context.getBean(WsConnection.class).snapshot().sessions()).isOne();
			assertThat(server.closes).isEmpty();
		}
	}

	@Test
	void callbacksWhileClosingRunAlthoughTheTaskExecutorIsShutDown() {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {
		})) {
			ConfigurableApplicationContext context = run(server);
			await().until(() -> context.getBean(WsConnection.class).isOpen());
			context.close();
			assertThat(this.feed.heard).endsWith("close 1001 CLIENT");
			assertThat(server.closes).containsExactly("1001");
		}
	}

	@Test
	void virtualOrNotTheEventLoopCanBeChosen() {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				text(session, "n1");
			}

		}); ConfigurableApplicationContext context = run(server, "ws.clients.feed.dispatch.mode=event-loop")) {
			assertThat(context.isActive()).isTrue();
			await().until(() -> this.feed.numbers.size() == 1);
			assertThat(this.feed.threads).noneMatch((thread) -> thread.startsWith("task-"));
		}
	}

	@Test
	void healthAndMetersFollowTheConnectionThroughAnOutage() {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				text(session, "n1");
			}

		}); ConfigurableApplicationContext context = run(server, "ws.clients.feed.health.down-after=200ms")) {
			MeterRegistry meters = context.getBean(MeterRegistry.class);
			await().until(() -> this.feed.numbers.size() == 1);
			assertThat(health(context).getStatus()).isEqualTo(Status.UP);
			assertThat(details(context)).containsEntry("state", "OPEN").containsEntry("sessions", 1L);
			assertThat(details(context).toString()).doesNotContain("hush");
			assertThat(state(meters, "open")).isEqualTo(1);
			server.stop();
			await().untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(Status.DOWN));
			assertThat(details(context)).containsKeys("lastClose", "attempts", "reason");
			assertThat(details(context).get("state")).isIn("BACKOFF", "CONNECTING");
			assertThat(context.getBean(HealthEndpoint.class).health().getStatus()).isEqualTo(Status.DOWN);
			assertThat(state(meters, "open")).isZero();
			await().until(() -> meters.get("ws.client.connects").tags("outcome", "failure").counter().count() > 0);
			server.restart();
			await().untilAsserted(() -> assertThat(health(context).getStatus()).isEqualTo(Status.UP));
			await().until(() -> this.feed.numbers.size() == 2);
			assertThat(state(meters, "open")).isEqualTo(1);
			assertThat(meters.get("ws.client.connects").tags("outcome", "success").counter().count()).isEqualTo(2);
			assertThat(meters.get("ws.client.reconnects").counters().stream().mapToDouble((each) -> each.count()).sum())
				.isPositive();
			assertThat(meters.get("ws.client.closes").counters().stream().mapToDouble((each) -> each.count()).sum())
				.isEqualTo(1);
			assertThat(meters.get("ws.client.handshake").timer().count()).isEqualTo(2);
			assertThat(meters.get("ws.client.messages").tags("direction", "in", "type", "text").counter().count())
				.isEqualTo(2);
			assertThat(meters.get("ws.client.bytes").tags("direction", "out", "type", "text").counter().count())
				.isEqualTo(2 * "hello".length());
			MetricsEndpoint.MetricDescriptor messages = Objects
				.requireNonNull(new MetricsEndpoint(meters).metric("ws.client.messages", null));
			assertThat(messages.getAvailableTags()).extracting(MetricsEndpoint.AvailableTag::getTag)
				.containsExactlyInAnyOrder("client", "direction", "type");
		}
	}

	private static double state(MeterRegistry meters, String state) {
		return meters.get("ws.client.state").tags("client", "feed", "state", state).gauge().value();
	}

	private static IndicatedHealthDescriptor health(ConfigurableApplicationContext context) {
		CompositeHealthDescriptor ws = (CompositeHealthDescriptor) Objects
			.requireNonNull(context.getBean(HealthEndpoint.class).healthForPath("ws"));
		return (IndicatedHealthDescriptor) Objects
			.requireNonNull(Objects.requireNonNull(ws.getComponents()).get("feed"));
	}

	private static Map<String, Object> details(ConfigurableApplicationContext context) {
		return Objects.requireNonNull(health(context).getDetails());
	}

	/**
	 * An application with what its class path configures.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		SimpleMeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

	/**
	 * A trade.
	 *
	 * @param price its price
	 */
	record Trade(int price) {

	}

	/**
	 * The handlers of the application.
	 */
	@WsHandler("feed")
	static class Feed {

		final List<String> heard = Collections.synchronizedList(new ArrayList<>());

		final List<Integer> numbers = Collections.synchronizedList(new ArrayList<>());

		final List<String> threads = Collections.synchronizedList(new ArrayList<>());

		final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());

		@OnWsConnect
		void connected() {
			this.heard.add("connect");
		}

		@OnWsPing
		void ping(byte[] payload) {
			this.heard.add("ping " + new String(payload, StandardCharsets.UTF_8));
		}

		@OnWsPong
		void pong(byte[] payload) {
			this.heard.add("pong " + new String(payload, StandardCharsets.UTF_8));
		}

		@OnWsReconnecting
		void reconnecting(int attempt) {
			this.heard.add("attempt " + attempt);
		}

		@OnWsOpen
		String opened(WsConnection connection, WsHandshakeResponse response) {
			HttpHeaders headers = response.headers();
			assertThat(headers.firstValue("upgrade")).hasValueSatisfying((value) -> assertThat(value).isNotBlank());
			this.heard.add("open " + response.statusCode() + " " + connection.state());
			return "hello";
		}

		@OnWsMessage
		@Nullable String text(String text) {
			this.threads.add(Thread.currentThread().getName());
			if (text.equals("throw")) {
				throw new IllegalStateException("as told");
			}
			if (text.startsWith("n")) {
				this.numbers.add(Integer.valueOf(text.substring(1)));
				this.heard.add("number " + text.substring(1));
				return null;
			}
			return "text '" + text + "'";
		}

		@OnWsMessage(when = "$.type == 'trade'")
		Trade trade(Trade trade) {
			return new Trade(2 * trade.price());
		}

		@OnWsMessage
		byte[] bytes(byte[] payload) {
			return payload;
		}

		@OnWsClose
		void closed(WsCloseEvent event, CloseStatus status) {
			this.heard.add("close " + status.code() + " " + event.initiator());
		}

		@OnWsError
		void failed(Throwable error) {
			this.errors.add(error);
		}

	}

}
