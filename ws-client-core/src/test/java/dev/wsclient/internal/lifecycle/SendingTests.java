package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.options.OfflinePolicy;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What becomes of messages in every state.
 */
class SendingTests {

	private final ConnectionFixture fixture = new ConnectionFixture();

	private final ConnectionFixture buffering = new ConnectionFixture(
			(options) -> options.offlinePolicy(OfflinePolicy.BUFFER));

	@ParameterizedTest
	@EnumSource(names = { "IDLE", "CONNECTING" })
	void messagesWaitForTheFirstSession(WsState state) {
		this.fixture.in(state);
		var first = this.fixture.send("1");
		var second = this.fixture.stage((connection) -> connection.send("2".getBytes(StandardCharsets.UTF_8)));
		if (state == WsState.IDLE) {
			this.fixture.user(WsConnection::connect);
		}
		this.fixture.session().endByNetwork();
		assertThat(first).isNotDone();
		this.fixture.reopen();
		assertThat(this.fixture.session().output()).containsExactly("1", "binary 2");
		assertThat(first).isNotDone();
		this.fixture.session().written(1);
		assertThat(first).isCompleted();
		assertThat(second).isNotDone();
		assertThat(this.fixture.connection.snapshot().queuedBytes()).isEqualTo(1);
		this.fixture.session().written(1);
		assertThat(second).isCompleted();
		assertAccountIsEmpty(this.fixture);
	}

	@Test
	void failRefusesBetweenSessions() {
		this.fixture.in(WsState.BACKOFF);
		assertThat(outcome(this.fixture.send("x"))).isEqualTo(Outcome.NOT_ACCEPTED);
		this.fixture.awaitAttempt();
		assertThat(this.fixture.state()).isEqualTo(WsState.CONNECTING);
		assertThat(outcome(this.fixture.send("x"))).isEqualTo(Outcome.NOT_ACCEPTED);
		assertAccountIsEmpty(this.fixture);
	}

	@Test
	void failDropsWhatWaitsWhenTheSessionBreaks() {
		this.fixture.in(WsState.OPEN);
		var written = this.fixture.send("in flight");
		this.fixture.session().blockWrites();
		var waiting = this.fixture.send("waiting");
		this.fixture.session().endByNetwork();
		assertThat(outcome(written)).isEqualTo(Outcome.LOST);
		assertThat(outcome(waiting)).isEqualTo(Outcome.DROPPED);
		assertAccountIsEmpty(this.fixture);
	}

	@Test
	void bufferKeepsWhatWaitsForTheNextSession() {
		this.buffering.in(WsState.OPEN);
		var lost = this.buffering.send("in flight");
		this.buffering.session().blockWrites();
		this.buffering.send("1");
		this.buffering.session().endByNetwork();
		this.buffering.send("2");
		assertThat(outcome(lost)).isEqualTo(Outcome.LOST);
		this.buffering.awaitAttempt();
		this.buffering.send("3");
		this.buffering.openSession();
		assertThat(this.buffering.session().output()).containsExactly("1", "2", "3");
		this.buffering.session().allWritten();
		assertAccountIsEmpty(this.buffering);
	}

	@ParameterizedTest
	@EnumSource(names = { "CLOSING", "CLOSED" })
	void closedConnectionRefuses(WsState state) {
		this.buffering.in(state);
		var sent = this.buffering.send("x");
		assertThat(outcome(sent)).isEqualTo(Outcome.NOT_ACCEPTED);
		assertThat(error(sent)).hasMessageContaining("the connection is closed");
	}

	@ParameterizedTest
	@EnumSource(names = { "IDLE", "CONNECTING", "BACKOFF" })
	void waitingMessagesAreDroppedByTheClose(WsState state) {
		this.buffering.in(state);
		var sent = this.buffering.send("x");
		this.buffering.user(WsConnection::close);
		assertThat(outcome(sent)).isEqualTo(Outcome.DROPPED);
		assertAccountIsEmpty(this.buffering);
	}

	@Test
	void reopenedConnectionAcceptsAgain() {
		this.fixture.in(WsState.CLOSED);
		this.fixture.user(WsConnection::connect);
		var sent = this.fixture.send("x");
		this.fixture.openSession();
		this.fixture.session().allWritten();
		assertThat(sent).isCompleted();
	}

	@Test
	void closeWritesWhatWasAcceptedBefore() {
		this.fixture.in(WsState.OPEN);
		this.fixture.session().blockWrites();
		var sent = this.fixture.send("1");
		this.fixture.send("2");
		this.fixture.user(WsConnection::close);
		assertThat(outcome(this.fixture.send("late"))).isEqualTo(Outcome.NOT_ACCEPTED);
		assertThat(this.fixture.session().output()).isEmpty();
		this.fixture.session().unblockWrites();
		assertThat(this.fixture.session().output()).containsExactly("1", "2", "close 1000");
		this.fixture.session().allWritten();
		assertThat(sent).isCompleted();
	}

