package dev.wsclient.spring;

import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

import jakarta.validation.Valid;
import jakarta.validation.Validator;
import jakarta.validation.constraints.Min;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GenerationContext;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.core.ParameterizedTypeReference;
import org.springframework.javapoet.ClassName;

import dev.wsclient.WsMessage;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Generic types are those of the bean, wherever types of its handler methods are looked
 * at.
 */
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class GenericTypesOfTheBeanTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost");

	private <H extends Recorder> List<String> heard(H handler, Consumer<Fixture> messages) {
		this.runner.withBean("handler", Recorder.class, () -> handler).run((context) -> {
			assertThat(context).hasNotFailed();
			messages.accept(new Fixture(context));
		});
		return handler.heard;
	}

	private List<String> heard(Recorder handler, String... texts) {
		return heard(handler, (fixture) -> List.of(texts).forEach(fixture::text));
	}

	@Test
	void parametersHaveTheTypesOfTheBean() {
		assertThat(heard(new OfTick(), "{\"price\":1}")).containsExactlyInAnyOrder("plain Tick[price=1]",
				"optional Tick[price=1]");
		assertThat(heard(new ListsOfTick(), "[{\"price\":1}]")).containsExactlyInAnyOrder("list Tick[price=1]",
				"array Tick[price=1]", "wildcard Tick[price=1]", "lower Tick[price=1]", "lists is no list");
		assertThat(heard(new OfListOfTick(), "[{\"price\":1}]")).containsExactlyInAnyOrder("plain [Tick[price=1]]",
				"optional [Tick[price=1]]");
		assertThat(heard(new OfOptional(), "{\"price\":1}")).contains("plain Optional[Tick[price=1]]");
		assertThat(heard(new MapsOfTick(), "{\"a\":[{\"price\":1}]}")).containsExactly("maps Tick[price=1]");
		assertThat(heard(new OfEnvelope(), "{\"body\":{\"price\":1}}")).contains("plain Envelope[body=Tick[price=1]]");
	}

	@Test
	void typesThatNeedNoConversionAreThoseOfTheBeanToo() {
		assertThat(heard(new OfString(), "{\"price\":1}")).containsExactlyInAnyOrder("plain {\"price\":1}",
				"optional {\"price\":1}");
		assertThat(heard(new OfBytes(), (fixture) -> fixture.binary("xyz"))).containsExactlyInAnyOrder("plain 3",
				"optional 3");
		assertThat(heard(new OfMessage(), (fixture) -> fixture.binary("xyz"))).containsExactlyInAnyOrder("plain BINARY",
				"optional BINARY");
	}

	@Test
	void elementsOfBatchesAreThoseOfTheBean() {
		String[] ticks = { "{\"price\":1}", "{\"price\":2}" };
		assertThat(heard(new BatchOfTick(), ticks)).containsExactly("batch Tick[price=1] Tick[price=2]");
		assertThat(heard(new BatchOfString(), ticks)).containsExactly("batch {\"price\":1} {\"price\":2}");
		assertThat(heard(new BatchOfOptional(), "null", "{\"price\":2}"))
			.containsExactly("batch Optional.empty Optional[Tick[price=2]]");
		assertThat(heard(new BatchOfMessage(), (fixture) -> {
			fixture.text("x");
			fixture.binary("y");
		})).containsExactly("batch TEXT BINARY");
		assertThat(heard(new WholeBatch(), ticks)).containsExactly("whole Tick[price=1] Tick[price=2]");
	}

	@Test
	void otherArgumentsAreThoseOfTheBean() {
		assertThat(heard(new OfIllegalState(), (fixture) -> {
			fixture.error(new IllegalArgumentException("other"));
			fixture.error(new IllegalStateException("mine"));
			fixture.connection.attributes().put("limit", 5L);
			fixture.open(Map.of("Limit", List.of("7", "8")));
		})).containsExactly("mine", "header [7, 8] attribute 5");
	}

	@Test
	void definitionOfTheBeanDecidesWhatItsClassLeavesOpen() {
		this.runner.withUserConfiguration(Declared.class).run((context) -> {
			assertThat(context).hasNotFailed();
			Fixture fixture = new Fixture(context);
			fixture.text("{\"price\":1}");
			assertThat(context.getBean("open", Recorder.class).heard).contains("plain Tick[price=1]");
			assertThat(((OpenFeed<?>) context.getBean("feed")).heard).containsExactly("feed Tick[price=1]");
		});
	}

	@Test
	void typeThatNothingDecidesFailsTheStart() {
		assertThat(WsConfigurationFailureAnalyzerTests.analyze(this.runner.withBean("handler", Open.class, Open::new))
			.getDescription()).contains("type variable T").contains("Open leaves open");
		assertThat(WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withBean("handler", OfMethod.class, OfMethod::new))
			.getDescription()).contains("type variable X");
		assertThat(heard(new Bounded<>(), "{\"price\":1}")).containsExactly("bounded Tick[price=1]");
	}

	@Test
	void methodsOfInterfacesHaveTheTypesOfTheBeanBehindEveryProxy() {
		for (boolean ofClass : new boolean[] { false, true }) {
			DefaultsOfTick target = new DefaultsOfTick();
			ProxyFactory factory = new ProxyFactory(target);
			factory.setProxyTargetClass(ofClass);
			this.runner.withBean("handler", Defaults.class, () -> (Defaults<?>) factory.getProxy()).run((context) -> {
				assertThat(context).hasNotFailed();
				new Fixture(context).text("[{\"price\":1}]");
			});
			assertThat(target.heard).containsExactlyInAnyOrder("default Tick[price=1]", "own Tick[price=1]");
		}
	}

	@Test
	void overriddenMethodsHaveTheirOwnTypes() {
		assertThat(heard(new Overriding(), "{\"price\":1}")).containsExactlyInAnyOrder("overridden Tick[price=1]",
				"overridden optional Tick[price=1]");
	}

	@Test
	void repliesAreConvertedAsTheTypesOfTheBean() {
		Types types = new Types();
		this.runner.withBean("types", WsMessageConverter.class, () -> types)
			.withBean("handler", RepliesOfTick.class, RepliesOfTick::new)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(types.read).containsExactlyInAnyOrder(Tick.class, Tick.class,
						type(new ParameterizedTypeReference<List<Tick>>() {
						}), type(new ParameterizedTypeReference<Envelope<Tick>>() {
						}), type(new ParameterizedTypeReference<List<Tick>[]>() {
						}));
				assertThat(types.written).containsExactlyInAnyOrder(Tick.class, Tick.class, Tick.class,
						type(new ParameterizedTypeReference<List<Tick>>() {
						}), type(new ParameterizedTypeReference<Envelope<Tick>>() {
						}), Tick.class);
			});
	}

	private static Type type(ParameterizedTypeReference<?> reference) {
		return reference.getType();
	}

	@Test
	void validationIsThatOfTheBean() {
		ApplicationContextRunner validating = this.runner
			.withConfiguration(AutoConfigurations.of(ValidationAutoConfiguration.class));
		Checked handler = new Checked();
		validating.withBean("handler", Recorder.class, () -> handler).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(Validator.class);
			new Fixture(context).text("{\"price\":-1}");
			new Fixture(context).text("[{\"price\":-1}]");
		});
		assertThat(handler.heard).containsExactlyInAnyOrder("price Min", "[0].price Min");
	}

	@Test
	void hintsAreOfTheTypesOfTheBean() {
		GenerationContext generation = new DefaultGenerationContext(
				new ClassNameGenerator(ClassName.get("dev.wsclient.app", "Application")), new InMemoryGeneratedFiles());
		AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext();
		context.register(WsClientAutoConfiguration.class, Declared.class);
		context.registerBean(RepliesOfBound.class);
		org.springframework.boot.test.util.TestPropertyValues.of("ws.clients.ticker.url=ws://localhost")
			.applyTo(context);
		new ApplicationContextAotGenerator().processAheadOfTime(context, generation);
		RuntimeHints hints = generation.getRuntimeHints();
		assertThat(List.of(Tick.class, Bound.class, InBound.class))
			.allSatisfy((type) -> assertThat(RuntimeHintsPredicates.reflection().onType(type)).accepts(hints));
		context.close();
	}

	/**
	 * A payload.
	 *
	 * @param price a figure
	 */
	record Tick(@Min(0) int price) {

	}

	/**
	 * A generic payload.
	 *
	 * @param <T> what it holds
	 * @param body what it holds
	 */
	record Envelope<T>(T body) {

	}

	/**
	 * Leaves the type open.
	 *
	 * @param <T> the type
	 */
	abstract static class Base<T> extends Recorder {

		@OnWsMessage
		void plain(T value) {
			this.heard.add("plain " + show(value));
		}

		@OnWsMessage
		void optional(Optional<T> value) {
			this.heard.add("optional " + show(value.orElseThrow()));
		}

		String show(T value) {
			return String.valueOf(value);
		}

	}

	static class OfTick extends Base<Tick> {

		@Override
		String show(Tick value) {
			return value.toString();
		}

	}

	static class OfListOfTick extends Base<List<Tick>> {

		@Override
		String show(List<Tick> value) {
			Tick first = value.get(0);
			return List.of(first).toString();
		}

	}

	static class OfOptional extends Base<Optional<Tick>> {

		@Override
		void optional(Optional<Optional<Tick>> value) {
		}

	}

	static class OfEnvelope extends Base<Envelope<Tick>> {

		@Override
		String show(Envelope<Tick> value) {
			Tick body = value.body();
			return new Envelope<>(body).toString();
		}

	}

	static class OfString extends Base<String> {

		@Override
		String show(String value) {
			return value;
		}

	}

	static class OfBytes extends Base<byte[]> {

		@Override
		String show(byte[] value) {
			return String.valueOf(value.length);
		}

	}

	static class OfMessage extends Base<WsMessage> {

		@Override
		String show(WsMessage value) {
			return value.type().toString();
		}

	}

	abstract static class Lists<T> extends Recorder {

		@OnWsMessage
		void list(List<T> values) {
			values.forEach((each) -> this.heard.add("list " + show(each)));
		}

		@OnWsMessage
		void array(T[] values) {
			Arrays.stream(values).forEach((each) -> this.heard.add("array " + show(each)));
		}

		@OnWsMessage
		void wildcard(Collection<? extends T> values) {
			values.forEach((each) -> this.heard.add("wildcard " + show(each)));
		}

		@OnWsMessage
		@SuppressWarnings("unchecked")
		void lower(List<? super T> values) {
			values.forEach((each) -> this.heard.add("lower " + show((T) each)));
		}

		@OnWsMessage
		void lists(List<List<T>[]> values) {
		}

		@OnWsError
		void failed(WsMessageConversionException ex) {
			this.heard.add(ex.method().getName() + " is no list");
		}

		abstract String show(T value);

	}

	static class ListsOfTick extends Lists<Tick> {

		@Override
		String show(Tick value) {
			return value.toString();
		}

	}

	abstract static class Maps<K, V> extends Recorder {

		@OnWsMessage
		void maps(Map<K, List<V>> values) {
			values.values().forEach((list) -> list.forEach((each) -> this.heard.add("maps " + show(each))));
		}

		abstract String show(V value);

	}

	abstract static class Swapped<V, K> extends Maps<K, V> {

	}

	static class MapsOfTick extends Swapped<Tick, String> {

		@Override
		String show(Tick value) {
			return value.toString();
		}

	}

	abstract static class Batches<T> extends Recorder {

		@OnWsMessage(batchSize = 2)
		void batch(List<T> values) {
			StringBuilder shown = new StringBuilder("batch");
			values.forEach((each) -> shown.append(' ').append(show(each)));
			this.heard.add(shown.toString());
		}

		String show(T value) {
			return value.toString();
		}

	}

	static class BatchOfTick extends Batches<Tick> {

		@Override
		String show(Tick value) {
			return value.toString();
		}

	}

	static class BatchOfString extends Batches<String> {

		@Override
		String show(String value) {
			return value;
		}

	}

	static class BatchOfOptional extends Batches<Optional<Tick>> {

	}

	static class BatchOfMessage extends Batches<WsMessage> {

		@Override
		String show(WsMessage value) {
			return value.type().toString();
		}

	}

	abstract static class Whole<L> extends Recorder {

		@OnWsMessage(batchSize = 2)
		void whole(L values) {
			this.heard.add("whole" + show(values));
		}

		abstract String show(L values);

	}

	static class WholeBatch extends Whole<List<Tick>> {

		@Override
		String show(List<Tick> values) {
			StringBuilder shown = new StringBuilder();
			for (Tick each : values) {
				shown.append(' ').append(each);
			}
			return shown.toString();
		}

	}

	abstract static class Others<E extends Exception, H, A> extends Recorder {

		@OnWsError
		void failed(Optional<E> error) {
			this.heard.add(String.valueOf(error.orElseThrow().getMessage()));
		}

		@OnWsOpen
		void opened(@WsHeader("Limit") List<H> header, @WsAttribute("limit") A attribute) {
			this.heard.add("header " + header(header) + " attribute " + attribute);
		}

		abstract String header(List<H> header);

	}

	static class OfIllegalState extends Others<IllegalStateException, Integer, Long> {

		@Override
		String header(List<Integer> header) {
			Integer first = header.get(0);
			return List.of(first, header.get(1)).toString();
		}

	}

	static class Open<T> extends Base<T> {

	}

	static class Bounded<T extends Tick> extends Recorder {

		@OnWsMessage
		void on(T value) {
			this.heard.add("bounded " + value);
		}

	}

	static class OfMethod {

		@OnWsMessage
		<X> void on(List<X> value) {
		}

	}

	interface Feed<F> {

		@OnWsMessage
		void feed(F value);

	}

	static class OpenFeed<B> implements Feed<B> {

		final List<String> heard = new CopyOnWriteArrayList<>();

		@Override
		public void feed(B value) {
			this.heard.add("feed " + value);
		}

	}

	/**
	 * Says the types at the methods.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Declared {

		@Bean
		Open<Tick> open() {
			return new Open<>();
		}

		@Bean
		Feed<Tick> feed() {
			return new OpenFeed<>();
		}

	}

	interface Defaults<T> {

		@OnWsMessage
		default void byDefault(List<T> values) {
			heard().add("default " + show(values.get(0)));
		}

		@OnWsMessage
		void own(List<T> values);

		String show(T value);

		List<String> heard();

	}

	static class DefaultsOfTick implements Defaults<Tick> {

		final List<String> heard = new CopyOnWriteArrayList<>();

		@Override
		public void own(List<Tick> values) {
			this.heard.add("own " + show(values.get(0)));
		}

		@Override
		public String show(Tick value) {
			return value.toString();
		}

		@Override
		public List<String> heard() {
			return this.heard;
		}

	}

	static class Overriding extends Base<Tick> {

		@Override
		void plain(Tick value) {
			this.heard.add("overridden " + value);
		}

		@Override
		@OnWsMessage
		void optional(Optional<Tick> value) {
			this.heard.add("overridden optional " + value.orElseThrow());
		}

	}

	abstract static class Replies<T> {

		@OnWsMessage
		@Nullable CompletionStage<T> stage(T value) {
			return null;
		}

		@OnWsMessage
		Flow.@Nullable Publisher<Optional<T>> publisher(Optional<T> value) {
			return null;
		}

		@OnWsMessage
		@Nullable T plain(List<T> values) {
			return null;
		}

		@OnWsMessage
		@Nullable ListStage<T> list(Envelope<T> value) {
			return null;
		}

		@OnWsMessage
		@Nullable CompletableFuture<Envelope<T>> envelope(List<T>[] values) {
			return null;
		}

		@OnWsOpen
		@Nullable OfTicks publisher() {
			return null;
		}

	}

	static class RepliesOfTick extends Replies<Tick> {

	}

	static class ListStage<X> extends CompletableFuture<List<X>> {

	}

	abstract static class OfTicks implements Flow.Publisher<Tick> {

	}

	/**
	 * Remembers which types it was asked for.
	 */
	static class Types implements WsMessageConverter {

		final List<Type> read = new CopyOnWriteArrayList<>();

		final List<Type> written = new CopyOnWriteArrayList<>();

		@Override
		public Reader reader(Type type) {
			this.read.add(type);
			return (message) -> null;
		}

		@Override
		public Writer writer(Type type) {
			this.written.add(type);
			return (value) -> "";
		}

	}

	static class RepliesOfBound {

		@OnWsMessage
		void on(BoundHolder<Bound> holder) {
		}

	}

	record BoundHolder<T>(T value) {

	}

	record Bound(InBound value) {

	}

	record InBound(int value) {

	}

	interface CheckedFeed<T> {

		@OnWsMessage
		void one(@Valid T value);

		@OnWsMessage
		void many(List<@Valid T> values);

	}

	static class Checked extends Recorder implements CheckedFeed<Tick> {

		@Override
		public void one(Tick value) {
			this.heard.add("never");
		}

		@Override
		public void many(List<Tick> values) {
			this.heard.add("never");
		}

		@OnWsError
		void failed(WsMessageValidationException ex) {
			ex.violations().forEach((each) -> this.heard.add(each.path() + " " + each.constraint()));
		}

	}

}
