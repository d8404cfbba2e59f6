package dev.wsclient;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedConnection;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Slow servers and slow listeners: every buffer has a bound, and nothing is lost.
 */
class BackPressureIntegrationTests {

	private static final int SEND_BUFFER_SIZE = 1024 * 1024;

	private static final int PAYLOAD_SIZE = 64 * 1024;

	private static final WsClient CLIENT = WsClient.create();

	private final RecordingListener listener = new RecordingListener();

	@AfterAll
	static void closeClient() {
		CLIENT.close();
	}

	@Test
	void sendBufferFillsIsToldOnceAndDrains() {
		CountDownLatch reading = new CountDownLatch(1);
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			reading.await();
			connection.write(Frames.close(connection.readUntilClose()));
		})) {
			WsConnection connection = CLIENT
				.connect(WsOptions.builder(server.uri()).sendBufferSize(SEND_BUFFER_SIZE).build(), this.listener);
			await().until(connection::isOpen);
			long directBefore = MeasuredClient.directMemory();
			List<CompletableFuture<Void>> accepted = fill(connection);
			assertThat(MeasuredClient.directMemory() - directBefore).isLessThan(8 * 1024 * 1024);
			assertThat(connection.snapshot().queuedBytes()).isPositive().isLessThanOrEqualTo(SEND_BUFFER_SIZE);
			await().untilAsserted(() -> assertThat(this.listener.calls).endsWith("full"));
			reading.countDown();
			assertThat(CompletableFuture.allOf(accepted.toArray(CompletableFuture[]::new)))
				.succeedsWithin(Duration.ofSeconds(10));
			assertThat(connection.snapshot().queuedBytes()).isZero();
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
			// The socket's own buffers may have drained ours before they were full too
			assertThat(String.join(" ", this.listener.calls)).matches("connect open (full drain )+close");
			assertThat(server.connections().get(0).frames()).hasSize(accepted.size() + 1);
		}
	}

	@Test
	void serverThatReadsNothingIsToldOfOnceAndNothingAcceptedIsLost() {
		CountDownLatch reading = new CountDownLatch(1);
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			reading.await();
			connection.write(Frames.close(connection.readUntilClose()));
		})) {
			WsConnection connection = CLIENT
				.connect(WsOptions.builder(server.uri()).sendBufferSize(SEND_BUFFER_SIZE).build(), this.listener);
			await().until(connection::isOpen);
			List<CompletableFuture<Void>> accepted = fillSockets(connection);
			assertThat(this.listener.calls).containsExactly("connect", "open");
			int refused = 0;
			while (refused < 100) {
				CompletableFuture<Void> sent = send(connection, accepted.size());
				if (sent.isCompletedExceptionally()) {
					refused++;
				}
				else {
					accepted.add(sent);
				}
				assertThat(connection.snapshot().queuedBytes()).isLessThanOrEqualTo(SEND_BUFFER_SIZE);
			}
			await().until(() -> this.listener.calls.contains("full"));
			assertThat(connection.snapshot().queuedBytes()).isGreaterThan(SEND_BUFFER_SIZE - PAYLOAD_SIZE);
			reading.countDown();
			assertThat(CompletableFuture.allOf(accepted.toArray(CompletableFuture[]::new)))
				.succeedsWithin(Duration.ofSeconds(20));
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
			assertThat(this.listener.calls).containsExactly("connect", "open", "full", "drain", "close");
			List<ScriptedConnection.Frame> frames = server.connections().get(0).frames();
			assertThat(frames).hasSize(accepted.size() + 1);
			for (int i = 0; i < accepted.size(); i++) {
				assertThat(ByteBuffer.wrap(frames.get(i).payload()).getInt()).isEqualTo(i);
			}
		}
	}

	private static CompletableFuture<Void> send(WsConnection connection, int number) {
		return connection.send(ByteBuffer.allocate(PAYLOAD_SIZE).putInt(0, number)).toCompletableFuture();
	}

	// Sends one message at a time until the buffers of the sockets take no more
	private static List<CompletableFuture<Void>> fillSockets(WsConnection connection) {
		List<CompletableFuture<Void>> accepted = new ArrayList<>();
		boolean taken = true;
		while (taken) {
			CompletableFuture<Void> sent = send(connection, accepted.size());
			accepted.add(sent);
			try {
				sent.get(2, TimeUnit.SECONDS);
			}
			catch (TimeoutException ex) {
				taken = false;
			}
			catch (InterruptedException | ExecutionException ex) {
				throw new AssertionError(ex);
			}
		}
		return accepted;
	}

	// Sends until nothing was accepted any more for a while: then the sockets' buffers
	// are
	// full too
	private static List<CompletableFuture<Void>> fill(WsConnection connection) {
		byte[] payload = new byte[64 * 1024];
		List<CompletableFuture<Void>> accepted = new ArrayList<>();
		AtomicInteger refusals = new AtomicInteger();
		await().atMost(Duration.ofSeconds(20)).pollInterval(Duration.ofMillis(50)).until(() -> {
			boolean refused = false;
			int before = accepted.size();
			while (!refused) {
				CompletableFuture<Void> stage = connection.send(payload).toCompletableFuture();
				refused = stage.isCompletedExceptionally();
				if (refused) {
					assertThat(stage).failsWithin(Duration.ZERO)
						.withThrowableThat()
						.havingCause()
						.isInstanceOfSatisfying(WsSendException.class,
								(error) -> assertThat(error.outcome()).isEqualTo(Outcome.NOT_ACCEPTED));
				}
				else {
					accepted.add(stage);
				}
			}
			refusals.set((accepted.size() == before) ? refusals.get() + 1 : 0);
			return refusals.get() == 15;
		});
		return accepted;
	}

	@Test
	void pauseLeavesBytesInTheSocketUntilResume() {
		int messages = 1000;
		AtomicInteger written = new AtomicInteger();
		byte[] frame = Frames.frame(0x82, new byte[60_000]);
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			connection.readFrame();
			for (int i = 0; i < messages; i++) {
				connection.write(frame);
				written.incrementAndGet();
			}
			connection.readUntilEof();
		})) {
			AtomicInteger received = new AtomicInteger();
			WsConnection connection = CLIENT.connect(WsOptions.builder(server.uri()).build(), counting(received));
			await().until(connection::isOpen);
			connection.pause();
			await().until(() -> connection.snapshot().paused());
			connection.send("go");
			await().during(Duration.ofMillis(300)).atMost(Duration.ofSeconds(5)).until(() -> received.get() == 0);
			assertThat(written.get()).isLessThan(messages);
			connection.resume();
			await().until(() -> received.get() == messages);
			connection.abort();
		}
	}

	private static WsListener counting(AtomicInteger received) {
		return new WsListener() {

			@Override
			public void onMessage(WsConnection connection, WsMessage message) {
				received.incrementAndGet();
			}

		};
	}

	@Test
	void slowListenerOnAnExecutorPausesTheSocketAndLosesNothing() throws Exception {
		int messages = 20_000;
		CountDownLatch slow = new CountDownLatch(1);
		ExecutorService executor = Executors.newFixedThreadPool(2);
		List<String> received = new ArrayList<>();
		WsListener blocked = new WsListener() {

			@Override
			public void onText(WsConnection connection, String text) {
				try {
					slow.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				received.add(text);
			}

		};
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			for (int i = 0; i < messages; i++) {
				connection.write(Frames.text("message " + i));
			}
			connection.write(Frames.close(1000));
			connection.readUntilClose();
		})) {
			// The next session would bring all messages once more
			WsConnection connection = CLIENT.connect(WsOptions.builder(server.uri())
				.executor(executor)
				.executorBacklog(100)
				.reconnect(Reconnect.never())
				.build(), blocked);
			await().until(() -> connection.snapshot().paused());
			assertThat(connection.snapshot().messagesReceived()).isLessThan(messages);
			slow.countDown();
			await().until(() -> connection.snapshot().lastClose() != null);
			connection.close().toCompletableFuture().get();
			assertThat(received).hasSize(messages);
			for (int i = 0; i < messages; i++) {
				assertThat(received.get(i)).isEqualTo("message " + i);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void pausedSocketIsNotTakenForDeadAndMemoryIsBounded() {
		int messages = 1500;
		int backlogBytes = 1024 * 1024;
		CountDownLatch slow = new CountDownLatch(1);
		AtomicInteger received = new AtomicInteger();
		AtomicInteger disorder = new AtomicInteger();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		WsListener blocked = new WsListener() {

			@Override
			public void onBinary(WsConnection connection, ByteBuffer payload) {
				try {
					slow.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
				if (payload.getInt() != received.getAndIncrement()) {
					disorder.incrementAndGet();
				}
			}

		};
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			byte[] payload = new byte[64 * 1024];
			for (int i = 0; i < messages; i++) {
				ByteBuffer.wrap(payload).putInt(i);
				connection.write(Frames.frame(0x82, payload));
			}
			connection.write(Frames.close(connection.readUntilClose()));
		})) {
			Resources before = Resources.now();
			WsConnection connection = CLIENT.connect(WsOptions.builder(server.uri())
				.executor(executor)
				.executorBacklogBytes(backlogBytes)
				.pingInterval(Duration.ofMillis(50))
				.pingTimeout(Duration.ofMillis(50))
				.build(), blocked);
			await().until(() -> connection.snapshot().paused());
			// The server writes and doesn't read, so that nothing answers our pings
			await().pollDelay(Duration.ofSeconds(1)).until(() -> connection.isOpen());
			Resources during = Resources.now();
			assertThat(during.heap() - before.heap()).isLessThan(backlogBytes + 8 * 1024 * 1024);
			assertThat(during.direct() - before.direct()).isLessThan(8 * 1024 * 1024);
			System.out.printf("%d MiB for a listener that blocks: %d KiB of heap, %d KiB direct%n", messages / 16,
					(during.heap() - before.heap()) / 1024, (during.direct() - before.direct()) / 1024);
			slow.countDown();
			await().until(() -> received.get() == messages);
			assertThat(disorder).hasValue(0);
			assertThat(connection.snapshot().sessions()).isOne();
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void serverThatDiesWhileReadingIsPausedIsFoundByThePings() {
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			connection.readFrame();
			connection.sendFin();
			connection.close();
		})) {
			WsConnection connection = CLIENT.connect(WsOptions.builder(server.uri())
				.pingInterval(Duration.ofMillis(100))
				.pingTimeout(Duration.ofMinutes(1))
				.reconnect(Reconnect.never())
				.build(), this.listener);
			await().until(connection::isOpen);
			connection.pause();
			connection.send("go");
			await().until(() -> connection.state() == WsState.CLOSED);
			assertThat(this.listener.calls).containsExactly("connect", "open", "error", "close");
			assertThat(this.listener.closes.get(0).status().code()).isEqualTo(1006);
		}
	}

	@Test
	void listenerThatBlocksForTwoSecondsDoesNotDelayPongs() {
		CountDownLatch slow = new CountDownLatch(1);
		List<Long> pongMillis = new CopyOnWriteArrayList<>();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		AtomicBoolean returned = new AtomicBoolean();
		WsListener blocked = new WsListener() {

			@Override
			public void onText(WsConnection connection, String text) {
				try {
					slow.await();
					returned.set(true);
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}

		};
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept(Frames.text("busy"));
			for (int i = 0; i < 20; i++) {
				assertThat(connection.isQuiet(Duration.ofMillis(100))).isTrue();
				long start = System.nanoTime();
				connection.write(Frames.ping("alive " + i));
				assertThat(connection.readFrame().text()).isEqualTo("alive " + i);
				pongMillis.add((System.nanoTime() - start) / 1_000_000);
			}
			connection.write(Frames.close(connection.readUntilClose()));
		})) {
			WsConnection connection = CLIENT.connect(WsOptions.builder(server.uri()).executor(executor).build(),
					blocked);
			await().until(() -> pongMillis.size() == 20);
			assertThat(returned).isFalse();
			slow.countDown();
			System.out.println("Pongs beside a listener that blocks, in ms: " + pongMillis);
			// Some may be late on a machine that has other things to do
			assertThat(pongMillis.stream().sorted().toList().get(10)).isLessThanOrEqualTo(100);
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
		}
		finally {
			executor.shutdownNow();
		}
	}

}
