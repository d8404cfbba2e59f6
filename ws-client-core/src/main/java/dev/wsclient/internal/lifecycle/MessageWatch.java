package dev.wsclient.internal.lifecycle;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Scheduler.Timer;
import dev.wsclient.internal.time.Ticker;

/**
 * Finds out that the server sends no messages any more. One timer, and no work per
 * message but a clock reading. Event loop only.
 */
final class MessageWatch {

	private final Scheduler scheduler;

	private final Ticker ticker;

	private final long timeoutNanos;

	private final Runnable onSilent;

	private @Nullable Timer timer;

	private long silentSinceNanos;

	/**
	 * Whether the event loop was blocked, and a message had another chance to be read.
	 */
	private boolean late;

	MessageWatch(Scheduler scheduler, Ticker ticker, Duration timeout, Runnable onSilent) {
		this.scheduler = scheduler;
		this.ticker = ticker;
		this.timeoutNanos = timeout.toNanos();
		this.onSilent = onSilent;
	}

	/**
	 * A session is read from now on, if it was not.
	 */
	void start() {
		if (this.timer == null) {
			this.silentSinceNanos = this.ticker.nanos();
			this.late = false;
			arm(this.timeoutNanos);
		}
	}

	/**
	 * No session is read any more.
	 */
	void stop() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	void onMessage() {
		if (this.timer != null) {
			this.silentSinceNanos = this.ticker.nanos();
		}
	}

	private void arm(long nanos) {
		this.timer = this.scheduler.schedule(this::onTimer, Duration.ofNanos(nanos));
	}

	private void onTimer() {
		long left = this.timeoutNanos - (this.ticker.nanos() - this.silentSinceNanos);
		if (left > 0) {
			this.late = false;
			arm(left);
		}
		else if (!this.late && left < -KeepAlive.LATENESS.toNanos()) {
			// The message may lie in the socket
			this.late = true;
			arm(KeepAlive.LATENESS.toNanos());
		}
		else {
			this.timer = null;
			this.onSilent.run();
		}
	}

}
