package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

import com.fasterxml.jackson.annotation.JsonProperty;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.event.EventListener;

import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.OneFailedCallIsOneFailedCallIntegrationTests.Unprintable;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.properties.ErrorStrategy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * One failed call is one failed call, whatever part of it is the application's code:
 * replies that come later, publishers, recoverers, observers, keys, listeners.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class OneFailedCallTests {

	/** On the event loop all happens in the thread of the test. */
	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost",
				"ws.clients.ticker.dispatch.mode=event-loop");

	private static void run(ApplicationContextRunner runner, Object handler, Consumer<Fixture> events) {
		runner.withBean("handler", Object.class, () -> handler).run((context) -> {
			assertThat(context).hasNotFailed();
			events.accept(new Fixture(context));
			assertNothingIsExpected(context);
		});
	}

	private static void assertNothingIsExpected(AssertableApplicationContext context) {
		HandlerDispatcher dispatcher = context.getBean(ConnectionRegistry.class).managed("ticker").dispatcher();
		assertThat(dispatcher.gate().expectedWork()).as("what a stop would wait for").isZero();
	}

	@Test
	void errorInTheConversionOfALateReplyIsToldAndKeepsNoStop() {
		CompletableFuture<Object> later = new CompletableFuture<>();
		Failing handler = new Failing() {

			@OnWsMessage
			CompletionStage<Object> on(String text) {
				return later;
			}

		};
		run(this.runner, handler, (fixture) -> {
			fixture.text("x");
			later.complete(new BreaksTheMapper());
		});
		assertThat(handler.errors).singleElement().isInstanceOf(Error.class);
	}

	@Test
	void errorInTheConversionOfAnElementIsToldAndEndsTheStream() {
		Failing handler = new Failing() {

			@OnWsMessage
			Flow.Publisher<Object> on(String text) {
				return (subscriber) -> subscriber.onSubscribe(new FakeSubscription(() -> {
					subscriber.onNext(new BreaksTheMapper());
					subscriber.onNext("never");
				}));
			}

		};
		run(this.runner, handler, (fixture) -> {
			fixture.text("x");
			assertThat(fixture.connection.sent).isEmpty();
		});
		assertThat(handler.errors).singleElement().isInstanceOf(Error.class);
	}

	@Test
	void publisherThatThrowsIsToldAndKeepsNoStop() {
		Failing handler = new Failing() {

			@OnWsMessage
			Flow.Publisher<Object> on(String text) {
				return switch (text) {
					case "subscribe" -> (subscriber) -> {
						throw new NoClassDefFoundError(text);
					};
					case "request" -> (subscriber) -> subscriber.onSubscribe(new FakeSubscription(() -> {
						throw new StackOverflowError(text);
					}));
					default -> (subscriber) -> subscriber.onSubscribe(new FakeSubscription(() -> {
					}) {

						@Override
						public void cancel() {
							throw new IllegalStateException(text);
						}

					});
				};
			}

		};
		run(this.runner, handler, (fixture) -> {
			fixture.open();
			fixture.text("subscribe");
			fixture.text("request");
			fixture.text("cancel");
			fixture.text("cancel");
			fixture.close();
		});
		assertThat(handler.errors).extracting(Throwable::getMessage).containsExactly("subscribe", "request");
	}

	@Test
	void stageThatIsBrokenIsToldAndKeepsNoStop() {
		Failing handler = new Failing() {

			@OnWsMessage
			CompletionStage<String> on(String text) {
				return new CompletableFuture<>() {

					@Override
					public CompletableFuture<String> whenComplete(
							java.util.function.BiConsumer<? super String, ? super Throwable> action) {
						throw new LinkageError(text);
					}

				};
			}

		};
		run(this.runner, handler, (fixture) -> fixture.text("broken"));
		assertThat(handler.errors).extracting(Throwable::getMessage).containsExactly("broken");
	}

	@Test
	void exceptionThatCannotBePrintedIsLoggedByItsClassAndTold(CapturedOutput output) {
		Failing handler = new Failing() {

			@OnWsMessage
			@WsErrorStrategy(ErrorStrategy.CLOSE)
			void on(String text) {
				throw new Unprintable();
			}

		};
		run(this.runner, handler, (fixture) -> {
			fixture.text("x");
			assertThat(fixture.connection.calls).containsExactly("close 1011 (handler failed)");
		});
		assertThat(handler.errors).singleElement().isInstanceOf(Unprintable.class);
		assertThat(output).contains("failed 1 time(s)").contains("Unprintable");
	}

	@Test
	void recovererThatThrowsAnythingIsToldAndTheNextMessageIsRecovered() {
		List<String> recovered = new ArrayList<>();
		WsHandlerRecoverer recoverer = new WsHandlerRecoverer() {

			@Override
			public void recover(WsHandlerEvent event, Method handler, Throwable failure) throws Exception {
				recovered.add(String.valueOf(failure.getMessage()));
				if (recovered.size() == 1) {
					throw new InterruptedException("recoverer");
				}
				if (recovered.size() == 2) {
					Thread.currentThread().interrupt();
					throw new Unprintable();
				}
				new CountDownLatch(0).await();
			}

		};
		Failing handler = new Failing() {

			@OnWsMessage
			@WsErrorStrategy(value = ErrorStrategy.RETRY, maxRetries = 0)
			void on(String text) throws Exception {
				new CountDownLatch(0).await();
				throw new IllegalStateException(text);
			}

		};
		run(this.runner.withPropertyValues("ws.clients.ticker.dispatch.mode=serial")
			.withBean(WsHandlerRecoverer.class, () -> recoverer), handler, (fixture) -> {
				fixture.text("1");
				fixture.text("2");
				fixture.text("3");
			});
		assertThat(recovered).containsExactly("1", "2", "3");
		assertThat(handler.errors).extracting((error) -> error.getClass().getSimpleName())
			.containsExactly("IllegalStateException", "InterruptedException", "IllegalStateException", "Unprintable",
					"IllegalStateException");
	}

	@Test
	void observerThatThrowsKeepsNoMessageFromItsHandler() {
		Failing handler = new Failing() {

			@OnWsMessage
			String on(String text) {
				return text;
			}

		};
		run(this.runner.withBean(ConnectionObserver.Factory.class, () -> (client) -> new ThrowingObserver()), handler,
				(fixture) -> {
					fixture.text("1");
					fixture.binary("unhandled");
					fixture.text("2");
					assertThat(fixture.connection.sent).containsExactly("1", "2");
				});
		assertThat(handler.errors).isEmpty();
	}

	@Test
	void listenerOfEventsThatThrowsAnErrorOrIsInterruptedIsToldAndDisturbsNoOther() {
		Failing handler = new Failing() {

			@EventListener
			void on(WsStateChangedEvent event) {
				Thread.currentThread().interrupt();
				throw new AssertionError("listener");
			}

			@OnWsMessage
			void on(String text) throws InterruptedException {
				new CountDownLatch(0).await();
			}

		};
		run(this.runner, handler, (fixture) -> {
			fixture.on("ticker")
				.onStateChange(fixture.connection, new WsStateChange(WsState.CONNECTING, WsState.OPEN, null));
			fixture.text("x");
		});
		assertThat(handler.errors).singleElement()
			.satisfies((error) -> assertThat(error).hasRootCauseMessage("listener"));
	}

	@Test
	void closeStrategyIsForHandlersNotForRepliesThatCannotBeSent() {
		Failing handler = new Failing() {

			@OnWsMessage
			@WsErrorStrategy(ErrorStrategy.CLOSE)
			Object on(String text) {
				return text.equals("optional") ? Optional.of(text) : CompletableFuture.completedFuture(text);
			}

		};
		run(this.runner, handler, (fixture) -> {
			for (Outcome outcome : Outcome.values()) {
				fixture.connection.sendFailure = new WsSendException(Fixture.CONTEXT, outcome, "gone", null);
				fixture.text("optional");
				fixture.text("stage");
			}
			assertThat(fixture.connection.calls).isEmpty();
		});
		assertThat(handler.errors).hasSize(2 * Outcome.values().length);
	}

	/**
	 * Remembers what failed.
	 */
	abstract static class Failing extends Recorder {

		final List<Throwable> errors = new ArrayList<>();

		@OnWsError
		void failed(Throwable error) {
			this.errors.add(error);
		}

	}

	/**
	 * Has a property whose class can't be loaded.
	 */
	static class BreaksTheMapper {

		@JsonProperty
		String value() {
			throw new ExceptionInInitializerError("broken");
		}

	}

	/**
	 * Gives something when it is asked to.
	 */
	static class FakeSubscription implements Flow.Subscription {

		private final Runnable request;

		FakeSubscription(Runnable request) {
			this.request = request;
		}

		@Override
		public void request(long count) {
			this.request.run();
		}

		@Override
		public void cancel() {
		}

	}

	/**
	 * Throws whatever it is told.
	 */
	static class ThrowingObserver implements ConnectionObserver {

		@Override
		public HandlerScope handlerStarted(HandlerMethod handler, WsHandlerEvent event) {
			if (String.valueOf(event.message()).isEmpty()) {
				return HandlerScope.NONE;
			}
			if (java.util.Objects.requireNonNull(event.message()).text().equals("1")) {
				throw new Unprintable();
			}
			return new HandlerScope() {

				@Override
				public void close() {
					throw new AssertionError("close");
				}

			};
		}

		@Override
		public void messageUnhandled() {
			throw new AssertionError("unhandled");
		}

	}

}
