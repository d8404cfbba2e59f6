package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Messages that a listener retains, and calls that it holds back.
 */
class HandOverTests {

	private final FakeScheduler scheduler = new FakeScheduler();

	private final FakeTransport transport = new FakeTransport(this.scheduler);

	private final ManualExecutor executor = new ManualExecutor();

	private final Retaining listener = new Retaining();

	private WsConnection open(UnaryOperator<WsOptions.Builder> options) {
		WsOptions.Builder builder = WsOptions.builder("ws://feed.example").executorBacklog(4);
		WsConnection connection = new DefaultWsConnection(options.apply(builder).build(), this.listener, this.transport,
				this.scheduler, new Random(42), new ConnectionFixture.FakeRegistry());
		connection.connect();
		this.scheduler.runAll();
		session().connected();
		session().open();
		this.executor.runAll();
		return connection;
	}

	private FakeSession session() {
		return this.transport.newest();
	}

	private void runAll() {
		this.executor.runAll();
		this.scheduler.runAll();
	}

	@Test
	void retainedMessageLastsOnTheEventLoop() {
		open((options) -> options);
		session().text("one");
		session().text("two");
		assertThat(this.listener.retained).extracting(WsMessage::text).containsExactly("one", "two");
	}

	@Test
	void retainedMessagesStopTheEventLoopFromReadingUntilHalfAreReleased() {
		WsConnection connection = open((options) -> options);
		for (int i = 0; i < 3; i++) {
			session().text("x");
		}
		assertThat(session().isReading()).isTrue();
		session().text("x");
		assertThat(session().isReading()).isFalse();
		this.listener.release(1);
		runAll();
		assertThat(connection.snapshot().paused()).isTrue();
		this.listener.release(1);
		runAll();
		assertThat(session().isReading()).isTrue();
		assertThat(connection.snapshot().paused()).isFalse();
	}

	@Test
	void retainedMessagesCountAfterTheCallOnTheExecutor() {
		open((options) -> options.executor(this.executor));
		for (int i = 0; i < 4; i++) {
			session().text("x");
			runAll();
		}
		assertThat(this.listener.retained).hasSize(4);
		assertThat(session().isReading()).isFalse();
		this.listener.release(2);
		runAll();
		assertThat(session().isReading()).isTrue();
	}

	@Test
	void retainedBytesCountToo() {
		open((options) -> options.executorBacklogBytes(100));
		session().text("x".repeat(60));
		assertThat(session().isReading()).isTrue();
		session().text("x".repeat(40));
		assertThat(session().isReading()).isFalse();
		this.listener.release(1);
		runAll();
		assertThat(session().isReading()).isTrue();
	}

	@Test
	void placeIsGivenBackOnce() {
		open((options) -> options);
		session().text("x");
		WsMessage.Retained released = this.listener.retained.remove();
		released.release();
		released.release();
		for (int i = 0; i < 3; i++) {
			session().text("x");
		}
		assertThat(session().isReading()).isTrue();
		session().text("x");
		assertThat(session().isReading()).isFalse();
	}

	@Test
	void eachRetainTakesAPlaceAndACopyNone() {
		open((options) -> options);
		session().text("x");
		WsMessage.Retained first = this.listener.retained.element();
		assertThat(first.copy().retain().text()).isEqualTo("x");
		first.retain();
		session().text("x");
		assertThat(session().isReading()).isTrue();
		session().text("x");
		assertThat(session().isReading()).isFalse();
	}

	@Test
	void messagesMayBeReleasedAfterTheClose() {
		WsConnection connection = open((options) -> options);
		for (int i = 0; i < 4; i++) {
			session().text("x");
		}
		CompletableFuture<Void> closed = connection.close().toCompletableFuture();
		runAll();
		session().endByClient();
		assertThat(closed).isCompleted();
		this.listener.release(4);
		runAll();
		connection.connect();
		this.scheduler.runAll();
		session().connected();
		session().open();
		assertThat(session().isReading()).isTrue();
		session().text("x");
		assertThat(this.listener.retained).hasSize(1);
	}

	@Test
	void messagesMayBeReleasedWhenTheClientIsClosed() {
		open((options) -> options);
		for (int i = 0; i < 4; i++) {
			session().text("x");
		}
		this.scheduler.shutDown();
		this.listener.release(4);
		assertThat(this.listener.retained).isEmpty();
	}

	@Test
	void heldCallsWaitInOrderOnTheExecutor() {
		this.listener.retain = false;
		WsConnection connection = open((options) -> options.executor(this.executor));
		session().text("one");
		WsConnection.Hold hold = connection.holdCalls();
		session().text("two");
		session().ping("p");
		runAll();
		assertThat(this.listener.heard).isEmpty();
		hold.release();
		hold.release();
		runAll();
		assertThat(this.listener.heard).containsExactly("one", "two", "ping p");
	}

