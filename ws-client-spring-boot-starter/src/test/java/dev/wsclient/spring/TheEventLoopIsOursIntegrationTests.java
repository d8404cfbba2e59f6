package dev.wsclient.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
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
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

import dev.wsclient.WsConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The event loop is ours: no executor of the application is called on it in a way that
 * can block it or run a handler, and whoever waits for a thread is told of.
 */
@Timeout(180)
@ExtendWith(OutputCaptureExtension.class)
class TheEventLoopIsOursIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private final JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

		@Override
		public void onText(Session session, String text) {
			for (int i = 0; i < Integer.parseInt(text); i++) {
				session.sendText(String.valueOf(i), Callback.NOOP);
			}
		}

	});

	private final Handler handler = new Handler();

	@AfterEach
	void stop() {
		this.handler.gate.countDown();
		this.server.close();
	}

	private ConfigurableApplicationContext run(int connections, Consumer<GenericApplicationContext> beans,
			String... properties) {
		List<String> arguments = new ArrayList<>(List.of("--spring.main.banner-mode=off"));
		arguments.addAll(List.of(properties));
		for (int i = 0; i < 9; i++) {
			arguments.add("--ws.clients.feed" + i + ".url=" + this.server.url());
			arguments.add("--ws.clients.feed" + i + ".auto-start=" + (i < connections));
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.NONE)
			.initializers((each) -> beans.accept((GenericApplicationContext) each),
					(each) -> ((GenericApplicationContext) each).registerBean("handler", Object.class,
							() -> this.handler))
			.run(arguments.toArray(String[]::new));
	}

	private static WsConnection connection(ConfigurableApplicationContext context, int number) {
		WsConnection connection = context.getBean("feed" + number + "WsConnection", WsConnection.class);
		await().atMost(PATIENCE).until(connection::isOpen);
		return connection;
	}

	/**
	 * Waits until the event loop of a connection runs a task, and returns its thread.
	 */
	private static Thread loop(WsConnection connection) {
		Thread[] loop = new Thread[1];
		connection.schedule(() -> loop[0] = Thread.currentThread(), Duration.ZERO);
		await().atMost(Duration.ofSeconds(20)).until(() -> loop[0] != null);
		return loop[0];
	}

	private void fillAndAskTheLoops(ConfigurableApplicationContext context, int connections) {
		for (int i = 0; i < connections; i++) {
			loop(connection(context, i));
			connection(context, i).send("50");
		}
		await().atMost(PATIENCE).until(() -> this.handler.running.get() > 0);
		for (int i = 0; i < connections; i++) {
			WsConnection connection = connection(context, i);
			await().atMost(PATIENCE).until(() -> connection.snapshot().messagesReceived() == 50);
			this.handler.loops.add(loop(connection));
		}
		this.handler.gate.countDown();
		await().atMost(PATIENCE).until(() -> this.handler.handled.get() == 50 * connections);
		assertThat(this.handler.threads).doesNotContainAnyElementsOf(this.handler.loops);
	}

	@Test
	void executorThatBlocksBlocksNoLoop() {
		SimpleAsyncTaskExecutor throttled = new SimpleAsyncTaskExecutor("throttled-");
		throttled.setConcurrencyLimit(1);
		try (ConfigurableApplicationContext context = run(3,
				(each) -> each.registerBean("applicationTaskExecutor", Executor.class, () -> throttled))) {
			fillAndAskTheLoops(context, 3);
			assertThat(this.handler.mostAtATime).as("the limit of the application").hasValue(1);
		}
	}

	@Test
	void executorThatRunsTasksItselfRunsNoneOnALoop() {
		ThreadPoolTaskExecutor callerRuns = new ThreadPoolTaskExecutor();
		callerRuns.setCorePoolSize(1);
		callerRuns.setMaxPoolSize(1);
		callerRuns.setQueueCapacity(0);
		callerRuns.setRejectedExecutionHandler(new ThreadPoolExecutor.CallerRunsPolicy());
		callerRuns.initialize();
		try (ConfigurableApplicationContext context = run(3,
				(each) -> each.registerBean("applicationTaskExecutor", Executor.class, () -> callerRuns))) {
			fillAndAskTheLoops(context, 3);
		}
	}

	@Test
	void executorThatIsTheCallingThreadRunsNothingOnALoop() {
		try (ConfigurableApplicationContext context = run(3,
				(each) -> each.registerBean("applicationTaskExecutor", Executor.class, () -> Runnable::run))) {
			fillAndAskTheLoops(context, 3);
		}
	}

	@Test
	void executorOfAConnectionBlocksNoLoopEither() {
		SimpleAsyncTaskExecutor throttled = new SimpleAsyncTaskExecutor("throttled-");
		throttled.setConcurrencyLimit(1);
		try (ConfigurableApplicationContext context = run(3, (each) -> each.registerBean(WsOptionsCustomizer.class,
				() -> (name, builder) -> builder.executor(name.equals("feed1") ? Runnable::run : throttled)))) {
			fillAndAskTheLoops(context, 3);
		}
	}

	@Test
	void taskDecoratorIsNotCalledOnALoop() {
		Set<Thread> decorating = ConcurrentHashMap.newKeySet();
		TaskDecorator decorator = (task) -> {
			decorating.add(Thread.currentThread());
			return task;
		};
		try (ConfigurableApplicationContext context = run(3,
				(each) -> each.registerBean(TaskDecorator.class, () -> decorator))) {
			fillAndAskTheLoops(context, 3);
			assertThat(decorating).isNotEmpty().doesNotContainAnyElementsOf(this.handler.loops);
			assertThat(this.handler.threads).allMatch((thread) -> thread.getName().startsWith("task-"));
		}
	}

	@Test
	void withoutATaskExecutorFewThreadsCallAllHandlers() {
		this.handler.gate.countDown();
		try (ConfigurableApplicationContext context = run(3,
				(each) -> each.registerBean("mine", Executor.class, () -> Executors.newSingleThreadExecutor()),
				"--ws.defaults.dispatch.mode=concurrent", "--ws.defaults.dispatch.concurrency=32",
				"--spring.task.execution.pool.core-size=5")) {
			for (int i = 0; i < 3; i++) {
				connection(context, i).send("1000");
			}
			await().atMost(PATIENCE).until(() -> this.handler.handled.get() == 3000);
			assertThat(this.handler.threads).hasSizeLessThanOrEqualTo(5)
				.allMatch((thread) -> thread.isDaemon() && thread.getName().startsWith("ws-client-"));
		}
	}

	@Test
	void connectionThatWaitsForAThreadIsTold(CapturedOutput output) {
		try (ConfigurableApplicationContext context = run(9, (each) -> {
		})) {
			for (int i = 0; i < 8; i++) {
				connection(context, i).send("1");
			}
			await().atMost(PATIENCE).until(() -> this.handler.running.get() == 8);
			connection(context, 8).send("1");
			await().atMost(PATIENCE)
				.untilAsserted(() -> assertThat(output).contains("Connection(s) [feed8] wait for a thread")
					.contains("[feed0, feed1, feed2, feed3, feed4, feed5, feed6, feed7]")
					.contains("'spring.task.execution.pool.core-size'"));
			this.handler.gate.countDown();
			await().atMost(PATIENCE).until(() -> this.handler.handled.get() == 9);
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
	 * Blocks at a gate.
	 */
	static class Handler {

		final CountDownLatch gate = new CountDownLatch(1);

		final Set<Thread> threads = ConcurrentHashMap.newKeySet();

		final Set<Thread> loops = ConcurrentHashMap.newKeySet();

		final AtomicInteger running = new AtomicInteger();

		final AtomicInteger mostAtATime = new AtomicInteger();

		final AtomicInteger handled = new AtomicInteger();

		@OnWsMessage(client = { "feed0", "feed1", "feed2", "feed3", "feed4", "feed5", "feed6", "feed7", "feed8" })
		void on(String text) throws InterruptedException {
			this.mostAtATime.accumulateAndGet(this.running.incrementAndGet(), Math::max);
			this.threads.add(Thread.currentThread());
			if (!this.gate.await(150, TimeUnit.SECONDS)) {
				throw new IllegalStateException("the gate stays closed");
			}
			this.running.decrementAndGet();
			this.handled.incrementAndGet();
		}

	}

}
