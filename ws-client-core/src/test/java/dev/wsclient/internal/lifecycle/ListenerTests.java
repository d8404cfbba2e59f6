package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * What the listener hears, in which order, and what becomes of what it throws.
 */
class ListenerTests {

	@Test
	void piecesOfMessagesReachTheListenerAndCountAsOneMessage() {
		ConnectionFixture streaming = new ConnectionFixture((options) -> options.streaming(true)).in(WsState.OPEN);
		streaming.session().fragment("Hel", true, false);
		assertThat(streaming.connection.snapshot().messagesReceived()).isZero();
		streaming.session().fragment("lo", false, true);
		assertThat(streaming.listener.calls()).containsExactly("onFragment Hel", "onFragment lo");
		assertThat(streaming.connection.snapshot().messagesReceived()).isOne();
		assertThat(streaming.connection.snapshot().bytesReceived()).isEqualTo(5);
		assertThatIllegalStateException().isThrownBy(streaming.connection::messages).withMessageContaining("streaming");
	}

	@Test
	void storyOfAConnection() {
		ConnectionFixture fixture = new ConnectionFixture();
		fixture.user(WsConnection::connect);
		fixture.session().endByNetwork();
		fixture.awaitAttempt();
		fixture.openSession();
		fixture.session().text("one");
		fixture.session().ping("p");
		fixture.session().text("two");
		fixture.session().endByNetwork();
		fixture.reopen();
		fixture.user(WsConnection::close);
		fixture.session().endByClient();
		assertThat(fixture.listener.calls()).containsExactly("onError", "onReconnecting", "onConnect", "onOpen",
				"onText one", "onPing p", "onText two", "onError", "onClose", "onReconnecting", "onConnect", "onOpen",
				"onClose");
		assertThat(fixture.listener.changes().stream().map((change) -> change.to().name())).containsExactly(
				"CONNECTING", "BACKOFF", "CONNECTING", "OPEN", "BACKOFF", "CONNECTING", "OPEN", "CLOSING", "CLOSED");
	}

	@ParameterizedTest
	@ValueSource(strings = { "onConnect", "onOpen", "onText", "onPing", "onPong", "onClose", "onReconnecting",
			"onStateChange", "onError", "onBufferFull", "onBufferDrain" })
	void whatItThrowsChangesNothing(String method) {
		ConnectionFixture calm = new ConnectionFixture((options) -> options.sendBufferSize(4));
		ConnectionFixture throwing = new ConnectionFixture((options) -> options.sendBufferSize(4));
		throwing.listener.throwIn(method);
		play(calm);
		play(throwing);
		assertThat(throwing.state()).isEqualTo(calm.state());
		assertThat(throwing.listener.changes().stream().map(Object::toString).map(ListenerTests::withoutCause))
			.isEqualTo(
					calm.listener.changes().stream().map(Object::toString).map(ListenerTests::withoutCause).toList());
		assertThat(withoutErrors(throwing)).isEqualTo(withoutErrors(calm));
		if (!method.equals("onError")) {
			assertThat(throwing.listener.errors())
				.anyMatch((error) -> ("thrown by " + method).equals(error.getMessage()));
		}
	}

	private static String withoutCause(String change) {
		return change.substring(0, change.indexOf("cause="));
	}

	private static List<String> withoutErrors(ConnectionFixture fixture) {
		List<String> calls = new ArrayList<>(fixture.listener.calls());
		calls.removeIf("onError"::equals);
		return calls;
	}

	private static void play(ConnectionFixture fixture) {
		fixture.open();
		fixture.session().text("one");
		fixture.session().ping("p");
		fixture.session().pong(ByteBuffer.allocate(0));
		fixture.session().blockWrites();
		fixture.send("full");
		fixture.send("refused");
		fixture.session().unblockWrites();
		fixture.session().allWritten();
		fixture.session().endByNetwork();
		fixture.reopen();
		fixture.session().text("two");
		fixture.user(WsConnection::close);
		fixture.session().endByClient();
	}

