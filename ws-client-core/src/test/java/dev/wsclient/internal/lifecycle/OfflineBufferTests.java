package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.wsclient.WsState;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.WhenFull;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of messages that wait for a session: too long, or too many.
 */
class OfflineBufferTests {

	private ConnectionFixture fixture = new ConnectionFixture();

	private void with(WhenFull whenFull, WsState state) {
		this.fixture = new ConnectionFixture((options) -> options.offlinePolicy(OfflinePolicy.BUFFER)
			.sendBufferCount(3)
			.sendBufferSize(30)
			.whenFull(whenFull));
		this.fixture.in(state);
	}

	private void withTtl(WsState state) {
		this.fixture = new ConnectionFixture(this::ttl);
		this.fixture.in(state);
	}

	private WsOptions.Builder ttl(WsOptions.Builder options) {
		return options.offlinePolicy(OfflinePolicy.BUFFER)
			.offlineTtl(Duration.ofSeconds(5))
			.pingInterval(Duration.ZERO);
	}

	private List<CompletableFuture<Void>> send(int count) {
		return new ArrayList<>(IntStream.range(0, count).mapToObj((i) -> this.fixture.send("m" + i)).toList());
	}

	private static @Nullable Outcome outcome(CompletableFuture<Void> sent) {
		return sent.isCompletedExceptionally()
				? sent.handle((result, error) -> ((WsSendException) error).outcome()).join() : null;
	}

	private List<String> outputAfterReopening() {
		if (this.fixture.state() == WsState.IDLE) {
			this.fixture.open();
		}
		else {
			this.fixture.reopen();
		}
		return this.fixture.session().output();
	}

	@Test
	void failRefusesWhatDoesNotFit() {
		with(WhenFull.FAIL, WsState.BACKOFF);
		List<CompletableFuture<Void>> sent = send(5);
		assertThat(sent).extracting(OfflineBufferTests::outcome)
			.containsExactly(null, null, null, Outcome.NOT_ACCEPTED, Outcome.NOT_ACCEPTED);
		assertThat(outputAfterReopening()).containsExactly("m0", "m1", "m2");
	}

	@Test
	void dropNewestDropsWhatDoesNotFit() {
		with(WhenFull.DROP_NEWEST, WsState.BACKOFF);
		List<CompletableFuture<Void>> sent = send(5);
		assertThat(sent).extracting(OfflineBufferTests::outcome)
			.containsExactly(null, null, null, Outcome.DROPPED, Outcome.DROPPED);
		assertThat(outputAfterReopening()).containsExactly("m0", "m1", "m2");
	}

	@Test
	void dropOldestMakesRoom() {
		with(WhenFull.DROP_OLDEST, WsState.BACKOFF);
		List<CompletableFuture<Void>> sent = send(5);
		assertThat(sent).extracting(OfflineBufferTests::outcome)
			.containsExactly(Outcome.DROPPED, Outcome.DROPPED, null, null, null);
		assertThat(this.fixture.connection.snapshot().queuedMessages()).isEqualTo(3);
		assertThat(outputAfterReopening()).containsExactly("m2", "m3", "m4");
	}

	@Test
	void dropOldestRunsNothingOfOtherSendersOnTheThreadOfTheNewest() {
		with(WhenFull.DROP_OLDEST, WsState.BACKOFF);
		AtomicReference<Boolean> onLoop = new AtomicReference<>();
		send(1).get(0).whenComplete((result, error) -> onLoop.set(this.fixture.scheduler.inEventLoop()));
		for (int i = 0; i < 3; i++) {
			this.fixture.connection.send("newer");
		}
		assertThat(onLoop).hasValue(null);
		this.fixture.scheduler.runAll();
		assertThat(onLoop).hasValue(true);
	}

	@Test
	void dropOldestTellsWhenNothingIsLeftToDrop() {
		with(WhenFull.DROP_OLDEST, WsState.BACKOFF);
		assertThat(outcome(this.fixture.send("x".repeat(31)))).isEqualTo(Outcome.NOT_ACCEPTED);
		assertThat(this.fixture.listener.calls()).endsWith("onBufferFull", "onBufferDrain");
	}

