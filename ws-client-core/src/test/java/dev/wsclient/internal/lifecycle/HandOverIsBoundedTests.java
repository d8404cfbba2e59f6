package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.WhenFull;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Whatever other threads do while the event loop is held up: what waits for it is
 * bounded, also bad news.
 */
class HandOverIsBoundedTests {

	private static final int MANY = 20_000;

	private ConnectionFixture fixture = new ConnectionFixture();

	private int tasksAfter(Consumer<WsConnection> call) {
		this.fixture.scheduler.runAll();
		for (int i = 0; i < MANY; i++) {
			call.accept(this.fixture.connection);
		}
		return this.fixture.scheduler.waitingTasks();
	}

	@Test
	void evictedMessagesWaitAsOneTaskAndAsManyAsTheBufferHolds() {
		this.fixture = new ConnectionFixture((options) -> options.offlinePolicy(OfflinePolicy.BUFFER)
			.whenFull(WhenFull.DROP_OLDEST)
			.sendBufferCount(2_000));
		this.fixture.in(WsState.BACKOFF);
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		int tasks = tasksAfter((connection) -> sent.add(connection.send("x").toCompletableFuture()));
		assertThat(tasks).isLessThanOrEqualTo(2);
		// What found no room even so was told to its own sender
		assertThat(sent.stream().filter((each) -> !each.isDone()).count()).isLessThanOrEqualTo(4_000);
		this.fixture.scheduler.runAll();
		assertThat(sent.stream().filter((each) -> !each.isDone()).count()).isEqualTo(2_000);
		assertThat(sent.stream().filter(CompletableFuture::isDone))
			.allMatch((each) -> List.of(Outcome.DROPPED, Outcome.NOT_ACCEPTED).contains(outcome(each)));
		assertThat(sent.subList(0, 2_000)).allMatch((each) -> outcome(each) == Outcome.DROPPED);
		this.fixture.reopen();
		assertThat(this.fixture.session().output()).hasSize(2_000);
	}

	private static Outcome outcome(CompletableFuture<Void> sent) {
		return sent.handle((result, error) -> ((WsSendException) error).outcome()).join();
	}

	@Test
	void refusalsByAFullBufferWaitAsOneTask() {
		for (WhenFull whenFull : WhenFull.values()) {
			this.fixture = new ConnectionFixture(
					(options) -> options.offlinePolicy(OfflinePolicy.BUFFER).whenFull(whenFull).sendBufferSize(100));
			this.fixture.in(WsState.BACKOFF);
			assertThat(tasksAfter((connection) -> connection.send("x".repeat(101)))).isLessThanOrEqualTo(2);
		}
	}

	@Test
	void sendsAndPingsWaitAsOneTask() {
		this.fixture.in(WsState.OPEN);
		assertThat(tasksAfter((connection) -> connection.send("x"))).isOne();
		assertThat(tasksAfter((connection) -> connection.ping(ByteBuffer.allocate(1)))).isLessThanOrEqualTo(2);
	}

	@Test
	void sendsByASessionThatIsOverWaitAsNoTask() {
		this.fixture.in(WsState.BACKOFF);
		assertThat(tasksAfter((connection) -> Objects.requireNonNull(connection.session()).send("x"))).isZero();
	}

	@Test
	void wishesThatAreRepeatedWaitOnce() {
		this.fixture.in(WsState.OPEN);
		assertThat(tasksAfter(WsConnection::connect)).isOne();
		assertThat(tasksAfter((connection) -> connection.reconnect(Duration.ofSeconds(1)))).isOne();
		assertThat(tasksAfter(WsConnection::cancelReconnect)).isOne();
		assertThat(tasksAfter(WsConnection::abort)).isOne();
	}

	@Test
	void pausesWaitAsOneTaskAndTheNewestCounts() {
		this.fixture.in(WsState.OPEN);
		assertThat(tasksAfter((connection) -> {
			connection.resume();
			connection.pause();
		})).isOne();
		this.fixture.scheduler.runAll();
		assertThat(this.fixture.session().isReading()).isFalse();
	}

	@Test
	void wishesInTurnKeepTheirOrder() {
		this.fixture.in(WsState.OPEN);
		this.fixture.connection.connect();
		this.fixture.connection.close();
		this.fixture.connection.connect();
		this.fixture.scheduler.runAll();
		this.fixture.session().endByClient();
		this.fixture.scheduler.advanceToNextTimer();
		assertThat(this.fixture.transport.opens()).isEqualTo(2);
	}

	@Test
	void publisherThatIgnoresDemandHandsOverOneFragment() {
		this.fixture.in(WsState.OPEN);
		Flood flood = new Flood();
		CompletableFuture<Void> sent = this.fixture.stage((connection) -> connection.send(WsMessage.Type.TEXT, flood));
		assertThat(tasksAfter((connection) -> flood.next())).isLessThanOrEqualTo(2);
		assertThat(tasksAfter((connection) -> flood.end())).isLessThanOrEqualTo(2);
		this.fixture.scheduler.runAll();
		assertThat(sent).isCompletedExceptionally();
	}

	@Test
	void demandOfASubscriberWaitsAsOneTask() {
		this.fixture.in(WsState.OPEN);
		List<WsMessage> received = new ArrayList<>();
		Flow.Subscription[] subscription = new Flow.Subscription[1];
		this.fixture.connection.messages().subscribe(new Flow.Subscriber<>() {

			@Override
			public void onSubscribe(Flow.Subscription given) {
				subscription[0] = given;
			}

			@Override
			public void onNext(WsMessage message) {
				received.add(message);
			}

			@Override
			public void onError(Throwable error) {
			}

			@Override
			public void onComplete() {
			}

		});
		assertThat(tasksAfter((connection) -> subscription[0].request(1))).isOne();
		this.fixture.scheduler.runAll();
		for (int i = 0; i < 10; i++) {
			this.fixture.session().text("x");
		}
		assertThat(received).hasSize(10);
		assertThat(tasksAfter((connection) -> subscription[0].cancel())).isOne();
	}

	/**
	 * A publisher that is called by hand.
	 */
	private static final class Flood implements Flow.Publisher<ByteBuffer> {

		private Flow.@Nullable Subscriber<? super ByteBuffer> subscriber;

		@Override
		public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
			this.subscriber = subscriber;
			subscriber.onSubscribe(new Flow.Subscription() {

				@Override
				public void request(long count) {
				}

				@Override
				public void cancel() {
				}

			});
		}

		private void next() {
			Objects.requireNonNull(this.subscriber).onNext(ByteBuffer.allocate(1));
		}

		private void end() {
			Objects.requireNonNull(this.subscriber).onError(new IllegalStateException("the flood ends"));
		}

	}

}
