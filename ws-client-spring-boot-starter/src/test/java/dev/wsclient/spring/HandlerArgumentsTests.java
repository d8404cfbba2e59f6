package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.HandlerMethodTests.Tick;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of the arguments that handler methods may take, of each kind.
 */
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class HandlerArgumentsTests {

	private static final Map<String, List<String>> HEADERS = Map.of("X-Request-Id", List.of("r1", "r2"), "X-Limit",
			List.of("25"), "X-Wait", List.of("2s"));

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost");

	private List<String> heard(Recorder handler, Consumer<Fixture> events) {
		this.runner.withBean("handler", Recorder.class, () -> handler).run((context) -> {
			assertThat(context).hasNotFailed();
			events.accept(new Fixture(context));
		});
		return handler.heard;
	}

	@Test
	void headersOfTheHandshakeAreGivenInEverySessionEvent() {
		List<String> heard = heard(new Recorder() {

			@OnWsOpen
			void opened(@WsHeader("x-request-id") String id, @WsHeader("X-Request-Id") List<String> all,
					@WsHeader(name = "X-Limit") int limit, @WsHeader("X-Wait") Duration wait) {
				this.heard.add("open " + id + " " + all + " " + limit + " " + wait);
			}

			@OnWsMessage
			void message(@WsHeader("X-Limit") String limit, String text) {
				this.heard.add("message " + limit + " " + text);
			}

			@OnWsPing
			void ping(@WsHeader("X-Limit") Integer limit) {
				this.heard.add("ping " + limit);
			}

			@OnWsPong
			void pong(@WsHeader("X-Request-Id") String[] ids) {
				this.heard.add("pong " + Arrays.toString(ids));
			}

			@OnWsClose
			void closed(@WsHeader("X-Limit") long limit) {
				this.heard.add("close " + limit);
			}

		}, (fixture) -> {
			WsListener listener = fixture.on("ticker");
			fixture.open(HEADERS);
			fixture.text("t");
			listener.onPing(fixture.connection, ByteBuffer.allocate(0));
			listener.onPong(fixture.connection, ByteBuffer.allocate(0));
			fixture.close();
		});
		assertThat(heard).containsExactly("open r1 [r1, r2] 25 PT2S", "message 25 t", "ping 25", "pong [r1, r2]",
				"close 25");
	}

	@Test
	void headersThatAreMissingAreEmptyUnlessRequired() {
		List<String> heard = heard(new Recorder() {

			@OnWsOpen
			void opened(@WsHeader("A") Optional<String> a, @WsHeader("B") @Nullable String b,
					@WsHeader(name = "C", required = false) String c,
					@WsHeader(name = "D", required = false) List<String> d, @WsHeader("E") Optional<List<String>> e,
					@WsHeader("X-Limit") Optional<Integer> limit) {
				this.heard.add(a + " " + b + " " + c + " " + d + " " + e + " " + limit);
			}

			@OnWsMessage
			void message(@WsHeader("Missing") String missing) {
				this.heard.add("never");
			}

			@OnWsError
			void failed(Throwable error) {
				this.heard.add(String.valueOf(error.getMessage()));
			}

		}, (fixture) -> {
			fixture.open(HEADERS);
			fixture.text("t");
		});
		assertThat(heard).hasSize(2)
			.startsWith("Optional.empty null null [] Optional[[]] Optional[25]")
			.element(1)
			.asString()
			.contains("no header 'Missing'")
			.contains(".message(String)");
	}

	@Test
	void headerThatCannotBeConvertedIsReportedWithoutItsValue() {
		List<Throwable> errors = new ArrayList<>();
		heard(new Recorder() {

			@OnWsOpen
			void opened(@WsHeader("X-Request-Id") int id) {
				this.heard.add("never");
			}

			@OnWsError
			void failed(Throwable error) {
				errors.add(error);
			}

		}, (fixture) -> fixture.open(Map.of("X-Request-Id", List.of("hush"))));
		assertThat(errors).singleElement().satisfies((error) -> {
			assertThat(error).hasMessageContaining("'X-Request-Id'").hasMessageContaining("int").hasNoCause();
			assertThat(error.getMessage()).doesNotContain("hush");
		});
	}

	@Test
	void answerToTheHandshakeIsThatOfTheSession() {
		List<String> heard = heard(new Recorder() {

			@OnWsMessage
			void message(WsHandshakeResponse response, WsMessage message) {
				this.heard.add(message.text() + " " + response.headers().firstValue("S").orElse("none"));
			}

			@OnWsClose
			void closed(Optional<WsHandshakeResponse> response) {
				this.heard.add("close " + response.orElseThrow().headers().firstValue("S").orElse("none"));
			}

		}, (fixture) -> {
			fixture.open(Map.of("S", List.of("one")));
			fixture.text("a");
			fixture.close();
			fixture.open(Map.of("S", List.of("two")));
			fixture.text("b");
		});
		assertThat(heard).containsExactly("a one", "close one", "b two");
	}

	@Test
	void attributesAreGivenInEveryEvent() {
		List<String> heard = heard(new Recorder() {

			@OnWsConnect
			void connected(@WsAttribute Map<String, Object> attributes) {
				attributes.put("count", 1);
			}

			@OnWsOpen
			void opened(@WsAttribute int count, @WsAttribute("missing") Optional<String> missing) {
				this.heard.add("open " + count + " " + missing);
			}

			@OnWsMessage
			void message(@WsAttribute("count") Number count, @WsAttribute(name = "no", required = false) String no) {
				this.heard.add("message " + count + " " + no);
			}

			@OnWsReconnecting
			void reconnecting(@WsAttribute("count") Integer count, Optional<Duration> delay) {
				this.heard.add("reconnecting " + count + " " + delay.orElseThrow());
			}

			@OnWsBufferFull
			void full(@WsAttribute("count") Object count) {
				this.heard.add("full " + count);
			}

			@OnWsBufferDrain
			void drained(@WsAttribute("count") String count) {
				this.heard.add("never");
			}

			@OnWsError
			void failed(Throwable error, @WsAttribute("count") int count) {
				this.heard.add(error.getMessage() + " " + count);
			}

		}, (fixture) -> {
			WsListener listener = fixture.on("ticker");
			listener.onConnect(fixture.connection);
			fixture.open();
			fixture.text("t");
			listener.onReconnecting(fixture.connection, 1, Duration.ofSeconds(3));
			listener.onBufferFull(fixture.connection);
			listener.onBufferDrain(fixture.connection);
		});
		assertThat(heard).hasSize(5)
			.startsWith("open 1 Optional.empty", "message 1 null", "reconnecting 1 PT3S", "full 1")
			.last()
			.asString()
			.contains("'count' is a java.lang.Integer")
			.contains("takes a java.lang.String")
			.endsWith(" 1");
	}

	@Test
	void closeTellsItsCause() {
		List<String> heard = heard(new Recorder() {

			@OnWsClose
			void closed(WsCloseEvent event, CloseStatus status, Optional<Throwable> cause, @Nullable Throwable same) {
				this.heard.add(status.code() + " " + event.clean() + " " + cause.map(Throwable::getMessage) + " "
						+ (cause.orElse(null) == same));
			}

		}, (fixture) -> {
			fixture.close();
			fixture.on("ticker")
				.onClose(fixture.connection, new WsCloseEvent(CloseStatus.ABNORMAL, Initiator.NETWORK, false,
						new IllegalStateException("cut"), true));
		});
		assertThat(heard).containsExactly("1001 true Optional.empty true", "1006 false Optional[cut] true");
	}

	@Test
	void optionalOfAConvertedPayloadIsEmptyForNothing() {
		List<String> heard = heard(new Recorder() {

			@OnWsMessage
			void message(Optional<Tick> tick, Optional<String> text, @Nullable Tick same,
					Optional<WsConnection> connection) {
				this.heard.add(tick + " " + text + " " + same + " " + connection.map(WsConnection::name));
			}

			@OnWsMessage
			void bytes(Optional<byte[]> bytes) {
				this.heard.add("bytes " + bytes.map((each) -> each.length));
			}

		}, (fixture) -> {
			fixture.text("{\"price\":1}");
			fixture.text("null");
			fixture.text("");
			fixture.binary("");
		});
		assertThat(heard).containsExactly(
				"Optional[Tick[price=1]] Optional[{\"price\":1}] Tick[price=1] Optional[ticker]",
				"Optional.empty Optional[null] null Optional[ticker]",
				"Optional.empty Optional[] null Optional[ticker]", "bytes Optional[0]");
	}

	@Test
	void nullIsNoPayloadUnlessTheParameterTakesIt() {
		List<Throwable> errors = new ArrayList<>();
		heard(new Recorder() {

			@OnWsMessage
			void message(Tick tick) {
				this.heard.add("never");
			}

			@OnWsError
			void failed(WsMessageConversionException error) {
				errors.add(error);
			}

		}, (fixture) -> fixture.text("null"));
		assertThat(errors).singleElement()
			.satisfies((error) -> assertThat(error).hasMessageContaining("stands for null")
				.hasMessageContaining("Optional or @Nullable"));
	}

	@Test
	void jsonInBinaryMessagesIsReadIfTheMethodTakesBinary() {
		List<String> heard = heard(new Recorder() {

			@OnWsMessage(type = { WsMessage.Type.BINARY, WsMessage.Type.TEXT })
			void both(Tick tick, WsMessage message) {
				this.heard.add("both " + tick.price() + " " + message.type());
			}

			@OnWsMessage(type = WsMessage.Type.BINARY, when = "$.price == 3")
			void three(Tick tick, byte[] bytes) {
				this.heard.add("three " + new String(bytes, StandardCharsets.UTF_8));
			}

			@OnWsMessage(type = WsMessage.Type.TEXT)
			void bytesOfText(byte[] bytes, ByteBuffer buffer) {
				this.heard.add("bytes " + bytes.length + " " + buffer.remaining());
			}

		}, (fixture) -> {
			fixture.text("{\"price\":1}");
			fixture.binary("{\"price\":2}");
			fixture.binary("{\"price\":3}");
		});
		assertThat(heard).containsExactly("both 1 TEXT", "bytes 11 11", "both 2 BINARY", "three {\"price\":3}");
	}

	@Test
	void genericsAreKeptAtEveryLevel() {
		List<String> heard = heard(new OfTicks(), (fixture) -> {
			fixture.text("{\"kind\":\"one\",\"data\":{\"price\":1}}");
			fixture.text("{\"kind\":\"many\",\"data\":[{\"price\":1},{\"price\":2}]}");
		});
		assertThat(heard).containsExactly("Tick[price=1]", "Tick[price=2]");
	}

	/**
	 * Something with a payload.
	 *
	 * @param <T> the type of the payload
	 * @param kind its kind
	 * @param data the payload
	 */
	record Envelope<T>(String kind, T data) {

	}

	/**
	 * Takes envelopes of what a subclass decides.
	 *
	 * @param <T> the type of the payload
	 */
	abstract static class Enveloped<T> extends Recorder {

		@OnWsMessage(when = "$.kind == 'one'")
		void one(Envelope<T> envelope) {
			this.heard.add(describe(envelope.data()));
		}

		@OnWsMessage(when = "$.kind == 'many'")
		void many(Optional<Envelope<List<T>>> envelope) {
			this.heard.add(describe(Objects.requireNonNull(envelope.orElseThrow().data().get(1))));
		}

		abstract String describe(T data);

	}

	/**
	 * Decides.
	 */
	static class OfTicks extends Enveloped<Tick> {

		@Override
		String describe(Tick data) {
			return data.toString();
		}

	}

}
