package dev.wsclient.internal.lifecycle;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;

/**
 * Runs tasks when told to.
 */
final class ManualExecutor implements Executor {

	final Deque<Runnable> tasks = new ArrayDeque<>();

	@Nullable Throwable refusal;

	@Override
	public void execute(Runnable task) {
		if (this.refusal instanceof RuntimeException exception) {
			throw exception;
		}
		if (this.refusal instanceof Error error) {
			throw error;
		}
		this.tasks.add(task);
	}

	void runOne() {
		this.tasks.remove().run();
	}

	void runAll() {
		while (!this.tasks.isEmpty()) {
			runOne();
		}
	}

}
