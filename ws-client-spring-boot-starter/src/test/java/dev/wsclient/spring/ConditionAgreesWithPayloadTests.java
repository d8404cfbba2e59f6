package dev.wsclient.spring;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Stream;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.json.JsonReadFeature;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;

import dev.wsclient.WsMessage;
import dev.wsclient.spring.HandlerDispatcherTests.CountingObserver;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * A condition never loses a message, and agrees with the payload: whatever a message
 * holds, it reaches the methods it fits or is counted as unhandled, and what a condition
 * sees is what the mapper gives a payload.
 */
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class ConditionAgreesWithPayloadTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withBean(CountingObserver.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost");

	@BeforeEach
	void reset() {
		CountingObserver.counts.clear();
	}

	private List<String> heard(JsonMapper mapper, Recorder handler, Consumer<Fixture> messages) {
		this.runner.withBean(JsonMapper.class, () -> mapper)
			.withBean("handler", Recorder.class, () -> handler)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				messages.accept(new Fixture(context));
			});
		return handler.heard;
	}

	private static JsonMapper lenient() {
		JsonMapper.Builder builder = JsonMapper.builder();
		Stream.of(JsonReadFeature.values()).forEach(builder::enable);
		return builder.enable(StreamReadFeature.USE_FAST_BIG_NUMBER_PARSER).build();
	}

	private static @Nullable Object[] scan(JsonMapper mapper, WsMessage message, String... conditions) {
		List<MessageCondition> parsed = Stream.of(conditions).map(MessageCondition::parse).toList();
		MessageScan scan = new MessageScan(parsed);
		@Nullable Object[] values = new JacksonJsonCodec(mapper).scan(message, scan);
		return parsed.stream().map((each) -> (Object) each.matches(values[scan.slot(each)])).toArray();
	}

	/**
	 * Fields that come twice, at every place a condition can look at.
	 */
	static Stream<String> repeated() {
		return Stream.of("{'type':'buy','type':'sell'}", "{'type':'sell','x':1,'type':'buy'}", "{'a':1,'a':1,'b':'x'}",
				"{'b':'x','a':1,'a':{'b':2}}", "{'a':{'b':2},'a':1}", "{'a':{'b':2},'a':{'c':3}}",
				"{'a':{'b':2,'b':null}}", "{'a':[1,{'b':2}],'a':[3]}", "{'a':[3],'a':[1,{'b':2}]}",
				"{'a':{'b':1},'a':null,'b':true,'b':false}", "{'a':null,'a':{'b':{'c':1},'b':{'d':1}}}",
				"{'type':'buy','type':['sell']}", "{'x':{'type':'a','type':'b'},'type':'c'}");
	}

	@ParameterizedTest
	@MethodSource("repeated")
	void repeatedFieldIsSeenAsThePayloadGetsIt(String message) {
		String json = message.replace('\'', '"');
		JsonMapper mapper = new JsonMapper();
		Map<?, ?> payload = mapper.readValue(json, Map.class);
		for (WsMessage each : List.of(FakeWsMessage.text(json), FakeWsMessage.text(" ".repeat(9_000) + json))) {
			assertThat(scan(mapper, each, "$.type == 'buy'", "$.type == 'sell'", "$.a == 1", "$.a.b == 2", "$.a.c == 3",
					"$.a[0] == 1", "$.a[0] == 3", "$.a[1].b == 2", "$.b == 'x'", "$.b == false", "$.a == null",
					"$.a.b == null", "$.a.b.c", "$.a.b.d", "$.x.type == 'b'"))
				.containsExactly("buy".equals(payload.get("type")), "sell".equals(payload.get("type")),
						Integer.valueOf(1).equals(payload.get("a")), Integer.valueOf(2).equals(at(payload, "a", "b")),
						Integer.valueOf(3).equals(at(payload, "a", "c")),
						Integer.valueOf(1).equals(at(payload, "a", 0)), Integer.valueOf(3).equals(at(payload, "a", 0)),
						Integer.valueOf(2).equals(at(payload, "a", 1, "b")), "x".equals(payload.get("b")),
						Boolean.FALSE.equals(payload.get("b")), payload.get("a") == null, at(payload, "a", "b") == null,
						at(payload, "a", "b", "c") != null, at(payload, "a", "b", "d") != null,
						"b".equals(at(payload, "x", "type")));
			assertThat(new JacksonJsonCodec(mapper).tree(each)).isEqualTo(payload);
		}
	}

	private static @Nullable Object at(Object root, Object... path) {
		Object value = root;
		for (Object step : path) {
			if (value instanceof List<?> list && step instanceof Integer index) {
				value = (index < list.size()) ? list.get(index) : null;
			}
			else {
				value = (value instanceof Map<?, ?> map) ? map.get(step) : null;
			}
		}
		return value;
	}

	@Test
	void repeatedFieldReachesTheMethodThatSeesIt() {
		assertThat(heard(new JsonMapper(), new Recorder() {

			@OnWsMessage(when = "$.type == 'buy'")
			void buy(Order order) {
				this.heard.add("buy gets " + order.type);
			}

			@OnWsMessage(when = "$.type == 'sell'")
			void sell(Order order) {
				this.heard.add("sell gets " + order.type);
			}

		}, (fixture) -> {
			fixture.text("{\"type\":\"buy\",\"type\":\"sell\"}");
			fixture.text("{\"type\":\"sell\",\"type\":\"buy\"}");
		})).containsExactly("sell gets sell", "buy gets buy");
	}

	@Test
	void whereRepeatedFieldsAreNoJsonConversionTells() {
		assertThat(heard(JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build(),
				new Recorder() {

					@OnWsMessage(when = "$.type == 'buy'")
					void buy(Order order) {
						this.heard.add("never");
					}

					@OnWsMessage
					void rest(Order order) {
						this.heard.add("never");
					}

					@OnWsError
					void failed(WsMessageConversionException error) {
						this.heard.add(error.method().getName());
					}

				}, (fixture) -> fixture.text("{\"type\":\"buy\",\"type\":\"buy\"}")))
			.containsExactly("rest");
	}

	/**
	 * Whatever may arrive, in messages with and without the field that is looked at.
	 */
	static Stream<byte[]> anything() {
		String digits = "1".repeat(400);
		Stream<String> texts = Stream
			.of("1e999999999", "1e9999999999", "-1e99999999999999999999", "1e-9999999999", "0e9999999999", digits,
					"-" + digits, digits + "." + digits, "1".repeat(2_000), "0." + "1".repeat(2_000), "-0", "-0.0",
					"NaN", "Infinity", "-Infinity", "+INF", "+5", ".5", "5.", "007", "'single'", "'x' // comment\n",
					"5 # comment\n", "/* */ 5", "[1,]", "[,1]", "{x:1}", "\"\\x41\"", "\"tab\there\"", "tru",
					"\"\\uD800\"", "[".repeat(400) + "]".repeat(400), "[".repeat(100_000), "{\"a\":".repeat(100_000),
					"{\"" + "n".repeat(60_000) + "\":1}", "\"" + "s".repeat(100_000) + "\"", "", "null", "{}", "[]",
					"\"\\")
			.flatMap((value) -> Stream.of(value, "{\"a\":" + value + "}", "{\"a\":" + value + ",}",
					"{\"b\":" + value + ",\"a\":5}", "{\"a\":5,\"b\":" + value + "}", "[" + value + "]",
					"{\"a\":" + value + "} {}", "{\"a\":" + value, "\uFEFF{\"a\":" + value + "}"));
		return Stream.concat(texts.map((text) -> text.getBytes(StandardCharsets.UTF_8)),
				Stream.of(new byte[] { (byte) 0xC3 }, new byte[] { '{', '"', (byte) 0xFF, '"', ':', '1', '}' },
						new byte[] { '{', '"', 'a', '"', ':', '"', (byte) 0xF0, (byte) 0x9F, '"', '}' },
						new byte[] { 0, 0, 0, 0 }, "{\"a\":5}".getBytes(StandardCharsets.UTF_16BE),
						"{\"a\":5}".getBytes(StandardCharsets.UTF_16LE), new byte[] { 0, '{', 0 }));
	}

	@Test
	void whateverArrivesReachesAMethodOrIsCounted() {
		List<JsonMapper> mappers = List.of(new JsonMapper(), lenient(),
				JsonMapper.builder().disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build(),
				JsonMapper
					.builder(JsonFactory.builder()
						.streamReadConstraints(StreamReadConstraints.builder()
							.maxNestingDepth(Integer.MAX_VALUE)
							.maxNumberLength(Integer.MAX_VALUE)
							.maxNameLength(Integer.MAX_VALUE)
							.build())
						.build())
					.enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
					.build());
		for (JsonMapper mapper : mappers) {
			Conditional handler = new Conditional();
			this.runner.withBean(JsonMapper.class, () -> mapper)
				.withBean("handler", Recorder.class, () -> handler)
				.run((context) -> {
					Fixture fixture = new Fixture(context);
					anything().forEach((bytes) -> {
						handler.heard.clear();
						CountingObserver.counts.clear();
						assertThatCode(
								() -> fixture.on("ticker").onMessage(fixture.connection, FakeWsMessage.binary(bytes)))
							.doesNotThrowAnyException();
						assertThat(handler.heard.size() + CountingObserver.counts.getOrDefault("unhandled", 0L)
								+ CountingObserver.counts.getOrDefault("error", 0L))
							.as(() -> new String(bytes, StandardCharsets.UTF_8).substring(0,
									Math.min(80, bytes.length)))
							.isPositive();
						assertThat(handler.heard.contains("five") && handler.heard.contains("not five")).isFalse();
					});
				});
		}
	}

	@Test
	void tokensThatTheMapperAcceptsAreConditionsToo() {
		JsonMapper lenient = lenient();
		assertThat(scan(lenient, FakeWsMessage.text("""
				{ // comment
				  a: 'single', b: +007, c: .5, d: 5., /* */ 'e': [1,,3,], f: NaN, g: -Infinity, # more
				  h: 5,
				}"""), "$.a == 'single'", "$.b == 7", "$.c == 0.5", "$.d == 5", "$.e[2] == 3", "$.e[1] == null", "$.f",
				"$.f != 1", "$.f == 1", "$.f == null", "$.g", "$.h in (4, 5)"))
			.containsExactly(true, true, true, true, true, true, true, true, false, false, true, true);
		assertThat(scan(new JsonMapper(), FakeWsMessage.text("{a:5}"), "$.a == 5", "$.a != 6", "$.a == null"))
			.containsExactly(false, false, false);
	}

	@ParameterizedTest
	@CsvSource({ "1e1000000", "1e999999999", "-1e2147483647", "100e2147483647", "1e-2147483647", "1e99999999999",
			"123456789e-2147483640" })
	void hugeExponentCostsNothing(String number) {
		WsMessage message = FakeWsMessage.text("{\"a\":" + number + "}");
		MessageKeys keys = new MessageKeys(new JacksonJsonCodec(new JsonMapper()), expressions());
		MessageKey path = keys.parse("$.a");
		MessageKey expression = keys.parse("json.a");
		MessageExpression comparison = expressions().parse("json.a > 5 and json.a + 1 > 5 or json.a == 7", List.of());
		assertEnds(() -> {
			for (int i = 0; i < 1_000; i++) {
				WsHandlerEvent event = WsHandlerEvent.message(new FakeWsConnection("ticker"), null, message);
				assertThat(scan(JsonMapper.shared(), message, "$.a == 5", "$.a != 5", "$.a == 1e300", "$.a"))
					.containsExactly(false, true, false, true);
				assertThat(path.of(event)).isEqualTo(path.of(event));
				assertThat(expression.of(event)).isEqualTo(expression.of(event));
				comparison.test(event);
			}
		});
	}

	private static void assertEnds(Runnable task) {
		assertThat(CompletableFuture.runAsync(task)).succeedsWithin(Duration.ofSeconds(20));
	}

	private static MessageExpressions expressions() {
		return new MessageExpressions(new JacksonJsonCodec(new JsonMapper()),
				new org.springframework.beans.factory.support.DefaultListableBeanFactory());
	}

	@Test
	void manyDigitsCostNothingWhateverTheMapperAccepts() {
		JsonMapper unbounded = JsonMapper
			.builder(JsonFactory.builder()
				.streamReadConstraints(StreamReadConstraints.builder().maxNumberLength(Integer.MAX_VALUE).build())
				.build())
			.build();
		WsMessage message = FakeWsMessage.text("{\"a\":0." + "1".repeat(2_000_000) + "}");
		assertEnds(() -> assertThat(scan(unbounded, message, "$.a == 5", "$.a != 5", "$.a")).containsExactly(false,
				true, true));
	}

	@Test
	void sameNumberIsTheSameKeyHoweverItIsWritten() {
		MessageKeys keys = new MessageKeys(new JacksonJsonCodec(new JsonMapper()), expressions());
		for (MessageKey key : List.of(keys.parse("$.a"), keys.parse("json.a"))) {
			assertThat(Stream.of("1", "1.0", "1e0", "10E-1")
				.map((number) -> key.of(WsHandlerEvent.message(new FakeWsConnection("ticker"), null,
						FakeWsMessage.text("{\"a\":9,\"a\":" + number + "}"))))
				.distinct()).hasSize(1);
		}
	}

	@Test
	void defaultTypingIsNotFollowedByWhatConditionsLookAt() {
		JsonMapper typing = JsonMapper.builder()
			.activateDefaultTyping(BasicPolymorphicTypeValidator.builder().allowIfBaseType(Object.class).build(),
					DefaultTyping.NON_FINAL)
			.build();
		String message = "[\"" + Trap.class.getName() + "\",{\"a\":1}]";
		assertThat(new JacksonJsonCodec(typing).tree(FakeWsMessage.text(message)))
			.isEqualTo(List.of(Trap.class.getName(), Map.of("a", 1)));
		assertThat(heard(typing, new Recorder() {

			@OnWsMessage(when = "json[1].a == 1", filter = "json[0].length() > 1")
			void on(String text) {
				this.heard.add("called");
			}

		}, (fixture) -> fixture.text(message))).containsExactly("called");
		assertThat(Trap.made).isFalse();
	}

	@Test
	void conditionThatThrowsAnythingLeavesTheMessageToTheRest() {
		BooleanSupplier rule = () -> {
			throw new AssertionError("a rule");
		};
		this.runner.withBean("rule", BooleanSupplier.class, () -> rule)
			.withBean("handler", Recorder.class, () -> new Recorder() {

				@OnWsMessage(when = "@rule.getAsBoolean()")
				void never(String text) {
					this.heard.add("never");
				}

				@OnWsMessage(when = "connection.name().nothing")
				void never2(String text) {
					this.heard.add("never");
				}

				@OnWsMessage
				void rest(String text) {
					this.heard.add("rest");
				}

				@OnWsError
				void failed(Throwable error) {
					this.heard.add("told");
				}

			})
			.run((context) -> {
				new Fixture(context).text("x");
				assertThat(context.getBean("handler", Recorder.class).heard).containsExactly("told", "told", "rest");
			});
	}

	@Test
	void memberOfAFamilyThatThrowsAnythingIsTold() {
		assertThat(heard(new JsonMapper(), new Recorder() {

			@OnWsMessage
			void one(Failing event) {
				this.heard.add("never");
			}

			@OnWsError
			void failed(WsMessageConversionException error) {
				this.heard.add("told");
			}

		}, (fixture) -> fixture.text("{\"is\":\"failing\",\"value\":1}"))).containsExactly("told");
	}

	@Test
	void noValueReachesTheMembersOfAFamilyThatTakeNone() {
		assertThat(heard(new JsonMapper(), new Recorder() {

			@OnWsMessage
			void one(Optional<Other> event) {
				this.heard.add("optional " + event.isPresent());
			}

			@OnWsMessage
			void two(Failing event) {
				this.heard.add("never");
			}

		}, (fixture) -> {
			fixture.text("null");
			fixture.text("");
			fixture.text("{\"is\":\"other\"}");
		})).containsExactly("optional false", "optional false", "optional true");
		assertThat(heard(new JsonMapper(), new Recorder() {

			@OnWsMessage
			void one(Other event) {
				this.heard.add("never");
			}

			@OnWsError
			void failed(WsMessageConversionException error) {
				this.heard.add("told");
			}

		}, (fixture) -> {
			fixture.text("null");
			fixture.text("");
		})).containsExactly("told", "told");
	}

	/**
	 * A payload.
	 */
	static class Order {

		public String type = "";

		public @Nullable BigDecimal price;

	}

	/**
	 * Conditions of all kinds, and nothing for the rest.
	 */
	static class Conditional extends Recorder {

		@OnWsMessage(when = "$.a == 5", type = WsMessage.Type.BINARY)
		void five(WsMessage message) {
			this.heard.add("five");
		}

		@OnWsMessage(when = "$.a != 5", type = WsMessage.Type.BINARY)
		void notFive(WsMessage message) {
			this.heard.add("not five");
		}

		@OnWsMessage(when = "json.a > 5", type = WsMessage.Type.BINARY)
		void larger(WsMessage message) {
			this.heard.add("larger");
		}

		@OnWsMessage(when = "$.a in ('single', 7, null)", filter = "json.a != 'never'", type = WsMessage.Type.BINARY)
		void listed(Object payload) {
			this.heard.add("listed");
		}

	}

	/**
	 * What default typing would make.
	 */
	static class Trap {

		static final AtomicBoolean made = new AtomicBoolean();

		public int a;

		Trap() {
			made.set(true);
		}

	}

	/**
	 * The root of a family.
	 */
	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
	@JsonSubTypes({ @JsonSubTypes.Type(value = Failing.class, name = "failing"),
			@JsonSubTypes.Type(value = Other.class, name = "other") })
	interface Event {

	}

	/**
	 * Can't be made.
	 */
	static class Failing implements Event {

		void setValue(int value) {
			throw new StackOverflowError("a member");
		}

	}

	/**
	 * Another member.
	 */
	record Other() implements Event {

	}

}