	@Test
	void abortDropsWhatWaits() {
		this.buffering.in(WsState.OPEN);
		this.buffering.session().blockWrites();
		var sent = this.buffering.send("1");
		this.buffering.user(WsConnection::abort);
		assertThat(outcome(sent)).isEqualTo(Outcome.DROPPED);
		assertAccountIsEmpty(this.buffering);
	}

	@Test
	void closeOfTheServerEndsWriting() {
		this.buffering.in(WsState.OPEN);
		this.buffering.session().closing();
		var sent = this.buffering.send("1");
		assertThat(this.buffering.session().output()).isEmpty();
		this.buffering.session().endByServer(1001);
		assertThat(sent).isNotDone();
		this.buffering.reopen();
		assertThat(this.buffering.session().output()).containsExactly("1");
	}

	@Test
	void closeOfTheServerBehindOurOwnEndsWriting() {
		this.fixture.in(WsState.OPEN);
		this.fixture.session().blockWrites();
		var sent = this.fixture.send("1");
		this.fixture.user(WsConnection::close);
		this.fixture.session().closing();
		assertThat(outcome(sent)).isEqualTo(Outcome.DROPPED);
		this.fixture.session().unblockWrites();
		assertThat(this.fixture.session().output()).isEmpty();
	}

	@Test
	void closeOfTheServerDuringAReconnectKeepsWhatWaits() {
		this.buffering.in(WsState.OPEN);
		this.buffering.session().blockWrites();
		this.buffering.send("1");
		this.buffering.user((connection) -> connection.reconnect(Duration.ZERO));
		this.buffering.session().closing();
		this.buffering.session().endByServer(1001);
		this.buffering.reopen();
		assertThat(this.buffering.session().output()).containsExactly("1");
	}

