package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
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

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of one application with all kinds of handlers against Jetty, Tomcat and Netty.
 */
@Timeout(90)
class ServersIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	static Stream<Arguments> serversAndModes() {
		Map<String, Callable<FeedServer>> servers = Map.of("Jetty", FeedServer::jetty, "Tomcat", FeedServer::tomcat,
				"Netty", FeedServer::netty);
		return servers.entrySet()
			.stream()
			.flatMap((server) -> Stream.of("serial", "event-loop")
				.map((mode) -> Arguments.of(server.getKey(), mode, server.getValue())));
	}

	@ParameterizedTest(name = "{0}, {1}")
	@MethodSource("serversAndModes")
	void handlersHearAllAndTheirRepliesArrive(String name, String mode, Callable<FeedServer> start) throws Exception {
		try (FeedServer server = start.call();
				ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class, Handlers.class)
					.web(WebApplicationType.NONE)
					.run("--ws.clients.feed.url=" + server.url(), "--ws.clients.feed.dispatch.mode=" + mode,
							"--ws.clients.feed.reconnect.initial-delay=20ms", "--ws.clients.feed.reconnect.jitter=0",
							"--ws.clients.feed.on-open[0]=logged in", "--spring.main.banner-mode=off")) {
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
	 * A trade.
	 *
	 * @param symbol what was traded
	 * @param price its price
	 */
	record Trade(String symbol, int price) {

	}

}
