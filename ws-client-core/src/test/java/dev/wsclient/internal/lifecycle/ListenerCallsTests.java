package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Listener calls on an executor.
 */
class ListenerCallsTests {

	private final ManualExecutor executor = new ManualExecutor();

	private final ConnectionFixture fixture = new ConnectionFixture(
			(options) -> options.executor(this.executor).executorBacklog(4));

	@Test
	void callsWaitForTheExecutorAndKeepTheirOrder() {
		this.fixture.open();
		this.fixture.session().text("one");
		this.fixture.session().ping("p");
		assertThat(this.fixture.listener.calls()).isEmpty();
		this.executor.runAll();
		assertThat(this.fixture.listener.calls()).containsExactly("onConnect", "onOpen", "onText one", "onPing p");
	}

	@Test
	void onlyOneRunIsSubmittedAtATime() {
		this.fixture.open();
		this.fixture.session().text("one");
		assertThat(this.executor.tasks).hasSize(1);
		this.executor.runAll();
		assertThat(this.executor.tasks).isEmpty();
		this.fixture.session().text("two");
		this.fixture.session().text("three");
		assertThat(this.executor.tasks).hasSize(1);
	}

	@Test
	void closeCompletesAfterTheListenerHeardOfItOnTheExecutor() {
		this.fixture.open();
		var closed = this.fixture.stage(WsConnection::close);
		this.fixture.session().endByClient();
		assertThat(this.fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(closed).isNotDone();
		this.executor.runAll();
		assertThat(closed).isCompleted();
	}

	@Test
	void fullBacklogStopsReadingUntilHalfOfItIsDone() {
		this.fixture.open();
		this.executor.runAll();
		for (int i = 0; i < 3; i++) {
			this.fixture.session().text("x");
		}
		assertThat(this.fixture.session().isReading()).isTrue();
		this.fixture.session().text("x");
		assertThat(this.fixture.session().isReading()).isFalse();
		assertThat(this.fixture.connection.snapshot().paused()).isTrue();
		AtomicInteger called = new AtomicInteger();
		List<Boolean> reading = new ArrayList<>();
		this.fixture.listener.in("onText", (connection) -> {
			called.incrementAndGet();
			this.fixture.scheduler.runAll();
			reading.add(this.fixture.session().isReading());
		});
		this.executor.runAll();
		this.fixture.scheduler.runAll();
		// Four wait; after two calls half of them are done
		assertThat(reading).containsExactly(false, false, true, true);
		assertThat(this.fixture.session().isReading()).isTrue();
	}

	@Test
	void bytesOfTheBacklogAreBoundedToo() {
		ConnectionFixture large = new ConnectionFixture(
				(options) -> options.executor(this.executor).executorBacklogBytes(100));
		large.open();
		this.executor.runAll();
		for (int round = 0; round < 3; round++) {
			large.session().text("x".repeat(60));
			assertThat(large.session().isReading()).isTrue();
			large.session().text("x".repeat(40));
			assertThat(large.session().isReading()).isFalse();
			large.session().text("");
			this.executor.runAll();
			large.scheduler.runAll();
			assertThat(large.session().isReading()).isTrue();
		}
	}

	@Test
	void fullBacklogStopsReadingAgainAfterItShrank() {
		this.fixture.open();
		this.executor.runAll();
		for (int round = 0; round < 3; round++) {
			for (int i = 0; i < 9; i++) {
				this.fixture.session().text("x");
			}
			assertThat(this.fixture.session().isReading()).isFalse();
			this.executor.runAll();
			this.fixture.scheduler.runAll();
			assertThat(this.fixture.session().isReading()).isTrue();
		}
		assertThat(this.fixture.listener.count("onText x")).isEqualTo(27);
	}

	@Test
	void resumeByTheUserDoesNotOverruleTheBacklog() {
		this.fixture.open();
		for (int i = 0; i < 9; i++) {
			this.fixture.session().text("x");
		}
		this.fixture.user(WsConnection::resume);
		assertThat(this.fixture.session().isReading()).isFalse();
		this.fixture.user(WsConnection::pause);
		this.executor.runAll();
		this.fixture.scheduler.runAll();
		assertThat(this.fixture.session().isReading()).isFalse();
		this.fixture.user(WsConnection::resume);
		assertThat(this.fixture.session().isReading()).isTrue();
	}

	@Test
	void refusedCallsAreTriedAgain() {
		refuseWith(new RejectedExecutionException("busy"));
	}

	@Test
	void callsAreTriedAgainAlsoWhenNoThreadCanBeStarted() {
		refuseWith(new OutOfMemoryError("unable to create native thread"));
	}

	private void refuseWith(Throwable refusal) {
		this.executor.refusal = refusal;
		this.fixture.open();
		assertThat(this.fixture.state()).isEqualTo(WsState.OPEN);
		this.fixture.advance(Duration.ofMillis(250));
		assertThat(this.executor.tasks).isEmpty();
		this.executor.refusal = null;
		this.fixture.session().text("one");
		this.fixture.advance(Duration.ofMillis(100));
		this.executor.runAll();
		assertThat(this.fixture.listener.calls()).containsExactly("onConnect", "onOpen", "onText one");
		this.fixture.session().text("two");
		this.executor.runAll();
		assertThat(this.fixture.listener.calls()).endsWith("onText two");
	}

	@Test
	void closeIsNotHeldUpByAnExecutorThatIsShutDown() {
		this.fixture.open();
		this.executor.runAll();
		this.executor.refusal = new RejectedExecutionException("shut down");
		var closed = this.fixture.stage(WsConnection::close);
		this.fixture.session().endByClient();
		this.fixture.advance(Duration.ofSeconds(4));
		assertThat(closed).isNotDone();
		this.fixture.advance(Duration.ofSeconds(1));
		assertThat(closed).isCompleted();
		assertThat(this.fixture.stage(WsConnection::close)).isNotDone();
		this.executor.refusal = null;
		this.fixture.advance(Duration.ofSeconds(5));
		this.executor.runAll();
		assertThat(this.fixture.listener.calls()).endsWith("onClose");
	}

	@Test
	void whatWaitsForTheListenerIsNoCallOfIt() {
		List<String> observed = new ArrayList<>();
		WsEvents events = new WsEvents() {

			@Override
			public void callbackFinished(WsConnection connection, String callback, long nanos,
					@Nullable Throwable thrown) {
				observed.add(callback);
			}

		};
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor(this.executor).events(events));
		var closed = fixture.stage(WsConnection::close);
		this.executor.runAll();
		assertThat(closed).isCompleted();
		assertThat(observed).containsExactly("onStateChange");
	}

