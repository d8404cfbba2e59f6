package dev.wsclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.Test;

import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.ScriptedServer.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * An answer reaches the session that asked or none, while sessions end and many threads
 * answer.
 */
class BoundToASessionIntegrationTests {

	private static final int SESSIONS = 20;

	private final Queue<String> wrongAnswers = new ConcurrentLinkedQueue<>();

	private final AtomicInteger answers = new AtomicInteger();

	/**
	 * Asks, reads a few answers, and ends the session in the midst of the others.
	 */
	private Script session(int number) {
		return (connection) -> {
			connection.accept();
			byte[] question = Frames.text("q" + number);
			for (int i = 0; i < 50; i++) {
				connection.write(question);
			}
			for (int i = 0; i < 10; i++) {
				String answer = new String(connection.readFrame().payload());
				this.answers.incrementAndGet();
				if (!answer.equals("q" + number)) {
					this.wrongAnswers.add("q" + number + " got " + answer);
				}
			}
			if (number == SESSIONS) {
				connection.readUntilEof();
			}
		};
	}

	@Test
	void answersReachTheSessionThatAskedOrNone() throws Exception {
		Script[] scripts = new Script[SESSIONS];
		for (int i = 0; i < SESSIONS; i++) {
			scripts[i] = session(i + 1);
		}
		ExecutorService answering = Executors.newFixedThreadPool(4);
		Queue<CompletionStage<Void>> sent = new ConcurrentLinkedQueue<>();
		AtomicBoolean asked = new AtomicBoolean();
		WsListener listener = new WsListener() {

			@Override
			public void onMessage(WsConnection connection, WsMessage message) {
				WsMessage kept = message.copy();
				asked.compareAndSet(false, kept.text().equals("q" + SESSIONS));
				for (int i = 0; i < 4; i++) {
					answering.execute(() -> sent.add(kept.session().send(kept.text())));
				}
			}

		};
		try (ScriptedServer server = new ScriptedServer(scripts); WsClient client = WsClient.create()) {
			WsConnection connection = client.connect(WsOptions.builder(server.uri())
				.offlinePolicy(OfflinePolicy.BUFFER)
				.reconnect(Reconnect.exponential(Duration.ofMillis(1), Duration.ofMillis(5)))
				.build(), listener);
			await().atMost(Duration.ofSeconds(60)).until(() -> asked.get() && this.answers.get() >= SESSIONS * 10);
			answering.shutdown();
			await().until(answering::isTerminated);
			connection.close().toCompletableFuture().join();
		}
		finally {
			answering.shutdownNow();
		}
		assertThat(this.wrongAnswers).isEmpty();
		List<Outcome> outcomes = new ArrayList<>();
		for (CompletionStage<Void> each : sent) {
			assertThat(each.toCompletableFuture()).isDone();
			each.whenComplete((result, error) -> {
				if (error != null) {
					outcomes.add(((WsSendException) error).outcome());
				}
			});
		}
		assertThat(outcomes).contains(Outcome.DROPPED).isSubsetOf(Outcome.DROPPED, Outcome.LOST);
	}

}
