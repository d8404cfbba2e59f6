package dev.wsclient.spring;

import java.util.List;
import java.util.concurrent.CompletionStage;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.aot.generate.ClassNameGenerator;
import org.springframework.aot.generate.DefaultGenerationContext;
import org.springframework.aot.generate.GeneratedFiles.Kind;
import org.springframework.aot.generate.InMemoryGeneratedFiles;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.predicate.RuntimeHintsPredicates;
import org.springframework.boot.test.util.TestPropertyValues;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.aot.ApplicationContextAotGenerator;
import org.springframework.javapoet.ClassName;

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

	private final RuntimeHints hints = new RuntimeHints();

	private final InMemoryGeneratedFiles files = new InMemoryGeneratedFiles();

	@BeforeEach
	void process() {
		try (AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
			TestPropertyValues.of("ws.clients.ticker.url=ws://ticker.example").applyTo(context);
			context.register(WsClientAutoConfiguration.class, Ticks.class, Plain.class);
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
			.onMethodInvocation(DefaultWsConnections.class, WsConnectionsRegistrar.FACTORY_METHOD)).accepts(this.hints);
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

}