	@Test
	void heldCallsWaitInOrderOnTheEventLoop() {
		this.listener.retain = false;
		WsConnection connection = open((options) -> options);
		WsConnection.Hold hold = connection.holdCalls();
		session().text("one");
		session().ping("p");
		runAll();
		assertThat(this.listener.heard).isEmpty();
		hold.release();
		assertThat(this.listener.heard).isEmpty();
		session().text("two");
		runAll();
		session().text("three");
		assertThat(this.listener.heard).containsExactly("one", "ping p", "two", "three");
	}

	@Test
	void callsAreHeldUntilTheLastHoldIsReleased() {
		this.listener.retain = false;
		WsConnection connection = open((options) -> options.executor(this.executor));
		WsConnection.Hold first = connection.holdCalls();
		WsConnection.Hold second = connection.holdCalls();
		session().text("one");
		runAll();
		first.release();
		runAll();
		assertThat(this.listener.heard).isEmpty();
		second.release();
		runAll();
		assertThat(this.listener.heard).containsExactly("one");
	}

	@Test
	void holdWithinACallHoldsTheNext() {
		this.listener.retain = false;
		this.listener.hold = true;
		open((options) -> options.executor(this.executor));
		session().text("one");
		session().text("two");
		runAll();
		assertThat(this.listener.heard).containsExactly("one");
		this.listener.held.remove().release();
		runAll();
		assertThat(this.listener.heard).containsExactly("one", "two");
	}

	@Test
	void heldCallsStopReadingWhenTheBacklogIsFull() {
		WsConnection connection = open((options) -> options);
		WsConnection.Hold hold = connection.holdCalls();
		for (int i = 0; i < 4; i++) {
			assertThat(session().isReading()).isTrue();
			session().text("x");
		}
		assertThat(session().isReading()).isFalse();
		this.listener.retain = false;
		hold.release();
		runAll();
		assertThat(session().isReading()).isTrue();
	}

	@Test
	void closeWaitsForHeldCalls() {
		this.listener.retain = false;
		this.listener.hold = true;
		WsConnection connection = open((options) -> options.executor(this.executor));
		session().text("one");
		runAll();
		CompletableFuture<Void> closed = connection.close().toCompletableFuture();
		runAll();
		session().endByClient();
		runAll();
		assertThat(connection.state()).isEqualTo(WsState.CLOSED);
		assertThat(closed).isNotDone();
		assertThat(this.listener.heard).containsExactly("one");
		this.listener.held.remove().release();
		runAll();
		assertThat(closed).isCompleted();
		assertThat(this.listener.heard).containsExactly("one", "closed");
	}

	@Test
	void callsStayInOrderWhereManyThreadsHoldAndRelease() {
		this.listener.retain = false;
		ExecutorService threads = Executors.newFixedThreadPool(4);
		try {
			WsConnection connection = open((options) -> options.executor(threads));
			AtomicInteger released = new AtomicInteger();
			List<String> expected = new ArrayList<>();
			for (int i = 0; i < 5_000; i++) {
				if (i % 5 == 0) {
					WsConnection.Hold hold = connection.holdCalls();
					threads.execute(() -> {
						hold.release();
						released.incrementAndGet();
					});
				}
				session().text("m" + i);
				expected.add("m" + i);
			}
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> released.get() == 1_000);
			Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> this.listener.size() == 5_000);
			assertThat(this.listener.heard).isEqualTo(expected);
		}
		finally {
			threads.shutdownNow();
		}
	}

	/**
	 * Retains messages or holds calls back as it is told.
	 */
	private static final class Retaining implements WsListener {

		private final List<String> heard = new ArrayList<>();

		private final Deque<WsMessage.Retained> retained = new ArrayDeque<>();

		private final Deque<WsConnection.Hold> held = new ArrayDeque<>();

		private volatile boolean retain = true;

		private volatile boolean hold;

		private final AtomicInteger size = new AtomicInteger();

		@Override
		public void onMessage(WsConnection connection, WsMessage message) {
			if (this.retain) {
				this.retained.add(message.retain());
			}
			if (this.hold) {
				this.held.add(connection.holdCalls());
			}
			this.heard.add(message.text());
			this.size.incrementAndGet();
		}

		@Override
		public void onPing(WsConnection connection, ByteBuffer payload) {
			this.heard.add("ping " + StandardCharsets.UTF_8.decode(payload.duplicate()));
		}

		@Override
		public void onClose(WsConnection connection, WsCloseEvent event) {
			this.heard.add("closed");
		}

		void release(int count) {
			for (int i = 0; i < count; i++) {
				this.retained.remove().release();
			}
		}

		int size() {
			return this.size.get();
		}

	}

}
