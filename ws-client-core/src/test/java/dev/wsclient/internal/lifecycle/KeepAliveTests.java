package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.options.PingMode;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Pings, and what proves life.
 */
class KeepAliveTests {

	private final FakeScheduler scheduler = new FakeScheduler();

	private final RecordingPeer peer = new RecordingPeer();

	private final KeepAlive keepAlive = keepAlive(30, 20);

	private KeepAlive keepAlive(int interval, int timeout) {
		return keepAlive(interval, timeout, 1);
	}

	private KeepAlive keepAlive(int interval, int timeout, int misses) {
		return keepAlive(interval, timeout, misses, PingMode.IDLE);
	}

	private KeepAlive keepAlive(int interval, int timeout, int misses, PingMode mode) {
		WsOptions options = WsOptions.builder("ws://h")
			.pingInterval(Duration.ofSeconds(interval))
			.pingTimeout(Duration.ofSeconds(timeout))
			.pingMisses(misses)
			.pingMode(mode)
			.build();
		return new KeepAlive(this.scheduler, this.scheduler, options, this.peer);
	}

	@Test
	void progressOfOurWritingProvesLifeBehindAPing() {
		this.keepAlive.start();
		advance(30 + 19);
		for (int i = 0; i < 100; i++) {
			this.keepAlive.onWriteProgress();
			advance(19);
		}
		assertThat(this.peer.deaths).isZero();
		assertThat(this.peer.pings).as("none while bytes move").hasSize(1);
		advance(30 - 19);
		assertThat(this.peer.pings).hasSize(2);
		advance(19);
		assertThat(this.peer.deaths).isZero();
		advance(1);
		assertThat(this.peer.deaths).isOne();
		assertThat(this.keepAlive.lastReadNanos()).as("nothing was read").isZero();
	}

	@Test
	void progressThatEndsIsNoLifeAnyLonger() {
		KeepAlive keepAlive = keepAlive(30, 20, 2);
		keepAlive.start();
		advance(30 + 20 + 10);
		keepAlive.onWriteProgress();
		advance(30 + 20 + 19);
		assertThat(this.peer.deaths).isZero();
		advance(1);
		assertThat(this.peer.deaths).isOne();
	}

	@Test
	void pingsOfModeAlwaysComeEachIntervalWhateverArrives() {
		KeepAlive always = keepAlive(30, 20, 1, PingMode.ALWAYS);
		always.start();
		for (int second = 1; second <= 300; second++) {
			advance(1);
			always.onRead();
		}
		assertThat(this.peer.pings).hasSize(10);
		assertThat(this.peer.deaths).isZero();
	}

	@Test
	void pingsOfModeAlwaysGoOnWhileAnAnswerIsAwaited() {
		KeepAlive always = keepAlive(10, 60, 1, PingMode.ALWAYS);
		always.start();
		advance(65);
		assertThat(this.peer.pings).hasSize(6);
		assertThat(this.peer.deaths).isZero();
		always.onRead();
		advance(5);
		assertThat(this.peer.pings).hasSize(7);
		advance(59);
		assertThat(this.peer.deaths).isZero();
		advance(1);
		assertThat(this.peer.deaths).as("a timeout after the first ping that nothing followed").isOne();
	}

	@Test
	void silenceAfterAPingOfModeAlwaysIsDeath() {
		KeepAlive always = keepAlive(30, 20, 2, PingMode.ALWAYS);
		always.start();
		advance(29);
		always.onRead();
		advance(1 + 20 + 19);
		assertThat(this.peer.deaths).isZero();
		advance(1);
		assertThat(this.peer.deaths).isOne();
		advance(300);
		assertThat(this.peer.deaths).isOne();
	}

	@Test
	void pingThatThrowsIsNotTheLast() {
		this.peer.broken = true;
		this.keepAlive.start();
		try {
			advance(30);
		}
		catch (IllegalStateException ex) {
			// As the event loop does
		}
		advance(20);
		assertThat(this.peer.deaths).isOne();
	}

	@Test
	void asManyPingsAsAllowedMayBeMissed() {
		KeepAlive keepAlive = keepAlive(30, 20, 3);
		keepAlive.start();
		advance(30 + 20 + 20);
		assertThat(this.peer.pings).hasSize(3);
		advance(19);
		assertThat(this.peer.deaths).isZero();
		advance(1);
		assertThat(this.peer.deaths).isOne();
	}

