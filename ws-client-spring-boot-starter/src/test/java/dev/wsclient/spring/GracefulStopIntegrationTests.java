package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.context.event.EventListener;
import org.springframework.context.support.GenericApplicationContext;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Sinks;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.WsState;
import dev.wsclient.spring.properties.ClientProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of how connections stop with their application: no new messages, handlers that
 * run finish, close with 1001, and all of it in time.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class GracefulStopIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final Handlers handlers = new Handlers();

	private final GracefulRequest request = new GracefulRequest();

	private final List<String> replies = new CopyOnWriteArrayList<>();

	private final JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

		@Override
		public void onText(Session session, String text) {
			GracefulStopIntegrationTests.this.replies.add(text);
		}

	});

	@AfterEach
	void closeServer() {
		this.handlers.goOn.countDown();
		this.server.close();
	}

	private ConfigurableApplicationContext run(String... properties) {
		List<String> all = new ArrayList<>(
				List.of("--ws.clients.feed.url=" + this.server.url(), "--spring.main.banner-mode=off"));
		for (String property : properties) {
			all.add("--" + property);
		}
		ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
			.web(WebApplicationType.NONE)
			.initializers((each) -> {
				((GenericApplicationContext) each).registerBean("handlers", Handlers.class, () -> this.handlers);
				((GenericApplicationContext) each).registerBean(GracefulRequest.class, () -> this.request);
				if (!all.contains("--ws.clients.feed.dispatch.mode=event-loop")) {
					((GenericApplicationContext) each).registerBean(BatchHandler.class);
				}
			})
			.run(all.toArray(String[]::new));
		await().atMost(PATIENCE).until(() -> context.getBean(WsConnection.class).isOpen());
		return context;
	}

	private void serverSends(String... texts) {
		this.server.eachSession((session) -> {
			for (String text : texts) {
				session.sendText(text, Callback.NOOP);
			}
		});
	}

	private static Thread close(ConfigurableApplicationContext context) {
		Thread closing = new Thread(context::close, "closing");
		closing.start();
		return closing;
	}

	private static void awaitEnd(Thread thread) {
		await().atMost(PATIENCE).until(() -> !thread.isAlive());
	}

	@ParameterizedTest
	@CsvSource({ "serial,, false", "keyed, $.number, false", "concurrent,, false", "serial,, true",
			"keyed, $.number, true" })
	void messagesReceivedBeforeTheStopAreHandledAndThoseBehindItAreNot(String mode, @Nullable String key,
			boolean collected, CapturedOutput output) {
		List<String> properties = new ArrayList<>(List.of("ws.clients.feed.dispatch.mode=" + mode));
		if (!mode.equals("serial")) {
			properties.add("ws.clients.feed.dispatch.concurrency=1");
		}
		if (key != null) {
			properties.add("ws.clients.feed.dispatch.key=" + key);
		}
		ConfigurableApplicationContext context = run(properties.toArray(String[]::new));
		serverSends("slow");
		await().atMost(PATIENCE).until(() -> this.handlers.heard.contains("slow begins"));
		List<String> expected = new ArrayList<>();
		for (int i = 0; i < 100; i++) {
			serverSends(collected ? "{\"collected\":true,\"number\":" + i + "}" : String.valueOf(i));
			expected.add("reply to " + i);
		}
		awaitReceived(context, 101);
		Thread closing = close(context);
		await().atMost(PATIENCE).until(() -> !context.getBean(WsLifecycle.class).isRunning());
		serverSends("behind the stop");
		awaitReceived(context, 102);
		assertThat(this.server.closes).as("the handler still runs").isEmpty();
		this.handlers.goOn.countDown();
		awaitEnd(closing);
		assertThat(this.replies).hasSize(101).contains("reply to slow").containsAll(expected);
		assertThat(this.handlers.heard).doesNotContain("behind the stop").endsWith("close 1001 CLIENT");
		assertThat(this.server.closes).containsExactly("1001");
		assertThat(output).containsOnlyOnce("Connection 'feed': the application stops; 101 message(s)")
			.containsOnlyOnce("1 message(s) that were received, but not yet handed to a handler method")
			.doesNotContain("ERROR");
	}

	private static void awaitReceived(ConfigurableApplicationContext context, int messages) {
		await().atMost(PATIENCE)
			.until(() -> context.getBean(WsConnection.class).snapshot().messagesReceived() == messages);
	}

	@Test
	void messagesThatCannotBeHandledInTimeAreDroppedAndCounted(CapturedOutput output) {
		ConfigurableApplicationContext context = run("spring.lifecycle.timeout-per-shutdown-phase=2s");
		serverSends("slow", "second", "third");
		awaitReceived(context, 3);
		await().atMost(PATIENCE).until(() -> this.handlers.heard.contains("slow begins"));
		context.close();
		assertThat(this.handlers.heard).containsExactly("slow begins", "interrupted", "close 1001 CLIENT");
		assertThat(output).containsOnlyOnce("2 message(s) that were received, but not yet handed to a handler method");
	}

	@Test
	void byShutdownDropHandlerThatRunsFinishesAndItsReplyGoesOutButNoFurtherMessageIsHandedOut(CapturedOutput output) {
		ConfigurableApplicationContext context = run("ws.clients.feed.shutdown=drop");
		serverSends("slow", "second", "third");
		await().atMost(PATIENCE).until(() -> this.handlers.heard.contains("slow begins"));
		awaitReceived(context, 3);
		Thread closing = close(context);
		await().atMost(PATIENCE).until(() -> !context.getBean(WsLifecycle.class).isRunning());
		serverSends("fourth");
		awaitReceived(context, 4);
		assertThat(this.server.closes).as("the handler still runs").isEmpty();
		this.handlers.goOn.countDown();
		awaitEnd(closing);
		assertThat(this.handlers.heard).containsExactly("slow begins", "slow ends", "close 1001 CLIENT");
		assertThat(this.replies).containsExactly("reply to slow");
		assertThat(this.server.closes).containsExactly("1001");
		assertThat(output).containsOnlyOnce("3 message(s) that were received, but not yet handed to a handler method");
	}

	@Test
	void connectionsOutliveTheWebServersGracefulPhase() {
		ConfigurableApplicationContext context = run();
		this.request.begin(context.getBean(WsConnection.class));
		Thread closing = close(context);
		await().atMost(PATIENCE).until(() -> this.replies.contains("sent by a request under way"));
		assertThat(this.server.closes).isEmpty();
		this.request.over.countDown();
		awaitEnd(closing);
		assertThat(this.server.closes).containsExactly("1001");
	}

	@ParameterizedTest
	@ValueSource(strings = { "serial", "event-loop" })
	void onceAStopHasBegunNothingReopens(String mode, CapturedOutput output) {
		ConfigurableApplicationContext context = run("ws.clients.feed.dispatch.mode=" + mode);
		this.handlers.reconnects = true;
		WsConnection connection = context.getBean(WsConnection.class);
		context.close();
		assertThat(connection.state()).isEqualTo(WsState.CLOSED);
		assertThat(connection.snapshot().sessions()).isOne();
		assertThat(this.handlers.heard).containsExactly("close 1001 CLIENT");
		awaitNoThreads();
		assertThat(this.server.closes).containsExactly("1001");
		assertThat(output).doesNotContain("ERROR").doesNotContain("Exception");
	}

	@Test
	void sessionThatTheServerEndsOnceAStopHasBegunIsTheLast(CapturedOutput output) {
		ConfigurableApplicationContext context = run("ws.defaults.reconnect.initial-delay=1ms");
		this.handlers.reconnects = true;
		WsConnection connection = context.getBean(WsConnection.class);
		this.request.begin(context.getBean(WsConnection.class));
		Thread closing = close(context);
		await().atMost(PATIENCE).until(() -> this.replies.contains("sent by a request under way"));
		this.server.eachSession((session) -> session.close(1012, "restart", Callback.NOOP));
		await().atMost(PATIENCE).until(() -> connection.state() == WsState.CLOSED);
		this.request.over.countDown();
		awaitEnd(closing);
		assertThat(connection.snapshot().sessions()).isOne();
		assertThat(output).doesNotContain("ERROR").doesNotContain("Exception");
	}

	@Test
	void replyThatComesLaterIsWaitedFor() {
		ConfigurableApplicationContext context = run();
		serverSends("later");
		await().atMost(PATIENCE).until(() -> this.handlers.heard.contains("later"));
		Thread closing = close(context);
		await().atMost(PATIENCE).until(() -> !context.getBean(WsLifecycle.class).isRunning());
		assertThat(this.server.closes).isEmpty();
		this.handlers.later.complete("reply at last");
		awaitEnd(closing);
		assertThat(this.replies).containsExactly("reply at last");
		assertThat(this.server.closes).containsExactly("1001");
	}

	@ParameterizedTest
	@ValueSource(strings = { "serial", "event-loop" })
	void handlerThatHangsIsInterruptedInTime(String mode, CapturedOutput output) {
		ConfigurableApplicationContext context = run("spring.lifecycle.timeout-per-shutdown-phase=2s",
				"ws.clients.feed.close-timeout=500ms", "ws.clients.feed.dispatch.mode=" + mode);
		serverSends("slow");
		await().atMost(PATIENCE).until(() -> this.handlers.heard.contains("slow begins"));
		context.close();
		assertThat(this.handlers.heard).containsExactly("slow begins", "interrupted", "close 1001 CLIENT");
		await().atMost(PATIENCE).until(() -> this.server.closes.contains("1001"));
		assertThat(output).containsOnlyOnce("GracefulStopIntegrationTests$Handlers.on(String)] still run")
			.contains("spring.lifecycle.timeout-per-shutdown-phase")
			.doesNotContain("bean still running");
		awaitNoThreads();
	}

	@Test
	void handlerThatDoesNotListenToInterruptsHoldsUpNobody(CapturedOutput output) {
		ConfigurableApplicationContext context = run("spring.lifecycle.timeout-per-shutdown-phase=2s",
				"ws.clients.feed.close-timeout=500ms");
		serverSends("deaf");
		await().atMost(PATIENCE).until(() -> this.handlers.heard.contains("deaf begins"));
		context.close();
		assertThat(this.handlers.heard).containsExactly("deaf begins");
		assertThat(output).containsOnlyOnce("Handlers.on(String)] still run").doesNotContain("Closing the client");
		await().atMost(PATIENCE).until(() -> this.server.closes.contains("1001"));
		this.handlers.goOn.countDown();
		awaitNoThreads();
		assertThat(this.handlers.heard).as("its bean was destroyed").containsExactly("deaf begins");
	}

	private static void awaitNoThreads() {
		await().atMost(PATIENCE)
			.untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet()).extracting(Thread::getName)
				.noneMatch((name) -> name.startsWith("ws-client") || name.startsWith("task-")));
	}

	@Test
	void connectionThatWaitsForItsNextAttemptIsNotWaitedFor() {
		ConfigurableApplicationContext context = run("ws.defaults.reconnect.initial-delay=1h",
				"ws.defaults.reconnect.jitter=0", "ws.defaults.reconnect.max-delay=1h");
		serverSends("slow");
		await().atMost(PATIENCE).until(() -> this.handlers.heard.contains("slow begins"));
		WsConnection connection = context.getBean(WsConnection.class);
		Thread closing = close(context);
		await().atMost(PATIENCE).until(() -> !context.getBean(WsLifecycle.class).isRunning());
		this.server.stop();
		await().atMost(PATIENCE).until(() -> connection.state() == WsState.CLOSED);
		assertThat(connection.snapshot().sessions()).as("it does not come back").isOne();
		this.handlers.goOn.countDown();
		awaitEnd(closing);
	}

	@Test
	void serverThatNeverAnswersTheCloseIsCutOffInTime() throws Exception {
		try (BurstServer mute = BurstServer.mute()) {
			ConfigurableApplicationContext context = run("ws.clients.feed.url=" + mute.url(),
					"ws.clients.feed.close-timeout=10m", "spring.lifecycle.timeout-per-shutdown-phase=2s");
			WsConnection connection = context.getBean(WsConnection.class);
			context.close();
			assertThat(connection.state()).isEqualTo(WsState.CLOSED);
			assertThat(this.handlers.heard).containsExactly("close 1001 CLIENT");
			awaitNoThreads();
		}
	}

	/**
	 * The application's task executor waits for the handler, which runs on it, until the
	 * phase is over; the connection does not.
	 */
	@ParameterizedTest
	@ValueSource(strings = { "serial", "event-loop" })
	void handlerMayCloseItsOwnApplication(String mode, CapturedOutput output) {
		ConfigurableApplicationContext context = run("spring.lifecycle.timeout-per-shutdown-phase=8s",
				"ws.clients.feed.close-timeout=1s", "ws.clients.feed.dispatch.mode=" + mode);
		WsConnection connection = context.getBean(WsConnection.class);
		this.handlers.context = context;
		serverSends("quit", "second");
		await().atMost(Duration.ofSeconds(5)).until(() -> connection.state() == WsState.CLOSED);
		await().atMost(PATIENCE).until(() -> this.handlers.heard.contains("quit ends"));
		assertThat(context.isActive()).isFalse();
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.server.closes).containsExactly("1001"));
		awaitNoThreads();
		assertThat(this.handlers.heard).containsExactly("quit ends");
		assertThat(output).doesNotContain("still run ").doesNotContain("Exception");
	}

	@ParameterizedTest
	@ValueSource(strings = { "serial", "event-loop" })
	void listenerOfStatesMayCloseTheApplication(String mode, CapturedOutput output) {
		ConfigurableApplicationContext context = run(
				"spring.autoconfigure.exclude="
						+ "org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration",
				"ws.clients.feed.dispatch.mode=" + mode);
		this.handlers.context = context;
		this.server.eachSession((session) -> session.close(1011, "bye", Callback.NOOP));
		await().atMost(Duration.ofSeconds(10)).until(() -> this.handlers.heard.contains("listener ends"));
		assertThat(context.isActive()).isFalse();
		awaitNoThreads();
		assertThat(output).doesNotContain("still run ").doesNotContain("Exception");
	}

	@Test
	void publisherThatIsBegunIsWaitedFor() {
		ConfigurableApplicationContext context = run();
		this.server.eachSession((session) -> session.sendBinary(ByteBuffer.allocate(1), Callback.NOOP));
		await().atMost(PATIENCE).until(() -> this.handlers.heard.contains("stream"));
		this.handlers.stream.tryEmitNext("one").orThrow();
		Thread closing = close(context);
		await().atMost(PATIENCE).until(() -> !context.getBean(WsLifecycle.class).isRunning());
		this.handlers.stream.tryEmitNext("two").orThrow();
		assertThat(this.server.closes).isEmpty();
		this.handlers.stream.tryEmitComplete().orThrow();
		awaitEnd(closing);
		assertThat(this.replies).containsExactly("one", "two");
		assertThat(this.server.closes).containsExactly("1001");
	}

	@Test
	void publisherWithoutEndIsCutOffInTime(CapturedOutput output) {
		ConfigurableApplicationContext context = run("spring.lifecycle.timeout-per-shutdown-phase=2s",
				"ws.clients.feed.close-timeout=500ms");
		this.server.eachSession((session) -> session.sendBinary(ByteBuffer.allocate(1), Callback.NOOP));
		await().atMost(PATIENCE).until(() -> this.handlers.stream.currentSubscriberCount() == 1);
		context.close();
		assertThat(this.handlers.stream.currentSubscriberCount()).as("cancelled").isZero();
		assertThat(this.handlers.heard).containsExactly("stream", "close 1001 CLIENT");
		assertThat(output).containsOnlyOnce("Connection 'feed': 1 replies that handler methods returned");
	}

	@Test
	void listenersGetNoFurtherMessageAndTheirCallFinishes(CapturedOutput output) {
		ConfigurableApplicationContext context = run();
		ClientProperties settings = new ClientProperties();
		settings.setUrl(this.server.url().replace("/feed", "/extra"));
		CountDownLatch goOn = this.handlers.goOn;
		List<String> heard = this.handlers.heard;
		WsConnection extra = context.getBean(WsConnections.class).open("extra", settings, new WsListener() {

			@Override
			public void onText(WsConnection connection, String text) {
				heard.add(text);
				try {
					goOn.await();
				}
				catch (InterruptedException ex) {
					heard.add("interrupted");
				}
			}

			@Override
			public void onClose(WsConnection connection, WsCloseEvent event) {
				heard.add("extra closed");
			}

		});
		await().atMost(PATIENCE).until(extra::isOpen);
		extra.send("hello");
		await().atMost(PATIENCE).until(() -> this.replies.contains("hello"));
		this.server.eachSession((session) -> {
			if (session.getUpgradeRequest().getRequestURI().getPath().equals("/extra")) {
				session.sendText("first", Callback.NOOP);
				session.sendText("second", Callback.NOOP);
			}
		});
		await().atMost(PATIENCE).until(() -> extra.snapshot().messagesReceived() == 2);
		await().atMost(PATIENCE).until(() -> heard.contains("first"));
		Thread closing = close(context);
		await().atMost(PATIENCE).until(() -> !context.getBean(WsLifecycle.class).isRunning());
		this.server.eachSession((session) -> session.sendText("third", Callback.NOOP));
		await().atMost(PATIENCE).until(() -> extra.snapshot().messagesReceived() == 3);
		assertThat(extra.isOpen()).as("its listener still runs").isTrue();
		assertThat(this.server.closes).isEmpty();
		goOn.countDown();
		awaitEnd(closing);
		assertThat(heard).containsExactlyInAnyOrder("first", "second", "close 1001 CLIENT", "extra closed");
		assertThat(this.server.closes).containsExactly("1001", "1001");
		assertThat(output).containsOnlyOnce("Connection 'extra': the application stops: 1 message(s)");
	}

	@Test
	void stopAndStartReconnects() {
		comesBack(ConfigurableApplicationContext::stop, ConfigurableApplicationContext::start);
	}

	@Test
	void pauseAndRestartReconnects() {
		comesBack(ConfigurableApplicationContext::pause, ConfigurableApplicationContext::restart);
	}

	private void comesBack(Consumer<ConfigurableApplicationContext> stop,
			Consumer<ConfigurableApplicationContext> start) {
		try (ConfigurableApplicationContext context = run()) {
			WsConnection connection = context.getBean(WsConnection.class);
			for (int i = 0; i < 3; i++) {
				await().atMost(PATIENCE).until(connection::isOpen);
				serverSends("number " + i);
				await().atMost(PATIENCE).until(() -> !this.handlers.threads.isEmpty());
				stop.accept(context);
				assertThat(connection.state()).isEqualTo(WsState.CLOSED);
				assertThat(this.handlers.heard).containsExactly("number " + i, "close 1001 CLIENT");
				assertThat(this.handlers.threads).allMatch((thread) -> thread.startsWith("task-"));
				this.handlers.heard.clear();
				this.handlers.threads.clear();
				start.accept(context);
			}
			await().atMost(PATIENCE).until(connection::isOpen);
			assertThat(this.server.closes).containsExactly("1001", "1001", "1001");
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
	 * Stands for a request that a web server still answers: sends when the server's
	 * graceful phase begins, and takes until the test lets it end.
	 */
	static class GracefulRequest implements SmartLifecycle {

		final CountDownLatch over = new CountDownLatch(1);

		private volatile @Nullable WsConnection connection;

		private volatile boolean running;

		void begin(WsConnection connection) {
			this.connection = connection;
		}

		@Override
		public int getPhase() {
			return WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE;
		}

		@Override
		public void start() {
			this.running = true;
		}

		@Override
		public void stop() {
			this.running = false;
			WsConnection connection = this.connection;
			if (connection != null) {
				connection.send("sent by a request under way");
				try {
					this.over.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}
		}

		@Override
		public boolean isRunning() {
			return this.running;
		}

	}

	/**
	 * Takes batches that neither size nor time completes.
	 */
	static class BatchHandler {

		@OnWsMessage(when = "$.collected == true", batchSize = 500, batchTimeout = "1h")
		void on(List<Collected> batch, WsConnection connection) {
			batch.forEach((collected) -> connection.send("reply to " + collected.number()));
		}

		record Collected(int number) {

		}

	}

	/**
	 * The handlers of the application.
	 */
	static class Handlers {

		final List<String> heard = new CopyOnWriteArrayList<>();

		final List<String> threads = new CopyOnWriteArrayList<>();

		final CountDownLatch goOn = new CountDownLatch(1);

		final CompletableFuture<String> later = new CompletableFuture<>();

		final Sinks.Many<String> stream = Sinks.many().multicast().onBackpressureBuffer();

		volatile @Nullable ConfigurableApplicationContext context;

		volatile boolean reconnects;

		@OnWsMessage
		CompletionStage<String> on(String text) {
			switch (text) {
				case "slow" -> waitFor(text);
				case "deaf" -> {
					this.heard.add("deaf begins");
					while (this.goOn.getCount() > 0) {
						Thread.onSpinWait();
					}
				}
				case "quit" -> {
					Objects.requireNonNull(this.context).close();
					this.heard.add("quit ends");
					return CompletableFuture.completedStage(null);
				}
				case "later" -> {
					this.heard.add(text);
					return this.later;
				}
				default -> {
					this.heard.add(text);
					this.threads.add(Thread.currentThread().getName());
				}
			}
			return CompletableFuture.completedFuture("reply to " + text);
		}

		@OnWsMessage
		Flux<String> stream(byte[] payload) {
			this.heard.add("stream");
			return this.stream.asFlux();
		}

		private void waitFor(String text) {
			this.heard.add(text + " begins");
			try {
				if (this.goOn.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
					this.heard.add(text + " ends");
				}
			}
			catch (InterruptedException ex) {
				this.heard.add("interrupted");
			}
		}

		@EventListener
		void stateChanged(WsStateChangedEvent event) {
			if (this.context != null && event.change().to() == WsState.BACKOFF) {
				this.context.close();
				this.heard.add("listener ends");
			}
		}

		@OnWsClose
		void closed(WsCloseEvent event, WsConnection connection) {
			this.heard.add("close " + event.status() + " " + event.initiator());
			if (this.reconnects) {
				connection.reconnect(Duration.ofMillis(1));
				connection.connect();
			}
		}

	}

}
