package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import dev.wsclient.WsState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Which moves are legal.
 */
class ConnectionStateTests {

	private static final Set<String> LEGAL = Set.of("IDLE CONNECTING", "IDLE BACKOFF", "IDLE CLOSED", "CONNECTING OPEN",
			"CONNECTING BACKOFF", "CONNECTING CLOSED", "OPEN CLOSING", "OPEN BACKOFF", "OPEN CLOSED", "CLOSING BACKOFF",
			"CLOSING CLOSED", "BACKOFF CONNECTING", "BACKOFF CLOSED", "CLOSED CONNECTING", "CLOSED BACKOFF");

	@ParameterizedTest
	@EnumSource
	void movesAreLegalAsThePictureShows(WsState from) {
		for (WsState to : WsState.values()) {
			assertThat(ConnectionState.isLegal(from, to)).as(from + " to " + to)
				.isEqualTo(LEGAL.contains(from + " " + to));
		}
	}

	@Test
	void moveTellsOfItselfAndTheTime() {
		FakeScheduler scheduler = new FakeScheduler();
		ConnectionState state = new ConnectionState(scheduler);
		scheduler.advance(Duration.ofSeconds(1));
		RuntimeException cause = new IllegalArgumentException("cause");
		var change = state.move(WsState.CONNECTING, cause);
		assertThat(change.from()).isEqualTo(WsState.IDLE);
		assertThat(change.to()).isEqualTo(WsState.CONNECTING);
		assertThat(change.cause()).isSameAs(cause);
		assertThat(state.get()).isEqualTo(WsState.CONNECTING);
		assertThat(state.since()).isEqualTo(scheduler.now());
	}

	@Test
	void illegalMoveIsRefusedAndChangesNothing() {
		ConnectionState state = new ConnectionState(new FakeScheduler());
		assertThatIllegalStateException().isThrownBy(() -> state.move(WsState.OPEN, null))
			.withMessage("A connection can't move from IDLE to OPEN");
		assertThat(state.get()).isEqualTo(WsState.IDLE);
	}

}