	@Test
	void signOfLifeForgetsTheMisses() {
		KeepAlive keepAlive = keepAlive(30, 20, 2);
		keepAlive.start();
		advance(30 + 20);
		keepAlive.onRead();
		advance(30 + 20 + 19);
		assertThat(this.peer.deaths).isZero();
		assertThat(this.peer.pings).hasSize(4);
		advance(1);
		assertThat(this.peer.deaths).isOne();
	}

	@Test
	void answerBehindABlockedLoopIsReadBeforeAnybodyIsDead() {
		this.keepAlive.start();
		advance(30);
		this.scheduler.block(Duration.ofSeconds(25));
		advance(0);
		assertThat(this.peer.deaths).isZero();
		this.keepAlive.onRead();
		advance(29);
		assertThat(this.peer.pings).hasSize(1);
		assertThat(this.peer.deaths).isZero();
	}

	@Test
	void blockedLoopPutsDeathOffForAMomentOnly() {
		this.keepAlive.start();
		advance(30);
		this.scheduler.block(Duration.ofSeconds(25));
		advance(0);
		this.scheduler.block(Duration.ofSeconds(25));
		advance(0);
		assertThat(this.peer.deaths).isOne();
		assertThat(this.peer.pings).hasSize(1);
	}

	@Test
	void silenceIsPingedAndSilenceAfterThatIsDeath() {
		this.keepAlive.start();
		advance(29);
		assertThat(this.peer.pings).isEmpty();
		advance(1);
		assertThat(this.peer.pings).hasSize(1);
		advance(19);
		assertThat(this.peer.deaths).isZero();
		advance(1);
		assertThat(this.peer.deaths).isEqualTo(1);
		advance(1_000);
		assertThat(this.peer.deaths).isEqualTo(1);
		assertThat(this.peer.pings).hasSize(1);
	}

	@Test
	void trafficPostponesThePing() {
		this.keepAlive.start();
		for (int i = 0; i < 10; i++) {
			advance(29);
			this.keepAlive.onRead();
		}
		assertThat(this.peer.pings).isEmpty();
		advance(29);
		assertThat(this.peer.pings).isEmpty();
		advance(1);
		assertThat(this.peer.pings).hasSize(1);
	}

	@Test
	void anyReadAfterThePingProvesLife() {
		this.keepAlive.start();
		advance(49);
		this.keepAlive.onRead();
		advance(29);
		assertThat(this.peer.deaths).isZero();
		assertThat(this.peer.pings).hasSize(1);
		advance(1);
		assertThat(this.peer.pings).hasSize(2);
	}

	@Test
	void pingsComeAfterTheIntervalAlsoWhenTheTimeoutIsLonger() {
		KeepAlive impatient = keepAlive(5, 60);
		impatient.start();
		for (int i = 1; i <= 5; i++) {
			advance(5);
			assertThat(this.peer.pings).hasSize(i);
			impatient.onRead();
		}
		advance(65);
		assertThat(this.peer.deaths).isEqualTo(1);
	}

	@Test
	void readsBetweenAnAnswerAndTheNextPingArmNoFurtherTimers() {
		this.keepAlive.start();
		advance(30);
		for (int i = 0; i < 100; i++) {
			this.keepAlive.onRead();
		}
		assertThat(this.scheduler.pendingTimers()).hasSize(1);
	}

	@Test
	void deadlineRestsWhileNothingIsRead() {
		this.keepAlive.start();
		advance(35);
		this.keepAlive.onReadingStopped();
		advance(600);
		assertThat(this.peer.deaths).isZero();
		assertThat(this.peer.pings).hasSizeGreaterThanOrEqualTo(20);
		this.keepAlive.onReadingResumed();
		int before = this.peer.pings.size();
		advance(30);
		assertThat(this.peer.pings).hasSizeGreaterThan(before);
		advance(50);
		assertThat(this.peer.deaths).isEqualTo(1);
	}

