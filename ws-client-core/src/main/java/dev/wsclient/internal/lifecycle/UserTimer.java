package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.internal.time.Scheduler;

/**
 * A task of the user's that waits for its time. Any thread, but the task runs on the
 * event loop.
 */
final class UserTimer implements WsConnection.Timer {

	private final Scheduler scheduler;

	private final Runnable task;

	private final Consumer<Throwable> onThrown;

	private volatile boolean cancelled;

	private volatile Scheduler.@Nullable Timer timer;

	/**
	 * Creates a timer.
	 * @param onThrown gets what the task throws
	 */
	UserTimer(Scheduler scheduler, Runnable task, Consumer<Throwable> onThrown) {
		this.scheduler = scheduler;
		this.task = task;
		this.onThrown = onThrown;
	}

	/**
	 * Starts the timer, unless the client is closed and runs no timers.
	 */
	void start(Duration delay) {
		try {
			this.timer = this.scheduler.schedule(this::run, delay);
		}
		catch (RejectedExecutionException ex) {
			this.cancelled = true;
		}
	}

	private void run() {
		if (this.cancelled) {
			return;
		}
		try {
			this.task.run();
		}
		// Whatever user code throws must not end the loop
		catch (Throwable ex) {
			this.onThrown.accept(ex);
		}
	}

	@Override
	public void cancel() {
		this.cancelled = true;
		Scheduler.Timer timer = this.timer;
		if (timer != null) {
			this.scheduler.tryExecute(timer::cancel);
		}
	}

}
