package dev.wsclient.internal.lifecycle;

import java.time.Duration;
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

	void start(Duration delay) {
		this.timer = this.scheduler.schedule(this::run, delay);
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
		boolean before = this.cancelled;
		this.cancelled = true;
		Scheduler.Timer timer = this.timer;
		if (timer != null && !before) {
			this.scheduler.tryExecute(timer::cancel);
		}
	}

}
