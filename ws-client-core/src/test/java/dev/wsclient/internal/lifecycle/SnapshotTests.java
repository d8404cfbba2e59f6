package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;

import org.junit.jupiter.api.Test;

import dev.wsclient.WsSnapshot;
import dev.wsclient.WsState;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What a snapshot shows.
 */
class SnapshotTests {

	@Test
	void addressesAreThoseOfTheOpenSession() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.CONNECTING);
		assertThat(fixture.connection.snapshot()).extracting(WsSnapshot::localAddress, WsSnapshot::remoteAddress)
			.containsOnlyNulls();
		fixture.openSession();
		assertThat(fixture.connection.snapshot()).extracting(WsSnapshot::localAddress, WsSnapshot::remoteAddress)
			.containsExactly("127.0.0.1:50000", "[0:0:0:0:0:0:0:1]:443");
		fixture.session().endByNetwork();
		assertThat(fixture.connection.snapshot()).extracting(WsSnapshot::localAddress, WsSnapshot::remoteAddress)
			.containsOnlyNulls();
	}

	@Test
	void lastMessageIsNotMovedByOtherBytes() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.OPEN);
		assertThat(fixture.connection.snapshot().lastMessage()).isNull();
		fixture.session().text("one");
		Instant first = fixture.scheduler.now();
		fixture.advance(Duration.ofSeconds(5));
		fixture.session().read();
		assertThat(fixture.connection.snapshot().lastMessage()).isEqualTo(first);
		assertThat(fixture.connection.snapshot().lastReceived()).isEqualTo(first.plusSeconds(5));
		fixture.session().text("two");
		assertThat(fixture.connection.snapshot().lastMessage()).isEqualTo(first.plusSeconds(5));
	}

	@Test
	void callsThatWaitForTheExecutorAreCounted() {
		Deque<Runnable> tasks = new ArrayDeque<>();
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.executor(tasks::add)).in(WsState.OPEN);
		while (!tasks.isEmpty()) {
			tasks.remove().run();
		}
		assertThat(fixture.connection.snapshot().waitingCalls()).isZero();
		fixture.session().text("one");
		fixture.session().text("two");
		assertThat(fixture.connection.snapshot().waitingCalls()).isEqualTo(2);
		tasks.remove().run();
		assertThat(fixture.connection.snapshot().waitingCalls()).isZero();
	}

}
