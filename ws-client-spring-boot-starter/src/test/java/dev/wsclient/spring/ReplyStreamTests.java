package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.test.context.runner.ContextConsumer;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;

import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.HandlerMethodTests.Recorder;
import dev.wsclient.spring.HandlerMethodTests.Tick;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests for {@link ReplyStream}: publishers that handler methods return.
 */
@Timeout(60)
@SuppressWarnings({ "UnusedMethod", "UnusedVariable" }) // handlers are called by
														// reflection
class ReplyStreamTests {

	/** On the event loop all happens in the thread of the test. */
	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost",
				"ws.clients.ticker.dispatch.mode=event-loop");

	private void run(Recorder handler, ContextConsumer<AssertableApplicationContext> events) {
		this.runner.withBean("handler", Recorder.class, () -> handler).run((context) -> {
			assertThat(context).hasNotFailed();
			events.accept(context);
		});
	}

	@Test
	void elementsOfAFluxAreSentInOrder() {
		run(new Recorder() {

			@OnWsOpen
			Flux<Tick> opened() {
				return Flux.range(1, 1000).map(Tick::new);
			}

			@OnWsMessage
			Mono<Tick> message(String text) {
				return text.equals("none") ? Mono.empty() : Mono.just(new Tick(7));
			}

		}, (context) -> {
			Fixture fixture = new Fixture(context);
			fixture.open();
			assertThat(fixture.connection.sent).hasSize(1000)
				.startsWith("{\"price\":1}", "{\"price\":2}")
				.endsWith("{\"price\":1000}");
			fixture.text("none");
			fixture.text("one");
			assertThat(fixture.connection.sent).hasSize(1001).endsWith("{\"price\":7}");
		});
	}

	@Test
	void publisherOfTheJdkIsSentToo() {
		SubmissionPublisher<String> publisher = new SubmissionPublisher<>(Runnable::run, 256);
		run(new Recorder() {

			@OnWsOpen
			Flow.Publisher<String> opened() {
				return publisher;
			}

		}, (context) -> {
			Fixture fixture = new Fixture(context);
			fixture.open();
			publisher.submit("a");
			publisher.submit("b");
			assertThat(fixture.connection.sent).containsExactly("a", "b");
			publisher.close();
		});
	}

	@Test
	void noMoreIsAskedForThanTheSocketTakes() {
		AtomicLong requested = new AtomicLong();
		run(new Recorder() {

			@OnWsOpen
			Flux<String> opened() {
				return Flux.range(1, 10_000).map(String::valueOf).doOnRequest(requested::addAndGet);
			}

		}, (context) -> {
			Fixture fixture = new Fixture(context);
			CompletableFuture<Void> gate = new CompletableFuture<>();
			fixture.connection.written = gate;
			fixture.open();
			assertThat(requested).hasValue(32);
			assertThat(fixture.connection.sent).hasSize(32);
			fixture.connection.written = CompletableFuture.completedFuture(null);
			gate.complete(null);
			await().untilAsserted(() -> assertThat(fixture.connection.sent).hasSize(10_000).endsWith("10000"));
		});
	}

	@Test
	void failureOfThePublisherIsReported() {
		Recorder handler = new Recorder() {

			@OnWsOpen
			Flux<String> opened() {
				return Flux.concat(Flux.just("a"), Flux.error(new IllegalStateException("no more")));
			}

			@OnWsError
			void failed(Throwable error) {
				this.heard.add(error.getMessage());
			}

		};
		run(handler, (context) -> {
			Fixture fixture = new Fixture(context);
			fixture.open();
			assertThat(fixture.connection.sent).containsExactly("a");
		});
		assertThat(handler.heard).containsExactly("no more");
	}

	@Test
	void streamEndsWithTheFirstElementThatCannotBeSent() {
		AtomicBoolean cancelled = new AtomicBoolean();
		Sinks.Many<Object> sink = Sinks.many().unicast().onBackpressureBuffer();
		List<Throwable> errors = new ArrayList<>();
		run(new Recorder() {

			@OnWsOpen
			Flux<Object> opened() {
				return sink.asFlux().doOnCancel(() -> cancelled.set(true));
			}

			@OnWsError
			void failed(Throwable error) {
				errors.add(error);
			}

		}, (context) -> {
			Fixture fixture = new Fixture(context);
			fixture.open();
			sink.tryEmitNext("a");
			fixture.connection.sendFailure = new WsSendException(Fixture.CONTEXT, Outcome.NOT_ACCEPTED, "full", null);
			sink.tryEmitNext("b");
			fixture.connection.sendFailure = null;
			sink.tryEmitNext("c");
			assertThat(fixture.connection.sent).containsExactly("a");
		});
		assertThat(cancelled).isTrue();
		assertThat(errors).singleElement().isInstanceOf(WsSendException.class);
	}

	@Test
	void streamIsCancelledWhenItsSessionEnds() {
		List<String> cancelled = new ArrayList<>();
		Sinks.Many<String> sink = Sinks.many().multicast().directBestEffort();
		CompletableFuture<Object> later = new CompletableFuture<>();
		run(new Recorder() {

			@OnWsOpen
			Flux<String> opened() {
				return sink.asFlux().doOnCancel(() -> cancelled.add("open"));
			}

			@OnWsMessage
			CompletableFuture<Object> message(String text) {
				return later;
			}

		}, (context) -> {
			Fixture fixture = new Fixture(context);
			fixture.open();
			sink.tryEmitNext("a");
			fixture.text("x");
			fixture.close();
			assertThat(cancelled).containsExactly("open");
			sink.tryEmitNext("b");
			later.complete(Flux.<String>never().doOnCancel(() -> cancelled.add("message")));
			assertThat(cancelled).as("it comes after the end").containsExactly("open", "message");
			fixture.open();
			sink.tryEmitNext("c");
			assertThat(fixture.connection.sent).containsExactly("a", "c");
		});
	}

}
