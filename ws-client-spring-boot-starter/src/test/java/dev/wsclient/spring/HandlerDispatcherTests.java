package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.HandlerMethodTests.Tick;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandlerDispatcher}: replies, failures and what nobody takes.
 */
@ExtendWith(OutputCaptureExtension.class)
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class HandlerDispatcherTests {

	/** On the event loop all happens in the thread of the test. */
	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withBean(CountingObserver.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost",
				"ws.clients.ticker.dispatch.mode=event-loop");

	@BeforeEach
	void reset() {
		CountingObserver.counts.clear();
	}

	private List<Object> sent(Recorder handler, Consumer<Fixture> events) {
		List<Object> sent = new ArrayList<>();
		this.runner.withBean("handler", Recorder.class, () -> handler).run((context) -> {
			assertThat(context).hasNotFailed();
			Fixture fixture = new Fixture(context);
			events.accept(fixture);
			sent.addAll(fixture.connection.sent);
		});
		return sent;
	}

	@Test
	void textBytesAndBuffersAreSentAsTheyAre() {
		assertThat(sent(new Echo(), (fixture) -> {
			fixture.text("hello");
			fixture.text("");
			fixture.binary("bytes");
			fixture.open();
		})).containsExactly("hello", "", "bytes".getBytes(StandardCharsets.UTF_8), "opened");
	}

	@Test
	void anythingElseIsSentAsOneJsonText() {
		assertThat(sent(new Recorder() {

			@OnWsMessage
			List<Tick> on(String text) {
				return List.of(new Tick(1), new Tick(2));
			}

			@OnWsOpen
			Map<String, Object> opened() {
				return Map.of("op", "subscribe");
			}

		}, (fixture) -> {
			fixture.open();
			fixture.text("x");
		})).containsExactly("{\"op\":\"subscribe\"}", "[{\"price\":1},{\"price\":2}]");
	}

	@Test
	void messageIsSentAsWhatItIs() {
		assertThat(sent(new Recorder() {

			@OnWsMessage
			WsMessage on(WsMessage message) {
				return message;
			}

		}, (fixture) -> {
			fixture.text("t");
			fixture.binary("b");
		})).containsExactly("t", "b".getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void nothingIsSentForNull() {
		assertThat(sent(new Recorder() {

			@OnWsMessage
			@Nullable String on(String text) {
				return null;
			}

		}, (fixture) -> fixture.text("x"))).isEmpty();
	}

	@Test
	void stageIsSentWhenItCompletes() {
		CompletableFuture<Tick> later = new CompletableFuture<>();
		assertThat(sent(new Recorder() {

			@OnWsMessage
			CompletionStage<Tick> on(String text) {
				return later;
			}

		}, (fixture) -> {
			fixture.text("x");
			assertThat(fixture.connection.sent).isEmpty();
			later.complete(new Tick(3));
		})).containsExactly("{\"price\":3}");
	}

	@Test
	void stageThatFailsIsReported() {
		Failing handler = new Failing();
		sent(handler, (fixture) -> fixture.text("later"));
		assertThat(handler.heard).containsExactly("error java.lang.IllegalStateException: later");
	}

	@Test
	void replyThatCannotBeSentIsReported() {
		Failing handler = new Failing();
		sent(handler, (fixture) -> {
			fixture.connection.sendFailure = new WsSendException(Fixture.CONTEXT, Outcome.NOT_ACCEPTED,
					"the send buffer is full", null);
			fixture.text("reply");
		});
		assertThat(handler.heard).singleElement()
			.asString()
			.startsWith("error dev.wsclient.exception.WsSendException")
			.contains("the send buffer is full");
	}

	@Test
	void exceptionOfAHandlerIsLoggedAndReported(CapturedOutput output) {
		Failing handler = new Failing();
		sent(handler, (fixture) -> {
			fixture.text("now");
			fixture.text("now");
		});
		assertThat(handler.heard).containsExactly("error java.lang.IllegalStateException: now",
				"error java.lang.IllegalStateException: now");
		assertThat(output).containsOnlyOnce("Connection 'ticker': handler method ")
			.contains("HandlerDispatcherTests$Failing.on(String) failed 1 time(s)")
			.containsOnlyOnce("java.lang.IllegalStateException: now");
		assertThat(CountingObserver.counts).containsEntry("error", 2L);
	}

	@Test
	void exceptionOfAnErrorHandlerIsLoggedOnly(CapturedOutput output) {
		sent(new Recorder() {

			@OnWsError
			void failed(Throwable error) {
				throw new IllegalArgumentException("again");
			}

		}, (fixture) -> fixture.error(new IllegalStateException("first")));
		assertThat(output).contains("failed 1 time(s)").contains("IllegalArgumentException: again");
	}

	@Test
	void errorsOfTheVirtualMachineStayWithTheHandlerToo() {
		Failing handler = new Failing();
		sent(handler, (fixture) -> fixture.text("stack"));
		assertThat(handler.heard).containsExactly("error java.lang.StackOverflowError: stack");
	}

	@Test
	void messageThatCannotBeConvertedIsReportedWithoutItsPayload(CapturedOutput output) {
		List<Throwable> errors = new ArrayList<>();
		sent(new Recorder() {

			@OnWsMessage
			void on(List<Tick> ticks) {
				this.heard.add("never");
			}

			@OnWsError
			void failed(WsMessageConversionException error) {
				errors.add(error);
			}

		}, (fixture) -> {
			fixture.text("[{\"price\":\"hush\"}]");
			fixture.text("{hush");
			fixture.text("");
		});
		assertThat(errors).hasSize(3).allSatisfy((error) -> {
			assertThat(error).hasNoCause().hasMessageStartingWith("Connection 'ticker' to ws://fake.example/feed");
			assertThat(error.getMessage()).contains("List<dev.wsclient.spring.HandlerMethodTests$Tick>")
				.contains(".on(List)")
				.doesNotContain("hush");
			assertThat(((WsMessageConversionException) error).method().getName()).isEqualTo("on");
		});
		assertThat(errors.get(0)).hasMessageContaining("a text message of 18 bytes")
			.hasMessageContaining("InvalidFormatException at line 1, column ");
		assertThat(output).doesNotContain("hush").contains("could not be converted");
		assertThat(CountingObserver.counts).containsEntry("error", 3L);
	}

	@Test
	void valueThatCannotBeWrittenIsReportedWithoutItsContent(CapturedOutput output) {
		List<Throwable> errors = new ArrayList<>();
		sent(new Recorder() {

			@OnWsMessage
			Unwritable on(String text) {
				return new Unwritable();
			}

			@OnWsError
			void failed(Throwable error) {
				errors.add(error);
			}

		}, (fixture) -> fixture.text("x"));
		assertThat(errors).singleElement()
			.isInstanceOf(WsMessageConversionException.class)
			.satisfies((error) -> assertThat(error).hasMessageContaining("could not be converted to a message")
				.hasNoCause());
		assertThat(output).doesNotContain("hush");
	}

	@Test
	void messagesThatNobodyTakesAreCountedAndLoggedOnce(CapturedOutput output) {
		sent(new Recorder() {

			@OnWsMessage(when = "$.type == 'trade'")
			void trade() {
			}

		}, (fixture) -> {
			fixture.text("{\"type\":\"hush\"}");
			fixture.text("{\"type\":\"hush\"}");
			fixture.text("{\"type\":\"trade\"}");
			fixture.binary("x");
		});
		assertThat(CountingObserver.counts).containsEntry("unhandled", 3L).containsEntry("success", 1L);
		assertThat(output).containsOnlyOnce("no @OnWsMessage method takes 1 message(s), the last one text of 15 bytes")
			.doesNotContain("hush");
	}

	@Test
	void changesOfStateAreApplicationEvents() {
		Listening handler = new Listening();
		sent(handler, (fixture) -> fixture.on("ticker")
			.onStateChange(fixture.connection, new WsStateChange(WsState.CONNECTING, WsState.OPEN, null)));
		assertThat(handler.heard).containsExactly("ticker CONNECTING OPEN");
	}

	@Test
	void listenerOfEventsThatThrowsIsReported() {
		Recorder handler = new Recorder() {

			@EventListener
			void on(WsStateChangedEvent event) {
				throw new IllegalStateException("from the listener");
			}

			@OnWsError
			void failed(Throwable error) {
				this.heard.add(error.getMessage());
			}

		};
		sent(handler, (fixture) -> fixture.on("ticker")
			.onStateChange(fixture.connection, new WsStateChange(WsState.CONNECTING, WsState.OPEN, null)));
		assertThat(handler.heard).containsExactly("from the listener");
	}

	/**
	 * Sends back what it gets.
	 */
	static class Echo extends Recorder {

		@OnWsMessage
		String on(String text) {
			return text;
		}

		@OnWsMessage
		ByteBuffer on(ByteBuffer payload) {
			return payload;
		}

		@OnWsOpen
		CharSequence opened(WsConnection connection) {
			return CharBuffer.wrap("opened");
		}

	}

	/**
	 * Fails as it is told.
	 */
	static class Failing extends Recorder {

		@OnWsMessage
		CompletionStage<String> on(String text) {
			return switch (text) {
				case "now" -> throw new IllegalStateException(text);
				case "stack" -> throw new StackOverflowError(text);
				case "reply" -> CompletableFuture.completedFuture("answer");
				default -> CompletableFuture.supplyAsync(() -> {
					throw new IllegalStateException(text);
				}, Runnable::run);
			};
		}

		@OnWsError
		void failed(Throwable error) {
			this.heard.add("error " + error);
		}

	}

	/**
	 * Listens to changes of state.
	 */
	static class Listening extends Recorder {

		@EventListener
		void on(WsStateChangedEvent event) {
			this.heard.add(event.connection().name() + " " + event.change().from() + " " + event.change().to());
		}

	}

	/**
	 * Has a property that Jackson can't write.
	 */
	static class Unwritable {

		@JsonProperty
		String secret() {
			throw new IllegalStateException("hush");
		}

	}

	/**
	 * Counts what the dispatcher tells.
	 */
	static class CountingObserver implements ConnectionObserver.Factory {

		static final Map<String, Long> counts = new ConcurrentHashMap<>();

		@Override
		public ConnectionObserver create(String client) {
			return new ConnectionObserver() {

				@Override
				public HandlerScope handlerStarted(HandlerMethod handler, WsHandlerEvent event) {
					return new CountingScope();
				}

				@Override
				public void messageUnhandled() {
					counts.merge("unhandled", 1L, Long::sum);
				}

				@Override
				public void messageFiltered() {
					counts.merge("filtered", 1L, Long::sum);
				}

			};
		}

	}

	/**
	 * Counts one call by how it ended.
	 */
	static class CountingScope implements HandlerScope {

		private String outcome = "success";

		@Override
		public void failed(Throwable failure) {
			this.outcome = "error";
		}

		@Override
		public void close() {
			CountingObserver.counts.merge(this.outcome, 1L, Long::sum);
		}

	}

}
