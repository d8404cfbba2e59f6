package dev.wsclient.internal.lifecycle;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Scheduler.Timer;

/**
 * Repeats the user's keep-alive message while a session is open. Event loop only.
 */
final class KeepAliveMessage {

	private final Scheduler scheduler;

	private final Duration interval;

	private final Runnable send;

	private @Nullable Timer timer;

	KeepAliveMessage(Scheduler scheduler, Duration interval, Runnable send) {
		this.scheduler = scheduler;
		this.interval = interval;
		this.send = send;
	}

	void start() {
		this.timer = this.scheduler.schedule(this::onTimer, this.interval);
	}

	void stop() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	private void onTimer() {
		this.timer = this.scheduler.schedule(this::onTimer, this.interval);
		this.send.run();
	}

}
