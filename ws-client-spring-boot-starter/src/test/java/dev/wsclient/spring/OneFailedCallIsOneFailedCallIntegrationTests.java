package dev.wsclient.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;
import org.springframework.core.task.TaskDecorator;

import dev.wsclient.WsConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * One failed call is one failed call: whatever an executor, a task decorator or a handler
 * does once, in each dispatch mode all other messages are handled, and the connection can
 * be closed.
 */
@Timeout(180)
class OneFailedCallIsOneFailedCallIntegrationTests {

	private static final int COUNT = 400;

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final List<String> MODES = List.of("serial", "keyed", "concurrent", "event-loop");

	/**
	 * Runs an application with one connection in each mode.
	 */
	private static void run(Object handler, Consumer<GenericApplicationContext> beans, Runnable test) {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				for (int i = 0; i < COUNT; i++) {
					session.sendText("{\"n\":" + i + "}", Callback.NOOP);
				}
			}

		});
				ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
					.web(WebApplicationType.NONE)
					.initializers((each) -> beans.accept((GenericApplicationContext) each),
							(each) -> ((GenericApplicationContext) each).registerBean("handler", Object.class,
									() -> handler))
					.run(arguments(server.url()))) {
			test.run();
			context.getBeansOfType(WsConnection.class)
				.values()
				.forEach((connection) -> assertThat(connection.close()).succeedsWithin(PATIENCE));
		}
	}

	private static String[] arguments(String url) {
		List<String> arguments = new ArrayList<>(
				List.of("--spring.main.banner-mode=off", "--ws.clients.keyed.dispatch.key=$.n"));
		MODES.forEach((mode) -> {
			arguments.add("--ws.clients." + mode + ".url=" + url);
			arguments.add("--ws.clients." + mode + ".dispatch.mode=" + mode);
		});
		return arguments.toArray(String[]::new);
	}

	private static void awaitAll(Set<String> numbers, int modes) {
		await().dontCatchUncaughtExceptions().atMost(PATIENCE).until(() -> numbers.size() == COUNT * modes);
	}

	@ParameterizedTest
	@EnumSource
	void executorThatFailsOnceLosesNoMessage(ExecutorFault fault) {
		Counter handler = new Counter();
		AtomicInteger calls = new AtomicInteger();
		Executor threads = Executors.newCachedThreadPool((task) -> {
			Thread thread = new Thread(task);
			thread.setDaemon(true);
			return thread;
		});
		Executor faulty = (task) -> fault.execute(calls.incrementAndGet(), threads, task);
		run(handler, (context) -> context.registerBean("applicationTaskExecutor", Executor.class, () -> faulty),
				() -> awaitAll(handler.seen, 4));
	}

	@ParameterizedTest
	@EnumSource
	void taskDecoratorThatFailsOnceLosesNoMessage(ExecutorFault fault) {
		Counter handler = new Counter();
		AtomicInteger calls = new AtomicInteger();
		TaskDecorator faulty = (task) -> {
			List<Runnable> decorated = new ArrayList<>();
			fault.execute(calls.incrementAndGet(), decorated::add, task);
			return decorated.isEmpty() ? () -> {
				throw new IllegalStateException("lost");
			} : decorated.get(0);
		};
		run(handler, (context) -> context.registerBean(TaskDecorator.class, () -> faulty),
				() -> awaitAll(handler.seen, 4));
	}

	@ParameterizedTest
	@EnumSource
	void handlerThatFailsFailsForItsMessageOnly(HandlerFault fault) {
		Failing handler = new Failing(fault);
		run(handler, (context) -> {
		}, () -> {
			awaitAll(handler.over, 4);
			assertThat(handler.errors).as("told to @OnWsError")
				.hasValue(fault.throwing ? 4 * Failing.FAILING.size() : 0);
			assertThat(handler.disturbed).isEmpty();
		});
	}

	@ParameterizedTest
	@EnumSource
	void batchThatFailsFailsForItsMessagesOnly(HandlerFault fault) {
		FailingBatches handler = new FailingBatches(fault);
		run(handler, (context) -> {
		}, () -> {
			awaitAll(handler.over, 3);
			assertThat(handler.disturbed).isEmpty();
		});
	}

	/**
	 * What an executor does with one task of many.
	 */
	enum ExecutorFault {

		REFUSES, THROWS, THROWS_AN_ERROR, TAKES_AND_THROWS, LOSES;

		void execute(int call, Executor target, Runnable task) {
			if (!Set.of(1, 2, 5, 9, 14).contains(call)) {
				target.execute(task);
				return;
			}
			switch (this) {
				case REFUSES -> throw new RejectedExecutionException("full");
				case THROWS -> throw new Unprintable();
				case THROWS_AN_ERROR -> throw new OutOfMemoryError("no thread");
				case TAKES_AND_THROWS -> {
					target.execute(task);
					throw new IllegalStateException("taken");
				}
				case LOSES -> {
				}
			}
		}

	}

	/**
	 * What a handler does with a message.
	 */
	enum HandlerFault {

		THROWS(true), THROWS_AN_ERROR(true), THROWS_WHAT_CANNOT_BE_PRINTED(true), IS_INTERRUPTED(true),
		LEAVES_A_FLAG(false);

		private final boolean throwing;

		HandlerFault(boolean throwing) {
			this.throwing = throwing;
		}

		void run() throws Exception {
			switch (this) {
				case THROWS -> throw new Exception("told");
				case THROWS_AN_ERROR -> throw new StackOverflowError("told");
				case THROWS_WHAT_CANNOT_BE_PRINTED -> throw new Unprintable();
				case IS_INTERRUPTED -> throw new InterruptedException("told");
				case LEAVES_A_FLAG -> Thread.currentThread().interrupt();
			}
		}

	}

	/**
	 * Has nothing to say.
	 */
	@SuppressWarnings("serial")
	static class Unprintable extends RuntimeException {

		@Override
		public String getMessage() {
			throw new IllegalStateException("no message");
		}

		@Override
		public String toString() {
			throw new IllegalStateException("no text");
		}

	}

	/**
	 * An application with what its class path configures.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

	record Tick(String n) {

	}

	/**
	 * Remembers the messages.
	 */
	static class Counter {

		final Set<String> seen = ConcurrentHashMap.newKeySet();

		@OnWsMessage(client = { "serial", "keyed", "concurrent", "event-loop" })
		void on(Tick tick, WsConnection connection) {
			this.seen.add(connection.name() + tick.n());
		}

	}

	/**
	 * Notices when a call is disturbed by another.
	 */
	abstract static class Watching {

		final Set<String> over = ConcurrentHashMap.newKeySet();

		final List<String> disturbed = new CopyOnWriteArrayList<>();

		final AtomicInteger errors = new AtomicInteger();

		@OnWsError(client = { "serial", "keyed", "concurrent", "event-loop" })
		void failed(Throwable error) {
			this.errors.incrementAndGet();
			beUndisturbed("error");
		}

		/**
		 * Whoever blocks throws if the thread's interrupt flag is set.
		 */
		void beUndisturbed(String number) {
			try {
				new CountDownLatch(0).await();
			}
			catch (InterruptedException ex) {
				this.disturbed.add(number);
			}
		}

	}

	/**
	 * Fails for some messages.
	 */
	static class Failing extends Watching {

		static final Set<String> FAILING = Set.of("0", "100", "300");

		private final HandlerFault fault;

		Failing(HandlerFault fault) {
			this.fault = fault;
		}

		@OnWsMessage(client = { "serial", "keyed", "concurrent", "event-loop" })
		void on(Tick tick, WsConnection connection) throws Exception {
			beUndisturbed(tick.n());
			this.over.add(connection.name() + tick.n());
			if (FAILING.contains(tick.n())) {
				this.fault.run();
			}
		}

	}

	/**
	 * Fails for some batches.
	 */
	static class FailingBatches extends Watching {

		private final AtomicInteger calls = new AtomicInteger();

		private final HandlerFault fault;

		FailingBatches(HandlerFault fault) {
			this.fault = fault;
		}

		@OnWsMessage(client = { "serial", "keyed", "concurrent" }, batchSize = 10)
		void on(List<Tick> ticks, WsConnection connection) throws Exception {
			beUndisturbed("batch");
			ticks.forEach((tick) -> this.over.add(connection.name() + tick.n()));
			if (this.calls.getAndIncrement() % 20 == 0) {
				this.fault.run();
			}
		}

	}

}
