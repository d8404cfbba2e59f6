package dev.wsclient.internal.lifecycle;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.exception.WsTimeoutException.Deadline;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The deadlines of connect, handshake, close and pong.
 */
class DeadlineTests {

	private final ConnectionFixture fixture = new ConnectionFixture(
			(options) -> options.connectTimeout(Duration.ofSeconds(3))
				.handshakeTimeout(Duration.ofSeconds(4))
				.closeTimeout(Duration.ofSeconds(5))
				.pingInterval(Duration.ofSeconds(30))
				.pingTimeout(Duration.ofSeconds(6)));

	@Test
	void connectDeadlineEndsTheAttempt() {
		this.fixture.in(WsState.CONNECTING);
		assertPasses(Deadline.CONNECT, Duration.ofSeconds(3), Phase.CONNECT);
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(this.fixture.listener.count("onClose")).isZero();
	}

	@Test
	void handshakeDeadlineTakesThePlaceOfTheConnectDeadline() {
		this.fixture.in(WsState.CONNECTING);
		this.fixture.advance(Duration.ofSeconds(2));
		this.fixture.session().connected();
		assertPasses(Deadline.HANDSHAKE, Duration.ofSeconds(4), Phase.HANDSHAKE);
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(this.fixture.listener.count("onClose")).isZero();
	}

	@Test
	void openSessionHasNoDeadlineButTheKeepAlive() {
		this.fixture.in(WsState.CONNECTING);
		this.fixture.session().connected();
		this.fixture.session().open();
		assertThat(this.fixture.scheduler.pendingTimers()).containsExactly(Duration.ofSeconds(30));
	}

	@Test
	void closeDeadlineEndsTheSession() {
		this.fixture.in(WsState.OPEN);
		this.fixture.user(WsConnection::close);
		assertPasses(Deadline.CLOSE, Duration.ofSeconds(5), Phase.CLOSE);
		assertThat(this.fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(this.fixture.listener.closes().get(0).cause()).isInstanceOf(WsTimeoutException.class);
	}

	@Test
	void closeDeadlineHoldsAlsoWhenTheServerClosesFirst() {
		this.fixture.in(WsState.OPEN);
		this.fixture.session().closing();
		assertPasses(Deadline.CLOSE, Duration.ofSeconds(5), Phase.CLOSE);
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
	}

	@Test
	void closeDeadlineHoldsAlsoForMessagesThatCanNotBeWritten() {
		this.fixture.in(WsState.OPEN);
		this.fixture.session().blockWrites();
		var sent = this.fixture.send("stuck");
		var closed = this.fixture.stage(WsConnection::close);
		this.fixture.advance(Duration.ofSeconds(5));
		assertThat(closed).isCompleted();
		assertThat(sent).isCompletedExceptionally();
	}

	@Test
	void secondCloseDoesNotExtendTheDeadline() {
		this.fixture.in(WsState.OPEN);
		this.fixture.user(WsConnection::close);
		this.fixture.advance(Duration.ofSeconds(3));
		this.fixture.user((connection) -> connection.close(CloseStatus.GOING_AWAY));
		this.fixture.advance(Duration.ofSeconds(2));
		assertThat(this.fixture.state()).isEqualTo(WsState.CLOSED);
		assertThat(this.fixture.session().output()).containsExactly("close 1000");
	}

	@Test
	void pongDeadlineEndsTheSession() {
		this.fixture.in(WsState.OPEN);
		this.fixture.advance(Duration.ofSeconds(30));
		assertThat(this.fixture.session().pings()).isEqualTo(1);
		assertPasses(Deadline.PONG, Duration.ofSeconds(6), Phase.OPEN);
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
		assertThat(this.fixture.listener.calls()).containsExactly("onError", "onClose", "onReconnecting");
	}

	@Test
	void deadlineOfAnEndedAttemptTouchesNoLaterOne() {
		this.fixture.in(WsState.CONNECTING);
		this.fixture.advance(Duration.ofMillis(2_999));
		this.fixture.session().endByNetwork();
		this.fixture.user(WsConnection::connect);
		this.fixture.advance(Duration.ofMillis(2_999));
		assertThat(this.fixture.state()).isEqualTo(WsState.CONNECTING);
		assertThat(this.fixture.session().isAborted()).isFalse();
	}

	private void assertPasses(Deadline deadline, Duration timeout, Phase phase) {
		this.fixture.advance(timeout.minusNanos(1));
		assertThat(this.fixture.session().isAborted()).isFalse();
		this.fixture.advance(Duration.ofNanos(1));
		assertThat(this.fixture.session().isAbortedBy(deadline, timeout)).isTrue();
		WsTimeoutException error = (WsTimeoutException) this.fixture.listener.errors().get(0);
		assertThat(error.deadline()).isEqualTo(deadline);
		assertThat(error.timeout()).isEqualTo(timeout);
		assertThat(error.phase()).isEqualTo(phase);
		assertThat(error).hasMessageContaining(timeout.toMillis() + " ms")
			.hasMessageContaining("Connection 'feed' to ws://feed.example/v1: ");
		assertThat(error.willRetry()).isEqualTo(this.fixture.state() == WsState.BACKOFF);
	}

}
