package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
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
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.spring.properties.ErrorStrategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of all annotations, argument types, return values and strategies in an
 * application with a real server.
 */
@Timeout(120)
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class HandlersIntegrationTests {

	@BeforeAll
	static void waitLongOnSlowMachines() {
		Awaitility.setDefaultTimeout(Duration.ofSeconds(30));
	}

	@AfterAll
	static void reset() {
		Awaitility.reset();
	}

	private static <T> ConfigurableApplicationContext run(JettyWsServer server, Class<T> type, T handler,
			String... properties) {
		List<String> all = new ArrayList<>(
				List.of("--ws.clients.feed.url=" + server.url(), "--ws.defaults.reconnect.initial-delay=20ms",
						"--ws.defaults.reconnect.max-delay=50ms", "--spring.main.banner-mode=off"));
		for (String property : properties) {
			all.add("--" + property);
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE).initializers((context) -> {
			GenericApplicationContext beans = (GenericApplicationContext) context;
			beans.registerBean("handler", type, () -> handler);
			beans.registerBean(CsvConverter.class);
		}).run(all.toArray(String[]::new));
	}

	@Test
	void everyAnnotationArgumentAndReturnValueWorksAgainstAServer() {
		List<String> received = new CopyOnWriteArrayList<>();
		Feed feed = new Feed();
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				session.sendPing(ByteBuffer.wrap("pi".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
				for (String text : List.of("plain", "", "{\"is\":\"trade\",\"price\":3}",
						"{\"is\":\"trade\",\"price\":-3}", "{\"is\":\"quote\",\"bid\":1}", "{\"is\":\"status\"}",
						"{\"batch\":[{\"bid\":1},{\"bid\":2}]}", "{\"level\":9}", "{\"level\":1}")) {
					session.sendText(text, Callback.NOOP);
				}
				session.sendBinary(ByteBuffer.wrap("a,b".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
			}

			@Override
			public void onText(Session session, String text) {
				received.add(text);
				if (text.equals("bye")) {
					session.close(4000, "seen", Callback.NOOP);
				}
			}

			@Override
			public void onBinary(Session session, ByteBuffer payload) {
				received.add("binary " + StandardCharsets.UTF_8.decode(payload));
			}

		}); ConfigurableApplicationContext context = run(server, Feed.class, feed)) {
			await().untilAsserted(() -> assertThat(received).contains("\"opened 1\"", "\"opened 2\"", "plain", "later",
					"binary b,a", "{\"is\":\"trade\",\"price\":6}", "{\"bid\":2}"));
			WsConnection connection = context.getBean(WsConnection.class);
			connection.ping(ByteBuffer.wrap("po".getBytes(StandardCharsets.UTF_8)));
			await().until(() -> feed.heard.contains("pong po"));
			connection.send("bye");
			await().until(() -> feed.heard.contains("close 4000 seen"));
			await().until(() -> feed.heard.contains("reconnecting 1 true 1"));
		}
		assertThat(feed.heard).contains("connect feed", "open 101 websocket 1", "ping pi", "text 'plain' 5",
				"text '' 0", "trade 3", "quote Optional[Quote[bid=1]]", "event Status[]", "bytes 3 3 3",
				"batch 2 Quote[bid=2]", "level 9", "error WsMessageValidationException");
		assertThat(feed.heard).doesNotContain("trade -3", "level 1");
	}

	@Test
	void handlerThatFailsIsRetriedAndItsMessageRecoveredInOrder() {
		Unreliable handler = new Unreliable();
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				for (int i = 1; i <= 4; i++) {
					session.sendText("m" + i, Callback.NOOP);
				}
			}

		});
				ConfigurableApplicationContext context = run(server, Unreliable.class, handler,
						"ws.clients.feed.handler-errors.strategy=retry", "ws.clients.feed.handler-errors.max-retries=2",
						"ws.clients.feed.handler-errors.delay=5ms")) {
			await().until(() -> handler.heard.contains("done m4"));
			assertThat(handler.heard).containsExactly("done m1", "fail m2", "done m2", "fail m3", "fail m3", "fail m3",
					"error m3", "recovered m3", "done m4");
			assertThat(context.getBean(WsConnection.class).isOpen()).isTrue();
		}
	}

	@Test
	void closeStrategyTellsTheServerAndStaysClosed() {
		Closing handler = new Closing();
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				session.sendText("x", Callback.NOOP);
			}

		}); ConfigurableApplicationContext context = run(server, Closing.class, handler)) {
			await().until(() -> server.closes.contains("1011 handler failed"));
			WsConnection connection = context.getBean(WsConnection.class);
			await().until(() -> connection.state() == WsState.CLOSED);
			assertThat(connection.snapshot().sessions()).isOne();
			assertThat(context.getBean(ConnectionRegistry.class).managed("feed").tracker().hasFailed()).isTrue();
		}
	}

	@Test
	void streamGoesAtTheSpeedOfTheServerAndEndsWithTheSession() {
		List<String> received = new CopyOnWriteArrayList<>();
		Streaming handler = new Streaming();
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onText(Session session, String text) {
				received.add(text);
			}

		}); ConfigurableApplicationContext context = run(server, Streaming.class, handler)) {
			await().until(() -> received.size() >= 5000);
			for (int i = 0; i < 5000; i++) {
				assertThat(received.get(i)).isEqualTo(String.valueOf(i));
			}
			context.getBean(WsConnection.class).close();
			await().until(() -> handler.heard.contains("cancelled"));
			assertThat(handler.heard).as("none failed").containsExactly("cancelled");
		}
	}

	/**
	 * An application with what its class path configures.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/**
	 * The root of a family.
	 */
	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
	@JsonSubTypes({ @JsonSubTypes.Type(value = Trade.class, name = "trade"),
			@JsonSubTypes.Type(value = Status.class, name = "status") })
	interface Event {

	}

	/**
	 * A member.
	 *
	 * @param price its price
	 */
	record Trade(@Positive int price) implements Event {

	}

	/**
	 * A member.
	 */
	record Status() implements Event {

	}

	/**
	 * A payload of its own.
	 *
	 * @param bid a price
	 */
	record Quote(int bid) {

	}

	/**
	 * Several in one message.
	 *
	 * @param <T> what they are
	 * @param batch all of them
	 */
	record Batch<T>(List<T> batch) {

	}

	/**
	 * A payload that is not JSON.
	 *
	 * @param fields its fields
	 */
	record Csv(List<String> fields) {

	}

	/**
	 * Converts it.
	 */
	static class CsvConverter implements WsMessageConverter {

		@Override
		public Set<WsMessage.Type> messageTypes() {
			return Set.of(WsMessage.Type.BINARY);
		}

		@Override
		public @Nullable Reader reader(Type type) {
			return (type == Csv.class) ? (message) -> new Csv(
					List.of(StandardCharsets.UTF_8.decode(message.payload()).toString().split(","))) : null;
		}

		@Override
		public @Nullable Writer writer(Type type) {
			return (type == Csv.class)
					? (value) -> String.join(",", ((Csv) value).fields()).getBytes(StandardCharsets.UTF_8) : null;
		}

	}

	/**
	 * Takes envelopes of what a subclass decides.
	 *
	 * @param <T> the type of the payload
	 */
	abstract static class BatchFeed<T> {

		final List<String> heard = Collections.synchronizedList(new ArrayList<>());

		@OnWsMessage(when = "$.batch")
		@Nullable T batch(Batch<T> batch) {
			this.heard.add("batch " + batch.batch().size() + " " + batch.batch().get(1));
			return batch.batch().get(1);
		}

	}

	/**
	 * All annotations and argument types.
	 */
	@WsHandler("feed")
	static class Feed extends BatchFeed<Quote> {

		@OnWsConnect
		void connected(WsConnection connection, @WsAttribute Map<String, Object> attributes) {
			attributes.put("count", 1);
			this.heard.add("connect " + connection.name());
		}

		@OnWsOpen
		Flux<Map.Entry<String, Integer>> nothing() {
			return Flux.empty();
		}

		@OnWsOpen
		Flux<Optional<Object>> opened(WsHandshakeResponse response, @WsHeader("Upgrade") String upgrade,
				@WsAttribute int count) {
			this.heard.add("open " + response.statusCode() + " " + upgrade.toLowerCase(Locale.ROOT) + " " + count);
			return Flux.just("\"opened 1\"", "\"opened 2\"").map(Optional::of);
		}

		@OnWsPing
		void ping(ByteBuffer payload) {
			this.heard.add("ping " + StandardCharsets.UTF_8.decode(payload));
		}

		@OnWsPong
		void pong(byte[] payload, @WsHeader("Connection") Optional<String> header) {
			this.heard.add("pong " + new String(payload, StandardCharsets.UTF_8));
		}

		@OnWsMessage(when = "text != null and !text.startsWith('{')")
		Object text(String text, CharSequence same, WsMessage message) {
			this.heard.add("text '" + same + "' " + message.size());
			return text.isEmpty() ? CompletableFuture.completedFuture("later") : text;
		}

		@OnWsMessage(when = "$.is == 'trade'")
		CompletionStage<Trade> trade(@Valid Trade trade, WsConnection connection) {
			this.heard.add("trade " + trade.price());
			return CompletableFuture.completedFuture(new Trade(2 * trade.price()));
		}

		@OnWsMessage(when = "$.is == 'quote'")
		Mono<Void> quote(Optional<Quote> quote, WsHandshakeResponse response) {
			this.heard.add("quote " + quote);
			return Mono.empty();
		}

		@OnWsMessage(when = "$.is == 'status'")
		void event(Event event) {
			this.heard.add("event " + event);
		}

		@OnWsMessage(when = "$.level", filter = "#level['level'] > 5")
		void level(Map<String, Integer> level) {
			this.heard.add("level " + level.get("level"));
		}

		@OnWsMessage
		void bytes(byte[] bytes, ByteBuffer buffer, WsMessage message) {
			this.heard.add("bytes " + bytes.length + " " + buffer.remaining() + " " + message.size());
		}

		@OnWsMessage
		Csv csv(Csv csv) {
			List<String> fields = new ArrayList<>(csv.fields());
			Collections.reverse(fields);
			return new Csv(fields);
		}

		@OnWsReconnecting
		void reconnecting(int attempt, Duration delay, @WsAttribute("count") Integer count) {
			this.heard.add("reconnecting " + attempt + " " + !delay.isNegative() + " " + count);
		}

		@OnWsClose
		void closed(WsCloseEvent event, CloseStatus status, Optional<Throwable> cause) {
			this.heard.add("close " + status.code() + " " + status.reason());
		}

		@OnWsError
		void failed(Throwable error) {
			this.heard.add("error " + error.getClass().getSimpleName());
		}

		@OnWsError
		void invalid(WsMessageValidationException error, WsConnection connection) {
			this.heard.add("error " + error.getClass().getSimpleName());
		}

		@OnWsBufferFull
		void full(WsConnection connection) {
			this.heard.add("full");
		}

		@OnWsBufferDrain
		void drained() {
			this.heard.add("drained");
		}

	}

	/**
	 * Fails sometimes, and recovers.
	 */
	static class Unreliable implements WsHandlerRecoverer {

		final List<String> heard = Collections.synchronizedList(new ArrayList<>());

		@OnWsMessage
		void on(String text) {
			if (text.equals("m3") || (text.equals("m2") && !this.heard.contains("fail m2"))) {
				this.heard.add("fail " + text);
				throw new IllegalStateException(text);
			}
			this.heard.add("done " + text);
		}

		@OnWsError
		void failed(Throwable error) {
			this.heard.add("error " + error.getMessage());
		}

		@Override
		public void recover(WsHandlerEvent event, Method handler, Throwable failure) {
			this.heard.add("recovered " + failure.getMessage());
		}

	}

	/**
	 * Can't go on.
	 */
	static class Closing {

		@OnWsMessage
		@WsErrorStrategy(ErrorStrategy.CLOSE)
		void on(String text) {
			throw new IllegalStateException("hush");
		}

	}

	/**
	 * Sends without end.
	 */
	static class Streaming {

		final List<String> heard = Collections.synchronizedList(new ArrayList<>());

		@OnWsOpen
		Flux<String> opened() {
			return Flux.range(0, Integer.MAX_VALUE).map(String::valueOf).doOnCancel(() -> this.heard.add("cancelled"));
		}

		@OnWsError
		void failed(Throwable error) {
			this.heard.add("error " + error);
		}

	}

}
