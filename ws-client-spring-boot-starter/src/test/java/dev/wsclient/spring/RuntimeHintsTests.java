package dev.wsclient.spring;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import jakarta.validation.Constraint;
import jakarta.validation.ConstraintValidator;
import jakarta.validation.ConstraintValidatorContext;
import jakarta.validation.Payload;
import jakarta.validation.Valid;
import jakarta.validation.constraints.AssertFalse;
import jakarta.validation.constraints.AssertTrue;
import jakarta.validation.constraints.Email;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.TypeReference;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;
import reactor.core.publisher.Flux;

import dev.wsclient.WsConnection;
import dev.wsclient.spring.properties.ClientProperties;
import dev.wsclient.spring.properties.ReconnectProperties;
import dev.wsclient.spring.properties.WsProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link HandlerMethodsAotProcessor}, {@link WsRuntimeHints} and what Spring
 * makes of the beans: what a native image needs to know.
 */
class RuntimeHintsTests {

	private static final String BUILT_IN = "org.hibernate.validator.internal.constraintvalidators.bv.";

	private final RuntimeHints hints = new RuntimeHints();

	private final InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();

	@BeforeEach
	void process() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of("ws.clients.ticker.url=ws://ticker.example").applyTo(context);
			context.register(WsClientAutoConfiguration.class, Ticks.class, Plain.class, Many.class,
					PackedConverter.class);
			DefaultGenerationContext generation = new DefaultGenerationContext(
					new ClassNameGenerator(ClassName.get("dev.wsclient.spring", "Test")), this.files, this.hints);
			new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
			generation.writeGeneratedContent();
		}
	}

	@Test
	void handlerMethodsMayBeInvoked() {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Ticks.class, "on")).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Ticks.class, "opened")).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Feed.class, "on"))
			.as("inherited, called through a proxy")
			.accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Ticks.class, "noHandler"))
			.rejects(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Plain.class, "on")).rejects(this.hints);
	}

	@Test
	void payloadsAndRepliesMayBeBound() {
		for (Class<?> type : List.of(Tick.class, Level.class, Reply.class)) {
			assertThat(RuntimeHintsPredicates.reflection().onType(type)).accepts(this.hints);
			assertThat(RuntimeHintsPredicates.reflection()
				.onMethodInvocation(type, type.getRecordComponents()[0].getName())).accepts(this.hints);
		}
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(WsConnection.class, "snapshot"))
			.as("no payload")
			.rejects(this.hints);
	}

	@Test
	void whatIsInsideBatchesOptionalsAndPublishersMayBeBound() {
		for (Class<?> type : List.of(Row.class, Note.class, Order.class, Line.class, Event.Opened.class,
				Sealed.Closed.class, Ack.class, Done.class)) {
			assertThat(RuntimeHintsPredicates.reflection().onType(type)).as(type.getName()).accepts(this.hints);
			assertThat(RuntimeHintsPredicates.reflection()
				.onMethodInvocation(type, type.getRecordComponents()[0].getName())).as(type.getName())
				.accepts(this.hints);
		}
		assertThat(RuntimeHintsPredicates.reflection().onType(Event.class)).accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onFieldAccess(Line.class, "text"))
			.as("its constraints are looked for")
			.accepts(this.hints);
		for (String method : List.of("batch", "note", "order", "event")) {
			assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Many.class, method)).accepts(this.hints);
		}
	}

	@Test
	void whatOnlyAConverterOfTheApplicationReadsMayBeBound() {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(Packed.class, "number")).accepts(this.hints);
		assertThat(
				RuntimeHintsPredicates.reflection().onConstructorInvocation(Packed.class.getDeclaredConstructors()[0]))
			.accepts(this.hints);
	}

	@Test
	void constraintsOfPayloadsMayBeChecked() throws NoSuchMethodException {
		assertThat(RuntimeHintsPredicates.reflection()
			.onConstructorInvocation(WholeValidator.class.getDeclaredConstructor())).accepts(this.hints);
		for (String ofParts : List.of("EmailValidator", "PatternValidator", "AssertTrueValidator")) {
			assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(BUILT_IN + ofParts))).as(ofParts)
				.accepts(this.hints);
		}
		assertThat(RuntimeHintsPredicates.reflection().onType(TypeReference.of(BUILT_IN + "AssertFalseValidator")))
			.as("of a payload that is not checked")
			.rejects(this.hints);
	}

	@Test
	void propertiesMayBeBound() {
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(WsProperties.class, "getClients"))
			.accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(ClientProperties.class, "setUrl"))
			.accepts(this.hints);
		assertThat(RuntimeHintsPredicates.reflection().onMethodInvocation(ReconnectProperties.class, "setMaxDelay"))
			.accepts(this.hints);
	}

	@Test
	void connectionsOfRunTimeMayBeMade() {
		assertThat(RuntimeHintsPredicates.reflection()
			.onMethodInvocation(ConnectionRegistry.class, WsConnectionsRegistrar.FACTORY_METHOD)).accepts(this.hints);
	}

	@Test
	void connectionBeansAreRegisteredByGeneratedCode() {
		assertThat(this.files.getGeneratedFiles(Kind.SOURCE).keySet())
			.anySatisfy((path) -> assertThat(this.files.getGeneratedFileContent(Kind.SOURCE, path))
				.contains("\"ticker\"", "AutowireCandidateQualifier"));
	}

	/**
	 * The interface of a handler with a generic payload.
	 *
	 * @param <T> the payload
	 */
	interface Feed<T> {

		/**
		 * Takes payloads.
		 * @param payload the payloads
		 * @param connection the connection
		 * @return the reply
		 */
		@OnWsMessage
		CompletionStage<Reply> on(List<T> payload, WsConnection connection);

	}

	/**
	 * Has handlers.
	 */
	static class Ticks implements Feed<Tick> {

		@Override
		public CompletionStage<Reply> on(List<Tick> payload, WsConnection connection) {
			throw new UnsupportedOperationException();
		}

		@OnWsOpen
		String opened() {
			return "";
		}

		void noHandler() {
		}

	}

	/**
	 * Has none.
	 */
	static class Plain {

		void on(String text) {
		}

	}

	/**
	 * A payload.
	 *
	 * @param level a nested value
	 */
	record Tick(Level level) {

	}

	/**
	 * A nested value.
	 *
	 * @param price a price
	 */
	record Level(int price) {

	}

	/**
	 * A reply.
	 *
	 * @param text a text
	 */
	record Reply(String text) {

	}

	/**
	 * Has payloads and replies that hold others.
	 */
	static class Many {

		@OnWsMessage(batchSize = 10)
		Flux<Ack> batch(List<Row> rows) {
			throw new UnsupportedOperationException();
		}

		@OnWsMessage
		Optional<Done> note(Optional<Note> note) {
			throw new UnsupportedOperationException();
		}

		@OnWsMessage
		void order(@Valid Order order) {
			throw new UnsupportedOperationException();
		}

		@OnWsMessage
		void sealed(List<Sealed> events) {
			throw new UnsupportedOperationException();
		}

		@OnWsMessage
		void event(Event event) {
			throw new UnsupportedOperationException();
		}

		@OnWsMessage
		void packed(Packed packed) {
			throw new UnsupportedOperationException();
		}

		@OnWsMessage
		void parcel(@Valid Parcel parcel) {
			throw new UnsupportedOperationException();
		}

		@OnWsMessage
		void signals(List<@Valid Signal> signals) {
			throw new UnsupportedOperationException();
		}

		@OnWsMessage
		void unchecked(Unchecked unchecked) {
			throw new UnsupportedOperationException();
		}

	}

	/**
	 * Reads its own format.
	 */
	static class PackedConverter implements WsMessageConverter {

		@Override
		public @Nullable Reader reader(Type type) {
			return (type == Packed.class) ? (message) -> new Packed(1) : null;
		}

		@Override
		public @Nullable Writer writer(Type type) {
			return null;
		}

	}

	/**
	 * What only the converter reads.
	 *
	 * @param number a number
	 */
	record Packed(int number) {

	}

	/**
	 * A constraint of the application.
	 */
	@Target(ElementType.TYPE)
	@Retention(RetentionPolicy.RUNTIME)
	@Constraint(validatedBy = WholeValidator.class)
	@interface Whole {

		/**
		 * The text of violations.
		 * @return the text
		 */
		String message() default "";

		/**
		 * The groups.
		 * @return the groups
		 */
		Class<?>[] groups() default {};

		/**
		 * The payload.
		 * @return the payload
		 */
		Class<? extends Payload>[] payload() default {};

	}

	/**
	 * Checks it.
	 */
	static class WholeValidator implements ConstraintValidator<Whole, Object> {

		@Override
		public boolean isValid(Object value, ConstraintValidatorContext context) {
			return true;
		}

	}

	/**
	 * A payload with constraints of its own, of a part and of elements.
	 *
	 * @param part is checked too
	 * @param elements are checked too
	 */
	@Whole
	record Parcel(@Valid Part part, List<@Valid Element> elements) {

	}

	/**
	 * A part of a parcel.
	 *
	 * @param address who it is for
	 */
	record Part(@Email String address) {

	}

	/**
	 * An element of a parcel.
	 *
	 * @param code a number
	 */
	record Element(@Pattern(regexp = "[0-9]*") String code) {

	}

	/**
	 * A family of payloads.
	 */
	@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
	sealed interface Signal {

		/**
		 * A member with a constraint.
		 *
		 * @param on whether it is on
		 */
		record Light(@AssertTrue boolean on) implements Signal {

		}

	}

	/**
	 * A payload whose constraints nobody asks for.
	 *
	 * @param off whether it is off
	 */
	record Unchecked(@AssertFalse boolean off) {

	}

	/**
	 * An element of batches.
	 *
	 * @param number a number
	 */
	record Row(int number) {

	}

	/**
	 * A payload that may be missing.
	 *
	 * @param text a text
	 */
	record Note(String text) {

	}

	/**
	 * A payload that is checked.
	 *
	 * @param line is checked too
	 */
	record Order(@Valid Line line) {

	}

	/**
	 * A part of an order.
	 *
	 * @param text must not be empty
	 */
	record Line(@NotEmpty String text) {

	}

	/**
	 * A family of payloads.
	 */
	@JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
	@JsonSubTypes(@JsonSubTypes.Type(Event.Opened.class))
	interface Event {

		/**
		 * A member.
		 *
		 * @param at when
		 */
		record Opened(long at) implements Event {

		}

	}

	/**
	 * A family that the language knows.
	 */
	@JsonTypeInfo(use = JsonTypeInfo.Id.SIMPLE_NAME)
	sealed interface Sealed {

		/**
		 * Its member.
		 *
		 * @param code a number
		 */
		record Closed(int code) implements Sealed {

		}

	}

	/**
	 * An element of a stream of replies.
	 *
	 * @param number a number
	 */
	record Ack(int number) {

	}

	/**
	 * A reply that may be missing.
	 *
	 * @param text a text
	 */
	record Done(String text) {

	}

}