	@Test
	void resumingWithoutAStopChangesNothing() {
		this.keepAlive.start();
		advance(20);
		this.keepAlive.onReadingResumed();
		advance(10);
		assertThat(this.peer.pings).hasSize(1);
		this.keepAlive.onReadingResumed();
		advance(20);
		assertThat(this.peer.deaths).isEqualTo(1);
	}

	@Test
	void intervalOfZeroSendsNoPings() {
		KeepAlive off = keepAlive(0, 20);
		off.start();
		off.onRead();
		advance(100_000);
		assertThat(this.peer.pings).isEmpty();
		assertThat(this.peer.deaths).isZero();
		assertThat(this.scheduler.pendingTimers()).isEmpty();
	}

	@Test
	void stopEndsItAndStartBeginsAnew() {
		this.keepAlive.start();
		advance(30);
		this.keepAlive.stop();
		assertThat(this.scheduler.pendingTimers()).isEmpty();
		this.keepAlive.onRead();
		this.keepAlive.onReadingStopped();
		this.keepAlive.onReadingResumed();
		advance(1_000);
		assertThat(this.peer.pings).hasSize(1);
		assertThat(this.peer.deaths).isZero();
		this.keepAlive.start();
		advance(30);
		assertThat(this.peer.pings).hasSize(2);
	}

	@Test
	void roundTripIsThatOfTheNewestPing() {
		assertThat(this.keepAlive.onPong(ByteBuffer.allocate(Long.BYTES))).isNull();
		this.keepAlive.start();
		advance(30);
		advance(2);
		assertThat(this.keepAlive.onPong(this.peer.newest())).isEqualTo(Duration.ofSeconds(2));
		assertThat(this.keepAlive.onPong(ByteBuffer.allocate(Long.BYTES))).isNull();
		assertThat(this.keepAlive.onPong(ByteBuffer.allocate(3))).isNull();
		ByteBuffer old = this.peer.newest();
		this.keepAlive.onRead();
		advance(30);
		assertThat(this.keepAlive.onPong(old)).isNull();
	}

	@Test
	void connectionPingsMeasuresAndFlushes() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.OPEN);
		fixture.advance(Duration.ofSeconds(30));
		assertThat(fixture.session().calls()).endsWith("writePing", "flush");
		fixture.advance(Duration.ofMillis(250));
		fixture.session().pong(fixture.session().newestPing());
		assertThat(fixture.connection.snapshot().roundTrip()).isEqualTo(Duration.ofMillis(250));
		assertThat(fixture.listener.calls()).containsExactly("onPong");
	}

	@Test
	void pausedConnectionIsNotTakenForDead() {
		ConnectionFixture fixture = new ConnectionFixture().in(WsState.OPEN);
		fixture.session().read();
		var lastReceived = fixture.connection.snapshot().lastReceived();
		fixture.user(WsConnection::pause);
		fixture.advance(Duration.ofHours(1));
		assertThat(fixture.state()).isEqualTo(WsState.OPEN);
		fixture.user(WsConnection::resume);
		assertThat(fixture.connection.snapshot().lastReceived()).isEqualTo(lastReceived);
		fixture.advance(Duration.ofMinutes(2));
		assertThat(fixture.state()).isNotEqualTo(WsState.OPEN);
	}

	@Test
	void closingConnectionSendsNoPings() {
		ConnectionFixture fixture = new ConnectionFixture((options) -> options.closeTimeout(Duration.ofHours(1)))
			.in(WsState.CLOSING);
		fixture.advance(Duration.ofMinutes(30));
		assertThat(fixture.session().pings()).isZero();
		assertThat(fixture.session().isAborted()).isFalse();
	}

	private void advance(int seconds) {
		this.scheduler.advance(Duration.ofSeconds(seconds));
	}

	/**
	 * Remembers pings and deaths.
	 */
	private static final class RecordingPeer implements KeepAlive.Peer {

		private final List<ByteBuffer> pings = new ArrayList<>();

		private int deaths;

		private boolean broken;

		@Override
		public void ping(ByteBuffer payload) {
			if (this.broken) {
				throw new IllegalStateException("broken");
			}
			this.pings.add(payload);
		}

		@Override
		public void onDead() {
			this.deaths++;
		}

		private ByteBuffer newest() {
			return this.pings.get(this.pings.size() - 1);
		}

	}

}
