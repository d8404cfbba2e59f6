package dev.wsclient.spring;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.Future;

import jakarta.validation.Valid;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.scheduling.annotation.Async;
import org.springframework.validation.annotation.Validated;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.spring.HandlerMethodTests.Tick;
import dev.wsclient.spring.properties.ErrorStrategy;

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
			.contains("String, byte[], ByteBuffer, WsMessage, WsConnection, WsHandshakeResponse, @WsHeader, "
					+ "@WsAttribute, any type that JSON or a WsMessageConverter gives, or Optional of each");
	}

	@Test
	void argumentOfAnotherEventIsNamed() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsReconnecting
			void reconnecting(long attempt) {
			}

		});
		assertThat(analysis.getDescription()).contains("'attempt' of type long").contains("@OnWsReconnecting");
		assertThat(analysis.getAction()).contains("Duration, int, WsConnection");
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
		assertThat(analysis.getAction()).startsWith("Did you mean 'ticker'?")
			.contains("orders")
			.contains("ws.clients.tikker.url");
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
		assertThat(analysis.getDescription()).contains("\"type = 'x'\"")
			.contains("it assigns a value; write == to compare");
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
	void publisherOfWhatNothingConvertsIsNoReply() {
		ApplicationContextRunner plain = this.runner.withClassLoader(new FilteredClassLoader("tools.jackson"));
		FailureAnalysis analysis = analyze(plain, new Object() {

			@OnWsMessage
			Flow.Publisher<Optional<Tick>> message(String text) {
				return (subscriber) -> {
				};
			}

		});
		assertThat(analysis.getDescription()).contains("returns dev.wsclient.spring.HandlerMethodTests$Tick")
			.contains("nothing converts");
		assertThat(analysis.getAction()).contains("WsMessageConverter");
	}

	@Test
	void headerIsOnlyThereInASession() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsReconnecting
			void reconnecting(@WsHeader("X") String x) {
			}

		});
		assertThat(analysis.getDescription()).contains("'x' of type java.lang.String").contains("@OnWsReconnecting");
		assertThat(analysis.getAction()).contains("@WsAttribute").doesNotContain("@WsHeader");
	}

	@Test
	void headerMustBeConvertible() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage
			void message(@WsHeader("X") WsConnection connection) {
			}

		});
		assertThat(analysis.getDescription()).contains("which no header can be converted to")
			.contains(".message(WsConnection)");
		assertThat(analysis.getAction()).contains("List<String>");
	}

	@Test
	void primitiveCannotBeAbsent() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage
			void message(@WsAttribute(name = "count", required = false) int count) {
			}

		});
		assertThat(analysis.getDescription()).contains("can't be null");
		assertThat(analysis.getAction()).contains("Optional");
	}

	@Test
	void validPayloadNeedsAValidator() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage
			void message(@Valid Tick tick) {
			}

		});
		assertThat(analysis.getDescription()).contains(".message(Tick)").contains("no jakarta.validation.Validator");
		assertThat(analysis.getAction()).contains("spring-boot-starter-validation");
	}

	@Test
	void validatedElementsNeedAValidator() {
		assertThat(analyze(new Object() {

			@OnWsMessage
			void message(List<@Valid Tick> ticks) {
			}

		}).getDescription()).contains(".message(List)").contains("no jakarta.validation.Validator");
		assertThat(analyze(new Object() {

			@OnWsMessage
			void message(@Validated Tick tick) {
			}

		}).getDescription()).contains("no jakarta.validation.Validator");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', textBlock = """
			json.type ==         | Problem parsing right operand
			type == 'trade'      | there is no 'type'; known are [message, text, json, connection]
			json.a == #tick      | there is no variable #tick; known are []
			json.a = 1           | it assigns a value
			$.a == 1 and $.b     | nothing may follow the condition, found 'and $.b'
			""")
	void wrongConditionIsFoundAtTheStart(String when, String reason) {
		FailureAnalysis analysis = analyze(this.runner.withPropertyValues("condition=" + when), new Object() {

			@OnWsMessage(when = "${condition}")
			void message(String text) {
			}

		});
		assertThat(analysis.getDescription()).contains(".message(String)").contains(reason);
	}

	@Test
	void wrongFilterIsFoundAtTheStart() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage(filter = "#tik.price > 1")
			void message(Tick tick) {
			}

		});
		assertThat(analysis.getDescription()).contains("has the wrong filter")
			.contains("there is no variable #tik; known are [tick]");
		assertThat(analysis.getAction()).contains("#tick");
	}

	@Test
	void typeAndArgumentExcludeEachOther() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage(type = WsMessage.Type.BINARY)
			void message(String text) {
			}

		});
		assertThat(analysis.getDescription()).contains("could never be called");
	}

	@Test
	void retryIsRefusedOnTheEventLoop() {
		FailureAnalysis analysis = analyze(this.runner.withPropertyValues("ws.clients.ticker.dispatch.mode=event-loop"),
				new Object() {

					@OnWsMessage
					@WsErrorStrategy(ErrorStrategy.RETRY)
					void message(String text) {
					}

				});
		assertThat(analysis.getDescription()).contains(".message(String)").contains("'ticker'").contains("event loop");
		assertThat(analysis.getAction()).contains("ws.clients.ticker.dispatch.mode");
	}

	@Test
	void errorStrategyBelongsToMessagesAndOpening() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsClose
			@WsErrorStrategy(ErrorStrategy.CLOSE)
			void closed() {
			}

		});
		assertThat(analysis.getDescription()).contains(".closed()").contains("@OnWsClose");
		assertThat(analysis.getAction()).contains("@OnWsOpen and @OnWsMessage");
	}

	@Test
	void wrongFiguresOfAStrategyAreShown() {
		assertThat(analyze(new Object() {

			@OnWsMessage
			@WsErrorStrategy(value = ErrorStrategy.RETRY, delay = "soon")
			void message(String text) {
			}

		}).getDescription()).contains(".message(String)").contains("wrong @WsErrorStrategy").contains("soon");
		assertThat(analyze(new Object() {

			@OnWsMessage
			@WsErrorStrategy(value = ErrorStrategy.RETRY, maxRetries = -2)
			void message(String text) {
			}

		}).getDescription()).contains("must be in 0 to 1000, was -2");
	}

	@Test
	void figuresOfRetriesNeedRetries() {
		assertThat(analyze(new Object() {

			@OnWsMessage
			@WsErrorStrategy(value = ErrorStrategy.LOG, maxRetries = 2)
			void message(String text) {
			}

		}).getDescription()).contains(".message(String)").contains("of LOG that tunes retries");
		FailureAnalysis analysis = analyze(new TunedHandler());
		assertThat(analysis.getDescription()).contains(".opened()").contains("of CLOSE that tunes retries");
		assertThat(analysis.getAction()).contains("ErrorStrategy.RETRY");
	}

	@Test
	void recovererOfTheSettingsMustBeThereEvenWithoutHandlers() {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withBean("mine", WsHandlerRecoverer.class, () -> (event, method, failure) -> {
			}).withPropertyValues("ws.clients.ticker.handler-errors.recoverer=your"));
		assertThat(analysis.getDescription()).contains("'ws.clients.ticker.handler-errors.recoverer'")
			.contains("there is no WsHandlerRecoverer bean 'your'; known are [mine]");
		assertThat(analysis.getAction()).contains("the name of a WsHandlerRecoverer bean");
	}

	@Test
	void classThatNamesItsConnectionNeedsHandlerMethods() {
		FailureAnalysis analysis = analyze(new NoHandler());
		assertThat(analysis.getDescription()).contains("NoHandler")
			.contains("@WsHandler")
			.contains("no handler method");
		assertThat(analysis.getAction()).contains("@OnWsMessage");
		this.runner.withBean(OfAHandler.class).run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void recovererMustBeNamedIfThereAreSeveral() {
		ApplicationContextRunner two = this.runner.withPropertyValues("ws.defaults.handler-errors.strategy=retry")
			.withBean("one", WsHandlerRecoverer.class, () -> (event, method, failure) -> {
			})
			.withBean("other", WsHandlerRecoverer.class, () -> (event, method, failure) -> {
			});
		Object handler = new Object() {

			@OnWsMessage
			void message(String text) {
			}

		};
		assertThat(analyze(two, handler).getDescription()).contains("doesn't name its recoverer");
		FailureAnalysis unknown = analyze(two.withPropertyValues("ws.defaults.handler-errors.recoverer=third"),
				handler);
		assertThat(unknown.getDescription()).contains("'third'").contains("[one, other]");
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

	/**
	 * Tunes what it does not have.
	 */
	@WsErrorStrategy(value = ErrorStrategy.CLOSE, recoverer = "mine")
	static class TunedHandler {

		@OnWsOpen
		void opened() {
		}

	}

	/**
	 * Forgot the annotation of its method.
	 */
	@WsHandler("ticker")
	static class NoHandler {

		void message(String text) {
		}

	}

	/**
	 * Names the connection of its subclasses.
	 */
	@WsHandler("ticker")
	abstract static class AbstractHandler {

	}

	/**
	 * Inherits the name of the connection only.
	 */
	static class OfAHandler extends AbstractHandler {

	}

}
