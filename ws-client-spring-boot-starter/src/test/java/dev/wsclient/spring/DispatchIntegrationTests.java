package dev.wsclient.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.IntFunction;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.support.GenericApplicationContext;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of the dispatch modes, each in an application against a server that sends faster
 * than the handlers take.
 */
@Timeout(120)
class DispatchIntegrationTests {

	/** What may be on its way beyond the bound when the pause takes effect. */
	private static final int READ_AHEAD = 8;

	@BeforeAll
	static void waitLongOnSlowMachines() {
		Awaitility.setDefaultTimeout(Duration.ofSeconds(60));
	}

	@AfterAll
	static void reset() {
		Awaitility.reset();
	}

	private static ConfigurableApplicationContext run(BurstServer server, Handler handler, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("--ws.clients.feed.url=" + server.url(), "--spring.main.banner-mode=off"));
		for (String property : properties) {
			all.add("--" + property);
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers((context) -> ((GenericApplicationContext) context).registerBean(Handler.class, () -> handler))
			.run(all.toArray(String[]::new));
	}

	private static IntFunction<String> ticks(int keys) {
		return (i) -> "{\"key\":\"k" + (i % keys) + "\",\"n\":" + (i / keys) + "}";
	}

	private static WsConnection connection(ConfigurableApplicationContext context) {
		return context.getBean(WsConnection.class);
	}

	@Test
	void millionMessagesReachASlowSerialHandlerInOrderAndBounded() throws Exception {
		int count = 1_000_000;
		Handler handler = new Handler() {

			private int next;

			@Override
			void handle(String text) {
				if (Integer.parseInt(text) != this.next++) {
					this.disorder.incrementAndGet();
				}
				if (this.next % 1_000 == 0) {
					LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
				}
			}

		};
		handler.gate = new CountDownLatch(1);
		try (BurstServer server = new BurstServer(count, Integer::toString);
				ConfigurableApplicationContext context = run(server, handler, "ws.clients.feed.dispatch.queue=1024")) {
			WsConnection connection = connection(context);
			await().until(() -> connection.snapshot().paused());
			assertThat(connection.snapshot().messagesReceived()).isLessThan(1024 + READ_AHEAD);
			handler.gate.countDown();
			await().until(() -> handler.handled.get() == count);
			assertThat(handler.disorder).hasValue(0);
			assertThat(handler.mostAtATime).hasValue(1);
			assertThat(handler.mostWaiting.get()).isLessThan(1024 + READ_AHEAD);
		}
		assertThat(handler.events).containsSubsequence("message", "close");
	}

	@Test
	void keyedMessagesKeepTheOrderOfTheirKeyWithEightWorkers() throws Exception {
		int count = 100_000;
		Handler handler = new KeyOrder();
		handler.gate = new CountDownLatch(1);
		try (BurstServer server = new BurstServer(count, ticks(100));
				ConfigurableApplicationContext context = run(server, handler, "ws.clients.feed.dispatch.mode=keyed",
						"ws.clients.feed.dispatch.key=$.key", "ws.clients.feed.dispatch.concurrency=8",
						"ws.clients.feed.dispatch.queue=1024")) {
			await().until(() -> connection(context).snapshot().paused());
			await().until(() -> handler.atATime.get() == 8);
			assertThat(connection(context).snapshot().messagesReceived()).isLessThan(1024 + READ_AHEAD);
			handler.gate.countDown();
			await().until(() -> handler.handled.get() == count);
			assertThat(handler.disorder).hasValue(0);
			assertThat(handler.mostAtATime).hasValue(8);
			assertThat(handler.mostWaiting.get()).isLessThan(1024 + READ_AHEAD);
		}
		assertThat(handler.events).as("all events come alone").doesNotContain("beside");
		assertThat(handler.events.get(0)).isEqualTo("open");
		assertThat(handler.events.get(handler.events.size() - 1)).isEqualTo("close");
	}

