package dev.wsclient.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import brave.Span.Kind;
import brave.handler.MutableSpan;
import brave.handler.SpanHandler;
import brave.propagation.TraceContext;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.task.TaskDecorator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Traces of an application with Brave against a real server.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class TracingIntegrationTests {

	private static ConfigurableApplicationContext run(JettyWsServer server) {
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.run("--ws.clients.feed.url=" + server.url(), "--spring.main.banner-mode=off",
					"--management.tracing.sampling.probability=1", "--ws.defaults.reconnect.initial-delay=20ms",
					"--logging.pattern.console=%m [%X{traceId}] [%X{ws.client}]%n%ex{short}");
	}

	private static final JettyWsServer.Script GREETING = new JettyWsServer.Script() {

		@Override
		public void onOpen(Session session) {
			session.sendText("one", Callback.NOOP);
			session.sendText("throw", Callback.NOOP);
		}

	};

	@Test
	void handshakeCarriesTheTraceOfTheAttempt() {
		try (JettyWsServer server = new JettyWsServer(GREETING); ConfigurableApplicationContext context = run(server)) {
			Spans spans = context.getBean(Spans.class);
			await().until(() -> spans.named("feed connect").size() == 1);
			MutableSpan attempt = spans.named("feed connect").get(0);
			Map<String, List<String>> headers = server.handshakes.get(0);
			assertThat(headers.get("traceparent"))
				.containsExactly("00-" + padded(attempt.traceId()) + "-" + attempt.id() + "-01");
			assertThat(attempt.kind()).isEqualTo(Kind.CLIENT);
			assertThat(attempt.tags()).containsEntry("outcome", "success").containsEntry("ws.status", "101");
			assertThat(attempt.tags().toString()).doesNotContain("hush");
			assertThat(attempt.parentId()).isNull();
			context.getBean(WsConnections.class).get("feed").reconnect(Duration.ZERO);
			await().until(() -> server.handshakes.size() == 2);
			assertThat(server.handshakes.get(1).get("traceparent")).isNotNull()
				.isNotEqualTo(headers.get("traceparent"));
		}
	}

	@Test
	void whatAHandlerCallsAndLogsJoinsItsTrace(CapturedOutput output) {
		try (JettyWsServer server = new JettyWsServer(GREETING); ConfigurableApplicationContext context = run(server)) {
			Spans spans = context.getBean(Spans.class);
			Feed feed = context.getBean(Feed.class);
			await().until(() -> spans.named("feed message").size() == 2);
			MutableSpan message = spans.named("feed message").get(0);
			assertThat(message.kind()).isEqualTo(Kind.CONSUMER);
			assertThat(message.parentId()).isNull();
			MutableSpan called = spans.named("rest call").get(0);
			assertThat(called.traceId()).isEqualTo(message.traceId());
			assertThat(called.parentId()).isEqualTo(message.id());
			assertThat(feed.contexts).first()
				.isEqualTo(Map.of("traceId", padded(message.traceId()), "ws.client", "feed"));
			assertThat(output).contains("heard one [" + padded(message.traceId()) + "] [feed]");
		}
	}

	@Test
	void failureIsPartOfTheTraceWithItsLogLineAndErrorHandlers(CapturedOutput output) {
		try (JettyWsServer server = new JettyWsServer(GREETING); ConfigurableApplicationContext context = run(server)) {
			Spans spans = context.getBean(Spans.class);
			await().until(() -> spans.named("feed message").size() == 2);
			MutableSpan failed = spans.named("feed message").get(1);
			assertThat(failed.error()).hasMessage("as told");
			assertThat(failed.traceId()).isNotEqualTo(spans.named("feed message").get(0).traceId());
			MutableSpan handled = spans.named("feed error").get(0);
			assertThat(handled.parentId()).isEqualTo(failed.id());
			assertThat(output.getOut().lines()).anySatisfy((line) -> assertThat(line).contains("Feed.on(String) failed")
				.contains("[" + padded(failed.traceId()) + "] [feed]"));
		}
	}

	@Test
	void decoratorsOfTheApplicationsExecutorApplyToHandlers() {
		try (JettyWsServer server = new JettyWsServer(GREETING); ConfigurableApplicationContext context = run(server)) {
			Feed feed = context.getBean(Feed.class);
			await().until(() -> feed.decorated.size() == 2);
			assertThat(feed.decorated).containsOnly("decorated");
		}
	}

	private static String padded(String traceId) {
		return "0".repeat(32 - traceId.length()) + traceId;
	}

	/**
	 * An application that traces.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Spans spans() {
			return new Spans();
		}

		@Bean
		Feed feed(ObservationRegistry registry) {
			return new Feed(registry);
		}

		@Bean
		TaskDecorator decorator() {
			return (task) -> () -> {
				MDC.put("decorator", "decorated");
				try {
					task.run();
				}
				finally {
					MDC.remove("decorator");
				}
			};
		}

	}

	/**
	 * Keeps finished spans.
	 */
	static class Spans extends SpanHandler {

		private final Queue<MutableSpan> finished = new ConcurrentLinkedQueue<>();

		@Override
		public boolean end(TraceContext context, MutableSpan span, Cause cause) {
			this.finished.add(new MutableSpan(span));
			return true;
		}

		List<MutableSpan> named(String name) {
			return this.finished.stream().filter((span) -> name.equals(span.name())).toList();
		}

	}

	/**
	 * Calls something that is observed.
	 */
	static class Feed {

		private static final Logger logger = LoggerFactory.getLogger(Feed.class);

		final Queue<Map<String, String>> contexts = new ConcurrentLinkedQueue<>();

		final Queue<String> decorated = new ConcurrentLinkedQueue<>();

		private final ObservationRegistry registry;

		Feed(ObservationRegistry registry) {
			this.registry = registry;
		}

		@OnWsMessage
		void on(String text) {
			this.contexts.add(Map.of("traceId", MDC.get("traceId"), "ws.client", MDC.get("ws.client")));
			this.decorated.add(String.valueOf(MDC.get("decorator")));
			logger.info("heard {}", text);
			Observation.createNotStarted("rest call", this.registry).observe(() -> {
			});
			if (text.equals("throw")) {
				throw new IllegalStateException("as told");
			}
		}

		@OnWsError
		void failed(Throwable error) {
			logger.info("error {}", error.getMessage());
		}

	}

}
