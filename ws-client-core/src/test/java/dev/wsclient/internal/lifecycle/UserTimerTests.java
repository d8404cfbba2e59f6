package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tasks of the user's on the event loop.
 */
class UserTimerTests {

	private final ConnectionFixture fixture = new ConnectionFixture();

	private final List<Boolean> runs = new ArrayList<>();

	private void task() {
		this.runs.add(this.fixture.scheduler.inEventLoop());
	}

	@Test
	void taskRunsOnceOnTheEventLoopInAnyState() {
		for (WsState state : new WsState[] { WsState.IDLE, WsState.CLOSED }) {
			this.fixture.in(state);
			this.runs.clear();
			this.fixture.connection.schedule(this::task, Duration.ofSeconds(2));
			this.fixture.advance(Duration.ofMillis(1999));
			assertThat(this.runs).isEmpty();
			this.fixture.advance(Duration.ofSeconds(10));
			assertThat(this.runs).containsExactly(true);
		}
	}

	@Test
	void cancelledTaskDoesNotRun() {
		WsConnection.Timer timer = this.fixture.connection.schedule(this::task, Duration.ofSeconds(2));
		timer.cancel();
		timer.cancel();
		this.fixture.scheduler.runAll();
		assertThat(this.fixture.scheduler.pendingTimers()).isEmpty();
		this.fixture.advance(Duration.ofSeconds(3));
		assertThat(this.runs).isEmpty();
	}

	@Test
	void cancelThatComesWhenTheTaskIsDueIsInTime() {
		WsConnection.Timer timer = this.fixture.connection.schedule(this::task, Duration.ofSeconds(2));
		this.fixture.scheduler.block(Duration.ofSeconds(3));
		timer.cancel();
		this.fixture.advance(Duration.ZERO);
		assertThat(this.runs).isEmpty();
	}

	@Test
	void whatATaskThrowsGoesToOnError() {
		IllegalStateException thrown = new IllegalStateException("from the task");
		this.fixture.connection.schedule(() -> {
			throw thrown;
		}, Duration.ZERO);
		this.fixture.advance(Duration.ZERO);
		assertThat(this.fixture.listener.errors()).containsExactly(thrown);
	}

	@Test
	void closedClientSchedulesNothing() {
		this.fixture.scheduler.shutDown();
		WsConnection.Timer timer = this.fixture.connection.schedule(this::task, Duration.ZERO);
		timer.cancel();
		assertThat(this.fixture.scheduler.pendingTimers()).isEmpty();
	}

	@Test
	void delayIsBounded() {
		for (Duration delay : List.of(Duration.ofNanos(-1), Duration.ofDays(366))) {
			assertThatIllegalArgumentException().isThrownBy(() -> this.fixture.connection.schedule(this::task, delay))
				.withMessageContaining("0 to 365 days");
		}
	}

}
