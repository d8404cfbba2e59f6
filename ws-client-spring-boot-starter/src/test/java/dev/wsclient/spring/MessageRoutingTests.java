package dev.wsclient.spring;

import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.core.annotation.Order;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.spring.HandlerDispatcherTests.CountingObserver;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.HandlerMethodTests.Tick;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of which messages go to which handler methods: by SpEL, filter and the closest
 * type of a family.
 */
@ExtendWith(OutputCaptureExtension.class)
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class MessageRoutingTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withBean(CountingObserver.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost", "limit=100");

	@BeforeEach
	void reset() {
		CountingObserver.counts.clear();
	}

	private List<String> heard(Recorder handler, Consumer<Fixture> events) {
		this.runner.withBean("handler", Recorder.class, () -> handler).run((context) -> {
			assertThat(context).hasNotFailed();
			events.accept(new Fixture(context));
		});
		return handler.heard;
	}

	private List<String> heard(Recorder handler, String... texts) {
		return heard(handler, (fixture) -> List.of(texts).forEach(fixture::text));
	}

	@Test
	void expressionSeesJsonTextMessageAndConnection() {
		assertThat(heard(new Recorder() {

			@OnWsMessage(when = "json.price > ${limit} and json.data.size == null")
			@Order(1)
			void expensive(Tick tick) {
				this.heard.add("expensive " + tick.price());
			}

			@OnWsMessage(when = "text?.startsWith('hello') and connection.name() == 'ticker'")
			@Order(2)
			void greeting(String text) {
				this.heard.add("greeting");
			}

			@OnWsMessage(when = "!message.isText() && message.size() > 3")
			void large(byte[] bytes) {
				this.heard.add("large " + bytes.length);
			}

			@OnWsMessage(when = "json.items.?[price > 5].size() == 2 or json.items[0].name == 'first'")
			void items() {
				this.heard.add("items");
			}

			@OnWsMessage
			void rest(WsMessage message) {
				this.heard.add("rest " + message.size());
			}

		}, (fixture) -> {
			fixture.text("{\"price\":101}");
			fixture.text("{\"price\":99}");
			fixture.text("hello");
			fixture.text("");
			fixture.binary("four");
			fixture.binary("one");
			fixture.text("{\"items\":[{\"price\":6},{\"price\":7},{\"price\":1}]}");
			fixture.text("{\"items\":[{\"name\":\"first\"}]}");
		})).containsExactly("expensive 101", "rest 12", "greeting", "rest 0", "large 4", "rest 3", "items", "items");
	}

	@Test
	void expressionMayAskABean() {
		this.runner.withBean("rules", Rules.class).withBean("handler", Recorder.class, () -> new Recorder() {

			@OnWsMessage(when = "@rules.test(json.price)")
			void accepted(Tick tick) {
				this.heard.add("accepted " + tick.price());
			}

		}).run((context) -> {
			new Fixture(context).text("{\"price\":1}");
			new Fixture(context).text("{\"price\":2}");
			assertThat(context.getBean("handler", Recorder.class).heard).containsExactly("accepted 2");
		});
	}

	@Test
	void expressionThatFailsIsReportedAndItsMethodNotCalled(CapturedOutput output) {
		assertThat(heard(new Recorder() {

			@OnWsMessage(when = "json.price > 'x'")
			void never() {
				this.heard.add("never");
			}

			@OnWsMessage
			void rest(String text) {
				this.heard.add("rest");
			}

			@OnWsError
			void failed(Throwable error) {
				this.heard.add(error.getClass().getSimpleName());
			}

		}, "{\"price\":1}", "{\"price\":2}")).containsExactly("SpelEvaluationException", "rest",
				"SpelEvaluationException", "rest");
		assertThat(output).containsOnlyOnce("MessageRoutingTests$3.never() failed 1 time(s)");
	}

	@Test
	void filterSeesArgumentsAndIsCounted() {
		assertThat(heard(new Recorder() {

			@OnWsMessage(filter = "#tick.price > 1 and #connection.name() == 'ticker' and json.price < 9")
			void filtered(Tick tick, WsConnection connection) {
				this.heard.add("price " + tick.price());
			}

		}, "{\"price\":1}", "{\"price\":2}", "{\"price\":9}")).containsExactly("price 2");
		assertThat(CountingObserver.counts).containsEntry("filtered", 2L).doesNotContainKeys("unhandled", "error");
	}

	@Test
	void filterThatFailsIsAFailureOfTheMethod() {
		assertThat(heard(new Recorder() {

			@OnWsMessage(filter = "#text.nothing")
			void filtered(String text) {
				this.heard.add("never");
			}

			@OnWsError
			void failed(Throwable error) {
				this.heard.add(error.getClass().getSimpleName());
			}

		}, "x")).containsExactly("SpelEvaluationException");
		assertThat(CountingObserver.counts).containsEntry("error", 1L);
	}

	@Test
	void memberOfAFamilyGoesToTheClosestMethod() {
		assertThat(heard(new Recorder() {

			@OnWsMessage
			void event(Event event) {
				this.heard.add("event " + event);
			}

			@OnWsMessage
			void order(OrderEvent event) {
				this.heard.add("order " + event);
			}

			@OnWsMessage
			void filled(Filled event, String text) {
				this.heard.add("filled " + event.quantity() + " " + text.length());
			}

		}, "{\"is\":\"filled\",\"quantity\":3}", "{\"is\":\"cancelled\"}", "{\"is\":\"status\"}"))
			.containsExactly("filled 3 28", "order Cancelled[]", "event Status[]");
	}

	@Test
	void memberThatNoMethodTakesIsUnhandled() {
		assertThat(heard(new Recorder() {

			@OnWsMessage
			void filled(Filled event) {
				this.heard.add("filled");
			}

			@OnWsError
			void failed(Throwable error) {
				this.heard.add("never");
			}

		}, "{\"is\":\"status\"}")).isEmpty();
		assertThat(CountingObserver.counts).containsEntry("unhandled", 1L);
	}

	@Test
	void messageOfNoMemberIsReportedOnce() {
		assertThat(heard(new Recorder() {

			@OnWsMessage
			void filled(Filled event) {
				this.heard.add("never");
			}

			@OnWsMessage
			void status(Status event) {
				this.heard.add("never");
			}

			@OnWsError
			void failed(WsMessageConversionException error) {
				this.heard.add(error.method().getName() + " "
						+ String.valueOf(error.getMessage()).contains("could not be converted"));
			}

		}, "{\"is\":\"unknown\"}", "{")).containsExactly("filled true", "filled true");
	}

	@Test
	void eachBeanHasItsOwnClosestMethod() {
		Recorder audit = new Recorder() {

			@OnWsMessage
			void event(Event event) {
				this.heard.add("audit " + event);
			}

		};
		Recorder orders = new Recorder() {

			@OnWsMessage
			void order(OrderEvent event) {
				this.heard.add("order " + event);
			}

		};
		this.runner.withBean("audit", Recorder.class, () -> audit)
			.withBean("orders", Recorder.class, () -> orders)
			.run((context) -> {
				new Fixture(context).text("{\"is\":\"cancelled\"}");
				new Fixture(context).text("{\"is\":\"status\"}");
			});
		assertThat(audit.heard).containsExactly("audit Cancelled[]", "audit Status[]");
		assertThat(orders.heard).containsExactly("order Cancelled[]");
	}

	@Test
	void conditionAndFamilyGoTogether() {
		assertThat(heard(new Recorder() {

			@OnWsMessage(when = "$.urgent == true")
			void urgent(OrderEvent event) {
				this.heard.add("urgent " + event);
			}

			@OnWsMessage
			void rest(Event event) {
				this.heard.add("rest " + event);
			}

		}, "{\"is\":\"cancelled\",\"urgent\":true}", "{\"is\":\"status\",\"urgent\":true}", "{\"is\":\"cancelled\"}"))
			.containsExactly("urgent Cancelled[]", "rest Status[]", "rest Cancelled[]");
	}

	/**
	 * Decides.
	 */
	static class Rules implements Predicate<Object> {

		@Override
		public boolean test(Object price) {
			return price.equals(2);
		}

	}

	/**
	 * The root of a family.
	 */
	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
	@JsonSubTypes({ @JsonSubTypes.Type(value = Filled.class, name = "filled"),
			@JsonSubTypes.Type(value = Cancelled.class, name = "cancelled"),
			@JsonSubTypes.Type(value = Status.class, name = "status") })
	sealed interface Event {

	}

	/**
	 * A branch of the family.
	 */
	sealed interface OrderEvent extends Event {

	}

	/**
	 * A member.
	 *
	 * @param quantity a figure
	 */
	record Filled(int quantity) implements OrderEvent {

	}

	/**
	 * A member.
	 */
	record Cancelled() implements OrderEvent {

	}

	/**
	 * A member.
	 */
	record Status() implements Event {

	}

}
