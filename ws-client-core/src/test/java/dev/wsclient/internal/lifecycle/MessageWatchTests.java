package dev.wsclient.internal.lifecycle;

import java.time.Duration;

import org.junit.jupiter.api.Test;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.exception.WsTimeoutException.Deadline;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The time without messages, and the message that is repeated.
 */
class MessageWatchTests {

	private final ConnectionFixture fixture = new ConnectionFixture(
			(options) -> options.messageTimeout(Duration.ofSeconds(10)).pingInterval(Duration.ZERO));

	private final ConnectionFixture repeating = new ConnectionFixture(
			(options) -> options.keepAliveMessage("ping", Duration.ofSeconds(20)).pingInterval(Duration.ZERO));

	private WsState after(int seconds) {
		this.fixture.advance(Duration.ofSeconds(seconds));
		return this.fixture.state();
	}

	@Test
	void sessionWithoutMessagesEnds() {
		this.fixture.in(WsState.OPEN);
		assertThat(after(9)).isEqualTo(WsState.OPEN);
		this.fixture.session().ping("a ping is no message");
		assertThat(after(1)).isEqualTo(WsState.BACKOFF);
		assertThat(((WsTimeoutException) this.fixture.listener.errors().get(0)).deadline()).isEqualTo(Deadline.MESSAGE);
	}

	@Test
	void messagesPostponeIt() {
		this.fixture.in(WsState.OPEN);
		for (int i = 0; i < 5; i++) {
			assertThat(after(9)).isEqualTo(WsState.OPEN);
			this.fixture.session().text("x");
		}
		assertThat(after(10)).isEqualTo(WsState.BACKOFF);
	}

	@Test
	void messageBehindABlockedLoopIsReadFirst() {
		this.fixture.in(WsState.OPEN);
		this.fixture.scheduler.block(Duration.ofSeconds(20));
		assertThat(after(0)).isEqualTo(WsState.OPEN);
		this.fixture.session().text("x");
		assertThat(after(9)).isEqualTo(WsState.OPEN);
		this.fixture.scheduler.block(Duration.ofSeconds(20));
		assertThat(after(0)).isEqualTo(WsState.OPEN);
		this.fixture.advance(KeepAlive.LATENESS);
		assertThat(this.fixture.state()).isEqualTo(WsState.BACKOFF);
	}

	@Test
	void itRestsWhileReadingIsPaused() {
		this.fixture.in(WsState.OPEN);
		this.fixture.user(WsConnection::pause);
		assertThat(after(100)).isEqualTo(WsState.OPEN);
		this.fixture.user(WsConnection::resume);
		assertThat(after(9)).isEqualTo(WsState.OPEN);
		this.fixture.user(WsConnection::resume);
		assertThat(after(1)).isEqualTo(WsState.BACKOFF);
	}

	@Test
	void itEndsWithTheSession() {
		this.fixture.in(WsState.OPEN);
		this.fixture.user(WsConnection::close);
		this.fixture.session().endByClient();
		assertThat(this.fixture.scheduler.pendingTimers()).isEmpty();
	}

	@Test
	void messageIsRepeatedWhileASessionIsOpen() {
		this.repeating.user(WsConnection::connect);
		this.repeating.advance(Duration.ofSeconds(5));
		this.repeating.openSession();
		this.repeating.advance(Duration.ofSeconds(60));
		assertThat(this.repeating.session().output()).containsExactly("ping", "ping", "ping");
		this.repeating.user(WsConnection::close);
		this.repeating.session().allWritten();
		this.repeating.session().endByClient();
		assertThat(this.repeating.scheduler.pendingTimers()).isEmpty();
	}

}
