package dev.wsclient.internal.lifecycle;

import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

/**
 * The rule: user code can't break us, not even its exceptions. Whatever it throws, and
 * whatever its exceptions throw when they are asked for something, the connection and its
 * calls go on.
 */
class UserCodeCannotBreakUsTests {

	private static final List<String> METHODS = List.of("onStateChange", "onConnect", "onOpen", "onText", "onPing",
			"onPong", "onBufferFull", "onBufferDrain", "onError", "onClose", "onReconnecting");

	private final ManualExecutor executor = new ManualExecutor();

	static List<Throwable> hostile() {
		return HostileThrowables.all().toList();
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void listenerMayThrowAnythingOnTheEventLoop(Throwable thrown) {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.sendBufferSize(1_000));
		METHODS.forEach((method) -> throwIn(fixture, method, thrown));
		live(fixture, () -> {
		});
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void listenerMayThrowAnythingOnAnExecutor(Throwable thrown) {
		ConnectionFixture fixture = new ConnectionFixture(
				(options) -> options.executor(this.executor).sendBufferSize(1_000));
		METHODS.forEach((method) -> throwIn(fixture, method, thrown));
		live(fixture, this.executor::runAll);
	}

	private static void throwIn(ConnectionFixture fixture, String method, Throwable thrown) {
		fixture.listener.in(method, (connection) -> {
			throw HostileThrowables.<RuntimeException>sneak(thrown);
		});
	}

	/**
	 * Lets all happen that a listener is told of, and checks that it was told.
	 */
	private static void live(ConnectionFixture fixture, Runnable calls) {
		fixture.open();
		fixture.session().text("one");
		fixture.session().ping("ping");
		fixture.session().pong(ByteBuffer.allocate(0));
		fixture.session().blockWrites();
		fixture.send("x".repeat(900));
		fixture.send("x".repeat(900));
		fixture.session().unblockWrites();
		fixture.session().allWritten();
		fixture.session().endByNetwork();
		fixture.reopen();
		fixture.session().text("two");
		calls.run();
		CompletableFuture<Void> closed = fixture.stage(WsConnection::close);
		fixture.session().endByClient();
		calls.run();
		assertThat(closed).isCompleted();
		assertThat(fixture.listener.calls()).contains("onConnect", "onOpen", "onText one", "onPing ping",
				"onBufferFull", "onBufferDrain", "onText two", "onError");
		assertThat(fixture.listener.count("onClose")).isEqualTo(2);
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void observerMayThrowAnything(Throwable thrown) {
		WsEvents events = (WsEvents) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { WsEvents.class }, (proxy, method, arguments) -> {
					throw thrown;
				});
		live(new ConnectionFixture((options) -> options.events(events).sendBufferSize(1_000)), () -> {
		});
		live(new ConnectionFixture((options) -> options.events(events).sendBufferSize(1_000).executor(this.executor)),
				this.executor::runAll);
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void handshakeSupplierMayThrowAnything(Throwable thrown) {
		recovers((attempt) -> {
			throw HostileThrowables.<RuntimeException>sneak(thrown);
		});
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void stageOfAHandshakeSupplierMayFailWithAnything(Throwable thrown) {
		recovers((attempt) -> CompletableFuture.failedFuture(thrown));
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void stageOfAHandshakeSupplierMayFailWithAnythingLater(Throwable thrown) {
		List<CompletableFuture<WsHandshakeRequest>> stages = new ArrayList<>();
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.handshakeSupplier((request, attempt) -> {
			CompletableFuture<WsHandshakeRequest> stage = new CompletableFuture<>();
			stages.add(stage);
			return stage;
		}));
		fixture.user(WsConnection::connect);
		try {
			stages.get(0).completeExceptionally(thrown);
		}
		catch (Throwable ex) {
			// The JDK can't wrap it
		}
		fixture.scheduler.runAll();
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
	}

	private static void recovers(Function<Integer, CompletionStage<WsHandshakeRequest>> failure) {
		AtomicInteger attempts = new AtomicInteger();
		ConnectionFixture fixture = new ConnectionFixture(
				(options) -> options.handshakeSupplier((request, attempt) -> (attempts.incrementAndGet() == 1)
						? failure.apply(1) : CompletableFuture.completedFuture(request)));
		fixture.user(WsConnection::connect);
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
		fixture.reopen();
		assertThat(fixture.state()).isEqualTo(WsState.OPEN);
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void retryDecisionMayThrowAnything(Throwable thrown) {
		ConnectionFixture fixture = new ConnectionFixture(
				(options) -> options.reconnect(Reconnect.exponential(Duration.ofSeconds(1), Duration.ofSeconds(1))
					.withRetryDecision((error, willRetry) -> {
						throw HostileThrowables.<RuntimeException>sneak(thrown);
					})));
		fixture.open();
		fixture.session().endByNetwork();
		assertThat(fixture.state()).isEqualTo(WsState.BACKOFF);
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void timerOfTheUserMayThrowAnything(Throwable thrown) {
		ConnectionFixture fixture = new ConnectionFixture();
		AtomicInteger ran = new AtomicInteger();
		fixture.connection.schedule(() -> {
			throw HostileThrowables.<RuntimeException>sneak(thrown);
		}, Duration.ofSeconds(1));
		fixture.connection.schedule(ran::incrementAndGet, Duration.ofSeconds(1));
		fixture.advance(Duration.ofSeconds(2));
		assertThat(ran).hasValue(1);
		assertThat(fixture.listener.calls()).contains("onError");
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void subscriberMayThrowAnything(Throwable thrown) {
		ConnectionFixture fixture = new ConnectionFixture();
		List<String> heard = new ArrayList<>();
		fixture.user((connection) -> connection.messages().subscribe(subscriber((message) -> {
			throw HostileThrowables.<RuntimeException>sneak(thrown);
		})));
		fixture
			.user((connection) -> connection.messages().subscribe(subscriber((message) -> heard.add(message.text()))));
		fixture.open();
		fixture.session().text("one");
		fixture.session().text("two");
		assertThat(heard).containsExactly("one", "two");
		assertThat(fixture.session().isReading()).isTrue();
	}

	private static Flow.Subscriber<WsMessage> subscriber(Consumer<WsMessage> onNext) {
		return new Flow.Subscriber<>() {

			@Override
			public void onSubscribe(Flow.Subscription subscription) {
				subscription.request(Long.MAX_VALUE);
			}

			@Override
			public void onNext(WsMessage message) {
				onNext.accept(message);
			}

			@Override
			public void onError(Throwable error) {
			}

			@Override
			public void onComplete() {
			}

		};
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void publisherMayThrowAnything(Throwable thrown) {
		ConnectionFixture fixture = new ConnectionFixture();
		fixture.open();
		CompletableFuture<Void> streamed = fixture
			.stage((connection) -> connection.send(WsMessage.Type.BINARY, (subscriber) -> {
				throw HostileThrowables.<RuntimeException>sneak(thrown);
			}));
		assertThat(streamed).isCompletedExceptionally();
		CompletableFuture<Void> next = fixture.send("next");
		fixture.session().allWritten();
		assertThat(next).isCompleted();
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void targetOfAPipeMayThrowAnything(Throwable thrown) {
		WsConnection target = (WsConnection) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { WsConnection.class }, (proxy, method, arguments) -> {
					throw thrown;
				});
		ConnectionFixture fixture = new ConnectionFixture();
		CompletableFuture<Void> piped = fixture.stage((connection) -> connection.pipeTo(target));
		fixture.open();
		fixture.session().text("one");
		fixture.scheduler.runAll();
		assertThat(piped).isCompletedExceptionally();
		assertThat(fixture.session().isReading()).isTrue();
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void dependentOfAStageMayThrowAnything(Throwable thrown) {
		ConnectionFixture fixture = new ConnectionFixture();
		List<CompletableFuture<?>> others = new ArrayList<>();
		List<CompletableFuture<Void>> sends = new ArrayList<>();
		others.add(hostileDependents(fixture.stage(WsConnection::whenOpen), thrown));
		fixture.open();
		for (int i = 0; i < 3; i++) {
			CompletableFuture<Void> send = fixture.send("message " + i);
			sends.add(send);
			others.add(hostileDependents(send, thrown));
		}
		fixture.session().allWritten();
		CompletableFuture<Void> closed = fixture.stage(WsConnection::close);
		others.add(hostileDependents(closed, thrown));
		CompletableFuture<Void> closedToo = fixture.stage(WsConnection::close);
		fixture.session().endByClient();
		assertThat(sends).allMatch(CompletableFuture::isDone);
		assertThat(closedToo).isCompleted();
		assertThat(others).allMatch(CompletableFuture::isDone);
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
		fixture.user(WsConnection::connect);
		fixture.openSession();
		assertThat(fixture.state()).isEqualTo(WsState.OPEN);
	}

	/**
	 * Surrounds a harmless dependent by hostile ones, beside and below.
	 */
	private static <T> CompletableFuture<?> hostileDependents(CompletableFuture<T> stage, Throwable thrown) {
		Consumer<T> hostile = (value) -> {
			throw HostileThrowables.<RuntimeException>sneak(thrown);
		};
		stage.thenAccept(hostile);
		CompletableFuture<?> harmless = stage.thenApply((value) -> "done");
		CompletableFuture<T> below = stage.thenApply((value) -> value);
		below.thenAccept(hostile);
		below.thenAccept(hostile);
		stage.thenAccept(hostile);
		return harmless;
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void appenderMayThrow(boolean deferred) {
		Logger logger = (Logger) LoggerFactory.getLogger("dev.wsclient");
		Appender<ILoggingEvent> appender = new ThrowingAppender();
		appender.start();
		logger.addAppender(appender);
		logger.setLevel(Level.DEBUG);
		try {
			ConnectionFixture fixture = new ConnectionFixture((options) -> deferred
					? options.executor(this.executor).sendBufferSize(1_000) : options.sendBufferSize(1_000));
			METHODS.forEach((method) -> throwIn(fixture, method, new IllegalStateException(method)));
			live(fixture, this.executor::runAll);
		}
		finally {
			logger.detachAppender(appender);
			logger.setLevel(null);
		}
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void throwableThatCannotBePrintedIsLoggedByItsClass(Throwable thrown) {
		Logger logger = (Logger) LoggerFactory.getLogger("dev.wsclient");
		ListAppender<ILoggingEvent> lines = new ListAppender<>();
		lines.start();
		logger.addAppender(lines);
		logger.setLevel(Level.INFO);
		try {
			ConnectionFixture fixture = new ConnectionFixture();
			throwIn(fixture, "onText", thrown);
			fixture.open();
			fixture.session().text("one");
			assertThat(lines.list).filteredOn((line) -> line.getFormattedMessage().contains("onMessage threw"))
				.singleElement()
				.satisfies((line) -> assertThat(
						line.getThrowableProxy().getClassName() + " " + line.getThrowableProxy().getMessage())
					.contains(thrown.getClass().getSimpleName()));
		}
		finally {
			logger.detachAppender(lines);
			logger.setLevel(null);
		}
	}

	// Executors

	@Test
	void runThatTheExecutorDropsIsHandedOverAgain() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor(this.executor));
		fixture.open();
		this.executor.tasks.clear();
		fixture.session().text("one");
		fixture.advance(Duration.ofSeconds(5));
		this.executor.runAll();
		assertThat(fixture.listener.calls()).containsExactly("onConnect", "onOpen", "onText one");
	}

	@Test
	void runThatTheExecutorDropsSeveralTimesIsHandedOverLessAndLessOften() {
		ConnectionFixture fixture = new ConnectionFixture(
				(options) -> options.executor(this.executor).pingInterval(Duration.ZERO));
		fixture.open();
		for (int hours = 1; hours <= 24; hours++) {
			fixture.advance(Duration.ofHours(1));
		}
		assertThat(this.executor.tasks).hasSizeBetween(10, 20);
		this.executor.runAll();
		assertThat(fixture.listener.calls()).containsExactly("onConnect", "onOpen");
	}

	@Test
	void runThatOnlyWaitsLongIsRunOnceAndLosesNoOrder() {
		ConnectionFixture fixture = new ConnectionFixture(
				(options) -> options.executor(this.executor).pingInterval(Duration.ZERO));
		fixture.open();
		fixture.advance(Duration.ofMinutes(1));
		fixture.session().text("one");
		assertThat(this.executor.tasks).hasSizeGreaterThan(2);
		List<Runnable> late = new ArrayList<>(this.executor.tasks);
		this.executor.runAll();
		fixture.session().text("two");
		late.forEach(Runnable::run);
		assertThat(fixture.listener.calls()).containsExactly("onConnect", "onOpen", "onText one");
		this.executor.runAll();
		assertThat(fixture.listener.calls()).containsExactly("onConnect", "onOpen", "onText one", "onText two");
	}

	@Test
	void closeCompletesOnceThoughTheExecutorDropsTheRun() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor(this.executor));
		fixture.open();
		AtomicInteger completions = new AtomicInteger();
		CompletableFuture<Void> closed = fixture.stage(WsConnection::close);
		closed.thenRun(completions::incrementAndGet);
		fixture.session().endByClient();
		fixture.advance(Duration.ofSeconds(4));
		assertThat(closed).isNotDone();
		fixture.advance(Duration.ofSeconds(6));
		assertThat(closed).isCompleted();
		this.executor.runAll();
		assertThat(completions).hasValue(1);
		assertThat(fixture.listener.calls()).endsWith("onClose");
	}

	@Test
	void taskBehindTheCallsRunsOnceWhenTheExecutorTakesThemAfterAll() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor(this.executor));
		this.executor.refusal = new RejectedExecutionException("busy");
		ListenerCalls calls = calls(fixture, this.executor);
		AtomicInteger ran = new AtomicInteger();
		calls.call("onConnect", (listener) -> {
		});
		calls.afterwards(ran::incrementAndGet);
		fixture.advance(Duration.ofSeconds(11));
		assertThat(ran).hasValue(1);
		this.executor.refusal = null;
		fixture.advance(Duration.ofSeconds(11));
		this.executor.runAll();
		assertThat(ran).hasValue(1);
		assertThat(calls.backlogSize()).isZero();
	}

	private static ListenerCalls calls(ConnectionFixture fixture, Executor executor) {
		return new ListenerCalls(fixture.connection,
				WsOptions.builder("ws://h").executor(executor).executorBacklog(4).build(), fixture.listener,
				fixture.scheduler, fixture.scheduler, (full) -> {
				});
	}

	@ParameterizedTest
	@MethodSource("hostile")
	void executorMayThrowAnything(Throwable thrown) {
		this.executor.refusal = thrown;
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor((task) -> {
			if (this.executor.refusal != null) {
				throw HostileThrowables.<RuntimeException>sneak(thrown);
			}
			this.executor.tasks.add(task);
		}));
		fixture.open();
		CompletableFuture<Void> closed = fixture.stage(WsConnection::close);
		fixture.session().endByClient();
		fixture.advance(Duration.ofSeconds(10));
		assertThat(closed).isCompleted();
		this.executor.refusal = null;
		fixture.advance(Duration.ofSeconds(5));
		this.executor.runAll();
		assertThat(fixture.listener.calls()).containsExactly("onConnect", "onOpen", "onClose");
	}

	@Test
	void executorMayRunTheCallsAndThrowThen() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor((task) -> {
			task.run();
			throw new AssertionError("after the task");
		}));
		fixture.open();
		fixture.session().text("one");
		fixture.advance(Duration.ofSeconds(30));
		assertThat(fixture.listener.calls()).containsExactly("onConnect", "onOpen", "onText one");
	}

	@Test
	void executorMayRunTheCallsTwice() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor((task) -> {
			this.executor.tasks.add(task);
			this.executor.tasks.add(task);
		}));
		fixture.open();
		this.executor.runAll();
		fixture.session().text("one");
		this.executor.runAll();
		assertThat(fixture.listener.calls()).containsExactly("onConnect", "onOpen", "onText one");
	}

	@Test
	void closeCompletesWhenTheClientIsClosedBeforeTheExecutorBegan() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor(this.executor));
		fixture.open();
		CompletableFuture<Void> closed = fixture.stage(WsConnection::close);
		fixture.session().endByClient();
		assertThat(closed).isNotDone();
		fixture.scheduler.shutDown();
		assertThat(closed).isCompleted();
	}

	@Test
	void closeCompletesWhenCallsAreStillHeldBackAtTheEndOfTheClient() {
		ConnectionFixture fixture = new ConnectionFixture();
		fixture.open();
		fixture.connection.holdCalls();
		CompletableFuture<Void> closed = fixture.stage(WsConnection::close);
		fixture.session().endByClient();
		assertThat(closed).isNotDone();
		fixture.scheduler.shutDown();
		assertThat(closed).isCompleted();
	}

	// What a call leaves behind

	@Test
	void interruptThatACallLeavesIsNotMeantForTheNext() {
		List<Boolean> interrupted = new ArrayList<>();
		ConnectionFixture fixture = new ConnectionFixture();
		fixture.listener.in("onText", (connection) -> {
			interrupted.add(Thread.currentThread().isInterrupted());
			Thread.currentThread().interrupt();
		});
		fixture.open();
		fixture.session().text("one");
		fixture.session().text("two");
		assertThat(Thread.interrupted()).isFalse();
		assertThat(interrupted).containsExactly(false, false);
	}

	@Test
	void interruptThatACallLeavesIsForTheExecutorNotForTheNextCall() {
		List<Boolean> interrupted = new ArrayList<>();
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor(this.executor));
		fixture.listener.in("onText", (connection) -> {
			interrupted.add(Thread.currentThread().isInterrupted());
			Thread.currentThread().interrupt();
		});
		fixture.open();
		fixture.session().text("one");
		fixture.session().text("two");
		this.executor.runAll();
		assertThat(Thread.interrupted()).isTrue();
		assertThat(interrupted).containsExactly(false, false);
	}

	@Test
	void whatTheUserMadeIsNotComparedPrintedOrHashed() {
		WsEvents events = (WsEvents) Proxy.newProxyInstance(getClass().getClassLoader(),
				new Class<?>[] { WsEvents.class }, (proxy, method, arguments) -> switch (method.getName()) {
					case "equals", "hashCode", "toString" -> throw new IllegalStateException(method.getName());
					case "timesCallbacks" -> true;
					case "handshakeHeaders" -> Map.of();
					default -> null;
				});
		assertThatCode(() -> new ConnectionFixture((options) -> options.events(events)).open())
			.doesNotThrowAnyException();
	}

	/**
	 * As one whose class path is broken.
	 */
	private static final class ThrowingAppender extends ListAppender<ILoggingEvent> {

		@Override
		public synchronized void doAppend(ILoggingEvent event) {
			throw new LinkageError("no appender");
		}

	}

}
