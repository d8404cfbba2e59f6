package dev.wsclient.spring;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.PrintableText;

/**
 * Begins tasks of one connection in order, and runs a limited number of them at the same
 * time, on threads of another executor. No thread waits for a task.
 */
class LimitedExecutor implements Executor {

	private static final Logger logger = LoggerFactory.getLogger(LimitedExecutor.class);

	private final Executor delegate;

	private final Executor fallback;

	private final int limit;

	private final int turn;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	/** How many threads run tasks or were asked for. */
	private final AtomicInteger runs = new AtomicInteger();

	/**
	 * Creates an executor.
	 * @param delegate runs the tasks
	 * @param fallback runs those that the delegate refuses; refuses none itself
	 * @param limit how many tasks may run at the same time; with 1, tasks run one after
	 * the other
	 * @param turn after how many tasks a thread is given back, so that others who share
	 * the delegate take turns
	 */
	LimitedExecutor(Executor delegate, Executor fallback, int limit, int turn) {
		this.delegate = delegate;
		this.fallback = fallback;
		this.limit = limit;
		this.turn = turn;
	}

	@Override
	public void execute(Runnable task) {
		this.tasks.add(task);
		submitWithinLimit();
	}

	private void submitWithinLimit() {
		int runs = this.runs.get();
		while (runs < this.limit) {
			if (this.runs.compareAndSet(runs, runs + 1)) {
				submit();
				return;
			}
			runs = this.runs.get();
		}
	}

	private void submit() {
		try {
			this.delegate.execute(this::run);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The executor refuses a task of a WebSocket connection; it runs elsewhere", ex);
			this.fallback.execute(this::run);
		}
	}

	private void run() {
		for (int i = 0; i < this.turn; i++) {
			Runnable task = this.tasks.poll();
			if (task == null) {
				break;
			}
			run(task);
		}
		if (!this.tasks.isEmpty()) {
			submit();
			return;
		}
		this.runs.decrementAndGet();
		if (!this.tasks.isEmpty()) {
			// Added by one who found no run left to ask for
			submitWithinLimit();
		}
	}

	private static void run(Runnable task) {
		try {
			task.run();
		}
		// Whatever it is, the tasks behind it must run
		catch (Throwable ex) {
			logger.error("A task of a WebSocket connection failed", PrintableText.of(ex));
		}
	}

}
