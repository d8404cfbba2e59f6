package dev.wsclient.spring;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.JsonNode;

import dev.wsclient.WsMessage;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.spring.FeedScript.Cut;
import dev.wsclient.spring.FeedScript.Pace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests with what two exchanges really sent: every message arrives once, in order, byte
 * for byte, and typed, also across reconnects.
 */
@Timeout(120)
class RecordedFeedIntegrationTests {

	private static final int COINBASE_MESSAGES = 9_946;

	private static final int KRAKEN_MESSAGES = 4_321;

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, WsMetricsAutoConfiguration.class,
				TaskExecutionAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withBean(SimpleMeterRegistry.class)
		.withPropertyValues("ws.defaults.reconnect.initial-delay=10ms", "ws.defaults.reconnect.max-delay=50ms");

	private void play(RecordedFeed feed, FeedScript script, Recording recording, int unhandled) {
		try (JettyWsServer server = new JettyWsServer(script)) {
			List<String> properties = new ArrayList<>(List.of("ws.clients.feed.url=" + server.url()));
			for (String subscription : feed.subscriptions()) {
				properties.add("ws.clients.feed.on-open[" + (properties.size() - 1) + "]=" + subscription);
			}
			this.runner.withBean("recording", Recording.class, () -> recording)
				.withPropertyValues(properties.toArray(String[]::new))
				.run((context) -> {
					assertThat(context).hasNotFailed();
					MeterRegistry meters = context.getBean(MeterRegistry.class);
					await().atMost(Duration.ofSeconds(60))
						.until(() -> recording.texts.size()
								+ count(meters, "ws.client.messages.unhandled") >= feed.messages().size());
					assertThat(count(meters, "ws.client.messages.unhandled")).isEqualTo(unhandled);
					assertThat(
							meters.get("ws.client.messages").tags("direction", "in", "type", "text").counter().count())
						.isEqualTo(feed.messages().size());
					assertThat(meters.get("ws.client.bytes").tags("direction", "in", "type", "text").counter().count())
						.isEqualTo(feed.texts()
							.stream()
							.mapToInt((text) -> text.getBytes(StandardCharsets.UTF_8).length)
							.sum());
				});
			assertThat(script.failures).isEmpty();
		}
	}

	private static double count(MeterRegistry meters, String name) {
		return meters.get(name).counter().count();
	}

	private static void assertSame(List<String> received, List<String> sent) {
		assertThat(received).hasSameSizeAs(sent);
		for (int i = 0; i < sent.size(); i++) {
			assertThat(received.get(i)).as("message %d", i).isEqualTo(sent.get(i));
		}
	}

	@ParameterizedTest
	@CsvSource({ "FAST, 0, TCP_ONLY", "HUNDREDFOLD, 0, TCP_ONLY", "FAST, 6, TCP_ONLY", "FAST, 6, CLOSE_FRAME",
			"HUNDREDFOLD, 3, TCP_ONLY" })
	void coinbaseIsTypedByTheFieldType(Pace pace, int cuts, Cut cut) {
		RecordedFeed feed = RecordedFeed.load("coinbase");
		assertThat(feed.messages()).hasSize(COINBASE_MESSAGES);
		CoinbaseHandlers handlers = new CoinbaseHandlers();
		FeedScript script = new FeedScript(feed, pace, cuts, cut);
		play(feed, script, handlers, 10);
		assertThat(script.sessions).hasValue(cuts + 1);
		assertCuts(handlers.errors, (cut == Cut.TCP_ONLY) ? cuts : 0);
		assertThat(handlers.counts).containsExactlyInAnyOrderEntriesOf(
				Map.of("subscriptions", 3, "snapshot", 10, "l2update", 9_719, "ticker", 107, "match", 97));
		assertSame(handlers.texts, without(feed, (text) -> text.startsWith("{\"type\":\"last_match\"")));
	}

	@ParameterizedTest
	@CsvSource({ "FAST, 0, TCP_ONLY", "HUNDREDFOLD, 0, TCP_ONLY", "FAST, 6, TCP_ONLY", "FAST, 6, CLOSE_FRAME",
			"HUNDREDFOLD, 3, CLOSE_FRAME" })
	void krakenIsTypedByShapeAndEvent(Pace pace, int cuts, Cut cut) {
		RecordedFeed feed = RecordedFeed.load("kraken");
		assertThat(feed.messages()).hasSize(KRAKEN_MESSAGES);
		KrakenHandlers handlers = new KrakenHandlers();
		FeedScript script = new FeedScript(feed, pace, cuts, cut);
		play(feed, script, handlers, 31);
		assertThat(script.sessions).hasValue(cuts + 1);
		assertCuts(handlers.errors, (cut == Cut.TCP_ONLY) ? cuts : 0);
		assertThat(handlers.counts)
			.containsExactlyInAnyOrderEntriesOf(Map.of("systemStatus", 1, "subscriptionStatus", 10, "book", 4_279));
		assertSame(handlers.texts, without(feed, (text) -> text.equals("{\"event\":\"heartbeat\"}")));
	}

	private static void assertCuts(List<Throwable> errors, int cuts) {
		assertThat(errors).hasSize(cuts).allMatch(WsConnectException.class::isInstance);
	}

	private static List<String> without(RecordedFeed feed, Predicate<String> unhandled) {
		return feed.texts().stream().filter(unhandled.negate()).toList();
	}

