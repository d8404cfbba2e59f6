package dev.wsclient.internal.lifecycle;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.WhenFull;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A buffer keeps nothing it gave away, although it never runs empty; nor does a result
 * that somebody keeps.
 */
class BufferKeepsNothingItGaveAwayTests {

	private final FakeScheduler scheduler = new FakeScheduler();

	private final List<WeakReference<?>> gone = new ArrayList<>();

	private void awaitGone() {
		await().atMost(Duration.ofSeconds(30)).until(() -> {
			System.gc();
			return this.gone.stream().allMatch((reference) -> reference.get() == null);
		});
	}

	@ParameterizedTest
	@ValueSource(booleans = { true, false })
	void queueThatNeverRunsEmptyKeepsNothingThatWasTaken(boolean evicting) {
		OutboundQueue queue = new OutboundQueue(this.scheduler, 1024, 100, evicting);
		queue.add(Outbound.text(this.scheduler, "first"));
		for (int i = 0; i < 20; i++) {
			queue.add(Outbound.text(this.scheduler, "next"));
			this.gone.add(new WeakReference<>(queue.poll()));
		}
		awaitGone();
		assertThat(queue.poll()).isNotNull();
	}

	@Test
	void keptResultKeepsNoOtherMessage() {
		OutboundQueue queue = new OutboundQueue(this.scheduler, 1024, 100, false);
		for (int i = 0; i < 20; i++) {
			queue.add(Outbound.text(this.scheduler, "m" + i));
		}
		Outbound kept = queue.poll();
		for (int i = 1; i < 20; i++) {
			this.gone.add(new WeakReference<>(queue.poll()));
		}
		queue.add(Outbound.text(this.scheduler, "last"));
		awaitGone();
		assertThat(kept).isNotNull();
		assertThat(queue.poll()).isNotNull();
	}

	@Test
	void evictedMessagesAreNotKept() {
		OutboundQueue queue = new OutboundQueue(this.scheduler, 1024, 2, true);
		for (int i = 0; i < 20; i++) {
			assertThat(queue.addInsteadOfOldest(Outbound.text(this.scheduler, "m" + i))).isTrue();
			queue.takeEvicted().forEach((message) -> this.gone.add(new WeakReference<>(message)));
		}
		awaitGone();
		assertThat(this.gone).hasSize(18);
		assertThat(queue.poll()).isNotNull();
	}

	@Test
	void evictedMessageKeepsNoPayloadWhileItsSenderIsStillToBeTold() {
		ConnectionFixture fixture = buffering((options) -> options.whenFull(WhenFull.DROP_OLDEST).sendBufferCount(1));
		CompletableFuture<Void> evicted = sendWatched(fixture.connection);
		fixture.connection.send("newer");
		assertThat(evicted).isNotDone();
		awaitGone();
	}

	@Test
	void resultOfAWrittenMessageKeepsNoPayload() {
		ConnectionFixture fixture = buffering((options) -> options).in(WsState.OPEN);
		CompletableFuture<Void> sent = sendWatched(fixture.connection);
		fixture.scheduler.runAll();
		fixture.session().allWritten();
		assertThat(sent).isCompleted();
		awaitGone();
	}

	@Test
	void resultsOfMessagesThatWereNotSentKeepNoPayload() {
		ConnectionFixture fixture = buffering(
				(options) -> options.sendBufferCount(3).offlineTtl(Duration.ofSeconds(1)));
		List<CompletableFuture<Void>> kept = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			kept.add(sendWatched(fixture.connection));
		}
		fixture.advance(Duration.ofSeconds(2));
		assertThat(kept).allMatch(CompletableFuture::isCompletedExceptionally);
		fixture.in(WsState.OPEN);
		kept.add(sendWatched(fixture.connection));
		fixture.scheduler.runAll();
		fixture.session().endByNetwork();
		kept.add(sendWatched(fixture.connection));
		fixture.user(WsConnection::abort);
		assertThat(kept).allMatch(CompletableFuture::isCompletedExceptionally);
		awaitGone();
	}

	@Test
	void resultOfAStreamKeepsNoPublisher() {
		ConnectionFixture fixture = buffering((options) -> options).in(WsState.OPEN);
		CompletableFuture<Void> sent = streamWatched(fixture.connection);
		fixture.scheduler.runAll();
		fixture.session().allWritten();
		assertThat(sent).isCompleted();
		awaitGone();
	}

	private static ConnectionFixture buffering(UnaryOperator<WsOptions.Builder> options) {
		return new ConnectionFixture((builder) -> options.apply(builder.offlinePolicy(OfflinePolicy.BUFFER)));
	}

	private CompletableFuture<Void> sendWatched(WsConnection connection) {
		ByteBuffer payload = ByteBuffer.allocate(10);
		this.gone.add(new WeakReference<>(payload));
		return connection.send(payload).toCompletableFuture();
	}

	private CompletableFuture<Void> streamWatched(WsConnection connection) {
		Flow.Publisher<ByteBuffer> empty = new Empty();
		this.gone.add(new WeakReference<>(empty));
		return connection.send(WsMessage.Type.BINARY, empty).toCompletableFuture();
	}

	@Test
	void waiterThatItsUserGaveUpIsNotKeptThroughAnOutage() {
		ConnectionFixture fixture = buffering((options) -> options).in(WsState.BACKOFF);
		for (int i = 0; i < 1_000; i++) {
			waitInVain(fixture);
		}
		// Some may be kept until as many more came
		this.gone.subList(500, 1_000).clear();
		awaitGone();
	}

	private void waitInVain(ConnectionFixture fixture) {
		CompletableFuture<WsConnection> waiter = fixture.stage(WsConnection::whenOpen);
		waiter.cancel(false);
		this.gone.add(new WeakReference<>(waiter));
	}

	/**
	 * A publisher without fragments.
	 */
	private static final class Empty implements Flow.Publisher<ByteBuffer> {

		@Override
		public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
			subscriber.onComplete();
		}

	}

}