	@Test
	void dropOldestMakesRoomBySizeAndBeforeTheFirstSession() {
		with(WhenFull.DROP_OLDEST, WsState.IDLE);
		send(3);
		CompletableFuture<Void> large = this.fixture.send("x".repeat(28));
		assertThat(this.fixture.connection.snapshot().queuedBytes()).isEqualTo(30);
		CompletableFuture<Void> tooLarge = this.fixture.send("x".repeat(31));
		assertThat(outcome(tooLarge)).isEqualTo(Outcome.NOT_ACCEPTED);
		assertThat(large).isNotDone();
		assertThat(outputAfterReopening()).containsExactly("m2", "x".repeat(28));
	}

	@Test
	void withAnOpenSessionNothingIsDropped() {
		with(WhenFull.DROP_OLDEST, WsState.OPEN);
		this.fixture.session().blockWrites();
		assertThat(send(4)).extracting(OfflineBufferTests::outcome)
			.containsExactly(null, null, null, Outcome.NOT_ACCEPTED);
		assertThat(this.fixture.listener.count("onBufferFull")).isOne();
	}

	@Test
	void eachMessageExpiresByItself() {
		withTtl(WsState.IDLE);
		CompletableFuture<Void> first = this.fixture.send("first");
		this.fixture.advance(Duration.ofSeconds(3));
		CompletableFuture<Void> second = this.fixture.send("second");
		this.fixture.advance(Duration.ofMillis(1_999));
		assertThat(first).isNotDone();
		this.fixture.advance(Duration.ofMillis(1));
		assertThat(outcome(first)).isEqualTo(Outcome.EXPIRED);
		assertThat(second).isNotDone();
		this.fixture.advance(Duration.ofSeconds(3));
		assertThat(outcome(second)).isEqualTo(Outcome.EXPIRED);
		assertThat(this.fixture.connection.snapshot().queuedMessages()).isZero();
		assertThat(this.fixture.scheduler.pendingTimers()).isEmpty();
	}

	@Test
	void messageInTimeIsSentAndItsTimerEnds() {
		withTtl(WsState.IDLE);
		this.fixture.send("in time");
		this.fixture.advance(Duration.ofSeconds(4));
		assertThat(outputAfterReopening()).containsExactly("in time");
		assertThat(this.fixture.scheduler.pendingTimers()).isEmpty();
	}

	@Test
	void messageThatWaitedInASessionExpiresWhenItBreaks() {
		withTtl(WsState.OPEN);
		this.fixture.session().blockWrites();
		CompletableFuture<Void> waiting = this.fixture.send("waiting");
		this.fixture.advance(Duration.ofSeconds(6));
		assertThat(waiting).isNotDone();
		this.fixture.session().endByNetwork();
		assertThat(outcome(waiting)).isEqualTo(Outcome.EXPIRED);
	}

	@Test
	void closeEndsTheTimer() {
		withTtl(WsState.IDLE);
		CompletableFuture<Void> waiting = this.fixture.send("waiting");
		this.fixture.stage((connection) -> connection.close());
		assertThat(outcome(waiting)).isEqualTo(Outcome.DROPPED);
		assertThat(this.fixture.scheduler.pendingTimers()).isEmpty();
	}

	@Test
	void pingDoesNotOutliveItsSession() {
		with(WhenFull.FAIL, WsState.OPEN);
		this.fixture.session().blockWrites();
		CompletableFuture<Void> ping = this.fixture
			.stage((connection) -> connection.ping(ByteBuffer.wrap(new byte[] { 'p' })));
		this.fixture.send("kept");
		this.fixture.session().endByNetwork();
		assertThat(outputAfterReopening()).containsExactly("kept");
		assertThat(outcome(ping)).isEqualTo(Outcome.DROPPED);
		assertThat(this.fixture.connection.snapshot().queuedMessages()).isOne();
	}

}
