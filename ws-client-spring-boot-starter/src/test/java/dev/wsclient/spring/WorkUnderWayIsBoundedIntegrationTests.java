package dev.wsclient.spring;

import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsSnapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every buffer is bounded, also of work that is under way: ten times the bound goes
 * through an application in a small JVM whose handlers return what is over much later.
 * The socket is not read meanwhile, and the heap stays flat.
 */
@Timeout(300)
class WorkUnderWayIsBoundedIntegrationTests {

	private static final int BOUND = 8 * 1024 * 1024;

	private static final int MESSAGE = 16 * 1024;

	private static final int COUNT = 10 * BOUND / MESSAGE;

	@ParameterizedTest
	@CsvSource({ "stage, serial", "stage, event-loop", "stage, keyed", "publisher, concurrent", "nested, serial",
			"batch, serial", "reply, serial" })
	void tenTimesTheBoundGoesThroughWithAFlatHeap(String work, String mode) throws Exception {
		String text = "x".repeat(MESSAGE);
		try (BurstServer server = new BurstServer(COUNT, (i) -> text);
				ApplicationProcess process = new ApplicationProcess(Main.class.getName(),
						ApplicationProcess.classPath((name) -> true), List.of("-Xmx96m", "-XX:+UseSerialGC"),
						List.of(server.url(), work, mode))) {
			assertThat(process.awaitEnd()).as(process::output).isZero();
			assertThat(process.output()).contains("all handled");
			List<Long> heap = Arrays.stream(process.output().split("\\R"))
				.filter((line) -> line.startsWith("heap "))
				.map((line) -> Long.valueOf(line.substring(5)))
				.toList();
			assertThat(heap).hasSizeGreaterThan(6);
			// While the first classes are loaded and when nothing more comes it is less
			LongSummaryStatistics full = heap.subList(2, heap.size() - 1)
				.stream()
				.mapToLong(Long::longValue)
				.summaryStatistics();
			assertThat(full.getMax()).as(process::output).isLessThan((long) (1.1 * full.getAverage()));
			assertThat(full.getMin()).as(process::output).isGreaterThan((long) (0.9 * full.getAverage()));
		}
	}

	/**
	 * The application in the small JVM.
	 */
	static class Main {

		public static void main(String[] arguments) throws IOException {
			Handler handler = switch (arguments[1]) {
				case "stage" -> new Stages();
				case "nested" -> new NestedStages();
				case "publisher" -> new Publishers();
				case "batch" -> new Batches();
				default -> new Replies();
			};
			try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
				.web(WebApplicationType.NONE)
				.initializers((each) -> ((GenericApplicationContext) each).registerBean("handler", Object.class,
						() -> handler))
				.run("--ws.clients.feed.url=" + arguments[0], "--ws.clients.feed.dispatch.mode=" + arguments[2],
						"--ws.clients.feed.dispatch.queue-bytes=" + BOUND, "--spring.main.banner-mode=off",
						(arguments[2].equals("keyed") ? "--ws.clients.feed.dispatch.key=text" : "--debug=false"))) {
				WsConnection connection = context.getBean(WsConnection.class);
				int done = 0;
				while (done < COUNT) {
					await().atMost(Duration.ofSeconds(100)).until(() -> handler.waits(connection));
					System.gc();
					Runtime runtime = Runtime.getRuntime();
					System.out.println("heap " + (runtime.totalMemory() - runtime.freeMemory()));
					done = handler.handled.get();
					handler.finish();
				}
				System.out.println("all handled");
			}
		}

	}

	/**
	 * Counts messages, and keeps what is to be completed.
	 */
	abstract static class Handler {

		final AtomicInteger handled = new AtomicInteger();

		final Queue<CompletableFuture<Object>> pending = new ConcurrentLinkedQueue<>();

		/**
		 * Whether nothing goes on until something is finished.
		 */
		boolean waits(WsConnection connection) {
			WsSnapshot snapshot = connection.snapshot();
			return (snapshot.paused() || this.handled.get() == COUNT)
					&& this.handled.get() == snapshot.messagesReceived();
		}

		CompletableFuture<Object> begin(int messages) {
			CompletableFuture<Object> future = new CompletableFuture<>();
			this.pending.add(future);
			this.handled.addAndGet(messages);
			return future;
		}

		void finish() {
			CompletableFuture<Object> future = this.pending.poll();
			while (future != null) {
				future.complete(null);
				future = this.pending.poll();
			}
		}

	}

	/**
	 * Returns stages.
	 */
	static class Stages extends Handler {

		@OnWsMessage
		CompletionStage<Object> on(WsMessage message) {
			return begin(1);
		}

	}

	/**
	 * Returns stages that give another stage.
	 */
	static class NestedStages extends Handler {

		@OnWsMessage
		CompletionStage<Object> on(WsMessage message) {
			return CompletableFuture.completedFuture(CompletableFuture.completedFuture(begin(1)));
		}

	}

	/**
	 * Returns publishers.
	 */
	static class Publishers extends Handler {

		@OnWsMessage
		Flow.Publisher<Object> on(WsMessage message) {
			CompletableFuture<Object> future = begin(1);
			return (subscriber) -> {
				subscriber.onSubscribe(new OneFailedCallTests.FakeSubscription(() -> {
				}));
				future.thenRun(subscriber::onComplete);
			};
		}

	}

	/**
	 * Takes batches and returns stages.
	 */
	static class Batches extends Handler {

		@OnWsMessage(batchSize = 16, batchTimeout = "100ms")
		CompletionStage<Object> on(List<WsMessage> messages) {
			return begin(messages.size());
		}

	}

	/**
	 * Returns stages whose value is sent; the server does not read.
	 */
	static class Replies extends Handler {

		@OnWsMessage
		CompletionStage<Object> on(WsMessage message) {
			return begin(1);
		}

		@Override
		void finish() {
			CompletableFuture<Object> future = this.pending.poll();
			while (future != null) {
				future.complete("short");
				future = this.pending.poll();
			}
		}

		@OnWsError
		void failed(Throwable error) {
			Objects.requireNonNull(error);
		}

	}

	/**
	 * An application with what its class path configures.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