	@Test
	void longBacklogTakesTurnsWithOtherTasks() {
		this.fixture.open();
		this.executor.runAll();
		for (int i = 0; i < 600; i++) {
			this.fixture.session().text("x");
		}
		this.executor.runOne();
		assertThat(this.fixture.listener.count("onText x")).isEqualTo(256);
		this.executor.runOne();
		assertThat(this.fixture.listener.count("onText x")).isEqualTo(512);
		this.executor.runAll();
		assertThat(this.fixture.listener.count("onText x")).isEqualTo(600);
	}

	@Test
	void whatACallThrowsGoesToOnErrorAndStopsNoOther() {
		this.fixture.listener.throwIn("onText");
		this.fixture.open();
		this.fixture.session().text("one");
		this.fixture.session().ping("p");
		this.executor.runAll();
		assertThat(this.fixture.listener.calls()).containsExactly("onConnect", "onOpen", "onText one", "onError",
				"onPing p");
	}

	@Test
	void payloadsAreCopiedForTheExecutor() {
		this.fixture.open();
		byte[] buffer = "p".getBytes(StandardCharsets.UTF_8);
		this.fixture.session().pong(ByteBuffer.wrap(buffer));
		AtomicReference<@Nullable String> seen = new AtomicReference<>();
		WsListener listener = new WsListener() {

			@Override
			public void onMessage(WsConnection connection, WsMessage message) {
				seen.set(message.text());
			}

		};
		FakeScheduler scheduler = new FakeScheduler();
		ListenerCalls calls = new ListenerCalls(this.fixture.connection, options(), listener, scheduler, scheduler,
				(full) -> {
				});
		TextMessage message = new TextMessage(Objects.requireNonNull(this.fixture.connection.session()), "text");
		calls.message(message);
		message.invalidate();
		assertThat(calls.areDeferred()).isTrue();
		assertThat(calls.backlogSize()).isEqualTo(1);
		this.executor.runAll();
		assertThat(seen).hasValue("text");
	}

	private WsOptions options() {
		return WsOptions.builder("ws://h").executor(this.executor).build();
	}

	@Test
	void observerHearsOfEveryCallAndMayThrow() {
		List<String> observed = new ArrayList<>();
		WsEvents events = new WsEvents() {

			@Override
			public void callbackFinished(WsConnection connection, String callback, long nanos,
					@Nullable Throwable thrown) {
				observed.add(callback + ((thrown != null) ? " threw" : ""));
				throw new IllegalStateException("observer");
			}

		};
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.events(events));
		fixture.listener.throwIn("onConnect");
		fixture.open();
		assertThat(observed).containsExactly("onStateChange", "onConnect threw", "onError", "onStateChange", "onOpen");
	}

	@Test
	void observerThatTimesNoCallsHearsOfNone() {
		List<String> observed = new ArrayList<>();
		WsEvents events = new WsEvents() {

			@Override
			public boolean timesCallbacks() {
				return false;
			}

			@Override
			public void messageReceived(WsConnection connection, WsMessage.Type type, int size) {
				observed.add("received " + size);
			}

			@Override
			public void callbackFinished(WsConnection connection, String callback, long nanos,
					@Nullable Throwable thrown) {
				observed.add(callback);
			}

		};
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.events(events));
		fixture.open();
		fixture.session().text("one");
		assertThat(observed).containsExactly("received 3");
		assertThat(fixture.listener.calls()).contains("onText one");
	}

	@Test
	void callsOnManyThreadsComeOneAtATimeAndInOrder() {
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			AtomicInteger running = new AtomicInteger();
			AtomicInteger overlaps = new AtomicInteger();
			ConnectionFixture fixture = new ConnectionFixture(
					(options) -> options.executor(threads).executorBacklog(16));
			fixture.listener.in("onText", (connection) -> {
				if (running.incrementAndGet() != 1) {
					overlaps.incrementAndGet();
				}
				running.decrementAndGet();
			});
			fixture.open();
			List<String> expected = new ArrayList<>(List.of("onConnect", "onOpen"));
			for (int i = 0; i < 5_000; i++) {
				fixture.session().text("m" + i);
				expected.add("onText m" + i);
			}
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> fixture.listener.calls().size() == 5_002);
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
				fixture.scheduler.runAll();
				return fixture.session().isReading();
			});
			assertThat(fixture.listener.calls()).isEqualTo(expected);
			assertThat(overlaps).hasValue(0);
		}
		finally {
			threads.shutdownNow();
		}
	}

}
