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
		if (this.timer == null && this.timeoutNanos > 0) {
			this.silentSinceNanos = this.ticker.nanos();
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
			arm(left);
		}
		else {
			this.timer = null;
			this.onSilent.run();
		}
	}

}
