package dev.wsclient.spring;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs the tasks of one connection one at a time and in order: those of the core, and
 * those that report what failed later, such as the sending of a returned value.
 */
class SerialExecutor implements Executor {

	private static final Logger logger = LoggerFactory.getLogger(SerialExecutor.class);

	private final Executor delegate;

	private final Executor fallback;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	/** How many tasks wait or run; who raises it from zero starts a drain. */
	private final AtomicInteger pending = new AtomicInteger();

	/**
	 * Creates an executor.
	 * @param delegate runs the tasks
	 * @param fallback runs those that the delegate refuses; refuses none itself
	 */
	SerialExecutor(Executor delegate, Executor fallback) {
		this.delegate = delegate;
		this.fallback = fallback;
	}

	@Override
	public void execute(Runnable task) {
		this.tasks.add(task);
		if (this.pending.getAndIncrement() == 0) {
			submit();
		}
	}

	private void submit() {
		try {
			this.delegate.execute(this::drain);
		}
		catch (RejectedExecutionException ex) {
			logger.debug("The executor refuses a task of a WebSocket connection; it runs elsewhere", ex);
			this.fallback.execute(this::drain);
		}
	}

	/**
	 * Runs one task and gives the thread back, so that connections take turns; a task of
	 * the core makes many calls.
	 */
	private void drain() {
		run(this.tasks.remove());
		if (this.pending.decrementAndGet() > 0) {
			submit();
		}
	}

	private static void run(Runnable task) {
		try {
			task.run();
		}
		// Whatever it is, the tasks behind it must run
		catch (Throwable ex) {
			logger.error("A task of a WebSocket connection failed", ex);
		}
	}

}
