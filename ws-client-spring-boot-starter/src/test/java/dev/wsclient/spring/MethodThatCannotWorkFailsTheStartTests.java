package dev.wsclient.spring;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.Stream;

import kotlin.coroutines.Continuation;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.context.PropertyPlaceholderAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Scope;
import org.springframework.context.annotation.ScopedProxyMode;
import org.springframework.context.support.SimpleThreadScope;
import org.springframework.core.MethodParameter;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.WsStateChange;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.HandlerMethodTests.Tick;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.properties.ErrorStrategy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A method that cannot work fails the start, by name: the text names the method, what is
 * wrong with it and how to correct it.
 */
@ExtendWith(OutputCaptureExtension.class)
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class MethodThatCannotWorkFailsTheStartTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost");

	private FailureAnalysis analyze(Object bean) {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withBean("handler", Object.class, () -> bean));
		assertThat(analysis.getDescription()).as("names the method").contains(".on(");
		assertThat(analysis.getAction()).isNotBlank();
		return analysis;
	}

	/**
	 * Methods with a parameter that nothing provides.
	 */
	static Stream<Object> unprovided() {
		return Stream.of(new Object() {

			@OnWsMessage
			void on(ApplicationContext context) {
			}

		}, new Object() {

			@OnWsMessage
			void on(String text, ApplicationContext context) {
			}

		}, new Object() {

			@OnWsMessage
			void on(Runnable task) {
			}

		}, new Object() {

			@OnWsMessage
			void on(List<Runnable> tasks) {
			}

		}, new Object() {

			@OnWsMessage
			void on(Runnable[] tasks) {
			}

		}, new Object() {

			@OnWsMessage(batchSize = 2)
			void on(List<AutoCloseable> batch) {
			}

		}, new Object() {

			@OnWsMessage
			void on(Unmade payload) {
			}

		}, new Object() {

			@OnWsMessage
			void on(WsHandlerEvent event) {
			}

		}, new Object() {

			@OnWsMessage
			void on(WsStateChange change) {
			}

		}, new Object() {

			@OnWsOpen
			void on(ApplicationContext context) {
			}

		}, new Object() {

			@OnWsError
			void on(Exception error, CloseStatus status) {
			}

		}, new Object() {

			@OnWsConnect
			void on(WsHandshakeResponse response) {
			}

		});
	}

	@ParameterizedTest
	@MethodSource("unprovided")
	void parameterThatNothingProvides(Object bean) {
		FailureAnalysis analysis = analyze(bean);
		assertThat(analysis.getDescription()).contains("can't be provided");
		assertThat(analysis.getAction()).contains("Use these types").contains("constructor");
	}

	@Test
	void argumentOfAnotherEventNamesItsEvent() {
		assertThat(analyze(new Object() {

			@OnWsMessage
			void on(WsCloseEvent event) {
			}

		}).getDescription()).contains("it belongs to @OnWsClose.");
		assertThat(analyze(new Object() {

			@OnWsPing
			void on(IOException error) {
			}

		}).getDescription()).contains("it belongs to @OnWsError.");
	}

	@Test
	void suspendFunctionIsNotSupportedYet() {
		FailureAnalysis analysis = analyze(new Object() {

			@OnWsMessage
			@Nullable Object on(String text, Continuation<? super String> continuation) {
				return null;
			}

		});
		assertThat(analysis.getDescription()).contains("suspend functions are not supported yet");
		assertThat(analysis.getAction()).contains("CompletionStage");
	}

	@Test
	void beanIsNoPayload() {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withBean("prices", Prices.class).withBean("handler", Object.class, () -> new Object() {

				@OnWsMessage
				void on(Prices prices) {
				}

			}));
		assertThat(analysis.getDescription()).contains(".on(Prices)").contains("that of the bean 'prices'");
		assertThat(analysis.getAction()).contains("constructor");
	}

	/**
	 * Methods with two payloads.
	 */
	static Stream<Object> twoPayloads() {
		return Stream.of(new Object() {

			@OnWsMessage
			void on(Tick tick, Prices prices) {
			}

		}, new Object() {

			@OnWsMessage
			void on(Tick tick, Tick other) {
			}

		}, new Object() {

			@OnWsMessage
			void on(String text, String symbol) {
			}

		}, new Object() {

			@OnWsMessage
			void on(byte[] bytes, byte[] others) {
			}

		}, new Object() {

			@OnWsMessage
			void on(List<Tick> ticks, List<Prices> prices) {
			}

		}, new Object() {

			@OnWsMessage
			void on(int count, Tick tick) {
			}

		}, new Object() {

			@OnWsMessage
			void on(WsMessage one, WsMessage other) {
			}

		});
	}

	@ParameterizedTest
	@MethodSource("twoPayloads")
	void twoPayloads(Object bean) {
		assertThat(analyze(bean).getDescription()).contains("which would both be the payload");
	}

	@Test
	void onePayloadInSeveralForms() {
		Recorder handler = new Recorder() {

			@OnWsMessage
			void on(Tick tick, String text, WsMessage message) {
				this.heard.add(tick + " " + text.length() + " " + message.size());
			}

		};
		this.runner.withBean("handler", Recorder.class, () -> handler)
			.run((context) -> new Fixture(context).text("{\"price\":1}"));
		assertThat(handler.heard).containsExactly("Tick[price=1] 11 11");
	}

	@Test
	void errorsThatNoErrorIs() {
		assertThat(analyze(new Object() {

			@OnWsError
			void on(IOException one, IllegalStateException other) {
			}

		}).getDescription()).contains("no error is both");
	}

	@ParameterizedTest
	@ValueSource(strings = { BeanDefinition.SCOPE_PROTOTYPE, "request", "session", "thread", "refresh" })
	void beanOfAScope(String scope) {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests.analyze(this.runner
			.withInitializer((context) -> context.getBeanFactory().registerScope("thread", new SimpleThreadScope()))
			.withBean("handler", Plain.class, Plain::new, (definition) -> definition.setScope(scope)));
		assertThat(analysis.getDescription()).contains("Plain.on(String)")
			.contains("'handler'")
			.contains("scope '" + scope + "'");
		assertThat(analysis.getAction()).contains("singleton");
	}

	@ParameterizedTest
	@ValueSource(classes = { PrototypeConfiguration.class, RequestConfiguration.class })
	void proxyOfAScopeThatIsNotThere(Class<?> configuration) {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withUserConfiguration(configuration));
		assertThat(analysis.getDescription()).contains("Plain.on(String)").contains("plain").contains("scope '");
	}

	@Test
	void lazyBeanIsTold(CapturedOutput output) {
		this.runner.withBean("lazy", Plain.class, Plain::new, (definition) -> definition.setLazyInit(true))
			.run((context) -> assertThat(context).hasNotFailed());
		assertThat(output).contains("Plain.on(String) is not called before the lazy bean 'lazy' is created");
	}

	@Test
	void whatAFactoryBeanMakesIsCalled() {
		this.runner.withUserConfiguration(FactoryConfiguration.class).run((context) -> {
			new Fixture(context).text("x");
			assertThat(context.getBean(Plain.class).heard).containsExactly("x");
		});
	}

	/**
	 * Methods with a placeholder that has no value.
	 */
	static Stream<Object> placeholders() {
		return Stream.of(new Object() {

			@OnWsMessage(when = "$.type == '${missing.value}'")
			void on(String text) {
			}

		}, new Object() {

			@OnWsMessage(filter = "#text == '${missing.value}'")
			void on(String text) {
			}

		}, new Object() {

			@OnWsMessage(batchSize = 2, batchTimeout = "${missing.value}")
			void on(List<String> text) {
			}

		}, new Object() {

			@OnWsMessage(client = "${missing.value}")
			void on(String text) {
			}

		}, new Object() {

			@OnWsMessage
			@WsErrorStrategy(value = ErrorStrategy.RETRY, delay = "${missing.value}")
			void on(String text) {
			}

		}, new Object() {

			@OnWsMessage
			@WsErrorStrategy(value = ErrorStrategy.RETRY, maxDelay = "${missing.value}")
			void on(String text) {
			}

		});
	}

	@ParameterizedTest
	@MethodSource("placeholders")
	void placeholderWithoutValue(Object bean) {
		// With and without what Spring Boot adds, which is strict
		for (AutoConfigurations each : List.of(AutoConfigurations.of(),
				AutoConfigurations.of(PropertyPlaceholderAutoConfiguration.class))) {
			FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
				.analyze(this.runner.withConfiguration(each).withBean("handler", Object.class, () -> bean));
			assertThat(analysis.getDescription()).contains(".on(").contains("placeholder").contains("missing.value");
			assertThat(analysis.getAction()).contains("Set the property").contains("${name:default}");
		}
	}

	/**
	 * Methods whose expressions can't be evaluated.
	 */
	static Stream<Object> expressions() {
		return Stream.of(new Object() {

			@OnWsMessage(when = "@missing.test(json)")
			void on(String text) {
			}

		}, new Object() {

			@OnWsMessage(when = "missing(json)")
			void on(String text) {
			}

		}, new Object() {

			@OnWsMessage(filter = "#missing(json)")
			void on(String text) {
			}

		}, new Object() {

			@OnWsMessage(filter = "json.a == @missing.b")
			void on(String text) {
			}

		});
	}

	@ParameterizedTest
	@MethodSource("expressions")
	void expressionOnWhatIsNotThere(Object bean) {
		assertThat(analyze(bean).getDescription()).contains("there is no").contains("missing");
	}

	/**
	 * Methods that return what can't be sent.
	 */
	static Stream<Object> returned() {
		return Stream.of(new Object() {

			@OnWsMessage
			@Nullable Callable<String> on(String text) {
				return null;
			}

		}, new Object() {

			@OnWsMessage
			@Nullable CompletionStage<Supplier<String>> on(String text) {
				return null;
			}

		}, new Object() {

			@OnWsMessage
			@Nullable Stream<String> on(String text) {
				return null;
			}

		}, new Object() {

			@OnWsMessage
			@Nullable InputStream on(String text) {
				return null;
			}

		}, new Object() {

			@OnWsMessage
			WsConnection on(WsConnection connection) {
				return connection;
			}

		}, new Object() {

			@OnWsOpen
			@Nullable WsHandshakeResponse on(WsHandshakeResponse response) {
				return response;
			}

		});
	}

	@ParameterizedTest
	@MethodSource("returned")
	void returnTypeThatCannotBeSent(Object bean) {
		assertThat(analyze(bean).getDescription()).contains("which can't be sent");
	}

	/**
	 * Methods with annotations in the wrong places.
	 */
	static Stream<Object> annotations() {
		return Stream.of(new Object() {

			@OnWsMessage
			void on(@WsHeader("X") @WsAttribute("x") String x) {
			}

		}, new Object() {

			@OnWsMessage
			void on(@WsHeader("${header}") String x) {
			}

		}, new Object() {

			@OnWsMessage
			void on(@WsHeader("no header") String x) {
			}

		}, new Object() {

			@OnWsMessage
			void on(@WsHeader("X") Runnable x) {
			}

		});
	}

	@ParameterizedTest
	@MethodSource("annotations")
	void annotationsOfParametersInTheWrongPlace(Object bean) {
		assertThat(analyze(bean).getDescription()).contains("has the parameter");
	}

	@ParameterizedTest
	@ValueSource(strings = { "$.type == 'trade'", "$.type", "$[0]", "json.type == 'trade'", "type == 'trade'",
			"text.startsWith('x')" })
	void conditionInThePlaceOfTheNameHintsAtWhen(String condition) {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withPropertyValues("it=" + condition).withBean(InTheWrongPlace.class));
		assertThat(analysis.getDescription()).contains(".on(String)").contains(condition);
		assertThat(analysis.getAction()).contains("@OnWsMessage(when = ").contains("[ticker]");
	}

	@Test
	void whatAResolverOrConverterThrowsNamesTheMethod() {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withBean(Throwing.class).withBean(Plain.class));
		assertThat(analysis.getDescription()).contains("Plain.on(String)").contains("a resolver");
	}

	@Test
	void staticAndPrivateMethodsWork() {
		Recorder handler = new WithStatic();
		WithStatic.told.clear();
		this.runner.withBean("handler", Recorder.class, () -> handler).run((context) -> new Fixture(context).text("x"));
		assertThat(WithStatic.told).containsExactly("x");
		assertThat(handler.heard).containsExactly("x");
	}

	/**
	 * A payload that no JSON becomes.
	 */
	static final class Unmade {

		private Unmade(int one, int other) {
		}

	}

	/**
	 * A bean that JSON could become.
	 */
	static class Prices {

	}

	/**
	 * A handler.
	 */
	static class Plain extends Recorder {

		@OnWsMessage
		void on(String text) {
			this.heard.add(text);
		}

	}

	/**
	 * Takes the name for the condition.
	 */
	static class InTheWrongPlace {

		@OnWsMessage("${it}")
		void on(String text) {
		}

	}

	/**
	 * Has methods of all kinds.
	 */
	static class WithStatic extends Recorder {

		static final List<String> told = new CopyOnWriteArrayList<>();

		@OnWsMessage
		static void ofClass(String text) {
			told.add(text);
		}

		@OnWsMessage
		private void hidden(String text) {
			this.heard.add(text);
		}

	}

	/**
	 * Fails.
	 */
	static class Throwing implements WsArgumentResolver {

		@Override
		public boolean supports(MethodParameter parameter) {
			throw new IllegalStateException("a resolver");
		}

		@Override
		public @Nullable Object resolve(MethodParameter parameter, WsHandlerEvent event) {
			return null;
		}

	}

	/**
	 * A new instance for each call.
	 */
	@Configuration(proxyBeanMethods = false)
	static class PrototypeConfiguration {

		@Bean
		@Scope(scopeName = BeanDefinition.SCOPE_PROTOTYPE, proxyMode = ScopedProxyMode.TARGET_CLASS)
		Plain plain() {
			return new Plain();
		}

	}

	/**
	 * An instance for each request.
	 */
	@Configuration(proxyBeanMethods = false)
	static class RequestConfiguration {

		@Bean
		@Scope(scopeName = "request", proxyMode = ScopedProxyMode.TARGET_CLASS)
		Plain plain() {
			return new Plain();
		}

	}

	/**
	 * Makes a handler.
	 */
	@Configuration(proxyBeanMethods = false)
	static class FactoryConfiguration {

		@Bean
		PlainFactory plain() {
			return new PlainFactory();
		}

	}

	/**
	 * Makes it when it is asked to.
	 */
	static class PlainFactory implements FactoryBean<Plain> {

		@Override
		public Plain getObject() {
			return new Plain();
		}

		@Override
		public Class<?> getObjectType() {
			return Plain.class;
		}

	}

}