	@Test
	void errorsThrownByItAreReportedToo() {
		ConnectionFixture fixture = new ConnectionFixture();
		fixture.listener.in("onOpen", (connection) -> {
			throw new AssertionError("not an exception");
		});
		fixture.in(WsState.CONNECTING);
		fixture.openSession();
		assertThat(fixture.state()).isEqualTo(WsState.OPEN);
		assertThat(fixture.listener.errors()).hasSize(1).allMatch((error) -> error instanceof AssertionError);
	}

	@Test
	void whatItDoesInACallHappensAfterTheTransition() {
		ConnectionFixture fixture = new ConnectionFixture();
		List<WsState> states = new ArrayList<>();
		fixture.listener.in("onClose", (connection) -> {
			connection.connect();
			states.add(connection.state());
		});
		fixture.in(WsState.OPEN);
		fixture.session().endByNetwork();
		assertThat(states).containsExactly(WsState.BACKOFF);
		assertThat(fixture.state()).isEqualTo(WsState.CONNECTING);
		assertThat(fixture.listener.calls()).containsExactly("onError", "onClose", "onReconnecting");
		assertThat(fixture.transport.opens()).isEqualTo(2);
	}

	@Test
	void closeInOnOpenIsTheLastOfIt() {
		ConnectionFixture fixture = new ConnectionFixture();
		fixture.listener.in("onOpen", (connection) -> {
			connection.send("last words");
			connection.close();
		});
		fixture.open();
		assertThat(fixture.session().output()).containsExactly("last words", "close 1000");
		assertThat(fixture.state()).isEqualTo(WsState.CLOSING);
	}

	@Test
	void pauseStopsReadingAndLastsOverSessions() {
		ConnectionFixture fixture = new ConnectionFixture();
		fixture.user(WsConnection::pause);
		fixture.in(WsState.OPEN);
		assertThat(fixture.session().isReading()).isFalse();
		assertThat(fixture.connection.snapshot().paused()).isTrue();
		fixture.session().endByNetwork();
		fixture.reopen();
		assertThat(fixture.session().isReading()).isFalse();
		fixture.user(WsConnection::resume);
		assertThat(fixture.session().isReading()).isTrue();
		assertThat(fixture.connection.snapshot().paused()).isFalse();
	}

	@Test
	void pauseInAListenerStopsReadingBeforeTheCallReturns() {
		ConnectionFixture fixture = new ConnectionFixture();
		List<Boolean> reading = new ArrayList<>();
		fixture.listener.in("onText", (connection) -> {
			connection.pause();
			reading.add(fixture.session().isReading());
			connection.resume();
			reading.add(fixture.session().isReading());
			connection.pause();
		});
		fixture.in(WsState.OPEN);
		fixture.session().text("x");
		assertThat(reading).containsExactly(false, true);
		assertThat(fixture.session().isReading()).isFalse();
	}

	@Test
	void pausedSessionIsReadWhenItClosesToSeeTheServersClose() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.OPEN);
		fixture.user(WsConnection::pause);
		fixture.user(WsConnection::close);
		assertThat(fixture.session().isReading()).isTrue();
	}

	@Test
	void countersRunOverSessions() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.OPEN);
		fixture.session().text("12345");
		fixture.send("123");
		fixture.session().allWritten();
		fixture.session().endByNetwork();
		fixture.reopen();
		fixture.advance(Duration.ofSeconds(1));
		fixture.session().text("1");
		var snapshot = fixture.connection.snapshot();
		assertThat(snapshot.messagesReceived()).isEqualTo(2);
		assertThat(snapshot.bytesReceived()).isEqualTo(6);
		assertThat(snapshot.messagesSent()).isEqualTo(1);
		assertThat(snapshot.bytesSent()).isEqualTo(3);
		assertThat(snapshot.lastReceived()).isEqualTo(fixture.scheduler.now());
		assertThat(snapshot.sessionId()).isEqualTo("feed#2");
	}

}
