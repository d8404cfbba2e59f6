package dev.wsclient.internal.protocol.close;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.internal.protocol.close.ClosingHandshake.Next;
import dev.wsclient.internal.protocol.close.ClosingHandshake.State;
import dev.wsclient.internal.protocol.frame.ProtocolViolation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link ClosingHandshake}.
 */
class ClosingHandshakeTests {

	private final ClosingHandshake closing = new ClosingHandshake();

	@ParameterizedTest(name = "{0} in {1}: {2}, {3}")
	@CsvSource({ "LOCAL_CLOSE, OPEN, SEND_CLOSE, CLOSE_SENT", "LOCAL_CLOSE, CLOSE_SENT, NOTHING, CLOSE_SENT",
			"LOCAL_CLOSE, CLOSE_EXCHANGED, NOTHING, CLOSE_EXCHANGED", "LOCAL_CLOSE, FAILED, NOTHING, FAILED",
			"LOCAL_CLOSE, CLOSED, NOTHING, CLOSED",

			"PEER_CLOSE, OPEN, SEND_CLOSE, CLOSE_EXCHANGED", "PEER_CLOSE, CLOSE_SENT, AWAIT_EOF, CLOSE_EXCHANGED",
			"PEER_CLOSE, CLOSE_EXCHANGED, NOTHING, CLOSE_EXCHANGED", "PEER_CLOSE, FAILED, NOTHING, FAILED",
			"PEER_CLOSE, CLOSED, NOTHING, CLOSED",

			"VIOLATION, OPEN, SEND_CLOSE, FAILED", "VIOLATION, CLOSE_SENT, AWAIT_EOF, FAILED",
			"VIOLATION, CLOSE_EXCHANGED, NOTHING, CLOSE_EXCHANGED", "VIOLATION, FAILED, NOTHING, FAILED",
			"VIOLATION, CLOSED, NOTHING, CLOSED",

			"EOF, OPEN, CLOSE_CONNECTION, CLOSED", "EOF, CLOSE_SENT, CLOSE_CONNECTION, CLOSED",
			"EOF, CLOSE_EXCHANGED, CLOSE_CONNECTION, CLOSED", "EOF, FAILED, CLOSE_CONNECTION, CLOSED",
			"EOF, CLOSED, NOTHING, CLOSED",

			"ABORT, OPEN, CLOSE_CONNECTION, CLOSED", "ABORT, CLOSE_SENT, CLOSE_CONNECTION, CLOSED",
			"ABORT, CLOSE_EXCHANGED, CLOSE_CONNECTION, CLOSED", "ABORT, FAILED, CLOSE_CONNECTION, CLOSED",
			"ABORT, CLOSED, NOTHING, CLOSED" })
	void everyEventIsAnsweredInEveryState(Event event, State state, Next next, State then) {
		reach(state);
		CloseStatus status = this.closing.status();
		assertThat(event.apply(this.closing)).isEqualTo(next);
		assertThat(this.closing.state()).isEqualTo(then);
		if (state != State.OPEN) {
			assertThat(this.closing.status()).as("what came first counts").isEqualTo(status);
		}
	}

	private void reach(State state) {
		switch (state) {
			case OPEN -> {
			}
			case CLOSE_SENT -> Event.LOCAL_CLOSE.apply(this.closing);
			case CLOSE_EXCHANGED -> Event.PEER_CLOSE.apply(this.closing);
			case FAILED -> Event.VIOLATION.apply(this.closing);
			case CLOSED -> Event.EOF.apply(this.closing);
		}
		assertThat(this.closing.state()).isEqualTo(state);
	}

