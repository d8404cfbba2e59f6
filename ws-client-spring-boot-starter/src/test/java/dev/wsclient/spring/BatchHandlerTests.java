package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

import jakarta.validation.Valid;
import jakarta.validation.constraints.Positive;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.spring.HandlerDispatcherTests.CountingObserver;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.HandlerMethodTests.Tick;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.properties.ErrorStrategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of handler methods that take batches, without a network.
 */
@Timeout(60)
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class BatchHandlerTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class,
				ValidationAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withBean(CountingObserver.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost",
				"ws.defaults.handler-errors.delay=1ms");

	@BeforeEach
	void reset() {
		CountingObserver.counts.clear();
	}

	private void run(Recorder handler, Consumer<Fixture> events) {
		run(this.runner, handler, events);
	}

	private static void run(ApplicationContextRunner runner, Recorder handler, Consumer<Fixture> events) {
		runner.withBean("handler", Recorder.class, () -> handler).run((context) -> {
			assertThat(context).hasNotFailed();
			events.accept(new Fixture(context));
		});
	}

	@Test
	void elementsAreOfAnyPayloadType() {
		Recorder handler = new Recorder() {

			@OnWsMessage(batchSize = 2)
			void texts(List<String> texts) {
				this.heard.add("texts " + texts);
			}

			@OnWsMessage(batchSize = 2)
			void ticks(WsConnection connection, List<Tick> ticks) {
				this.heard.add(connection.name() + " " + ticks);
			}

			@OnWsMessage(batchSize = 2)
			void messages(List<WsMessage> messages) {
				this.heard.add("messages " + messages.stream().map(WsMessage::text).toList());
			}

			@OnWsMessage(batchSize = 2)
			void bytes(List<byte[]> bytes) {
				this.heard.add("bytes " + bytes.stream().map((each) -> each.length).toList());
			}

		};
		run(handler, (fixture) -> {
			fixture.text("{\"price\":1}");
			fixture.text("{\"price\":2}");
			fixture.binary("x");
			fixture.binary("yz");
		});
		assertThat(handler.heard).containsExactlyInAnyOrder("texts [{\"price\":1}, {\"price\":2}]",
				"ticker [Tick[price=1], Tick[price=2]]", "messages [{\"price\":1}, {\"price\":2}]", "bytes [1, 2]",
				"messages [x, yz]");
		assertThat(CountingObserver.counts).as("one call for each batch").containsEntry("success", 5L);
	}

	@Test
	void listWithoutBatchSizeIsReadFromOneMessage() {
		Recorder handler = new Recorder() {

			@OnWsMessage
			void on(List<Tick> ticks) {
				this.heard.add(ticks.toString());
			}

		};
		run(handler, (fixture) -> fixture.text("[{\"price\":1},{\"price\":2}]"));
		assertThat(handler.heard).containsExactly("[Tick[price=1], Tick[price=2]]");
	}

	@Test
	void batchIsCalledWhenItsTimeIsUp() {
		Recorder handler = new Recorder() {

			@OnWsMessage(batchSize = 10, batchTimeout = "${patience}")
			void on(List<String> texts) {
				this.heard.add(texts + " on " + Thread.currentThread().getName());
			}

		};
		run(this.runner.withPropertyValues("patience=250ms"), handler, (fixture) -> {
			fixture.text("a");
			fixture.text("b");
			assertThat(fixture.connection.delays).containsExactly(Duration.ofMillis(250));
			assertThat(handler.heard).isEmpty();
			fixture.connection.timers.get(0).run();
			await().until(() -> !handler.heard.isEmpty());
		});
		assertThat(handler.heard).first().asString().startsWith("[a, b] on ").doesNotEndWith("on main");
	}

	@Test
	void otherEventsComeAfterTheMessagesBeforeThem() {
		Recorder handler = new Recorder() {

			@OnWsMessage(batchSize = 10)
			String on(List<String> texts) {
				this.heard.add(texts.toString());
				return "stored " + texts.size();
			}

			@OnWsClose
			void closed() {
				this.heard.add("close");
			}

		};
		run(handler, (fixture) -> {
			fixture.text("a");
			fixture.text("b");
			fixture.close();
			assertThat(fixture.connection.sent).as("a reply for each batch").containsExactly("stored 2");
		});
		assertThat(handler.heard).containsExactly("[a, b]", "close");
	}

	@Test
	void messageThatFailsIsReportedAndLeftOut() {
		Recorder handler = new Recorder() {

			@OnWsMessage(batchSize = 4)
			void on(List<@Valid Priced> all) {
				this.heard.add(all.toString());
			}

			@OnWsError
			void failed(WsMessageConversionException error) {
				this.heard.add("not converted");
			}

			@OnWsError
			void failed(WsMessageValidationException error) {
				this.heard.add("not valid");
			}

		};
		FakeWsMessage[] messages = { FakeWsMessage.text("{\"price\":1}"), FakeWsMessage.text("{\"price\":\"x\"}"),
				FakeWsMessage.text("{\"price\":-1}"), FakeWsMessage.text("{\"price\":2}") };
		run(handler, (fixture) -> {
			for (FakeWsMessage message : messages) {
				assertThat(messages).allMatch((each) -> each.released == 0);
				fixture.on("ticker").onMessage(fixture.connection, message);
			}
			assertThat(messages).as("those that failed too").allMatch((each) -> each.released == 1);
			fixture.text("{");
			fixture.close();
		});
		assertThat(handler.heard).as("no call without messages")
			.containsExactly("not converted", "not valid", "[Priced[price=1], Priced[price=2]]", "not converted");
	}

	@Test
	void batchIsRetriedAndRecoveredAsOne() {
		Recorder handler = new Recorder() {

			@OnWsMessage(batchSize = 2)
			@WsErrorStrategy(value = ErrorStrategy.RETRY, maxRetries = 2)
			void on(List<ByteBuffer> buffers) {
				StringBuilder texts = new StringBuilder();
				buffers.forEach((buffer) -> texts.append(StandardCharsets.UTF_8.decode(buffer)).append(' '));
				this.heard.add(texts.toString());
				throw new IllegalStateException("broken");
			}

		};
		WsHandlerRecoverer recoverer = (event, method, failure) -> handler.heard
			.add("recover " + Objects.requireNonNull(event.batch()).size() + " " + event.message());
		FakeWsMessage first = FakeWsMessage.binary("a");
		run(this.runner.withBean(WsHandlerRecoverer.class, () -> recoverer), handler, (fixture) -> {
			fixture.on("ticker").onMessage(fixture.connection, first);
			fixture.binary("b");
			assertThat(first.released).isOne();
		});
		assertThat(handler.heard).containsExactly("a b ", "a b ", "a b ", "recover 2 null");
		assertThat(CountingObserver.counts).isEqualTo(Map.of("error", 3L));
	}

	@Test
	void conditionsDecideForEachMessageAndOtherMethodsGetTheirsAtOnce() {
		Recorder handler = new Recorder() {

			@OnWsMessage(batchSize = 2, when = "$.price == 1")
			void ones(List<Tick> ticks) {
				this.heard.add("ones " + ticks.size());
			}

			@OnWsMessage(when = "json.price < 3")
			void small(Tick tick) {
				this.heard.add("small " + tick.price());
			}

		};
		run(handler, (fixture) -> {
			for (int price : new int[] { 1, 2, 3, 1 }) {
				fixture.text("{\"price\":" + price + "}");
			}
		});
		assertThat(handler.heard).containsExactly("small 1", "small 2", "ones 2", "small 1");
		assertThat(CountingObserver.counts).containsEntry("unhandled", 1L);
	}

	private FailureAnalysis analyze(Object bean, String... properties) {
		return WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withPropertyValues(properties).withBean("handler", Object.class, () -> bean));
	}

	@Test
	void batchNeedsAList() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage(batchSize = 10)
			void on(String text) {
			}

		});
		assertThat(analysis.getDescription()).contains(".on(String)")
			.contains("its parameter 0 is a java.lang.String, not a List");
		assertThat(analysis.getAction()).contains("List<String>");
	}

	@Test
	@SuppressWarnings("rawtypes") // that is what is refused
	void batchNeedsToKnowItsElements() {
		assertThat(analyze(new Object() {

			@OnWsMessage(batchSize = 10)
			void on(List texts) {
			}

		}).getDescription()).contains(".on(List)").contains("not a List of payloads");
	}

	@Test
	void batchNeedsExactlyOneList() {
		assertThat(analyze(new Object() {

			@OnWsMessage(batchSize = 10)
			void on(List<String> texts, List<Tick> ticks) {
			}

		}).getDescription()).contains("has 2 parameters for their payloads");
		assertThat(analyze(new Object() {

			@OnWsMessage(batchSize = 10)
			void on(WsConnection connection) {
			}

		}).getDescription()).contains("has 0 parameters for their payloads");
	}

	@Test
	void sizeIsNotNegative() {
		assertThat(analyze(new Object() {

			@OnWsMessage(batchSize = -1)
			void on(List<String> texts) {
			}

		}).getDescription()).contains(".on(List) has the batchSize -1");
	}

	@Test
	void sizeIsAtMostHalfOfTheQueue() {
		Object handler = new Object() {

			@OnWsMessage(batchSize = 51)
			void on(List<String> texts) {
			}

		};
		FailureAnalysis analysis = analyze(handler, "ws.clients.ticker.dispatch.queue=100");
		assertThat(analysis.getDescription()).contains("batchSize 51").contains("half of the 100 messages");
		assertThat(analysis.getAction()).contains("50 or less")
			.contains("'ws.clients.ticker.dispatch.queue' to 102 or more");
		this.runner.withPropertyValues("ws.clients.ticker.dispatch.queue=102")
			.withBean("handler", Object.class, () -> handler)
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@ParameterizedTest
	@CsvSource({ "0s,more than 0", "-1s,more than 0", "366d,at most 365 days", "soon,soon" })
	void timeIsMoreThanZero(String timeout, String reason) {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage(batchSize = 10, batchTimeout = "${timeout}")
			void on(List<String> texts) {
			}

		}, "timeout=" + timeout);
		assertThat(analysis.getDescription()).contains(".on(List) has the wrong batchTimeout \"" + timeout + "\"")
			.contains(reason);
		assertThat(analysis.getAction()).contains("500ms");
	}

	@Test
	void timeNeedsASize() {
		assertThat(analyze(new Object() {

			@OnWsMessage(batchTimeout = "2s")
			void on(List<String> texts) {
			}

		}).getDescription()).contains("has a batchTimeout, but no batchSize");
	}

	@Test
	void filterIsRefused() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage(batchSize = 10, filter = "#texts.size() > 1")
			void on(List<String> texts) {
			}

		});
		assertThat(analysis.getDescription()).contains("has a filter, but takes batches");
		assertThat(analysis.getAction()).contains("'when'");
	}

	@Test
	void eventLoopIsRefused() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage(batchSize = 10)
			void on(List<String> texts) {
			}

		}, "ws.clients.ticker.dispatch.mode=event-loop");
		assertThat(analysis.getDescription()).contains("takes batches").contains("'ticker'").contains("event loop");
		assertThat(analysis.getAction()).contains("'ws.clients.ticker.dispatch.mode'");
	}

	/**
	 * A payload.
	 *
	 * @param price must be positive
	 */
	record Priced(@Positive int price) {

	}

}