	@ParameterizedTest
	@ValueSource(ints = { 1, 2 })
	void keyedMessagesNeedNoMoreThreadsThanThePoolHas(int threads) throws Exception {
		int count = 20_000;
		Handler handler = new KeyOrder();
		try (BurstServer server = new BurstServer(count, ticks(100));
				ConfigurableApplicationContext context = run(server, handler, "ws.clients.feed.dispatch.mode=keyed",
						"ws.clients.feed.dispatch.key=$.key", "ws.clients.feed.dispatch.queue=64",
						"spring.task.execution.pool.core-size=" + threads,
						"spring.task.execution.pool.max-size=" + threads)) {
			await().until(() -> handler.handled.get() == count);
			assertThat(handler.disorder).hasValue(0);
			assertThat(handler.mostAtATime.get()).isLessThanOrEqualTo(threads);
			assertThat(handler.threads).allMatch((thread) -> thread.startsWith("task-"));
			assertThat(connection(context).close()).succeedsWithin(Duration.ofSeconds(30));
		}
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void handlersRunOnVirtualThreadsWhereBootEnablesThem() throws Exception {
		int count = 20_000;
		Handler handler = new KeyOrder();
		handler.gate = new CountDownLatch(1);
		try (BurstServer server = new BurstServer(count, ticks(1000));
				ConfigurableApplicationContext context = run(server, handler, "ws.clients.feed.dispatch.mode=keyed",
						"ws.clients.feed.dispatch.key=$.key", "ws.clients.feed.dispatch.concurrency=32",
						"spring.threads.virtual.enabled=true")) {
			await().until(() -> handler.atATime.get() == 32);
			handler.gate.countDown();
			await().until(() -> handler.handled.get() == count);
			assertThat(handler.disorder).hasValue(0);
			assertThat(handler.platformThreads).hasValue(0);
			assertThat(connection(context).isOpen()).isTrue();
		}
		assertThat(handler.platformThreads).as("also while the application ends").hasValue(0);
		assertThat(handler.events).endsWith("close");
	}

	@Test
	void messagesWithoutKeyAreInOrderAmongThemselves() throws Exception {
		int count = 20_000;
		Handler handler = new Handler() {

			private final AtomicInteger next = new AtomicInteger();

			@Override
			void handle(String text) {
				if (text.startsWith("[")
						&& Integer.parseInt(text.substring(1, text.length() - 1)) != this.next.getAndAdd(2)) {
					this.disorder.incrementAndGet();
				}
			}

		};
		try (BurstServer server = new BurstServer(count, (i) -> (i % 2 == 0) ? "[" + i + "]" : "{\"key\":" + i + "}");
				ConfigurableApplicationContext context = run(server, handler, "ws.clients.feed.dispatch.mode=keyed",
						"ws.clients.feed.dispatch.key=$.key")) {
			await().until(() -> handler.handled.get() == count);
			assertThat(handler.disorder).hasValue(0);
			assertThat(connection(context).isOpen()).isTrue();
		}
	}

	@Test
	void concurrentMessagesAreHandledUpToTheLimit() throws Exception {
		int count = 50_000;
		Handler handler = new Handler();
		handler.gate = new CountDownLatch(1);
		try (BurstServer server = new BurstServer(count, Integer::toString);
				ConfigurableApplicationContext context = run(server, handler,
						"ws.clients.feed.dispatch.mode=concurrent", "ws.clients.feed.dispatch.concurrency=4",
						"ws.clients.feed.dispatch.queue=64")) {
			await().until(() -> handler.atATime.get() == 4);
			await().until(() -> connection(context).snapshot().paused());
			handler.gate.countDown();
			await().until(() -> handler.handled.get() == count);
			assertThat(handler.mostAtATime).hasValue(4);
		}
		assertThat(handler.events).as("all events come alone").doesNotContain("beside").endsWith("close");
	}

	@Test
	void eventLoopHandlesInOrder() throws Exception {
		int count = 20_000;
		Handler handler = new Handler() {

			private int next;

			@Override
			void handle(String text) {
				if (Integer.parseInt(text) != this.next++) {
					this.disorder.incrementAndGet();
				}
			}

		};
		try (BurstServer server = new BurstServer(count, Integer::toString);
				ConfigurableApplicationContext context = run(server, handler,
						"ws.clients.feed.dispatch.mode=event-loop")) {
			await().until(() -> handler.handled.get() == count);
			assertThat(handler.disorder).hasValue(0);
			assertThat(handler.threads).noneMatch((thread) -> thread.startsWith("task-"));
			assertThat(connection(context).isOpen()).isTrue();
		}
	}

	@Test
	void closeCompletesAfterTheHandlersInAllLanes() throws Exception {
		Handler handler = new Handler();
		handler.gate = new CountDownLatch(1);
		try (BurstServer server = new BurstServer(100, ticks(100));
				ConfigurableApplicationContext context = run(server, handler, "ws.clients.feed.dispatch.mode=keyed",
						"ws.clients.feed.dispatch.key=json.key", "ws.clients.feed.dispatch.concurrency=3")) {
			WsConnection connection = connection(context);
			await().until(() -> handler.atATime.get() == 3);
			CompletableFuture<Void> closed = connection.close().toCompletableFuture();
			await().until(() -> connection.state() == WsState.CLOSED);
			assertThat(handler.events).containsOnly("open");
			assertThat(closed).isNotDone();
			handler.gate.countDown();
			assertThat(closed).succeedsWithin(Duration.ofSeconds(30));
			assertThat(handler.handled).hasValue(100);
			assertThat(handler.events).endsWith("close").doesNotContain("beside");
		}
	}

	@Test
	void stopWaitsForTheHandlersInAllLanes() throws Exception {
		Handler handler = new Handler();
		handler.gate = new CountDownLatch(1);
		try (BurstServer server = new BurstServer(100, ticks(100));
				ConfigurableApplicationContext context = run(server, handler, "ws.clients.feed.dispatch.mode=keyed",
						"ws.clients.feed.dispatch.key=$.key", "ws.clients.feed.dispatch.concurrency=3")) {
			WsConnection connection = connection(context);
			await().until(() -> handler.atATime.get() == 3);
			Thread closer = new Thread(context::close);
			closer.start();
			await().until(context::isClosed);
			assertThat(connection.state()).isEqualTo(WsState.OPEN);
			assertThat(handler.events).containsOnly("open");
			handler.gate.countDown();
			closer.join();
			assertThat(handler.handled).as("no message is handed out any more").hasValue(3);
			assertThat(connection.state()).isEqualTo(WsState.CLOSED);
			assertThat(handler.events).endsWith("close");
		}
	}

	@Test
	void conflationKeepsTheLatestOfEachKeyAndCountsTheRest() throws Exception {
		int count = 10_000;
		Map<String, String> latest = new ConcurrentHashMap<>();
		Handler handler = new Handler() {

			@Override
			void handle(String text) {
				latest.put(text.substring(0, 12), text);
			}

		};
		handler.gate = new CountDownLatch(1);
		try (BurstServer server = new BurstServer(count, ticks(5));
				ConfigurableApplicationContext context = run(server, handler, "ws.clients.feed.dispatch.conflate=true",
						"ws.clients.feed.dispatch.key=$.key", "ws.clients.feed.dispatch.queue=2048")) {
			await().until(() -> connection(context).snapshot().messagesReceived() == count);
			await().until(() -> conflated(context) >= count - 2048 - 1024);
			handler.gate.countDown();
			await().until(() -> conflated(context) + handler.handled.get() == count);
			assertThat(handler.handled.get()).isLessThan(count / 2);
			assertThat(handler.mostAtATime).hasValue(1);
			assertThat(latest).hasSize(5);
			latest.forEach((key, text) -> assertThat(text).endsWith("\"n\":" + (count / 5 - 1) + "}"));
		}
	}

	private static int conflated(ConfigurableApplicationContext context) {
		return (int) context.getBean(MeterRegistry.class).get("ws.client.messages.conflated").counter().count();
	}

	/**
	 * An application whose calls are counted and not traced, as a million spans would be
	 * what is measured.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration(exclude = WsObservationAutoConfiguration.class)
	static class Application {

		@Bean
		SimpleMeterRegistry registry() {
			return new SimpleMeterRegistry();
		}

	}

	/**
	 * Counts what runs beside one another and waits at a gate.
	 */
	@WsHandler("feed")
	static class Handler {

		final List<String> events = Collections.synchronizedList(new ArrayList<>());

		final List<String> threads = Collections.synchronizedList(new ArrayList<>());

		final AtomicInteger handled = new AtomicInteger();

		final AtomicInteger disorder = new AtomicInteger();

		final AtomicInteger atATime = new AtomicInteger();

		final AtomicInteger mostAtATime = new AtomicInteger();

		final AtomicLong mostWaiting = new AtomicLong();

		final AtomicInteger platformThreads = new AtomicInteger();

		volatile CountDownLatch gate = new CountDownLatch(0);

		@OnWsMessage
		void on(String text, WsConnection connection) throws InterruptedException {
			int running = this.atATime.incrementAndGet();
			this.mostAtATime.accumulateAndGet(running, Math::max);
			this.gate.await();
			if (this.handled.get() % 1000 == 0) {
				observe(connection);
			}
			handle(text);
			this.atATime.decrementAndGet();
			this.handled.incrementAndGet();
		}

		private void observe(WsConnection connection) {
			long waiting = connection.snapshot().messagesReceived() - this.handled.get();
			this.mostWaiting.accumulateAndGet(waiting, Math::max);
			this.threads.add(Thread.currentThread().getName());
			this.events.add("message");
			if (!isVirtual()) {
				this.platformThreads.incrementAndGet();
			}
		}

		private static boolean isVirtual() {
			return Thread.currentThread().toString().startsWith("VirtualThread");
		}

		void handle(String text) {
		}

		@OnWsOpen
		void opened() {
			event("open");
		}

		@OnWsPong
		void pong() {
			event("pong");
		}

		@OnWsClose
		void closed() {
			event("close");
			if (!isVirtual()) {
				this.platformThreads.incrementAndGet();
			}
		}

		private void event(String name) {
			if (this.atATime.get() > 0) {
				this.events.add("beside");
			}
			this.events.add(name);
		}

	}

	/**
	 * Checks the order of each key.
	 */
	static class KeyOrder extends Handler {

		private final AtomicIntegerArray next = new AtomicIntegerArray(1000);

		@Override
		void handle(String text) {
			int key = Integer.parseInt(text.substring(9, text.indexOf('"', 9)));
			int number = Integer.parseInt(text.substring(text.lastIndexOf(':') + 1, text.length() - 1));
			if (this.next.getAndIncrement(key) != number) {
				this.disorder.incrementAndGet();
			}
		}

	}

}
