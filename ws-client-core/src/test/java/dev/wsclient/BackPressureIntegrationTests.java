package dev.wsclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Slow servers and slow listeners: every buffer has a bound, and nothing is lost.
 */
class BackPressureIntegrationTests {

	private static final int SEND_BUFFER_SIZE = 1024 * 1024;

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
			List<CompletableFuture<Void>> accepted = fill(connection);
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
			WsConnection connection = CLIENT
				.connect(WsOptions.builder(server.uri()).executor(executor).executorBacklog(100).build(), blocked);
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
	void listenerThatIsMerelySlowDoesNotDelayPongs() {
		CountDownLatch slow = new CountDownLatch(1);
		CountDownLatch ponged = new CountDownLatch(1);
		ExecutorService executor = Executors.newSingleThreadExecutor();
		WsListener blocked = new WsListener() {

			@Override
			public void onText(WsConnection connection, String text) {
				try {
					slow.await();
				}
				catch (InterruptedException ex) {
					Thread.currentThread().interrupt();
				}
			}

		};
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept(Frames.text("busy"), Frames.ping("alive?"));
			assertThat(connection.readFrame().text()).isEqualTo("alive?");
			ponged.countDown();
			connection.readUntilEof();
		})) {
			WsConnection connection = CLIENT.connect(WsOptions.builder(server.uri()).executor(executor).build(),
					blocked);
			await().until(() -> ponged.getCount() == 0);
			slow.countDown();
			connection.abort();
		}
		finally {
			executor.shutdownNow();
		}
	}

}
