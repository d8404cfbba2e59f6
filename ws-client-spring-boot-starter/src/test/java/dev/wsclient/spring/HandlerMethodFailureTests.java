package dev.wsclient.spring;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.annotation.Async;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.spring.HandlerMethodTests.Tick;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of handler methods that can't work: the start fails and says why.
 */
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class HandlerMethodFailureTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost");

	private static FailureAnalysis analyze(ApplicationContextRunner runner, Object bean) {
		return WsConfigurationFailureAnalyzerTests.analyze(runner.withBean("handler", Object.class, () -> bean));
	}

	private FailureAnalysis analyze(Object bean) {
		return analyze(this.runner, bean);
	}

	@Test
	void argumentThatNothingProvidesIsNamed() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsOpen
			void opened(WsConnection connection, String text) {
			}

		});
		assertThat(analysis.getDescription()).contains("Parameter 1 'text' of type java.lang.String")
			.contains("@OnWsOpen")
			.contains(".opened(WsConnection, String)");
		assertThat(analysis.getAction()).contains("WsConnection, WsHandshakeResponse").contains("WsArgumentResolver");
	}

	@Test
	void eventOfAnotherKindIsNoPayload() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage
			void message(WsCloseEvent event) {
			}

		});
		assertThat(analysis.getDescription()).contains("dev.wsclient.WsCloseEvent").contains("@OnWsMessage");
		assertThat(analysis.getAction())
			.contains("String, byte[], ByteBuffer, WsMessage, WsConnection, " + "any type that JSON is converted to");
	}

	@Test
	void argumentOfAnotherEventIsNamed() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsReconnecting
			void reconnecting(long attempt) {
			}

		});
		assertThat(analysis.getDescription()).contains("'attempt' of type long").contains("@OnWsReconnecting");
		assertThat(analysis.getAction()).contains("WsConnection, Duration, int");
	}

	@Test
	void asyncMethodIsRefused() {
		FailureAnalysis analysis = analyze(new Object() {

			@Async
			@OnWsMessage
			void message(String text) {
			}

		});
		assertThat(analysis.getDescription()).contains(".message(String)").contains("is @Async");
		assertThat(analysis.getAction()).contains("Remove @Async");
	}

	@Test
	void asyncClassIsRefused() {
		assertThat(analyze(new AsyncHandler()).getDescription()).contains(".message()").contains("is @Async");
	}

	@Test
	void typedPayloadNeedsJackson() {
		ApplicationContextRunner plain = this.runner.withClassLoader(new FilteredClassLoader("tools.jackson"));
		FailureAnalysis analysis = analyze(plain, new Object() {

			@OnWsMessage
			void message(Tick tick) {
			}

		});
		assertThat(analysis.getDescription()).contains("HandlerMethodTests$Tick");
		assertThat(analysis.getAction()).contains("with Jackson on the class path");
	}

	@Test
	void conditionNeedsJackson() {
		ApplicationContextRunner plain = this.runner.withClassLoader(new FilteredClassLoader("tools.jackson"));
		FailureAnalysis analysis = analyze(plain, new Object() {

			@OnWsMessage(when = "$.a")
			void message(String text) {
			}

		});
		assertThat(analysis.getAction()).contains("spring-boot-starter-jackson");
	}

	@Test
	void typedReturnValueNeedsJackson() {
		ApplicationContextRunner plain = this.runner.withClassLoader(new FilteredClassLoader("tools.jackson"));
		FailureAnalysis analysis = analyze(plain, new Object() {

			@OnWsOpen
			Tick opened() {
				return new Tick(1);
			}

		});
		assertThat(analysis.getDescription()).contains("HandlerMethodTests$Tick");
	}

	@Test
	void unknownConnectionListsTheKnownOnes() {
		FailureAnalysis analysis = analyze(this.runner.withPropertyValues("ws.clients.orders.url=ws://localhost"),
				new Object() {

					@OnWsClose("tikker")
					void closed() {
					}

				});
		assertThat(analysis.getDescription()).contains(".closed()").contains("'tikker'");
		assertThat(analysis.getAction()).contains("ticker").contains("orders").contains("ws.clients.tikker.url");
	}

	@Test
	void connectionMustBeNamedIfThereAreSeveral() {
		FailureAnalysis analysis = analyze(this.runner.withPropertyValues("ws.clients.orders.url=ws://localhost"),
				new Object() {

					@OnWsClose
					void closed() {
					}

				});
		assertThat(analysis.getDescription()).contains("doesn't name its connection").contains("ticker");
		assertThat(analysis.getAction()).contains("@WsHandler");
	}

	@Test
	void handlerWithoutAnyConnectionIsTold() {
		ApplicationContextRunner none = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class));
		FailureAnalysis analysis = analyze(none, new Object() {

			@OnWsClose
			void closed() {
			}

		});
		assertThat(analysis.getAction()).contains("ws.clients.<name>.url");
	}

	@Test
	void wrongConditionIsShown() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage(when = "type = 'x'")
			void message(String text) {
			}

		});
		assertThat(analysis.getDescription()).contains("\"type = 'x'\"").contains("must start with $");
		assertThat(analysis.getAction()).contains("$.type == 'trade'");
	}

	@Test
	void textAndBinaryArgumentsExcludeEachOther() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage
			void both(String text, byte[] bytes) {
			}

		});
		assertThat(analysis.getDescription()).contains("could never be called");
	}

	@Test
	void conditionAndBinaryArgumentExcludeEachOther() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage(when = "$.a")
			void both(byte[] bytes) {
			}

		});
		assertThat(analysis.getDescription()).contains("could never be called");
	}

	@Test
	void closeHandlerReturnsNothing() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsClose
			String closed() {
				return "bye";
			}

		});
		assertThat(analysis.getDescription()).contains("@OnWsClose").contains("is not sent");
	}

	@Test
	void publisherIsNoReply() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage
			Flow.Publisher<String> message(String text) {
				return (subscriber) -> {
				};
			}

		});
		assertThat(analysis.getDescription()).contains("java.util.concurrent.Flow$Publisher");
	}

	@Test
	void futureIsNoReplyUnlessItIsAStage() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage
			Future<String> message(String text) {
				return CompletableFuture.completedFuture(text);
			}

		});
		assertThat(analysis.getAction()).contains("CompletionStage");
	}

	/**
	 * Has only asynchronous methods.
	 */
	@Async
	static class AsyncHandler {

		@OnWsPing
		void message() {
		}

	}

}
