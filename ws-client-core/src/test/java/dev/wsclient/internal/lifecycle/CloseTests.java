package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.exception.WsClosedException;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.options.Reconnect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Closing, and the stages that wait for open and closed.
 */
class CloseTests {

	private final ConnectionFixture fixture = new ConnectionFixture();

	@Test
	void closeSendsItsStatusAndCompletesAtTheEnd() {
		this.fixture.in(WsState.OPEN);
		var closed = this.fixture.stage((connection) -> connection.close(CloseStatus.GOING_AWAY, "bye"));
		assertThat(this.fixture.session().output()).containsExactly("close 1001 (bye)");
		assertThat(closed).isNotDone();
		this.fixture.session().endByClient();
		assertThat(closed).isCompleted();
		assertThat(this.fixture.listener.calls()).containsExactly("onClose");
	}

	@Test
	void closeCompletesAfterTheListenerHeardOfIt() {
		this.fixture.in(WsState.OPEN);
		var closed = this.fixture.stage(WsConnection::close);
		CompletableFuture<Integer> heard = closed.thenApply((nothing) -> this.fixture.listener.closes().size());
		this.fixture.session().endByClient();
		assertThat(heard).isCompletedWithValue(1);
	}

	@ParameterizedTest
	@EnumSource(value = WsState.class, names = { "CONNECTING", "OPEN", "BACKOFF" })
	void whoHearsOfTheCloseMayCloseTheClientWhichWaitsForActiveConnections(WsState state) {
		List<Boolean> active = new ArrayList<>();
		AtomicReference<ConnectionFixture> observed = new AtomicReference<>();
		observed.set(new ConnectionFixture((options) -> options.events(new WsEvents() {

			@Override
			public void stateChanged(WsConnection connection, WsStateChange change) {
				if (change.to() == WsState.CLOSED) {
					active.add(observed.get().registry.active);
				}
			}

		})).in(state));
		assertThat(observed.get().registry.active).isTrue();
		observed.get().user(WsConnection::close);
		if (observed.get().state() == WsState.CLOSING) {
			observed.get().session().endByClient();
		}
		assertThat(active).containsExactly(false);
	}

	@Test
	void everyCloseCompletes() {
		this.fixture.in(WsState.OPEN);
		var first = this.fixture.stage(WsConnection::close);
		var second = this.fixture.stage((connection) -> connection.close(CloseStatus.GOING_AWAY));
		this.fixture.session().endByClient();
		assertThat(first).isCompleted();
		assertThat(second).isCompleted();
		assertThat(this.fixture.stage(WsConnection::close)).isCompleted();
		assertThat(this.fixture.session().output()).containsExactly("close 1000");
	}

	@Test
	void closeCompletesWhenTheClientIsGone() {
		this.fixture.scheduler.shutDown();
		assertThat(this.fixture.stage(WsConnection::close)).isCompleted();
		assertThat(this.fixture.stage(WsConnection::whenOpen)).isCompletedExceptionally();
		this.fixture.user(WsConnection::abort);
		this.fixture.user(WsConnection::pause);
		this.fixture.user(WsConnection::resume);
		this.fixture.user(WsConnection::cancelReconnect);
		assertThat(this.fixture.state()).isEqualTo(WsState.IDLE);
	}

	@Test
	void connectDuringClosingComesBackAtOnce() {
		this.fixture.in(WsState.CLOSING);
		this.fixture.user(WsConnection::connect);
		this.fixture.session().endByClient();
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
		this.fixture.reopen();
		assertThat(this.fixture.state()).isEqualTo(WsState.OPEN);
		assertThat(this.fixture.listener.closes()).hasSize(1);
		assertThat(this.fixture.listener.closes().get(0).willReconnect()).isTrue();
	}

	@Test
	void closeOverridesAConnectDuringClosing() {
		this.fixture.in(WsState.CLOSING);
		this.fixture.user(WsConnection::connect);
		var closed = this.fixture.stage(WsConnection::close);
		this.fixture.session().endByClient();
		assertThat(this.fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(closed).isCompleted();
	}

	@Test
	void closeWhileTheServerClosesIsForGood() {
		this.fixture.in(WsState.OPEN);
		this.fixture.session().closing();
		var closed = this.fixture.stage(WsConnection::close);
		this.fixture.session().endByServer(1001);
		assertThat(this.fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(closed).isCompleted();
	}

	@Test
	void codesThatMustNotBeSentAreRefused() {
		for (CloseStatus status : new CloseStatus[] { CloseStatus.NO_STATUS, CloseStatus.ABNORMAL,
				new CloseStatus(1015, ""), new CloseStatus(2000, "") }) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.fixture.connection.close(status))
				.withMessage("Close code " + status.code() + " may not be sent (RFC 6455, section 7.4)");
		}
	}

