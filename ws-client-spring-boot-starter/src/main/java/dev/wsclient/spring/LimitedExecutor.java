package dev.wsclient.spring;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import dev.wsclient.PrintableText;

/**
 * Begins tasks of one connection in order, and runs a limited number of them at the same
 * time, on threads of another executor. No thread waits for a task.
 * <p>
 * Whatever that executor does, no task is stuck: each run waits for its thread until it
 * has begun, however often it was handed over, and begins once. {@link ThreadWatch} hands
 * those over again that wait for long.
 */
class LimitedExecutor implements Executor {

	private static final Logger logger = LoggerFactory.getLogger(LimitedExecutor.class);

	private final String client;

	private final Executor threads;

	private final LongSupplier nanoTime;

	private final int turn;

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	/** How many runs wait for a thread or have one. */
	private final AtomicInteger active = new AtomicInteger();

	private final Run[] runs;

	/**
	 * Creates an executor.
	 * @param client the name of the connection
	 * @param threads runs the tasks; what it throws is logged
	 * @param limit how many tasks may run at the same time; with 1, tasks run one after
	 * the other
	 * @param turn after how many tasks a thread is given back, so that others who share
	 * the threads take turns
	 */
	LimitedExecutor(String client, Executor threads, int limit, int turn) {
		this(client, threads, limit, turn, System::nanoTime);
	}

	LimitedExecutor(String client, Executor threads, int limit, int turn, LongSupplier nanoTime) {
		this.client = client;
		this.threads = threads;
		this.turn = turn;
		this.nanoTime = nanoTime;
		this.runs = new Run[limit];
		for (int i = 0; i < limit; i++) {
			this.runs[i] = new Run();
		}
	}

	String client() {
		return this.client;
	}

	/**
	 * Runs a task later, on another thread. Any thread, never blocks nor throws.
	 */
	@Override
	public void execute(Runnable task) {
		this.tasks.add(task);
		startWithinLimit();
	}

	private void startWithinLimit() {
		int active = this.active.get();
		while (active < this.runs.length) {
			if (this.active.compareAndSet(active, active + 1)) {
				idleRun().submit();
				return;
			}
			active = this.active.get();
		}
	}

	/**
	 * Takes an idle run. There is one, as each is idle again before it is counted off.
	 */
	private Run idleRun() {
		while (true) {
			for (Run run : this.runs) {
				if (run.taken.compareAndSet(false, true)) {
					return run;
				}
			}
		}
	}

	private void run(Run run) {
		String outer = LogContext.enter(this.client);
		try {
			for (int i = 0; i < this.turn; i++) {
				Runnable task = this.tasks.poll();
				if (task == null) {
					break;
				}
				run(task);
			}
		}
		finally {
			LogContext.exit(this.client, outer);
		}
		if (!this.tasks.isEmpty()) {
			run.submit();
			return;
		}
		run.taken.set(false);
		this.active.decrementAndGet();
		if (!this.tasks.isEmpty()) {
			// Added by one who found no run left to take
			startWithinLimit();
		}
	}

	private static void run(Runnable task) {
		try {
			task.run();
		}
		// Whatever it is, the tasks behind it must run
		catch (Throwable ex) {
			SafeLog.log(logger, Level.ERROR, "A task of a WebSocket connection failed", ex);
		}
		finally {
			// A flag that it left set was meant for it, not for the next
			Thread.interrupted();
		}
	}

	/**
	 * Looks at the runs that wait for a thread, and hands those over again whose time has
	 * come. One thread at a time.
	 * @param now the time, as the executor was given it
	 * @return for how many nanoseconds the longest has waited, or 0 if none waits
	 */
	long checkWaiting(long now) {
		long longest = 0;
		for (Run run : this.runs) {
			longest = Math.max(longest, run.checkWaiting(now));
		}
		return longest;
	}

	/**
	 * Whether a task runs at the moment.
	 * @return {@code true} if at least one has a thread
	 */
	boolean hasThread() {
		for (Run run : this.runs) {
			if (run.taken.get() && run.waitingSince.get() == 0) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Runs what waits for a thread on other threads.
	 * @param others the threads
	 */
	void rescue(Executor others) {
		for (Run run : this.runs) {
			if (run.waitingSince.get() != 0) {
				others.execute(run);
			}
		}
	}

	/**
	 * A turn on a thread, used again and again. Handed over twice, it begins once for
	 * each time that it waits.
	 */
	private final class Run implements Runnable {

		private static final long FIRST_RETRY = 1_000_000_000;

		private final AtomicBoolean taken = new AtomicBoolean();

		/** Since when it waits for a thread, or 0. */
		private final AtomicLong waitingSince = new AtomicLong();

		/** The wait that the next retry is for. Thread of the watch only. */
		private long retriedSince;

		/** After how long it is handed over again. Thread of the watch only. */
		private long nextRetry;

		void submit() {
			// 0 means that it does not wait
			this.waitingSince.set(LimitedExecutor.this.nanoTime.getAsLong() | 1);
			handOver();
		}

		private void handOver() {
			try {
				LimitedExecutor.this.threads.execute(this);
			}
			// Also an OutOfMemoryError, when no further thread can be started
			catch (Throwable ex) {
				SafeLog.log(logger, Level.WARN, "Connection '" + LimitedExecutor.this.client
						+ "': no thread takes calls of its handlers; trying again", ex);
			}
		}

		@Override
		public void run() {
			long since = this.waitingSince.get();
			if (since != 0 && this.waitingSince.compareAndSet(since, 0)) {
				LimitedExecutor.this.run(this);
			}
		}

		/**
		 * Hands the run over again after a second, two, four and so on: the executor may
		 * have lost it, and if not, one that is late does nothing.
		 */
		long checkWaiting(long now) {
			long since = this.waitingSince.get();
			if (since == 0) {
				return 0;
			}
			long waited = now - since;
			if (since != this.retriedSince) {
				this.retriedSince = since;
				this.nextRetry = FIRST_RETRY;
			}
			if (waited >= this.nextRetry) {
				this.nextRetry = 2 * waited;
				handOver();
			}
			return Math.max(waited, 0);
		}

	}

	/**
	 * Makes executors of one connection.
	 */
	@FunctionalInterface
	interface Factory {

		/**
		 * Makes an executor.
		 * @param limit how many tasks may run at the same time
		 * @param turn after how many tasks a thread is given back
		 * @return the executor
		 */
		LimitedExecutor create(int limit, int turn);

	}

}
