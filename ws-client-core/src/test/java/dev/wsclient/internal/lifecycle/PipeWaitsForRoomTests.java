package dev.wsclient.internal.lifecycle;

import java.util.concurrent.CompletableFuture;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.WhenFull;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A pipe whose target's buffer others fill waits, and loses nothing.
 */
class PipeWaitsForRoomTests {

	private final ConnectionFixture source = new ConnectionFixture().in(WsState.OPEN);

	private ConnectionFixture target = new ConnectionFixture();

	private CompletableFuture<Void> pipeToFull(WsState state, WhenFull whenFull) {
		this.target = new ConnectionFixture((options) -> options.offlinePolicy(OfflinePolicy.BUFFER)
			.whenFull(whenFull)
			.sendBufferSize(30)
			.sendBufferCount(3));
		this.target.in(state);
		if (state == WsState.OPEN) {
			this.target.session().blockWrites();
		}
		for (int i = 0; i < 3; i++) {
			this.target.send("other " + i);
		}
		CompletableFuture<Void> done = this.source.stage((connection) -> connection.pipeTo(this.target.connection));
		this.source.session().text("piped 1");
		this.source.session().text("piped 2");
		runAll();
		return done;
	}

	private void runAll() {
		for (int i = 0; i < 3; i++) {
			this.target.scheduler.runAll();
			this.source.scheduler.runAll();
		}
	}

	private void writeAll() {
		for (int i = 0; i < 5; i++) {
			this.target.session().allWritten();
			runAll();
		}
	}

	@ParameterizedTest
	@EnumSource
	void forAnOpenTarget(WhenFull whenFull) {
		CompletableFuture<Void> done = pipeToFull(WsState.OPEN, whenFull);
		assertThat(done).isNotDone();
		this.target.session().unblockWrites();
		writeAll();
		assertThat(this.target.session().output()).containsExactly("other 0", "other 1", "other 2", "piped 1",
				"piped 2");
		this.source.user(WsConnection::abort);
		assertThat(done).isCompleted();
	}

	@ParameterizedTest
	@EnumSource
	void forATargetThatIsOffline(WhenFull whenFull) {
		CompletableFuture<Void> done = pipeToFull(WsState.BACKOFF, whenFull);
		assertThat(done).isNotDone();
		this.target.reopen();
		writeAll();
		assertThat(this.target.session().output()).containsExactly("other 0", "other 1", "other 2", "piped 1",
				"piped 2");
		assertThat(done).isNotDone();
	}

	@Test
	void butNotForAMessageThatNeverFits() {
		CompletableFuture<Void> done = pipeToFull(WsState.OPEN, WhenFull.FAIL);
		this.target.session().unblockWrites();
		writeAll();
		this.source.session().text("x".repeat(31));
		runAll();
		assertThat(done).isCompletedExceptionally();
	}

	@Test
	void untilTheTargetIsClosed() {
		CompletableFuture<Void> done = pipeToFull(WsState.OPEN, WhenFull.FAIL);
		this.target.user(WsConnection::abort);
		runAll();
		assertThat(done).isCompletedExceptionally();
	}

	@Test
	void thatIsDoneWhenTheSourcesLoopIsGone() {
		CompletableFuture<Void> done = pipeToFull(WsState.OPEN, WhenFull.FAIL);
		this.source.user(WsConnection::abort);
		this.source.scheduler.shutDown();
		this.target.session().unblockWrites();
		writeAll();
		assertThat(done).isCompleted();
	}

}