	@Test
	void everyByteArrivesAsItWasSent() {
		for (String name : List.of("coinbase", "kraken")) {
			RecordedFeed feed = RecordedFeed.load(name);
			RawHandler handler = new RawHandler();
			play(feed, new FeedScript(feed, Pace.FAST, 4, Cut.TCP_ONLY), handler, 0);
			assertSame(handler.texts, feed.texts());
			assertCuts(handler.errors, 4);
		}
	}

	/**
	 * Remembers messages in order of arrival.
	 */
	abstract static class Recording {

		final List<String> texts = Collections.synchronizedList(new ArrayList<>());

		final Map<String, Integer> counts = new ConcurrentHashMap<>();

		final List<Throwable> errors = Collections.synchronizedList(new ArrayList<>());

		void record(String type, String text) {
			this.counts.merge(type, 1, Integer::sum);
			this.texts.add(text);
		}

		@OnWsError
		void failed(Throwable error) {
			this.errors.add(error);
		}

	}

	/**
	 * Takes messages as bytes.
	 */
	static class RawHandler extends Recording {

		@OnWsMessage
		void on(WsMessage message) {
			record(message.type().name(), new String(message.bytes(), StandardCharsets.UTF_8));
		}

	}

	/**
	 * Takes messages of one exchange, but for {@code last_match}.
	 */
	static class CoinbaseHandlers extends Recording {

		@OnWsMessage(when = "$.type == 'subscriptions'")
		void on(Subscriptions subscriptions, String text) {
			assertThat(subscriptions.channels()).isNotEmpty().allSatisfy((channel) -> {
				assertThat(channel.name()).isNotBlank();
				assertThat(channel.productIds()).hasSize(10);
			});
			record(subscriptions.type(), text);
		}

		@OnWsMessage(when = "$.type == 'snapshot'")
		void on(Snapshot snapshot, String text) {
			assertThat(snapshot.productId()).isNotBlank();
			assertThat(snapshot.asks()).isNotEmpty();
			record(snapshot.type(), text);
		}

		@OnWsMessage(when = "$.type == 'l2update'")
		void on(String text, L2Update update) {
			assertThat(update.changes().get(0)).hasSize(3);
			assertThat(update.time()).isAfter(Instant.EPOCH);
			record(update.type(), text);
		}

		@OnWsMessage(when = "$.type == 'ticker'")
		void on(Ticker ticker, String text) {
			assertThat(ticker.sequence()).isPositive();
			record(ticker.type(), text);
		}

		@OnWsMessage(when = "$.type == 'match'")
		void on(Match match, String text) {
			assertThat(match.tradeId()).isPositive();
			record(match.type(), text);
		}

	}

	/**
	 * Takes messages of the other exchange, but for {@code heartbeat}.
	 */
	static class KrakenHandlers extends Recording {

		@OnWsMessage(when = "$.event == 'systemStatus'")
		void on(SystemStatus status, String text) {
			assertThat(status.connectionId()).isEqualTo(new BigInteger("17843232920108168701"));
			record(status.event(), text);
		}

		@OnWsMessage(when = "$.event == 'subscriptionStatus'")
		void on(SubscriptionStatus status, String text) {
			assertThat(status.subscription().depth()).isEqualTo(1000);
			record(status.event(), text);
		}

		@OnWsMessage(when = "$[0]")
		void on(List<JsonNode> book, String text) {
			assertThat(book).hasSizeGreaterThanOrEqualTo(4);
			assertThat(book.get(0).asInt()).isPositive();
			record("book", text);
		}

	}

	/**
	 * Answer to subscriptions.
	 *
	 * @param type the type
	 * @param channels the channels
	 */
	record Subscriptions(String type, List<Channel> channels) {

		/**
		 * A channel.
		 *
		 * @param name its name
		 * @param productIds its products
		 */
		record Channel(String name, @JsonProperty("product_ids") List<String> productIds) {

		}

	}

	/**
	 * An order book.
	 *
	 * @param type the type
	 * @param productId the product
	 * @param asks prices and sizes
	 * @param bids prices and sizes
	 */
	record Snapshot(String type, @JsonProperty("product_id") String productId, List<List<String>> asks,
			List<List<String>> bids) {

	}

	/**
	 * A change of an order book.
	 *
	 * @param type the type
	 * @param productId the product
	 * @param changes side, price and size
	 * @param time when
	 */
	record L2Update(String type, @JsonProperty("product_id") String productId, List<List<String>> changes,
			Instant time) {

	}

	/**
	 * A price.
	 *
	 * @param type the type
	 * @param sequence its number
	 * @param price the price
	 */
	record Ticker(String type, long sequence, String price) {

	}

	/**
	 * A trade.
	 *
	 * @param type the type
	 * @param tradeId its number
	 * @param price the price
	 */
	record Match(String type, @JsonProperty("trade_id") long tradeId, String price) {

	}

	/**
	 * State of the exchange.
	 *
	 * @param event the event
	 * @param connectionId a number that needs more than 63 bits
	 */
	record SystemStatus(String event, @JsonProperty("connectionID") BigInteger connectionId) {

	}

	/**
	 * Answer to a subscription.
	 *
	 * @param event the event
	 * @param pair the pair
	 * @param subscription what was subscribed to
	 */
	record SubscriptionStatus(String event, String pair, Subscription subscription) {

		/**
		 * A subscription.
		 *
		 * @param depth the depth of the book
		 * @param name the name
		 */
		record Subscription(int depth, String name) {

		}

	}

}
