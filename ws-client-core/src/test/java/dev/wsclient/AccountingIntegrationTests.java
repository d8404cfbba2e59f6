package dev.wsclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedConnection;
import dev.wsclient.testserver.ScriptedConnection.Frame;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Many threads send while the server cuts the connection again and again: what became of
 * each message is known, and true.
 */
class AccountingIntegrationTests {

	private static final int THREADS = 8;

	private static final int MESSAGES = 125;

	private static final int CUTS = 4;

	private static final int SEEDS = 3;

	private static final WsClient CLIENT = WsClient.create();

	@AfterAll
	static void closeClient() {
		CLIENT.close();
	}

	static Stream<Arguments> runs() {
		List<Arguments> runs = new ArrayList<>();
		for (OfflinePolicy policy : OfflinePolicy.values()) {
			for (Cut cut : Cut.values()) {
				for (int seed = 0; seed < SEEDS; seed++) {
					runs.add(Arguments.of(policy, cut, seed));
				}
			}
		}
		return runs.stream();
	}

	@ParameterizedTest
	@MethodSource("runs")
	void everyMessageIsAccountedFor(OfflinePolicy policy, Cut cut, int seed) {
		Run run = new Run(cut, new Random(seed));
		try (ScriptedServer server = new ScriptedServer(run::serve)) {
			WsOptions options = WsOptions.builder(server.uri())
				.offlinePolicy(policy)
				.reconnect(Reconnect.exponential(Duration.ofMillis(1), Duration.ofMillis(3)))
				.build();
			WsConnection connection = CLIENT.connect(options, new RecordingListener());
			await().pollInterval(Duration.ofMillis(10)).until(connection::isOpen);
			run.send(connection, seed);
			assertThat(CompletableFuture.allOf(run.stages.values().toArray(CompletableFuture[]::new))
				.handle((result, error) -> true)).succeedsWithin(Duration.ofSeconds(10));
			assertThat(connection.snapshot().queuedBytes()).isZero();
			assertThat(connection.snapshot().queuedMessages()).isZero();
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(10));
			await().pollInterval(Duration.ofMillis(10)).until(() -> run.sessionsDone == server.connections().size());
			run.check();
		}
	}

	/**
	 * How the server breaks the connection.
	 */
	enum Cut {

		/**
		 * A TCP reset: what is in flight is gone.
		 */
		RESET,

		/**
		 * The socket is closed, which becomes a reset when more arrives.
		 */
		CLOSE,

		/**
		 * The end of the stream, and what is in flight is still received.
		 */
		FIN

	}

	/**
	 * One run: both ends and what they saw.
	 */
	private static final class Run {

		private final Cut cut;

		private final Random random;

		private final Map<String, CompletableFuture<Void>> stages = new ConcurrentHashMap<>();

		private final List<String> received = Collections.synchronizedList(new ArrayList<>());

		private int cuts;

		private volatile int sessionsDone;

		Run(Cut cut, Random random) {
			this.cut = cut;
			this.random = random;
		}

		// One session after the other, as the client has only one at a time
		synchronized void serve(ScriptedConnection connection) throws Exception {
			try {
				connection.accept();
				if (this.cuts == CUTS) {
					receive(connection, Integer.MAX_VALUE);
					connection.write(Frames.close(1000));
					return;
				}
				this.cuts++;
				receive(connection, 1 + this.random.nextInt(200));
				cut(connection);
			}
			finally {
				this.sessionsDone++;
			}
		}

		private void receive(ScriptedConnection connection, int frames) throws Exception {
			for (int i = 0; i < frames; i++) {
				Frame frame = connection.readFrame();
				if (frame.opcode() == 8) {
					return;
				}
				this.received.add(frame.text());
			}
		}

		private void cut(ScriptedConnection connection) throws Exception {
			switch (this.cut) {
				case RESET -> connection.reset();
				case CLOSE -> connection.close();
				case FIN -> {
					connection.sendFin();
					receive(connection, Integer.MAX_VALUE);
				}
			}
		}

		void send(WsConnection connection, int seed) {
			List<Thread> threads = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int number = i;
				Thread thread = new Thread(() -> send(connection, number, new Random(seed * 31L + number)));
				threads.add(thread);
				thread.start();
			}
			await().pollInterval(Duration.ofMillis(10)).until(() -> threads.stream().noneMatch(Thread::isAlive));
		}

		private void send(WsConnection connection, int thread, Random random) {
			String padding = "x".repeat(random.nextInt(600));
			for (int i = 0; i < MESSAGES; i++) {
				String message = thread + ":" + i + ":" + padding;
				this.stages.put(message, connection.send(message).toCompletableFuture());
				if (random.nextInt(4) == 0) {
					LockSupport.parkNanos(random.nextInt(1_000_000));
				}
			}
		}

		void check() {
			Set<String> receivedOnce = new HashSet<>(this.received);
			assertThat(receivedOnce).as("no duplicates").hasSameSizeAs(this.received);
			for (int thread = 0; thread < THREADS; thread++) {
				check(thread, receivedOnce);
			}
			assertThat(this.stages).hasSize(THREADS * MESSAGES);
		}

		private void check(int thread, Set<String> receivedOnce) {
			String prefix = thread + ":";
			List<Integer> order = this.received.stream()
				.filter((message) -> message.startsWith(prefix))
				.map(Run::number)
				.toList();
			assertThat(order).as("order of thread %d", thread).isSorted();
			List<Map.Entry<String, CompletableFuture<Void>>> sent = this.stages.entrySet()
				.stream()
				.filter((entry) -> entry.getKey().startsWith(prefix))
				.sorted(Comparator.comparingInt((entry) -> number(entry.getKey())))
				.toList();
			int gaps = 0;
			boolean gap = false;
			for (Map.Entry<String, CompletableFuture<Void>> entry : sent) {
				boolean arrived = receivedOnce.contains(entry.getKey());
				Outcome outcome = outcome(entry.getValue());
				if (outcome != null && outcome != Outcome.LOST) {
					assertThat(arrived).as("%s was reported as %s", entry.getKey(), outcome).isFalse();
					continue;
				}
				if (this.cut == Cut.FIN && outcome == null) {
					assertThat(arrived).as("%s was reported as written", entry.getKey()).isTrue();
				}
				if (!arrived && !gap) {
					gaps++;
				}
				gap = !arrived;
			}
			// What was written or lost and didn't arrive was in flight at a cut
			assertThat(gaps).as("gaps of thread %d", thread).isLessThanOrEqualTo(this.cuts);
		}

		private static int number(String message) {
			return Integer.parseInt(message.substring(message.indexOf(':') + 1, message.lastIndexOf(':')));
		}

		private static @Nullable Outcome outcome(CompletableFuture<Void> stage) {
			try {
				stage.join();
				return null;
			}
			catch (CompletionException ex) {
				assertThat(ex).hasCauseInstanceOf(WsSendException.class);
				return ((WsSendException) Objects.requireNonNull(ex.getCause())).outcome();
			}
		}

	}

}
