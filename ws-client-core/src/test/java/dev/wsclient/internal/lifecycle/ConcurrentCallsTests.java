package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.Reconnect;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Eight threads call a connection at random while its network does as it likes: moves
 * stay legal, each {@code onOpen} has its {@code onClose}, every stage completes, and
 * there is never more than one attempt at a time (the fake network sees to that).
 */
class ConcurrentCallsTests {

	private static final int THREADS = 8;

	private static final int CALLS = 400;

	/**
	 * Lets the callers make a few calls beside each thing that happens.
	 */
	private final Semaphore turns = new Semaphore(0);

	private final Semaphore called = new Semaphore(0);

	private final Queue<CompletableFuture<?>> stages = new ConcurrentLinkedQueue<>();

	private void await(CompletionStage<?> stage) {
		this.stages.add(stage.toCompletableFuture());
	}

	@ParameterizedTest
	@ValueSource(longs = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16 })
	void anyCallIsLegalAtAnyTime(long seed) throws InterruptedException {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.sendBufferCount(20)
			.offlinePolicy((seed % 2 == 0) ? OfflinePolicy.BUFFER : OfflinePolicy.FAIL)
			.offlineTtl(Duration.ofSeconds(seed % 3))
			.reconnect(Reconnect.exponential(Duration.ofMillis(10), Duration.ofSeconds(1)).withMaxAttempts(20)));
		if (seed % 4 < 2) {
			fixture.transport.abortEndsLater();
		}
		List<Thread> threads = new ArrayList<>();
		for (int i = 0; i < THREADS; i++) {
			Random random = new Random(seed * THREADS + i);
			Thread thread = new Thread(() -> {
				for (int call = 0; call < CALLS; call++) {
					this.turns.acquireUninterruptibly();
					call(fixture.connection, random);
					this.called.release();
				}
			});
			threads.add(thread);
			thread.start();
		}
		Random random = new Random(seed);
		int left = THREADS * CALLS;
		while (left > 0) {
			int calls = Math.min(left, random.nextInt(8));
			this.turns.release(calls);
			happen(fixture, random);
			assertThat(this.called.tryAcquire(calls, 20, TimeUnit.SECONDS)).isTrue();
			left -= calls;
		}
		for (Thread thread : threads) {
			thread.join();
		}
		end(fixture);
		assertThat(this.stages).hasSizeGreaterThan(CALLS).allMatch(CompletableFuture::isDone);
		assertThat(fixture.scheduler.pendingTimers()).isEmpty();
		assertThat(fixture.connection.snapshot().queuedMessages()).isZero();
		assertThat(fixture.connection.snapshot().queuedBytes()).isZero();
		assertThat(fixture.transport.opens()).isGreaterThan(10);
		assertChain(fixture);
	}

	private void call(WsConnection connection, Random random) {
		switch (random.nextInt(16)) {
			case 0, 1, 2, 3 -> connection.connect();
			case 4 -> connection.reconnect(Duration.ofMillis(random.nextInt(20)));
			case 5 -> connection.cancelReconnect();
			case 6 -> await(connection.close(CloseStatus.GOING_AWAY));
			case 7 -> connection.abort();
			case 8 -> connection.pause();
			case 9 -> connection.resume();
			case 10 -> await(connection.whenOpen());
			case 11 -> await(connection.ping(ByteBuffer.allocate(4)));
			case 12 -> await(connection.closeAfter("last"));
			case 13 -> await(connection.send(WsMessage.Type.TEXT, (subscriber) -> subscriber.onComplete()));
			default -> await(connection.send("message"));
		}
	}

	private static void happen(ConnectionFixture fixture, Random random) {
		fixture.scheduler.runAll();
		if (fixture.transport.opens() == 0 || fixture.session().isEnded()) {
			fixture.advance(Duration.ofMillis(random.nextInt(50)));
			return;
		}
		fixture.scheduler.run(() -> happen(fixture, fixture.session(), random));
	}

	/**
	 * On the event loop, so that nobody's call comes between the look and the event.
	 */
	private static void happen(ConnectionFixture fixture, FakeSession session, Random random) {
		if (session.isEnded()) {
			return;
		}
		if (session.isAborted()) {
			session.endAborted();
			return;
		}
		switch (fixture.state()) {
			case CONNECTING -> {
				if (random.nextInt(4) > 0) {
					session.connected();
					session.open();
				}
				else {
					session.endByNetwork();
				}
			}
			case OPEN -> {
				switch (random.nextInt(8)) {
					case 0 -> session.endByNetwork();
					case 1 -> session.endByServer(1001);
					case 2 -> session.closing();
					case 3 -> session.blockWrites();
					case 4 -> session.unblockWrites();
					case 5 -> session.text("news");
					default -> session.allWritten();
				}
			}
			case CLOSING -> {
				switch (random.nextInt(4)) {
					case 0 -> session.endByServer(1001);
					case 1 -> session.allWritten();
					default -> session.endByClient();
				}
			}
			case IDLE, BACKOFF, CLOSED -> throw new AssertionError("a session in " + fixture.state());
		}
	}

	private void end(ConnectionFixture fixture) {
		fixture.user((connection) -> await(connection.close()));
		if (fixture.state() != WsState.CLOSED && fixture.session().isAborted()) {
			fixture.session().endAborted();
		}
		if (fixture.state() != WsState.CLOSED) {
			fixture.session().unblockWrites();
			fixture.session().allWritten();
			fixture.session().endByClient();
		}
		fixture.scheduler.runAll();
		assertThat(fixture.state()).isEqualTo(WsState.CLOSED);
	}

	private static void assertChain(ConnectionFixture fixture) {
		WsState at = WsState.IDLE;
		for (WsStateChange change : fixture.listener.changes()) {
			assertThat(change.from()).isEqualTo(at);
			assertThat(ConnectionState.isLegal(change.from(), change.to())).isTrue();
			at = change.to();
		}
		assertThat(at).isEqualTo(WsState.CLOSED);
		boolean open = false;
		for (String call : fixture.listener.calls()) {
			if (call.equals("onOpen") || call.equals("onClose")) {
				assertThat(call).isEqualTo(open ? "onClose" : "onOpen");
				open = !open;
			}
		}
		assertThat(open).isFalse();
	}

}
