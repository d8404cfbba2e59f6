package dev.wsclient.spring;

import java.lang.reflect.Type;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.wsclient.WsMessage;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.HandlerMethodTests.Tick;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link WsMessageConverter}: payloads and replies.
 */
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class MessageConverterTests {

	/** On the event loop all happens in the thread of the test. */
	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withBean(PairConverter.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost",
				"ws.clients.ticker.dispatch.mode=event-loop");

	private List<Object> sent(ApplicationContextRunner runner, Recorder handler, Consumer<Fixture> events) {
		List<Object> sent = new ArrayList<>();
		runner.withBean("handler", Recorder.class, () -> handler).run((context) -> {
			assertThat(context).hasNotFailed();
			Fixture fixture = new Fixture(context);
			events.accept(fixture);
			sent.addAll(fixture.connection.sent);
		});
		return sent;
	}

	private List<Object> sent(Recorder handler, Consumer<Fixture> events) {
		return sent(this.runner, handler, events);
	}

	@Test
	void converterOfTheApplicationComesBeforeJsonBothWays() {
		Recorder handler = new Pairs();
		assertThat(sent(handler, (fixture) -> {
			fixture.binary("a=b");
			fixture.text("{\"price\":1}");
		})).containsExactly("b=a".getBytes(StandardCharsets.UTF_8), "{\"price\":2}");
		assertThat(handler.heard).as("a text is no pair, bytes are no tick").containsExactly("pair", "tick");
	}

	@Test
	void jsonIsSentInMessagesOfTheTypeThatIsSet() {
		Recorder handler = new Recorder() {

			@OnWsMessage
			List<Object> on(Tick tick) {
				return List.of(tick.price());
			}

			@OnWsMessage
			CompletionStage<Object> on(Pair pair) {
				return CompletableFuture.completedFuture(pair.left().equals("text") ? "text" : pair);
			}

		};
		ApplicationContextRunner binary = this.runner.withPropertyValues("ws.defaults.message-type=binary");
		assertThat(sent(binary, handler, (fixture) -> {
			fixture.text("{\"price\":1}");
			fixture.binary("text=b");
			fixture.binary("a=b");
		})).containsExactly("[1]".getBytes(StandardCharsets.UTF_8), "text", "a=b".getBytes(StandardCharsets.UTF_8));
		assertThat(sent(binary.withPropertyValues("ws.clients.ticker.message-type=text"), handler,
				(fixture) -> fixture.text("{\"price\":2}")))
			.containsExactly("[2]");
		assertThat(sent(handler, (fixture) -> fixture.text("{\"price\":3}"))).containsExactly("[3]");
	}

	@Test
	void convertersWorkWithoutJackson() {
		Recorder handler = new Recorder() {

			@OnWsMessage
			Optional<Pair> on(Pair pair) {
				return Optional.of(pair);
			}

		};
		assertThat(sent(this.runner.withClassLoader(new FilteredClassLoader("tools.jackson")), handler,
				(fixture) -> fixture.binary("a=b")))
			.containsExactly("a=b".getBytes(StandardCharsets.UTF_8));
	}

	@Test
	void methodMayNameOtherTypesOfMessagesThanTheConverter() {
		Recorder handler = new Recorder() {

			@OnWsMessage(type = WsMessage.Type.TEXT)
			void on(Pair pair) {
				this.heard.add(pair.toString());
			}

		};
		sent(handler, (fixture) -> {
			fixture.binary("a=b");
			fixture.text("c=d");
		});
		assertThat(handler.heard).containsExactly("Pair[left=c, right=d]");
	}

	@Test
	void converterThatFailsIsReportedWithItsCause() {
		List<Throwable> errors = new ArrayList<>();
		sent(new Recorder() {

			@OnWsMessage
			Pair on(Pair pair) {
				return new Pair("", "");
			}

			@OnWsError
			void failed(WsMessageConversionException error) {
				errors.add(error);
			}

		}, (fixture) -> {
			fixture.binary("hush");
			fixture.binary("a=b");
		});
		assertThat(errors).hasSize(2).allSatisfy((error) -> {
			assertThat(error).hasMessageContaining("java.lang.IllegalArgumentException")
				.hasCauseInstanceOf(IllegalArgumentException.class);
			assertThat(error.getMessage()).doesNotContain("hush");
			assertThat(((WsMessageConversionException) error).type()).isEqualTo(Pair.class);
		});
		assertThat(errors.get(0)).hasMessageContaining("a binary message of 4 bytes could not be converted to");
		assertThat(errors.get(1)).hasMessageContaining("returned").hasMessageContaining("to a message");
	}

	@Test
	void typeOfAReplyMayBeKnownOnlyWhenItIsThere() {
		assertThat(sent(new Recorder() {

			@OnWsMessage
			Object on(String text) {
				return switch (text) {
					case "pair" -> new Pair("a", "b");
					case "tick" -> new Tick(3);
					case "later" -> CompletableFuture.completedFuture(Optional.of("later"));
					case "none" -> Optional.empty();
					default -> text;
				};
			}

			@OnWsOpen
			CompletionStage<Optional<Tick>> opened() {
				return CompletableFuture.completedFuture(Optional.of(new Tick(1)));
			}

		}, (fixture) -> {
			fixture.open();
			List.of("pair", "tick", "later", "none", "text").forEach(fixture::text);
		})).containsExactly("{\"price\":1}", "a=b".getBytes(StandardCharsets.UTF_8), "{\"price\":3}", "later", "text");
	}

	@Test
	void converterThatGivesNeitherTextNorBytesIsReported() {
		List<Throwable> errors = new ArrayList<>();
		this.runner.withBean(WsMessageConverter.class, () -> new WsMessageConverter() {

			@Override
			public Writer writer(Type type) {
				return (value) -> 1;
			}

		}).withBean("handler", Recorder.class, () -> new Recorder() {

			@OnWsMessage
			Tick on(String text) {
				return new Tick(1);
			}

			@OnWsError
			void failed(Throwable error) {
				errors.add(error);
			}

		}).run((context) -> new Fixture(context).text("x"));
		assertThat(errors).singleElement()
			.satisfies((error) -> assertThat(error)
				.hasMessageContaining("its converter gave a java.lang.Integer, not a text or bytes"));
	}

	@Test
	void elementsOfAListKeepWhatTellsTheirTypesApart() {
		assertThat(sent(new Recorder() {

			@OnWsMessage
			List<Shape> on(String text) {
				return List.of(new Circle(1));
			}

		}, (fixture) -> fixture.text("x"))).containsExactly("[{\"is\":\"circle\",\"radius\":1}]");
	}

	/**
	 * A payload that is not JSON.
	 *
	 * @param left what stands in front of the sign
	 * @param right what stands behind it
	 */
	record Pair(String left, String right) {

		Pair turned() {
			return new Pair(/* left= */ this.right, /* right= */ this.left);
		}

	}

	/**
	 * Converts pairs, in binary messages.
	 */
	static class PairConverter implements WsMessageConverter {

		@Override
		public Set<WsMessage.Type> messageTypes() {
			return Set.of(WsMessage.Type.BINARY);
		}

		@Override
		public @Nullable Reader reader(Type type) {
			return (type == Pair.class) ? PairConverter::read : null;
		}

		private static Pair read(WsMessage message) {
			String text = StandardCharsets.UTF_8.decode(message.payload()).toString();
			int sign = text.indexOf('=');
			if (sign < 0) {
				throw new IllegalArgumentException("no pair");
			}
			return new Pair(text.substring(0, sign), text.substring(sign + 1));
		}

		@Override
		public @Nullable Writer writer(Type type) {
			return (type == Pair.class) ? (value) -> write((Pair) value) : null;
		}

		private static ByteBuffer write(Pair pair) {
			if (pair.left().isEmpty()) {
				throw new IllegalArgumentException("nothing at the left");
			}
			return StandardCharsets.UTF_8.encode(pair.left() + "=" + pair.right());
		}

	}

	/**
	 * Turns pairs around and doubles ticks.
	 */
	static class Pairs extends Recorder {

		@OnWsMessage
		Pair pair(Pair pair) {
			this.heard.add("pair");
			return pair.turned();
		}

		@OnWsMessage
		Tick tick(Tick tick) {
			this.heard.add("tick");
			return new Tick(2 * tick.price());
		}

	}

	/**
	 * A payload that is one of several.
	 */
	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
	@JsonSubTypes(@JsonSubTypes.Type(value = Circle.class, name = "circle"))
	interface Shape {

	}

	/**
	 * One of them.
	 *
	 * @param radius a figure
	 */
	record Circle(int radius) implements Shape {

	}

}
