package dev.wsclient.spring;

import java.io.IOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.annotation.Order;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.spring.HandlerDispatcherTests.CountingObserver;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.HandlerMethodTests.Tick;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.properties.ErrorStrategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what follows when handler methods fail: log, close, retry and recover, and
 * which {@link OnWsError} methods hear of it.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class ErrorStrategyTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withBean(CountingObserver.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost",
				"ws.defaults.handler-errors.delay=1ms");

	@BeforeEach
	void reset() {
		CountingObserver.counts.clear();
	}

	private static void run(ApplicationContextRunner runner, Recorder handler, Consumer<Fixture> events) {
		runner.withBean("handler", Recorder.class, () -> handler).run((context) -> {
			assertThat(context).hasNotFailed();
			events.accept(new Fixture(context));
		});
	}

	private static WsTimeoutException timeout() {
		return new WsTimeoutException(Fixture.CONTEXT, WsTimeoutException.Deadline.PONG, Duration.ofSeconds(1));
	}

	@Test
	void closestErrorHandlerOfABeanIsCalled() {
		Recorder handler = new Recorder() {

			@OnWsError
			void any(Throwable error) {
				this.heard.add("any");
			}

			@OnWsError
			void ours(WsException error) {
				this.heard.add("ours");
			}

			@OnWsError
			@Order(2)
			void timeout(WsTimeoutException error, WsConnection connection) {
				this.heard.add("timeout");
			}

			@OnWsError
			@Order(1)
			void first(Throwable error, WsTimeoutException same) {
				this.heard.add("first " + (error == same));
			}

		};
		run(this.runner, handler, (fixture) -> {
			fixture.error(timeout());
			fixture.error(new WsConnectException(Fixture.CONTEXT, "refused", new IOException("refused")));
			fixture.error(new IllegalStateException("x"));
			fixture.error(new StackOverflowError("y"));
		});
		assertThat(handler.heard).containsExactly("first true", "timeout", "ours", "any", "any");
	}

	@Test
	void closestErrorHandlerOfEachBeanIsCalledTheClosestFirst() {
		List<String> heard = new ArrayList<>();
		this.runner.withBean("audit", Object.class, () -> new Object() {

			@OnWsError
			@Order(1)
			void any() {
				heard.add("any");
			}

		}).withBean("other", Object.class, () -> new Object() {

			@OnWsError
			@Order(2)
			void timeout(WsTimeoutException error) {
				heard.add("timeout");
			}

		}).run((context) -> {
			new Fixture(context).error(timeout());
			new Fixture(context).error(new IllegalStateException("x"));
		});
		assertThat(heard).containsExactly("timeout", "any", "any");
	}

	@Test
	void closeEndsTheConnectionWith1011AndItsHealthIsDown(CapturedOutput output) {
		Failing handler = new Failing();
		run(this.runner.withPropertyValues("ws.clients.ticker.handler-errors.strategy=close"), handler, (fixture) -> {
			fixture.text("hush");
			assertThat(fixture.connection.calls).containsExactly("close 1011 (handler failed)");
			StateTracker tracker = fixture.tracker();
			tracker.stateChanged(fixture.connection, new WsStateChange(WsState.CLOSING, WsState.CLOSED, null));
			assertThat(tracker.hasFailed()).isTrue();
			tracker.stateChanged(fixture.connection, new WsStateChange(WsState.CLOSED, WsState.CONNECTING, null));
			tracker.stateChanged(fixture.connection, new WsStateChange(WsState.CLOSING, WsState.CLOSED, null));
			assertThat(tracker.hasFailed()).as("a later close is another matter").isFalse();
		});
		assertThat(handler.heard).containsExactly("call 1 hush", "error IOException 1");
		assertThat(output).containsOnlyOnce("Connection 'ticker' is closed with 1011 because ")
			.contains("connect() opens it again");
	}

	@Test
	void closeAlsoFollowsAStageThatFails() {
		Recorder handler = new Recorder() {

			@OnWsMessage
			@WsErrorStrategy(ErrorStrategy.CLOSE)
			CompletionStage<String> on(String text) {
				return CompletableFuture.failedFuture(new IllegalStateException("later"));
			}

		};
		run(this.runner, handler, (fixture) -> {
			fixture.text("x");
			await().until(() -> !fixture.connection.calls.isEmpty());
			assertThat(fixture.connection.calls).containsExactly("close 1011 (handler failed)");
		});
	}

	@Test
	void logLeavesTheConnectionAlone() {
		Failing handler = new Failing();
		run(this.runner, handler, (fixture) -> {
			fixture.text("x");
			assertThat(fixture.connection.calls).isEmpty();
		});
		assertThat(handler.heard).containsExactly("call 1 x", "error IOException 1");
	}

	@Test
	void retryCallsAgainUntilItSucceeds() {
		Failing handler = new Failing();
		handler.failures = 2;
		run(this.runner.withPropertyValues("ws.defaults.handler-errors.strategy=retry"), handler, (fixture) -> {
			fixture.text("x");
			fixture.text("y");
			assertThat(fixture.connection.sent).containsExactly("done x", "done y");
		});
		assertThat(handler.heard).containsExactly("call 1 x", "call 2 x", "call 3 x", "call 4 y");
		assertThat(CountingObserver.counts).containsEntry("error", 2L).containsEntry("success", 2L);
	}

	@Test
	void recovererGetsTheMessageAfterTheLastRetry() {
		Failing handler = new Failing();
		RecordingRecoverer recoverer = new RecordingRecoverer();
		run(this.runner
			.withPropertyValues("ws.defaults.handler-errors.strategy=retry",
					"ws.clients.ticker.handler-errors.max-retries=2")
			.withBean(RecordingRecoverer.class, () -> recoverer), handler, (fixture) -> fixture.text("x"));
		assertThat(handler.heard).containsExactly("call 1 x", "call 2 x", "call 3 x", "error IOException 3");
		assertThat(recoverer.recovered).containsExactly("on x IOException 3");
	}

	@Test
	void recovererThatFailsIsReportedAndTheNextMessageIsHandled(CapturedOutput output) {
		Failing handler = new Failing();
		RecordingRecoverer recoverer = new RecordingRecoverer();
		recoverer.failure = new IllegalStateException("store is full");
		run(this.runner
			.withPropertyValues("ws.defaults.handler-errors.strategy=retry", "ws.defaults.handler-errors.max-retries=0")
			.withBean(RecordingRecoverer.class, () -> recoverer), handler, (fixture) -> {
				fixture.text("x");
				handler.failures = 0;
				fixture.text("y");
			});
		assertThat(handler.heard).containsExactly("call 1 x", "error IOException 1", "error store is full", "call 2 y");
		assertThat(output).contains("the recoverer of ").contains("store is full");
	}

	@Test
	void payloadThatCannotBeConvertedIsNotTriedAgain() {
		RecordingRecoverer recoverer = new RecordingRecoverer();
		Recorder handler = new Recorder() {

			@OnWsMessage
			@WsErrorStrategy(value = ErrorStrategy.RETRY, maxRetries = 5, delay = "1h", recoverer = "mine")
			void on(Tick tick) {
				this.heard.add("never");
			}

		};
		run(this.runner.withBean("mine", RecordingRecoverer.class, () -> recoverer), handler,
				(fixture) -> fixture.text("{"));
		assertThat(handler.heard).isEmpty();
		assertThat(recoverer.recovered).singleElement().asString().startsWith("on { Connection 'ticker'");
		assertThat(CountingObserver.counts).containsEntry("error", 1L);
	}

	@Test
	void annotationOfTheMethodComesBeforeThatOfTheClassAndTheProperties() {
		Recorder handler = new OfClass();
		run(this.runner.withPropertyValues("ws.defaults.handler-errors.strategy=close", "wait=2ms"), handler,
				(fixture) -> {
					fixture.binary("x");
					fixture.text("x");
					assertThat(fixture.connection.calls).isEmpty();
				});
		assertThat(handler.heard).containsExactly("binary", "text", "text");
	}

	@Test
	void retryWaitsNoLongerWhenTheConnectionStops() throws Exception {
		CountDownLatch called = new CountDownLatch(1);
		RecordingRecoverer recoverer = new RecordingRecoverer();
		Recorder handler = new Recorder() {

			@OnWsMessage
			@WsErrorStrategy(value = ErrorStrategy.RETRY, delay = "1h", maxDelay = "1h")
			void on(String text) throws IOException {
				this.heard.add("call");
				called.countDown();
				throw new IOException("down");
			}

		};
		this.runner.withBean(RecordingRecoverer.class, () -> recoverer)
			.withBean("handler", Recorder.class, () -> handler)
			.run((context) -> {
				Thread thread = new Thread(() -> new Fixture(context).text("x"));
				thread.start();
				assertThat(called.await(30, TimeUnit.SECONDS)).isTrue();
				context.getBean(WsLifecycle.class).stop();
				thread.join(30_000);
				assertThat(thread.isAlive()).isFalse();
			});
		assertThat(handler.heard).as("the retry it waited for is the last").containsExactly("call", "call");
		assertThat(recoverer.recovered).containsExactly("on x down");
	}

	/**
	 * Fails some times.
	 */
	static class Failing extends Recorder {

		int failures = Integer.MAX_VALUE;

		private int calls;

		@OnWsMessage
		String on(String text) throws IOException {
			this.calls++;
			this.heard.add("call " + this.calls + " " + text);
			if (this.calls <= this.failures) {
				throw new IOException("IOException " + this.calls);
			}
			return "done " + text;
		}

		@OnWsError
		void failed(Throwable error) {
			this.heard.add("error " + error.getMessage());
		}

	}

	/**
	 * Has a strategy, and a method with its own.
	 */
	@WsErrorStrategy(ErrorStrategy.LOG)
	static class OfClass extends Recorder {

		@OnWsMessage
		void binary(byte[] bytes) {
			this.heard.add("binary");
			throw new IllegalStateException("binary");
		}

		@OnWsMessage
		@WsErrorStrategy(value = ErrorStrategy.RETRY, maxRetries = 1, delay = "${wait}", multiplier = 1)
		void text(String text) {
			this.heard.add("text");
			throw new IllegalStateException("text");
		}

	}

	/**
	 * Remembers what it was given.
	 */
	static class RecordingRecoverer implements WsHandlerRecoverer {

		final List<String> recovered = Collections.synchronizedList(new ArrayList<>());

		@Nullable RuntimeException failure;

		@Override
		public void recover(WsHandlerEvent event, Method handler, Throwable failure) {
			this.recovered.add(handler.getName() + " " + Objects.requireNonNull(event.message()).text() + " "
					+ failure.getMessage());
			if (this.failure != null) {
				throw this.failure;
			}
		}

	}

}