	@Test
	void orderOnOpenIsFirstMessagesThenWaitingThenThoseOfOnOpen() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.onOpenMessages("log in", "subscribe"));
		fixture.listener.in("onOpen", (connection) -> connection.send("in onOpen"));
		fixture.send("early 1");
		fixture.send("early 2");
		fixture.open();
		assertThat(fixture.session().output()).containsExactly("log in", "subscribe", "early 1", "early 2",
				"in onOpen");
		fixture.session().allWritten();
		assertAccountIsEmpty(fixture);
	}

	@Test
	void listenerMaySendAsSoonAsTheStateIsOpenInEverySession() {
		ConnectionFixture fixture = new ConnectionFixture();
		List<CompletableFuture<Void>> sent = new ArrayList<>();
		fixture.listener.in("onStateChange", (connection) -> {
			if (connection.isOpen()) {
				sent.add(connection.send("first").toCompletableFuture());
			}
		});
		fixture.listener.in("onOpen", (connection) -> {
			sent.add(connection.send("subscribe").toCompletableFuture());
			sent.add(connection.ping(ByteBuffer.allocate(0)).toCompletableFuture());
		});
		fixture.open();
		fixture.session().allWritten();
		fixture.session().endByNetwork();
		fixture.reopen();
		assertThat(fixture.session().output()).containsExactly("first", "subscribe", "ping ");
		fixture.session().allWritten();
		assertThat(sent).hasSize(6)
			.allMatch(CompletableFuture::isDone)
			.noneMatch(CompletableFuture::isCompletedExceptionally);
	}

	@ParameterizedTest
	@EnumSource(names = { "IDLE", "CONNECTING", "BACKOFF", "CLOSED" })
	void controlFramesNeedAnOpenSession(WsState state) {
		this.buffering.in(state);
		assertThat(outcome(this.buffering.stage((connection) -> connection.ping(ByteBuffer.allocate(1)))))
			.isEqualTo(Outcome.NOT_ACCEPTED);
		assertThat(outcome(this.buffering.stage((connection) -> connection.pong(ByteBuffer.allocate(1)))))
			.isEqualTo(Outcome.NOT_ACCEPTED);
	}

	@Test
	void controlFramesKeepTheirPlaceAmongMessages() {
		this.fixture.in(WsState.OPEN);
		this.fixture.connection.send("1");
		this.fixture.connection.ping(ByteBuffer.wrap("p".getBytes(StandardCharsets.UTF_8)));
		this.fixture.send("2");
		assertThat(this.fixture.session().output()).containsExactly("1", "ping p", "2");
		assertThat(this.fixture.session().calls()).endsWith("write 2", "flush");
	}

	@Test
	void manySendsBeforeTheLoopRunsAreOneFlush() {
		this.fixture.in(WsState.OPEN);
		long before = flushes();
		for (int i = 0; i < 100; i++) {
			this.fixture.connection.send("x");
		}
		this.fixture.scheduler.runAll();
		assertThat(flushes() - before).isEqualTo(1);
	}

	private long flushes() {
		return this.fixture.session().calls().stream().filter("flush"::equals).count();
	}

	@Test
	void fullBufferRefusesAndTellsOnceUntilItDrained() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.sendBufferSize(10)).in(WsState.OPEN);
		fixture.send("123456");
		fixture.send("1234");
		var refused = fixture.send("1");
		fixture.send("2");
		assertThat(outcome(refused)).isEqualTo(Outcome.NOT_ACCEPTED);
		assertThat(error(refused)).hasMessageContaining("10 of 10 bytes and 2 of 65536 messages wait");
		assertThat(fixture.listener.calls()).containsExactly("onBufferFull");
		fixture.session().written(1);
		assertThat(fixture.listener.calls()).containsExactly("onBufferFull", "onBufferDrain");
		fixture.session().written(1);
		fixture.send("12345678901");
		assertThat(fixture.listener.calls()).containsExactly("onBufferFull", "onBufferDrain", "onBufferFull",
				"onBufferDrain");
		assertAccountIsEmpty(fixture);
	}

	@Test
	void fullBufferIsToldBeforeADrainThatOvertakesIt() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.sendBufferSize(4)).in(WsState.OPEN);
		fixture.send("1234");
		fixture.connection.send("refused");
		fixture.session().allWritten();
		assertThat(fixture.listener.calls()).containsExactly("onBufferFull", "onBufferDrain");
	}

	@Test
	void countOfMessagesIsBoundedToo() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.sendBufferCount(2));
		fixture.send("");
		fixture.send("");
		assertThat(outcome(fixture.send(""))).isEqualTo(Outcome.NOT_ACCEPTED);
		fixture.open();
		fixture.session().allWritten();
		assertThat(fixture.listener.calls()).containsExactly("onBufferFull", "onConnect", "onOpen", "onBufferDrain");
		assertAccountIsEmpty(fixture);
	}

	@Test
	void sendAfterTheClientWasClosedFailsItsStage() {
		this.fixture.scheduler.shutDown();
		assertThat(outcome(this.fixture.connection.send("1").toCompletableFuture())).isEqualTo(Outcome.NOT_ACCEPTED);
		assertThat(outcome(this.fixture.connection.send("2").toCompletableFuture())).isEqualTo(Outcome.NOT_ACCEPTED);
		assertAccountIsEmpty(this.fixture);
	}

	/**
	 * Many threads send while sessions break: each message ends in one way, those that
	 * were written are in their sender's order, and the account is even.
	 */
	@Test
	@Timeout(60)
	void everyMessageOfManyThreadsIsAccountedForWhileSessionsBreak() throws Exception {
		ConnectionFixture fixture = new ConnectionFixture(
				(options) -> options.offlinePolicy(OfflinePolicy.BUFFER).sendBufferSize(4_000));
		int producers = 8;
		int each = 3_000;
		ConcurrentLinkedQueue<CompletableFuture<Void>> stages = new ConcurrentLinkedQueue<>();
		ExecutorService threads = Executors.newFixedThreadPool(producers);
		List<Future<?>> running = new ArrayList<>();
		for (int i = 0; i < producers; i++) {
			int producer = i;
			running.add(threads.submit(() -> {
				for (int message = 0; message < each; message++) {
					stages.add(fixture.connection.send(producer + ":" + message).toCompletableFuture());
					if (message % 50 == 0) {
						Thread.onSpinWait();
					}
				}
			}));
		}
		threads.shutdown();
		fixture.open();
		List<String> output = new ArrayList<>();
		for (int round = 0; running.stream().anyMatch((thread) -> !thread.isDone()); round++) {
			fixture.scheduler.runAll();
			if (round % 3 == 0) {
				fixture.session().allWritten();
			}
			if (round % 10 == 9) {
				fixture.session().endByNetwork();
				output.addAll(fixture.session().output());
				fixture.reopen();
			}
		}
		fixture.scheduler.runAll();
		fixture.session().allWritten();
		output.addAll(fixture.session().output());
		assertThat(stages).hasSize(producers * each);
		assertThat(stages.stream().filter((stage) -> !stage.isDone())).isEmpty();
		long notAccepted = stages.stream()
			.filter(CompletableFuture::isCompletedExceptionally)
			.filter((stage) -> outcome(stage) == Outcome.NOT_ACCEPTED)
			.count();
		assertThat(output).hasSize(stages.size() - (int) notAccepted).doesNotHaveDuplicates();
		int[] newest = new int[producers];
		for (String message : output) {
			String[] parts = message.split(":", 2);
			int producer = Integer.parseInt(parts[0]);
			int number = Integer.parseInt(parts[1]) + 1;
			assertThat(number).isGreaterThan(newest[producer]);
			newest[producer] = number;
		}
		assertAccountIsEmpty(fixture);
		long full = fixture.listener.count("onBufferFull");
		assertThat(fixture.listener.count("onBufferDrain")).isEqualTo(full);
	}

	private static void assertAccountIsEmpty(ConnectionFixture fixture) {
		assertThat(fixture.connection.snapshot().queuedBytes()).isZero();
		assertThat(fixture.connection.snapshot().queuedMessages()).isZero();
	}

	private static Outcome outcome(CompletableFuture<?> stage) {
		return error(stage).outcome();
	}

	private static WsSendException error(CompletableFuture<?> stage) {
		assertThat(stage).isCompletedExceptionally();
		return (WsSendException) stage.handle((result, error) -> error).join();
	}

}
