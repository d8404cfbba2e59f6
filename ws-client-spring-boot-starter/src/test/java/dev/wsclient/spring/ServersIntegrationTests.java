package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import reactor.core.publisher.Flux;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of one application with all kinds of handlers against Jetty, Tomcat and Netty.
 */
@Timeout(90)
class ServersIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Map<String, Callable<FeedServer>> SERVERS = Map.of("Jetty", FeedServer::jetty, "Tomcat",
			FeedServer::tomcat, "Netty", FeedServer::netty);

	static Stream<Arguments> servers() {
		return SERVERS.entrySet().stream().map((server) -> Arguments.of(server.getKey(), server.getValue()));
	}

	static Stream<Arguments> serversAndModes() {
		return SERVERS.entrySet()
			.stream()
			.flatMap((server) -> Stream.of("serial", "event-loop", "keyed", "concurrent")
				.map((mode) -> Arguments.of(server.getKey(), mode, server.getValue())));
	}

	private static ConfigurableApplicationContext run(FeedServer server, Class<?> handlers, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("--ws.clients.feed.url=" + server.url(), "--ws.clients.feed.reconnect.initial-delay=20ms",
						"--ws.clients.feed.reconnect.jitter=0", "--spring.main.banner-mode=off"));
		for (String property : properties) {
			all.add("--ws.clients.feed." + property);
		}
		return new SpringApplicationBuilder(Application.class, handlers).web(WebApplicationType.NONE)
			.run(all.toArray(String[]::new));
	}

	private static String[] dispatch(String mode) {
		return mode.equals("keyed") ? new String[] { "dispatch.mode=keyed", "dispatch.key=$.key" }
				: new String[] { "dispatch.mode=" + mode };
	}

	@ParameterizedTest(name = "{0}, {1}")
	@MethodSource("serversAndModes")
	void handlersHearAllAndTheirRepliesArrive(String name, String mode, Callable<FeedServer> start) throws Exception {
		try (FeedServer server = start.call();
				ConfigurableApplicationContext context = run(server, Handlers.class,
						with(dispatch(mode), "on-open[0]=logged in"))) {
			Handlers handlers = context.getBean(Handlers.class);
			awaitAll(server.received, "{\"op\":\"subscribe\"}", "logged in", "{\"symbol\":\"X\",\"price\":10}",
					"re: plain", "binary bytes");
			awaitAll(handlers.heard, "connect", "open 101", "trade X", "text plain", "bytes bytes",
					"ping are you there");
			WsConnection feed = context.getBean(WsConnections.class).get("feed");
			feed.ping(ByteBuffer.wrap("me too".getBytes(StandardCharsets.UTF_8)));
			awaitAll(handlers.heard, "pong me too");
			handlers.heard.clear();
			server.received.clear();
			feed.send(FeedServer.CUT);
			awaitAll(handlers.heard, "close 1001 by SERVER, will reconnect", "attempt 1 in 20 ms", "open 101",
					"trade X");
			awaitAll(server.received, "{\"op\":\"subscribe\"}", "logged in", "{\"symbol\":\"X\",\"price\":10}");
			assertThat(handlers.errors).isEmpty();
			context.stop();
			assertThat(handlers.heard).endsWith("close 1001 by CLIENT, is over");
		}
	}

	private static String[] with(String[] properties, String... further) {
		return Stream.concat(Stream.of(properties), Stream.of(further)).toArray(String[]::new);
	}

	@ParameterizedTest(name = "{0}, {1}")
	@MethodSource("serversAndModes")
	void everyKindOfArgumentIsGivenInEveryMode(String name, String mode, Callable<FeedServer> start) throws Exception {
		try (FeedServer server = start.call();
				ConfigurableApplicationContext context = run(server,
						mode.equals("event-loop") ? ManyArguments.class : Batching.class, dispatch(mode))) {
			ManyArguments handlers = context.getBean(ManyArguments.class);
			WsConnection feed = context.getBean(WsConnections.class).get("feed");
			awaitAll(handlers.heard, "open websocket, nobody", "optional X", "message plain",
					"buffer bytes, 101, websocket", "ping " + FeedServer.PING.length);
			feed.attributes().put("user", "somebody");
			feed.send(FeedServer.ECHO + "{\"type\":\"list\",\"of\":[{\"symbol\":\"Y\",\"price\":1}]}");
			feed.send(FeedServer.ECHO + "{\"type\":\"bad\"}");
			awaitAll(handlers.heard, "generics Y for somebody", "error as told", "map of 1");
			feed.send(FeedServer.BURST);
			await().atMost(PATIENCE).until(() -> handlers.bursts.size() == FeedServer.BURST_COUNT);
			if (!mode.equals("concurrent")) {
				assertInOrder(handlers.bursts);
			}
			if (handlers instanceof Batching batching) {
				awaitBatches(batching, server, mode);
			}
			awaitAll(server.received, "one", "two");
			feed.send(FeedServer.CUT);
			awaitAll(handlers.heard, "closed 1001 by SERVER, websocket", "attempt 1 in PT0.02S for somebody");
			assertThat(feed.whenOpen()).succeedsWithin(PATIENCE);
			awaitAll(handlers.heard, "open websocket, somebody");
		}
	}

	private static void awaitBatches(Batching handlers, FeedServer server, String mode) {
		await().atMost(PATIENCE).until(() -> handlers.batched.size() == FeedServer.BURST_COUNT);
		if (!mode.equals("concurrent")) {
			assertInOrder(handlers.batched);
		}
		assertThat(handlers.batches.get()).isLessThan(FeedServer.BURST_COUNT);
		await().atMost(PATIENCE)
			.until(() -> server.received.stream().filter((text) -> text.startsWith("batch of ")).count() > 1);
	}

	private static void assertInOrder(List<Burst> bursts) {
		for (int i = 0; i < FeedServer.BURST_KEYS; i++) {
			String key = "k" + i;
			assertThat(bursts.stream().filter((burst) -> burst.key().equals(key)).map(Burst::number)).isSorted()
				.hasSize(FeedServer.BURST_COUNT / FeedServer.BURST_KEYS);
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("servers")
	void conflatedMessagesAreTheLatestOfTheirKeys(String name, Callable<FeedServer> start) throws Exception {
		try (FeedServer server = start.call();
				ConfigurableApplicationContext context = run(server, Latest.class, "dispatch.conflate=true",
						"dispatch.key=$.key", "on-open[0]=" + FeedServer.BURST)) {
			Latest handler = context.getBean(Latest.class);
			WsConnection feed = context.getBean(WsConnections.class).get("feed");
			// The trade, the plain text and the bytes come before
			await().atMost(PATIENCE).until(() -> feed.snapshot().messagesReceived() == FeedServer.BURST_COUNT + 3);
			handler.goOn.countDown();
			int last = FeedServer.BURST_COUNT / FeedServer.BURST_KEYS - 1;
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(handler.latest).hasSize(FeedServer.BURST_KEYS)
					.allSatisfy((key, number) -> assertThat(number).isEqualTo(last)));
			assertThat(handler.calls).hasValueLessThan(FeedServer.BURST_COUNT / 2);
		}
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("servers")
	void fullBufferAndItsDrainAreHeard(String name, Callable<FeedServer> start) throws Exception {
		try (FeedServer server = start.call();
				ConfigurableApplicationContext context = run(server, Buffers.class, "auto-start=false",
						"send-buffer.max-size=1KB")) {
			Buffers handlers = context.getBean(Buffers.class);
			WsConnection feed = context.getBean(WsConnections.class).get("feed");
			CompletionStage<Void> first = feed.send("x".repeat(1000));
			assertThat(feed.send("y".repeat(100))).failsWithin(PATIENCE);
			awaitAll(handlers.heard, "full");
			assertThat(handlers.heard).doesNotContain("drain");
			feed.connect();
			assertThat(first).succeedsWithin(PATIENCE);
			awaitAll(handlers.heard, "drain");
			awaitAll(server.received, "x".repeat(1000));
		}
	}

	private static void awaitAll(List<String> heard, String... expected) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(heard).contains(expected));
	}

	/**
	 * An application with what its class path configures.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/**
	 * Its handlers.
	 */
	static class Handlers {

		final List<String> heard = new CopyOnWriteArrayList<>();

		final List<Throwable> errors = new CopyOnWriteArrayList<>();

		@OnWsConnect
		void connected() {
			this.heard.add("connect");
		}

		@OnWsOpen
		Map<String, String> opened(WsHandshakeResponse response) {
			this.heard.add("open " + response.statusCode());
			return Map.of("op", "subscribe");
		}

		@OnWsMessage(when = "$.type == 'trade'")
		CompletionStage<Trade> traded(Trade trade) {
			this.heard.add("trade " + trade.symbol());
			return CompletableFuture.completedFuture(new Trade(trade.symbol(), 2 * trade.price()));
		}

		@OnWsMessage
		String text(String text) {
			this.heard.add("text " + text);
			return "re: " + text;
		}

		@OnWsMessage
		byte[] binary(byte[] payload) {
			this.heard.add("bytes " + new String(payload, StandardCharsets.UTF_8));
			return payload;
		}

		@OnWsPing
		void pinged(byte[] payload) {
			this.heard.add("ping " + new String(payload, StandardCharsets.UTF_8));
		}

		@OnWsPong
		void ponged(byte[] payload) {
			this.heard.add("pong " + new String(payload, StandardCharsets.UTF_8));
		}

		@OnWsClose
		void closed(WsCloseEvent event, CloseStatus status) {
			this.heard.add("close " + status.code() + " by " + event.initiator()
					+ (event.willReconnect() ? ", will reconnect" : ", is over"));
		}

		@OnWsReconnecting
		void reconnecting(int attempt, Duration delay) {
			this.heard.add("attempt " + attempt + " in " + delay.toMillis() + " ms");
		}

		@OnWsError
		void failed(Throwable error) {
			this.errors.add(error);
		}

	}

	/**
	 * Methods with all that they can take and return.
	 */
	@WsHandler("feed")
	static class ManyArguments {

		final List<String> heard = new CopyOnWriteArrayList<>();

		final List<Burst> bursts = new CopyOnWriteArrayList<>();

		@OnWsOpen
		Flux<String> opened(@WsHeader("Upgrade") String upgrade, @WsAttribute Optional<String> user) {
			this.heard.add("open " + upgrade.toLowerCase(Locale.ROOT) + ", " + user.orElse("nobody"));
			return Flux.just("one", "two");
		}

		@OnWsMessage(when = "$.type == 'trade'")
		void optional(Optional<Trade> trade) {
			trade.ifPresent((each) -> this.heard.add("optional " + each.symbol()));
		}

		@OnWsMessage(when = "text == 'plain'")
		void plain(WsMessage message, WsConnection connection) {
			this.heard.add("message " + message.text());
		}

		@OnWsMessage
		void buffer(WsHandshakeResponse response, ByteBuffer payload, @WsHeader List<String> upgrade) {
			this.heard.add("buffer " + StandardCharsets.UTF_8.decode(payload) + ", " + response.statusCode() + ", "
					+ upgrade.get(0).toLowerCase(Locale.ROOT));
		}

		@OnWsMessage(when = "$.type == 'list'")
		void generics(@WsAttribute String user, Envelope<Trade> envelope) {
			this.heard.add("generics " + envelope.of().get(0).symbol() + " for " + user);
		}

		@OnWsMessage(when = "$.type == 'bad'", filter = "#json.size() == 1")
		void bad(Map<String, Object> json) {
			this.heard.add("map of " + json.size());
			throw new IllegalStateException("as told");
		}

		@OnWsMessage(when = "$.type == 'burst'")
		void burst(Burst burst) {
			this.bursts.add(burst);
		}

		@OnWsPing
		void pinged(ByteBuffer payload) {
			this.heard.add("ping " + payload.remaining());
		}

		@OnWsClose
		void closed(@WsHeader Optional<String> upgrade, WsConnection connection, WsCloseEvent event) {
			this.heard.add("closed " + event.status().code() + " by " + event.initiator() + ", "
					+ upgrade.orElse("?").toLowerCase(Locale.ROOT));
		}

		@OnWsError
		void failed(IllegalStateException error) {
			this.heard.add("error " + error.getMessage());
		}

		@OnWsReconnecting
		void reconnecting(Duration delay, @WsAttribute Map<String, Object> attributes, int attempt) {
			this.heard.add("attempt " + attempt + " in " + delay + " for " + attributes.get("user"));
		}

	}

	/**
	 * Takes batches too, which methods on the event loop don't.
	 */
	static class Batching extends ManyArguments {

		final List<Burst> batched = Collections.synchronizedList(new ArrayList<>());

		final AtomicInteger batches = new AtomicInteger();

		@OnWsMessage(when = "json.type == 'burst'", batchSize = 50, batchTimeout = "100ms")
		String batch(List<Burst> batch) {
			this.batched.addAll(batch);
			return "batch of " + batch.size() + ", number " + this.batches.incrementAndGet();
		}

	}

	/**
	 * Keeps the latest number of each key, slowly.
	 */
	static class Latest {

		final CountDownLatch goOn = new CountDownLatch(1);

		final Map<String, Integer> latest = new ConcurrentHashMap<>();

		final AtomicInteger calls = new AtomicInteger();

		@OnWsMessage(when = "$.type == 'burst'")
		void on(Burst burst) throws InterruptedException {
			this.goOn.await();
			this.calls.incrementAndGet();
			this.latest.put(burst.key(), burst.number());
		}

	}

	/**
	 * Hears of the send buffer.
	 */
	static class Buffers {

		final List<String> heard = new CopyOnWriteArrayList<>();

		@OnWsBufferFull
		void full(WsConnection connection) {
			this.heard.add("full");
		}

		@OnWsBufferDrain
		void drained() {
			this.heard.add("drain");
		}

	}

	/**
	 * One of many messages.
	 *
	 * @param key what is in order
	 * @param number counts the messages of a key
	 */
	record Burst(String key, int number) {

	}

	/**
	 * Holds others.
	 *
	 * @param of the others
	 * @param <T> what they are
	 */
	record Envelope<T>(List<T> of) {

	}

	/**
	 * A trade.
	 *
	 * @param symbol what was traded
	 * @param price its price
	 */
	record Trade(String symbol, int price) {

	}

}
