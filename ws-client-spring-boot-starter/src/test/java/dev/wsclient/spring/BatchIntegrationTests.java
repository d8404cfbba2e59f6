package dev.wsclient.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import dev.wsclient.WsConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of handler methods that take batches, each in an application against a server.
 */
@Timeout(120)
@ExtendWith(OutputCaptureExtension.class)
class BatchIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static ConfigurableApplicationContext run(String url, Recorder handler, String... properties) {
		List<String> all = new ArrayList<>(List.of("--ws.clients.feed.url=" + url, "--spring.main.banner-mode=off"));
		for (String property : properties) {
			all.add("--" + property);
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers(
					(context) -> ((GenericApplicationContext) context).registerBean(Recorder.class, () -> handler))
			.run(all.toArray(String[]::new));
	}

	private static void awaitHandled(Recorder handler, int count) {
		await().atMost(PATIENCE).until(() -> handler.handled.get() == count);
	}

	private static WsConnection connection(ConfigurableApplicationContext context) {
		return context.getBean(WsConnection.class);
	}

	private static IntFunction<String> ticks(int keys) {
		return (i) -> "{\"key\":\"k" + (i % keys) + "\",\"n\":" + (i / keys) + "}";
	}

	@Test
	void batchesAreCompleteInOrderAndTheRestComesInTime() throws Exception {
		Recorder handler = new Patient();
		try (BurstServer server = new BurstServer(1_050, ticks(1));
				ConfigurableApplicationContext context = run(server.url(), handler, "patience=500ms")) {
			awaitHandled(handler, 1_050);
			assertThat(connection(context).isOpen()).as("nothing but the time completed the last one").isTrue();
			assertThat(handler.numbers()).isEqualTo(IntStream.range(0, 1_050).boxed().toList());
			assertThat(handler.sizes()).allMatch((size) -> size <= 100);
			assertThat(handler.threads).allMatch((thread) -> thread.startsWith("task-"));
			await().atMost(PATIENCE).until(() -> connection(context).snapshot().waitingCalls() == 0);
		}
	}

	@Test
	void queueBoundsWhatIsCollectedAndReadingGoesOn() throws Exception {
		int count = 100_000;
		Recorder handler = new Patient();
		handler.gate = new CountDownLatch(1);
		try (BurstServer server = new BurstServer(count, ticks(1));
				ConfigurableApplicationContext context = run(server.url(), handler, "patience=500ms",
						"ws.clients.feed.dispatch.queue=256")) {
			await().atMost(PATIENCE).until(() -> connection(context).snapshot().paused());
			assertThat(connection(context).snapshot().messagesReceived()).isLessThan(count / 2);
			handler.gate.countDown();
			awaitHandled(handler, count);
			assertThat(handler.numbers()).isEqualTo(IntStream.range(0, count).boxed().toList());
		}
	}

	@Test
	void incompleteBatchesOfManyLanesDoNotStopReading() throws Exception {
		int count = 20_000;
		Recorder handler = new Patient();
		try (BurstServer server = new BurstServer(count, ticks(100));
				ConfigurableApplicationContext context = run(server.url(), handler, "patience=1h",
						"ws.clients.feed.dispatch.mode=keyed", "ws.clients.feed.dispatch.key=$.key",
						"ws.clients.feed.dispatch.concurrency=8", "ws.clients.feed.dispatch.queue=200")) {
			// 8 lanes could collect 800 messages before one is complete
			await().atMost(PATIENCE).until(() -> connection(context).snapshot().messagesReceived() == count);
			connection(context).close().toCompletableFuture().get();
			assertThat(handler.handled).as("the rest came before the close").hasValue(count);
			assertThat(handler.closed).hasValue(count);
			assertThat(handler.disorder()).as("each key is in order").isZero();
		}
	}

	@Test
	void stopHandsOutWhatWasCollectedAndTheReplyGoesOut(CapturedOutput output) throws Exception {
		Recorder handler = new Patient();
		List<String> replies = Collections.synchronizedList(new ArrayList<>());
		JettyWsServer.Script script = new JettyWsServer.Script() {

			@Override
			public void onText(Session session, String text) {
				replies.add(text);
			}

		};
		try (JettyWsServer server = new JettyWsServer(script)) {
			ConfigurableApplicationContext context = run(server.url(), handler, "patience=1h");
			await().atMost(PATIENCE).until(() -> connection(context).isOpen());
			for (int i = 0; i < 7; i++) {
				String text = ticks(1).apply(i);
				server.eachSession((session) -> session.sendText(text, Callback.NOOP));
			}
			await().atMost(PATIENCE).until(() -> connection(context).snapshot().messagesReceived() == 7);
			await().atMost(PATIENCE).until(() -> connection(context).snapshot().waitingCalls() == 7);
			assertThat(handler.handled).hasValue(0);
			context.close();
			assertThat(handler.sizes()).containsExactly(7);
			assertThat(replies).containsExactly("7 stored");
			assertThat(server.closes).containsExactly("1001");
		}
		assertThat(output).doesNotContain("are dropped");
	}

	/**
	 * An application with what its class path configures.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	/**
	 * Remembers batches.
	 */
	static class Recorder {

		final List<List<Tick>> batches = Collections.synchronizedList(new ArrayList<>());

		final List<String> threads = Collections.synchronizedList(new ArrayList<>());

		final AtomicInteger handled = new AtomicInteger();

		/** How many messages were handled before the close. */
		final AtomicInteger closed = new AtomicInteger();

		volatile CountDownLatch gate = new CountDownLatch(0);

		private final AtomicInteger disorder = new AtomicInteger();

		private final Map<String, Integer> last = new ConcurrentHashMap<>();

		String record(List<Tick> ticks) throws InterruptedException {
			this.gate.await();
			for (Tick tick : ticks) {
				Integer before = this.last.put(tick.key(), tick.n());
				if (before != null && before != tick.n() - 1) {
					this.disorder.incrementAndGet();
				}
			}
			this.threads.add(Thread.currentThread().getName());
			this.batches.add(ticks);
			this.handled.addAndGet(ticks.size());
			return ticks.size() + " stored";
		}

		int disorder() {
			return this.disorder.get();
		}

		List<Integer> numbers() {
			return this.batches.stream().flatMap(List::stream).map(Tick::n).toList();
		}

		List<Integer> sizes() {
			return this.batches.stream().map(List::size).toList();
		}

		@OnWsClose
		void closed() {
			this.closed.set(this.handled.get());
		}

	}

	/**
	 * Takes batches whose time the application sets.
	 */
	static class Patient extends Recorder {

		@OnWsMessage(batchSize = 100, batchTimeout = "${patience}")
		String on(List<Tick> ticks) throws InterruptedException {
			return record(ticks);
		}

	}

	/**
	 * A payload.
	 *
	 * @param key the key
	 * @param n its number among those of the key
	 */
	record Tick(String key, int n) {

	}

}
