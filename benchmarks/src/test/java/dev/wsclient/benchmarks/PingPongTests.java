package dev.wsclient.benchmarks;

import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.wsclient.benchmarks.client.BenchmarkClient.Connection;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Checks the promise to clients that one thread at a time sends.
 */
class PingPongTests {

	@Test
	void answerThatComesBeforeTheFirstSendReturnedWaitsForIt() throws Exception {
		PingPong pingPong = new PingPong("x");
		HastyConnection connection = new HastyConnection(pingPong);
		pingPong.start(connection);
		Objects.requireNonNull(connection.answering.get()).join();
		assertThat(pingPong.count()).isOne();
		assertThat(connection.overlapped).isFalse();
	}

	/**
	 * Answers the first message while it is being sent.
	 */
	private static final class HastyConnection implements Connection {

		private static final int PATIENCE_MILLIS = 100;

		private final PingPong pingPong;

		private final AtomicReference<@Nullable Thread> answering = new AtomicReference<>();

		private final AtomicBoolean sending = new AtomicBoolean();

		private final AtomicBoolean overlapped = new AtomicBoolean();

		HastyConnection(PingPong pingPong) {
			this.pingPong = pingPong;
		}

		@Override
		public void send(String text) throws InterruptedException {
			if (!this.sending.compareAndSet(false, true)) {
				this.overlapped.set(true);
				return;
			}
			Thread thread = new Thread(() -> this.pingPong.onText(text));
			if (this.answering.compareAndSet(null, thread)) {
				thread.start();
				thread.join(PATIENCE_MILLIS);
			}
			this.sending.set(false);
		}

		@Override
		public void close() {
		}

	}

}
