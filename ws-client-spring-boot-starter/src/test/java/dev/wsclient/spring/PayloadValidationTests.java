package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.Positive;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.validation.annotation.Validated;

import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.WsMessageValidationException.Violation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of payloads with constraints.
 */
@ExtendWith(OutputCaptureExtension.class)
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class PayloadValidationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class,
				ValidationAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost");

	private <T extends Validating> T handle(T handler, String... texts) {
		this.runner.withBean("handler", Validating.class, () -> handler).run((context) -> {
			assertThat(context).hasNotFailed();
			List.of(texts).forEach(new Fixture(context)::text);
		});
		return handler;
	}

	@Test
	void payloadThatIsNotValidIsReportedWithoutItsValues(CapturedOutput output) {
		Validating handler = handle(new Validating() {

			@OnWsMessage
			void order(@Valid Order order) {
				this.heard.add(order.symbol());
			}

		}, "{\"symbol\":\"A\",\"lines\":[{\"price\":1}]}",
				"{\"symbol\":\" \",\"lines\":[{\"price\":1},{\"price\":-4711}],\"byName\":{\"hush\":{\"price\":0}}}");
		assertThat(handler.heard).containsExactly("A");
		assertThat(handler.errors).singleElement().satisfies((error) -> {
			assertThat(error.violations()).containsExactly(new Violation("byName[*].price", "Positive"),
					new Violation("lines[1].price", "Positive"), new Violation("symbol", "NotBlank"));
			assertThat(error).hasMessageContaining("lines[1].price (@Positive)")
				.hasMessageContaining(".order(Order)")
				.hasNoCause();
			assertThat(error.getMessage()).doesNotContain("hush").doesNotContain("4711");
			assertThat(error.method().getName()).isEqualTo("order");
		});
		assertThat(output).contains("symbol (@NotBlank)").doesNotContain("hush").doesNotContain("4711");
	}

	@Test
	void elementsOfCollectionsMapsAndOptionalsAreChecked() {
		Validating handler = handle(new Validating() {

			@OnWsMessage(when = "$[0]")
			void list(List<@Valid Line> lines) {
				this.heard.add("lines " + lines.size());
			}

			@OnWsMessage(when = "$.map")
			void map(@Valid Map<String, Line> map) {
				this.heard.add("never");
			}

			@OnWsMessage(when = "$.price")
			void optional(@Valid Optional<Line> line) {
				this.heard.add("line " + line.orElseThrow().price());
			}

		}, "[{\"price\":1},{\"price\":2}]", "[{\"price\":1},{\"price\":-2}]", "{\"map\":{\"price\":-1}}",
				"{\"price\":1}", "{\"price\":-1}");
		assertThat(handler.heard).containsExactly("lines 2", "line 1");
		assertThat(handler.errors).flatExtracting(WsMessageValidationException::violations)
			.containsExactly(new Violation("[1].price", "Positive"), new Violation("[*].price", "Positive"),
					new Violation("price", "Positive"));
	}

	@Test
	void groupsAreThoseOfTheAnnotation() {
		Validating handler = handle(new Validating() {

			@OnWsMessage
			void line(@Validated(Strict.class) Grouped grouped) {
				this.heard.add("price " + grouped.price());
			}

		}, "{\"price\":-1,\"name\":\"a\"}", "{\"price\":-1,\"name\":\"\"}");
		assertThat(handler.heard).containsExactly("price -1");
		assertThat(handler.errors).singleElement()
			.satisfies((error) -> assertThat(error.violations()).containsExactly(new Violation("name", "NotBlank")));
	}

	@Test
	void constraintsAreNotCheckedUnlessAsked() {
		assertThat(handle(new Validating() {

			@OnWsMessage
			void line(Line line) {
				this.heard.add("price " + line.price());
			}

		}, "{\"price\":-1}").heard).containsExactly("price -1");
	}

	/**
	 * Hears of what is not valid.
	 */
	static class Validating extends Recorder {

		final List<WsMessageValidationException> errors = new ArrayList<>();

		@OnWsError
		void failed(WsMessageValidationException error) {
			this.errors.add(error);
		}

	}

	/**
	 * A payload.
	 *
	 * @param symbol a name
	 * @param lines its parts
	 * @param byName its parts by name
	 */
	record Order(@NotBlank String symbol, @Valid List<Line> lines, @Nullable Map<String, @Valid Line> byName) {

	}

	/**
	 * A part.
	 *
	 * @param price a figure
	 */
	record Line(@Positive int price) {

	}

	/**
	 * A group of constraints.
	 */
	interface Strict {

	}

	/**
	 * A payload whose constraints are in groups.
	 *
	 * @param price a figure
	 * @param name a name
	 */
	record Grouped(@Positive int price, @NotBlank(groups = Strict.class) String name) {

	}

}
