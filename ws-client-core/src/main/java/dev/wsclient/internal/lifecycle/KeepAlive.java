package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Scheduler.Timer;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.options.WsOptions;

/**
 * Finds out whether the peer of a session is alive: pings after a time of silence, and
 * takes the peer for dead if nothing at all arrives within the deadline. One timer; no
 * work per received byte but a clock reading. Event loop only.
 */
final class KeepAlive {

	/**
	 * A timer that comes later than this was held up by something that blocked the event
	 * loop. Then the answer may lie in the socket, which is read before a timer that is
	 * set for as long again.
	 */
	static final Duration LATENESS = Duration.ofMillis(50);

	private final Scheduler scheduler;

	private final Ticker ticker;

	private final long intervalNanos;

	private final long timeoutNanos;

	private final int maxMisses;

	private final Peer peer;

	private State state = State.STOPPED;

	private @Nullable Timer timer;

	/**
	 * When the timer is due.
	 */
	private long dueNanos;

	/**
	 * Whether the answer had another chance to be read.
	 */
	private boolean late;

	private volatile long lastReadNanos;

	/**
	 * When bytes last arrived or reading began anew.
	 */
	private long silentSinceNanos;

	private long pingNanos;

	private long pingNumber;

	/**
	 * How many pings in a row nothing answered.
	 */
	private int misses;

	/**
	 * Whether the newest ping was not answered yet.
	 */
	private boolean pongDue;

	KeepAlive(Scheduler scheduler, Ticker ticker, WsOptions options, Peer peer) {
		this.scheduler = scheduler;
		this.ticker = ticker;
		this.intervalNanos = options.pingInterval().toNanos();
		this.timeoutNanos = options.pingTimeout().toNanos();
		this.maxMisses = options.pingMisses();
		this.peer = peer;
	}

	void start() {
		this.silentSinceNanos = this.ticker.nanos();
		this.state = State.LISTENING;
		if (this.intervalNanos > 0) {
			arm(this.intervalNanos);
		}
	}

	void stop() {
		this.state = State.STOPPED;
		cancelTimer();
	}

	private void cancelTimer() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	/**
	 * Bytes arrived.
	 */
	void onRead() {
		long now = this.ticker.nanos();
		this.lastReadNanos = now;
		this.silentSinceNanos = now;
		if (this.state == State.PINGED) {
			this.state = State.LISTENING;
			// The timer has the deadline, which may be later than the next ping
			cancelTimer();
			arm(this.intervalNanos);
		}
	}

	/**
	 * A pong arrived; returns the round trip if it answers the newest ping and did not
	 * lie unread while reading was stopped.
	 */
	@Nullable Duration onPong(ByteBuffer payload) {
		if (!this.pongDue || this.state == State.RESTING || payload.remaining() != Long.BYTES
				|| payload.getLong(payload.position()) != this.pingNumber) {
			return null;
		}
		this.pongDue = false;
		return Duration.ofNanos(this.ticker.nanos() - this.pingNanos);
	}

	/**
	 * The socket is not read for a while, so silence says nothing: pings still go out,
	 * their deadline rests.
	 */
	void onReadingStopped() {
		this.pongDue = false;
		if (this.state != State.STOPPED) {
			this.state = State.RESTING;
		}
	}

	void onReadingResumed() {
		if (this.state == State.RESTING) {
			this.state = State.LISTENING;
			this.silentSinceNanos = this.ticker.nanos();
			// The answer to a ping of the pause may have come long ago
			this.pongDue = false;
		}
	}

	/**
	 * Returns when bytes last arrived, in nanoseconds of the ticker. Any thread.
	 */
	long lastReadNanos() {
		return this.lastReadNanos;
	}

	private void arm(long nanos) {
		this.dueNanos = this.ticker.nanos() + nanos;
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
				long silence = now - this.silentSinceNanos;
				if (silence >= this.intervalNanos) {
					ping(now);
					this.state = State.PINGED;
					this.late = false;
					this.misses = 0;
					arm(this.timeoutNanos);
				}
				else {
					arm(this.intervalNanos - silence);
				}
			}
			case PINGED -> {
				if (!this.late && now - this.dueNanos > LATENESS.toNanos()) {
					this.late = true;
					arm(LATENESS.toNanos());
					return;
				}
				this.late = false;
				this.misses++;
				if (this.misses < this.maxMisses) {
					ping(now);
					arm(this.timeoutNanos);
				}
				else {
					this.state = State.STOPPED;
					this.peer.onDead();
				}
			}
		}
	}

	private void ping(long now) {
		this.pingNanos = now;
		this.pingNumber++;
		this.pongDue = true;
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
