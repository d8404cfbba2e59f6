package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Scheduler.Timer;
import dev.wsclient.internal.time.Ticker;

/**
 * Finds out whether the peer of a session is alive: pings after a time of silence, and
 * takes the peer for dead if nothing at all arrives within the deadline. One timer; no
 * work per received byte but a clock reading. Event loop only.
 */
final class KeepAlive {

	private final Scheduler scheduler;

	private final Ticker ticker;

	private final long intervalNanos;

	private final long timeoutNanos;

	private final Peer peer;

	private State state = State.STOPPED;

	private @Nullable Timer timer;

	private volatile long lastReadNanos;

	private long pingNanos;

	private long pingNumber;

	KeepAlive(Scheduler scheduler, Ticker ticker, Duration interval, Duration timeout, Peer peer) {
		this.scheduler = scheduler;
		this.ticker = ticker;
		this.intervalNanos = interval.toNanos();
		this.timeoutNanos = timeout.toNanos();
		this.peer = peer;
	}

	void start() {
		this.lastReadNanos = this.ticker.nanos();
		this.state = State.LISTENING;
		if (this.intervalNanos > 0) {
			arm(this.intervalNanos);
		}
	}

	void stop() {
		this.state = State.STOPPED;
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	/**
	 * Bytes arrived.
	 */
	void onRead() {
		this.lastReadNanos = this.ticker.nanos();
		if (this.state == State.PINGED) {
			this.state = State.LISTENING;
			// The timer waits for the timeout, which may be longer than the interval
			if (this.timer != null) {
				this.timer.cancel();
			}
			arm(this.intervalNanos);
		}
	}

	/**
	 * A pong arrived; returns the round trip if it answers the newest ping.
	 */
	@Nullable Duration onPong(ByteBuffer payload) {
		if (this.pingNumber == 0 || payload.remaining() != Long.BYTES
				|| payload.getLong(payload.position()) != this.pingNumber) {
			return null;
		}
		return Duration.ofNanos(this.ticker.nanos() - this.pingNanos);
	}

	/**
	 * The socket is not read for a while, so silence says nothing: pings still go out,
	 * their deadline rests.
	 */
	void onReadingStopped() {
		if (this.state != State.STOPPED) {
			this.state = State.RESTING;
		}
	}

	void onReadingResumed() {
		if (this.state == State.RESTING) {
			this.state = State.LISTENING;
			this.lastReadNanos = this.ticker.nanos();
		}
	}

	/**
	 * Returns when bytes last arrived, in nanoseconds of the ticker. Any thread.
	 */
	long lastReadNanos() {
		return this.lastReadNanos;
	}

	private void arm(long nanos) {
		this.timer = this.scheduler.schedule(this::onTimer, Duration.ofNanos(nanos));
	}

	private void onTimer() {
		long now = this.ticker.nanos();
		switch (this.state) {
			case STOPPED -> {
			}
			case RESTING -> {
				ping(now);
				arm(this.intervalNanos);
			}
			case LISTENING -> {
				long silence = now - this.lastReadNanos;
				if (silence >= this.intervalNanos) {
					ping(now);
					this.state = State.PINGED;
					arm(this.timeoutNanos);
				}
				else {
					arm(this.intervalNanos - silence);
				}
			}
			case PINGED -> {
				this.state = State.STOPPED;
				this.peer.onDead();
			}
		}
	}

	private void ping(long now) {
		this.pingNanos = now;
		this.pingNumber++;
		this.peer.ping(ByteBuffer.allocate(Long.BYTES).putLong(0, this.pingNumber));
	}

	private enum State {

		/**
		 * No session.
		 */
		STOPPED,

		/**
		 * Waiting for silence.
		 */
		LISTENING,

		/**
		 * Waiting for a sign of life after a ping.
		 */
		PINGED,

		/**
		 * The socket is not read.
		 */
		RESTING

	}

	/**
	 * The other end of the session.
	 */
	interface Peer {

		void ping(ByteBuffer payload);

		void onDead();

	}

}
