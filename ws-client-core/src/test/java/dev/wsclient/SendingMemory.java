package dev.wsclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.LockSupport;

import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.WhenFull;
import dev.wsclient.options.WsOptions;

/**
 * A client in a JVM of its own that sends 80 MB through a buffer of 256 KB, and measures
 * the heap after each tenth of them. The figures are printed as properties.
 */
public final class SendingMemory {

	private static final int MESSAGES = 80_000;

	private static final String TEXT = "x".repeat(1024);

	private final Properties figures = new Properties();

	private final List<CompletableFuture<Void>> kept = new ArrayList<>();

	private SendingMemory() {
	}

	/**
	 * Runs a scenario.
	 * @param args its name, and the server's URI
	 * @throws Exception if it fails
	 */
	public static void main(String[] args) throws Exception {
		new SendingMemory().run(Scenario.valueOf(args[0]), args[1]);
	}

	private void run(Scenario scenario, String uri) throws Exception {
		Semaphore drained = new Semaphore(0);
		WsListener listener = new WsListener() {

			@Override
			public void onBufferDrain(WsConnection connection) {
				drained.release();
			}

		};
		try (WsClient client = WsClient.create()) {
			WsOptions.Builder options = WsOptions.builder(uri).sendBufferSize(256 * 1024);
			WsConnection connection = client.connect(scenario.set(options).build(), listener);
			if (scenario.online()) {
				connection.whenOpen().toCompletableFuture().join();
			}
			int refused = 0;
			for (int i = 1; i <= MESSAGES; i++) {
				CompletableFuture<Void> sent = send(connection);
				while (sent.isCompletedExceptionally()) {
					refused++;
					await(scenario, drained);
					sent = send(connection);
				}
				if (scenario == Scenario.KEPT_RESULTS && i % 1000 == 0) {
					this.kept.add(sent);
				}
				if (i % (MESSAGES / 10) == 0) {
					this.figures.setProperty("heap." + (10 * i / MESSAGES), String.valueOf(heap(connection)));
				}
			}
			this.figures.setProperty("refused", String.valueOf(refused));
			this.figures.setProperty("kept", String.valueOf(this.kept.size()));
			connection.abort();
		}
		this.figures.store(System.out, null);
	}

	private static CompletableFuture<Void> send(WsConnection connection) {
		return connection.send(TEXT).toCompletableFuture();
	}

	private static void await(Scenario scenario, Semaphore drained) throws InterruptedException {
		if (scenario == Scenario.OUTAGE_WITH_DROP_OLDEST) {
			LockSupport.parkNanos(100_000);
		}
		else {
			drained.acquire();
		}
	}

	/**
	 * Returns what is in use when the event loop has done all it was given so far.
	 */
	private static long heap(WsConnection connection) throws InterruptedException {
		CountDownLatch done = new CountDownLatch(1);
		connection.schedule(done::countDown, Duration.ZERO);
		done.await();
		long least = Long.MAX_VALUE;
		for (int i = 0; i < 5; i++) {
			System.gc();
			least = Math.min(least, Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory());
		}
		return least;
	}

	/**
	 * How the messages leave the buffer.
	 */
	enum Scenario {

		/** Evicted by newer ones. */
		OUTAGE_WITH_DROP_OLDEST,

		/** Too old. */
		OUTAGE_WITH_TTL,

		/** Written, while others come. */
		ONLINE_NEVER_EMPTY,

		/** Written, and the result of each thousandth is kept. */
		KEPT_RESULTS;

		boolean online() {
			return this == ONLINE_NEVER_EMPTY || this == KEPT_RESULTS;
		}

		WsOptions.Builder set(WsOptions.Builder options) {
			return switch (this) {
				case OUTAGE_WITH_DROP_OLDEST ->
					options.offlinePolicy(OfflinePolicy.BUFFER).whenFull(WhenFull.DROP_OLDEST);
				case OUTAGE_WITH_TTL -> options.offlinePolicy(OfflinePolicy.BUFFER).offlineTtl(Duration.ofMillis(5));
				case ONLINE_NEVER_EMPTY, KEPT_RESULTS -> options;
			};
		}

	}

}
