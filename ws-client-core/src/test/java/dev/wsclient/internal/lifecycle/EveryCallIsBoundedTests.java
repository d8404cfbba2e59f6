package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.Reconnect;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The rule: no unbounded hand-over, also not of bad news. With an executor that is stuck
 * no call is queued without bound, whatever it tells of, and nothing that matters is
 * lost.
 */
class EveryCallIsBoundedTests {

	private static final int BACKLOG = 16;

	/**
	 * Twice the backlog, and one of each kind.
	 */
	private static final int BOUND = 2 * BACKLOG + 10;

	private final ManualExecutor executor = new ManualExecutor();

	private final ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor(this.executor)
		.executorBacklog(BACKLOG)
		.sendBufferSize(100)
		.offlinePolicy(OfflinePolicy.FAIL)
		.pingInterval(Duration.ZERO)
		.reconnect(Reconnect.exponential(Duration.ofSeconds(1), Duration.ofSeconds(1))));

	private void assertBounded() {
		assertThat(this.fixture.connection.snapshot().waitingCalls()).isLessThanOrEqualTo(BOUND);
	}

	@Test
	void bufferThatFillsAndDrainsAllTheTimeIsToldByItsLastState() {
		this.fixture.open();
		for (int i = 0; i < 1_000; i++) {
			this.fixture.session().blockWrites();
			this.fixture.send("x".repeat(90));
			this.fixture.send("x".repeat(90));
			this.fixture.session().unblockWrites();
			this.fixture.session().allWritten();
		}
		assertBounded();
		this.executor.runAll();
		long full = this.fixture.listener.count("onBufferFull");
		assertThat(full).isPositive().isLessThan(BOUND).isEqualTo(this.fixture.listener.count("onBufferDrain"));
	}

	@Test
	void bufferThatIsFullAtLastIsToldAsFull() {
		this.fixture.open();
		for (int i = 0; i < 1_000; i++) {
			this.fixture.session().blockWrites();
			this.fixture.send("x".repeat(90));
			this.fixture.send("x".repeat(90));
			if (i < 999) {
				this.fixture.session().unblockWrites();
				this.fixture.session().allWritten();
			}
		}
		assertBounded();
		this.executor.runAll();
		assertThat(this.fixture.listener.count("onBufferFull"))
			.isEqualTo(this.fixture.listener.count("onBufferDrain") + 1);
	}

	@Test
	void connectionThatFlapsForHoursIsToldByItsLastSession() {
		this.fixture.open();
		for (int i = 0; i < 1_000; i++) {
			this.fixture.session().endByNetwork();
			this.fixture.advance(Duration.ofSeconds(2));
			this.fixture.openSession();
		}
		assertBounded();
		this.executor.runAll();
		long opened = this.fixture.listener.count("onOpen");
		assertThat(opened).isPositive().isEqualTo(this.fixture.listener.count("onClose") + 1);
		assertThat(this.fixture.listener.changes()).last()
			.satisfies((change) -> assertThat(change.to()).isEqualTo(WsState.OPEN));
		assertThat(this.fixture.state()).isEqualTo(WsState.OPEN);
		this.fixture.session().text("goes on");
		this.executor.runAll();
		assertThat(this.fixture.listener.calls()).endsWith("onText goes on");
		assertThat(this.fixture.connection.snapshot().waitingCalls()).isZero();
	}

	@Test
	void changesOfTheStateFormAChain() {
		connectionThatFlapsForHoursIsToldByItsLastSession();
		WsState state = WsState.IDLE;
		for (var change : this.fixture.listener.changes()) {
			assertThat(change.from()).isEqualTo(state);
			state = change.to();
		}
	}

	@Test
	void attemptsThatFailForHoursAreToldByTheLast() {
		this.fixture.user(WsConnection::connect);
		for (int i = 0; i < 1_000; i++) {
			this.fixture.session().endByNetwork();
			this.fixture.advance(Duration.ofSeconds(2));
		}
		assertBounded();
		this.executor.runAll();
		assertThat(this.fixture.listener.calls()).contains("onError", "onReconnecting");
	}

	@Test
	void sessionsThatEndWithWhatTheyReceivedAddNoMessagesWithoutBound() {
		this.fixture.open();
		for (int i = 0; i < 200; i++) {
			for (int message = 0; message < BACKLOG; message++) {
				this.fixture.session().text("message " + message);
				this.fixture.session().ping("p");
				this.fixture.session().pong(ByteBuffer.allocate(4));
			}
			this.fixture.session().endByNetwork();
			this.fixture.advance(Duration.ofSeconds(2));
			this.fixture.openSession();
		}
		// What the first session had received came in one read and may exceed the backlog
		assertThat(this.fixture.connection.snapshot().waitingCalls()).isLessThan(6 * BACKLOG);
		this.executor.runAll();
		this.fixture.scheduler.runAll();
		this.fixture.session().text("goes on");
		this.executor.runAll();
		assertThat(this.fixture.listener.calls()).endsWith("onText goes on");
	}

	@Test
	void pingsStopTheReading() {
		this.fixture.open();
		for (int i = 0; i < BACKLOG; i++) {
			this.fixture.session().ping("p");
		}
		assertThat(this.fixture.session().isReading()).isFalse();
	}

	@Test
	void userTasksThatThrowAllTheTimeAreToldByTheLast() {
		this.fixture.open();
		for (int i = 0; i < 1_000; i++) {
			this.fixture.connection.schedule(() -> {
				throw new IllegalStateException("task");
			}, Duration.ZERO);
			this.fixture.advance(Duration.ofMillis(1));
		}
		assertBounded();
		this.executor.runAll();
		assertThat(this.fixture.listener.calls()).contains("onError");
	}

	@Test
	void closesWithoutEndWaitAsOneAndAllComplete() {
		this.fixture.open();
		CompletableFuture<?>[] closes = new CompletableFuture<?>[1_000];
		for (int i = 0; i < closes.length; i++) {
			closes[i] = this.fixture.stage(WsConnection::close);
			if (i == 0) {
				this.fixture.session().endByClient();
			}
			this.fixture.user(WsConnection::connect);
			this.fixture.user(WsConnection::abort);
		}
		assertBounded();
		this.executor.runAll();
		this.fixture.scheduler.runAll();
		assertThat(closes).allMatch(CompletableFuture::isDone);
	}

}
