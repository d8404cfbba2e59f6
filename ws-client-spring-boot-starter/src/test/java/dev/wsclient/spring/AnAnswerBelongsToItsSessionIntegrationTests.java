package dev.wsclient.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import dev.wsclient.WsConnection;
import dev.wsclient.WsSession;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.spring.properties.ErrorStrategy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An answer belongs to its session, whatever shape it has: what a handler returns for a
 * message of one session never goes out in another, but is dropped and told.
 */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class AnAnswerBelongsToItsSessionIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final List<String> received = new CopyOnWriteArrayList<>();

	private final List<String> questions = List.of("value", "stage", "stage of optional", "stage of publisher",
			"publisher", "own", "batch");

	private final JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

		private int sessions;

		@Override
		public void onOpen(Session session) {
			if (this.sessions++ == 0) {
				AnAnswerBelongsToItsSessionIntegrationTests.this.questions
					.forEach((text) -> session.sendText(text, Callback.NOOP));
			}
			else {
				session.sendText("new", Callback.NOOP);
			}
		}

		@Override
		public void onText(Session session, String text) {
			AnAnswerBelongsToItsSessionIntegrationTests.this.received.add(text);
		}

	});

	@AfterEach
	void stop() {
		this.server.close();
	}

	private ConfigurableApplicationContext run(Object handler, String mode) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers(
					(each) -> ((GenericApplicationContext) each).registerBean("handler", Object.class, () -> handler))
			.run("--ws.clients.feed.url=" + this.server.url(), "--ws.clients.feed.send-buffer.offline=buffer",
					"--ws.clients.feed.dispatch.mode=" + mode, "--ws.clients.feed.reconnect.initial-delay=10ms",
					"--spring.main.banner-mode=off");
	}

	@ParameterizedTest
	@ValueSource(strings = { "serial", "concurrent", "event-loop" })
	void lateAnswersAreDroppedAndTold(String mode, CapturedOutput output) {
		Late handler = new Late();
		try (ConfigurableApplicationContext context = run(handler, mode)) {
			WsConnection connection = context.getBean(WsConnection.class);
			await().atMost(PATIENCE)
				.until(() -> handler.asked.size() >= this.questions.size() - (mode.equals("event-loop") ? 1 : 0));
			await().atMost(PATIENCE).until(() -> this.received.containsAll(List.of("opened", "value")));
			WsSession first = connection.session();
			this.received.clear();
			this.server.eachSession(Session::disconnect);
			await().atMost(PATIENCE).until(() -> this.received.containsAll(List.of("opened", "answer to new")));
			assertThat(connection.session()).isNotSameAs(first);
			handler.late.complete("late");
			handler.lateOptional.complete(Optional.of("late optional"));
			handler.latePublisher.complete(Flux.just("late element"));
			handler.sink.tryEmitNext("late of the publisher");
			handler.lateOpen.complete("late opened");
			await().atMost(PATIENCE).until(() -> handler.errors.size() >= 4);
			assertThat(connection.send("end")).succeedsWithin(PATIENCE);
			await().atMost(PATIENCE).until(() -> this.received.contains("end"));
			assertThat(this.received).containsExactlyInAnyOrder("opened", "answer to new", "end");
			assertThat(handler.errors)
				.allSatisfy((error) -> assertThat(error).isInstanceOfSatisfying(WsSendException.class,
						(dropped) -> assertThat(dropped.outcome()).isEqualTo(WsSendException.Outcome.DROPPED)));
			assertThat(output).containsOnlyOnce("reply(ies) of handler methods were dropped");
			assertThat(connection.isOpen()).as("the error strategy is for handlers").isTrue();
		}
	}

	@Test
	void sessionIsAnArgument() {
		SessionTaker handler = new SessionTaker();
		try (ConfigurableApplicationContext context = run(handler, "serial")) {
			WsConnection connection = context.getBean(WsConnection.class);
			await().atMost(PATIENCE).until(() -> handler.sessions.size() == 1 + this.questions.size());
			assertThat(handler.sessions).containsOnly(connection.session());
			connection.close();
			await().atMost(PATIENCE).until(() -> handler.sessions.size() == 2 + this.questions.size());
			assertThat(handler.sessions).containsOnly(connection.session());
			assertThat(handler.sessions.get(0).isOpen()).isFalse();
		}
	}

	/**
	 * An application with what its class path configures.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/**
	 * Answers late.
	 */
	@WsErrorStrategy(ErrorStrategy.CLOSE)
	static class Late {

		final List<String> asked = new CopyOnWriteArrayList<>();

		final List<Throwable> errors = new CopyOnWriteArrayList<>();

		final CompletableFuture<Object> late = new CompletableFuture<>();

		final CompletableFuture<Object> lateOptional = new CompletableFuture<>();

		final CompletableFuture<Object> latePublisher = new CompletableFuture<>();

		final CompletableFuture<Object> lateOpen = new CompletableFuture<>();

		final Sinks.Many<String> sink = Sinks.many().multicast().directBestEffort();

		private final List<Boolean> opened = new ArrayList<>();

		@OnWsOpen
		CompletionStage<Object> opened(WsSession session) {
			session.send("opened");
			this.opened.add(true);
			return (this.opened.size() == 1) ? this.lateOpen : CompletableFuture.completedFuture(null);
		}

		@OnWsMessage
		Object on(String text, WsSession session) {
			this.asked.add(text);
			return switch (text) {
				case "value", "batch" -> text;
				case "stage" -> this.late;
				case "stage of optional" -> this.lateOptional;
				case "stage of publisher" -> this.latePublisher;
				case "publisher" -> this.sink.asFlux();
				case "own" -> this.late.thenCompose((answer) -> session.send((String) answer));
				default -> "answer to " + text;
			};
		}

		@OnWsError
		void failed(WsSendException error) {
			this.errors.add(error);
		}

	}

	/**
	 * Remembers sessions.
	 */
	static class SessionTaker {

		final List<WsSession> sessions = new CopyOnWriteArrayList<>();

		@OnWsOpen
		void opened(WsSession session) {
			this.sessions.add(session);
		}

		@OnWsMessage
		void on(String text, WsSession session) {
			this.sessions.add(session);
		}

		@OnWsClose
		void closed(WsSession session) {
			this.sessions.add(session);
		}

	}

}
