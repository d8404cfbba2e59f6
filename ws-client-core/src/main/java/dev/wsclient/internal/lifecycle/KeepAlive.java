package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Scheduler.Timer;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.options.PingMode;
import dev.wsclient.options.WsOptions;

/**
 * Finds out whether the peer of a session is alive: pings after a time of silence, or
 * always, and takes the peer for dead if nothing at all happens within the deadline.
 * Bytes that arrive prove life, and so do those that a full socket takes: a ping behind a
 * large message can't be answered before the peer has read all of that. One timer; no
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

	private final PingMode mode;

	private final Peer peer;

	private State state = State.STOPPED;

	private @Nullable Timer timer;

	/**
	 * When a sign of life is due.
	 */
	private long deadlineNanos;

	/**
	 * Whether the answer had another chance to be read.
	 */
	private boolean late;

	private volatile long lastReadNanos;

	/**
	 * When there last was a sign of life, or reading began again.
	 */
	private long silentSinceNanos;

	/**
	 * When the last ping was sent, or the session began.
	 */
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
		this.mode = options.pingMode();
		this.peer = peer;
	}

	void start() {
		this.silentSinceNanos = this.ticker.nanos();
		this.pingNanos = this.silentSinceNanos;
		this.state = State.LISTENING;
		if (this.intervalNanos > 0) {
			arm(this.silentSinceNanos);
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
		onLife(now);
	}

	/**
	 * A socket that was full took bytes.
	 */
	void onWriteProgress() {
		onLife(this.ticker.nanos());
	}

	private void onLife(long now) {
		this.silentSinceNanos = now;
		if (this.state == State.PINGED) {
			this.state = State.LISTENING;
			// The timer has the deadline, which may be later than the next ping
			cancelTimer();
			arm(now);
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

	/**
	 * Sets the timer for what is due next.
	 */
	private void arm(long now) {
		long due = switch (this.state) {
			case LISTENING -> pingDue();
			case PINGED ->
				(this.mode == PingMode.ALWAYS && pingDue() - this.deadlineNanos < 0) ? pingDue() : this.deadlineNanos;
			case STOPPED, RESTING -> now + this.intervalNanos;
		};
		schedule(Math.max(0, due - now));
	}

	private long pingDue() {
		return this.intervalNanos + switch (this.mode) {
			case IDLE -> this.silentSinceNanos;
			case ALWAYS -> this.pingNanos;
		};
	}

	private void schedule(long nanos) {
		this.timer = this.scheduler.schedule(this::onTimer, Duration.ofNanos(nanos));
	}

	private void onTimer() {
		long now = this.ticker.nanos();
		switch (this.state) {
			case STOPPED -> {
			}
			case RESTING -> ping(now);
			case LISTENING -> {
				if (now - pingDue() < 0) {
					arm(now);
					return;
				}
				this.state = State.PINGED;
				this.misses = 0;
				pingWithDeadline(now);
			}
			case PINGED -> {
				if (now - this.deadlineNanos < 0) {
					ping(now);
				}
				else if (!this.late && now - this.deadlineNanos > LATENESS.toNanos()) {
					this.late = true;
					schedule(LATENESS.toNanos());
				}
				else {
					onMiss(now);
				}
			}
		}
	}

	private void onMiss(long now) {
		this.misses++;
		if (this.misses < this.maxMisses) {
			pingWithDeadline(now);
		}
		else {
			this.state = State.STOPPED;
			this.peer.onDead();
		}
	}

	private void pingWithDeadline(long now) {
		this.late = false;
		this.deadlineNanos = now + this.timeoutNanos;
		ping(now);
	}

	private void ping(long now) {
		this.pingNanos = now;
		this.pingNumber++;
		this.pongDue = true;
		// First, so that a ping that fails is not the last one
		arm(now);
		this.peer.ping(ByteBuffer.allocate(Long.BYTES).putLong(0, this.pingNumber));
	}

	private enum State {

		/**
		 * No session.
		 */
		STOPPED,

		/**
		 * Waiting until a ping is due.
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