	@ParameterizedTest
	@EnumSource(names = { "IDLE", "CONNECTING", "BACKOFF" })
	void whenOpenCompletesAtTheNextSuccess(WsState state) {
		this.fixture.in(state);
		var open = this.fixture.stage(WsConnection::whenOpen);
		assertThat(open).isNotDone();
		if (state != WsState.CONNECTING) {
			this.fixture.user(WsConnection::connect);
		}
		this.fixture.session().endByNetwork();
		assertThat(open).isNotDone();
		this.fixture.reopen();
		assertThat(open).isCompletedWithValue(this.fixture.connection);
	}

	@Test
	void whenOpenOfAnOpenConnectionIsDone() {
		this.fixture.in(WsState.OPEN);
		assertThat(this.fixture.stage(WsConnection::whenOpen)).isCompletedWithValue(this.fixture.connection);
	}

	@Test
	void whenOpenOfAClosedConnectionFails() {
		this.fixture.in(WsState.CLOSED);
		assertClosed(this.fixture.stage(WsConnection::whenOpen));
	}

	@ParameterizedTest
	@EnumSource(names = { "IDLE", "CONNECTING", "BACKOFF", "CLOSING" })
	void whenOpenFailsWhenTheConnectionIsClosed(WsState state) {
		this.fixture.in(state);
		var open = this.fixture.stage(WsConnection::whenOpen);
		this.fixture.user(WsConnection::abort);
		assertClosed(open);
	}

	@Test
	void whenOpenFailsWithTheErrorThatClosedTheConnection() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.reconnect(Reconnect.never()))
			.in(WsState.CONNECTING);
		var open = fixture.stage(WsConnection::whenOpen);
		fixture.session().endByNetwork();
		assertThat(assertClosed(open)).hasCauseInstanceOf(WsConnectException.class);
	}

	private static WsClosedException assertClosed(CompletableFuture<?> open) {
		assertThat(open).isCompletedExceptionally();
		return (WsClosedException) open.handle((result, error) -> error).join();
	}

	@Test
	void waitingOnTheEventLoopIsRefused() {
		this.fixture.in(WsState.OPEN);
		this.fixture.session().blockWrites();
		this.fixture.scheduler.run(() -> {
			WsConnection connection = this.fixture.connection;
			for (CompletableFuture<?> stage : new CompletableFuture<?>[] { connection.close().toCompletableFuture(),
					connection.send("x").toCompletableFuture(), connection.whenOpen().toCompletableFuture(),
					connection.whenOpen().thenApply(WsConnection::name).toCompletableFuture() }) {
				assertThatIllegalStateException().isThrownBy(stage::join)
					.withMessageContaining("event loop would hang it");
				assertThatIllegalStateException().isThrownBy(stage::get);
			}
		});
	}

	@Test
	void waitingOnTheEventLoopForWhatIsDoneIsAllowed() {
		this.fixture.in(WsState.CLOSED);
		var closed = this.fixture.stage(WsConnection::close);
		var open = this.fixture.stage(WsConnection::whenOpen);
		this.fixture.scheduler.run(() -> {
			assertThat(closed.join()).isNull();
			assertThatExceptionOfType(CompletionException.class).isThrownBy(open::join)
				.withCauseInstanceOf(WsClosedException.class);
		});
	}

	@Test
	void abortEndsWithoutAClosingHandshake() {
		this.fixture.in(WsState.OPEN);
		this.fixture.user(WsConnection::abort);
		assertThat(this.fixture.session().output()).isEmpty();
		assertThat(this.fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(this.fixture.listener.closes().get(0).cause()).isNull();
		assertThat(this.fixture.listener.errors()).isEmpty();
	}

	@Test
	void controlPayloadsAreBounded() {
		assertThatIllegalArgumentException().isThrownBy(() -> this.fixture.connection.ping(ByteBuffer.allocate(126)))
			.withMessageContaining("at most 125 bytes");
		assertThatIllegalArgumentException().isThrownBy(() -> this.fixture.connection.pong(ByteBuffer.allocate(126)))
			.withMessageContaining("was 126");
	}

}