	@ParameterizedTest(name = "{0}: {1} {2} clean={3}")
	@CsvSource(delimiter = '|', value = { "EOF | NETWORK | 1006 | false", "ABORT | CLIENT | 1006 | false",
			"LOCAL_CLOSE EOF | CLIENT | 3000 (ours) | false", "LOCAL_CLOSE ABORT | CLIENT | 3000 (ours) | false",
			"LOCAL_CLOSE CLOSE_WRITTEN EOF | CLIENT | 3000 (ours) | false",
			"LOCAL_CLOSE CLOSE_WRITTEN PEER_CLOSE EOF | CLIENT | 3000 (ours) | true",
			"LOCAL_CLOSE PEER_CLOSE CLOSE_WRITTEN ABORT | CLIENT | 3000 (ours) | true",
			"LOCAL_CLOSE PEER_CLOSE ABORT | CLIENT | 3000 (ours) | false",
			"LOCAL_CLOSE VIOLATION EOF | CLIENT | 3000 (ours) | false",
			"PEER_CLOSE CLOSE_WRITTEN EOF | SERVER | 4000 (theirs) | true",
			"PEER_CLOSE CLOSE_WRITTEN ABORT | SERVER | 4000 (theirs) | true",
			"PEER_CLOSE EOF | SERVER | 4000 (theirs) | false",
			"PEER_CLOSE LOCAL_CLOSE CLOSE_WRITTEN EOF | SERVER | 4000 (theirs) | true",
			"VIOLATION CLOSE_WRITTEN EOF | CLIENT | 1002 (broken) | false",
			"VIOLATION EOF | CLIENT | 1002 (broken) | false", "VIOLATION ABORT | CLIENT | 1002 (broken) | false",
			"VIOLATION PEER_CLOSE EOF | CLIENT | 1002 (broken) | false",
			"VIOLATION LOCAL_CLOSE EOF | CLIENT | 1002 (broken) | false" })
	void lifeStoryTellsWhoClosedAndHow(String events, Initiator initiator, String status, boolean clean) {
		for (String event : events.split(" ", -1)) {
			Event.valueOf(event).apply(this.closing);
		}
		assertThat(this.closing.state()).isEqualTo(State.CLOSED);
		assertThat(this.closing.initiator()).isEqualTo(initiator);
		assertThat(this.closing.status()).hasToString(status);
		assertThat(this.closing.isClean()).isEqualTo(clean);
	}

	@Test
	void localCloseIsSentAsGiven() {
		this.closing.onLocalClose(new CloseStatus(1001, "restart"));
		assertThat(this.closing.closeToSend()).isEqualTo(new CloseStatus(1001, "restart"));
	}

	@Test
	void codeOfThePeerIsEchoedWithoutItsReason() {
		this.closing.onPeerClose(4001, "token expired");
		assertThat(this.closing.closeToSend()).isEqualTo(new CloseStatus(4001, ""));
		assertThat(this.closing.status()).isEqualTo(new CloseStatus(4001, "token expired"));
	}

	@Test
	void closeWithoutCodeIsEchoedWithoutCode() {
		this.closing.onPeerClose(1005, "");
		assertThat(this.closing.closeToSend()).isEqualTo(CloseStatus.NO_STATUS);
		assertThat(this.closing.status()).isEqualTo(CloseStatus.NO_STATUS);
	}

	@Test
	void violationIsToldToThePeer() {
		this.closing.onViolation(new ProtocolViolation(1009, "RFC 6455, 10.4", "too big"));
		assertThat(this.closing.closeToSend()).isEqualTo(new CloseStatus(1009, "too big"));
	}

	@ParameterizedTest
	@ValueSource(ints = { 1004, 1006, 1015, 2999 })
	void closeThatMustNotBeSentIsRefused(int code) {
		assertThatIllegalArgumentException().isThrownBy(() -> this.closing.onLocalClose(new CloseStatus(code, "")))
			.withMessageEndingWith("was " + code);
		assertThat(this.closing.isOpen()).isTrue();
	}

	@Test
	void nothingIsToBeSentBeforeAnEvent() {
		assertThatIllegalStateException().isThrownBy(this.closing::closeToSend)
			.withMessage("No Close frame is due in state OPEN");
		assertThat(this.closing).hasToString("ClosingHandshake[OPEN, initiator=NETWORK, status=1006, clean=false]");
	}

	@ParameterizedTest
	@EnumSource(State.class)
	void openMeansSendingAndReading(State state) {
		reach(state);
		assertThat(this.closing.isOpen()).isEqualTo(state == State.OPEN);
		assertThat(this.closing.isReading()).isEqualTo(state == State.OPEN || state == State.CLOSE_SENT);
	}

	/**
	 * What may happen.
	 */
	enum Event {

		LOCAL_CLOSE, PEER_CLOSE, CLOSE_WRITTEN, VIOLATION, EOF, ABORT;

		Next apply(ClosingHandshake closing) {
			return switch (this) {
				case LOCAL_CLOSE -> closing.onLocalClose(new CloseStatus(3000, "ours"));
				case PEER_CLOSE -> closing.onPeerClose(4000, "theirs");
				case CLOSE_WRITTEN -> {
					closing.onCloseWritten();
					yield Next.NOTHING;
				}
				case VIOLATION -> closing.onViolation(new ProtocolViolation(1002, "RFC 6455, 5.2", "broken"));
				case EOF -> closing.onEof();
				case ABORT -> closing.onAbort();
			};
		}

	}

}
