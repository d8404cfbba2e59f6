package dev.wsclient.spring;

import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Where handlers are called: the application's task executor, and own threads when that
 * takes no task.
 * <p>
 * A {@code ThreadPoolTaskExecutor} refuses tasks from the moment its context begins to
 * close, and holds them back while its context is stopped, both before the connections
 * have ended. Their last callbacks must run nevertheless, so from {@link #stopping()} on
 * they get threads of their own.
 * <p>
 * Event loops and handlers hand tasks over: an executor that may block then, or run the
 * task itself, is called by a {@link HandOff}.
 * <p>
 * Not an {@link Executor}: as a bean it would be one more candidate where an application
 * injects its only executor.
 */
class DispatchExecutor implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(DispatchExecutor.class);

	private final Executor application;

	private final Executor own;

	private final Executor waiting;

	private final OwnThreads threads;

	private final BooleanSupplier contextActive;

	private final LogThrottle refusals = new LogThrottle();

	private final ThreadWatch watch;

	/** For executors that users give to connections. Guarded by itself. */
	private final Map<Executor, WeakReference<HandOff>> handOffs = new WeakHashMap<>();

	private volatile boolean stopping;

	/**
	 * Creates an executor.
	 * @param application the application's task executor
	 * @param mayBlock whether it may block, or run tasks itself
	 * @param own has threads, never blocks nor refuses a task
	 * @param waiting has a thread for what waits for the others
	 * @param threads the threads that hand tasks over
	 * @param contextActive whether the application's context is active
	 */
	DispatchExecutor(Executor application, boolean mayBlock, Executor own, Executor waiting, OwnThreads threads,
			BooleanSupplier contextActive) {
		this.application = mayBlock ? new HandOff(application, threads.pool(1), this::refused) : application;
		this.own = own;
		this.waiting = waiting;
		this.threads = threads;
		this.contextActive = contextActive;
		this.watch = new ThreadWatch(new OwnThreads(threads.prefix() + "watch-", null).factory(), System::nanoTime);
	}

	/**
	 * Makes an executor of one connection.
	 * @param client the name of the connection
	 * @param users where the user wants its handlers to be called, or {@code null} for
	 * the application's task executor
	 * @return makes executors of the tasks that run at the same time, and of those until
	 * a thread is given back
	 */
	LimitedExecutor.Factory executors(String client, @Nullable Executor users) {
		Executor delegate = (users != null) ? handOff(users) : this::execute;
		this.watch.start();
		return (limit, turn) -> {
			LimitedExecutor executor = new LimitedExecutor(client, delegate, limit, turn);
			this.watch.add(executor);
			return executor;
		};
	}

	private HandOff handOff(Executor users) {
		synchronized (this.handOffs) {
			WeakReference<HandOff> reference = this.handOffs.get(users);
			HandOff handOff = (reference != null) ? reference.get() : null;
			if (handOff == null) {
				handOff = new HandOff(users, this.threads.pool(1), (task, thrown) -> execute(task));
				this.handOffs.put(users, new WeakReference<>(handOff));
			}
			return handOff;
		}
	}

	/**
	 * Runs a task on another thread. Never blocks; throws only if there is no thread left
	 * to start.
	 * @param task the task; it may be run twice if the application's executor both takes
	 * it and throws
	 */
	void execute(Runnable task) {
		if (this.stopping) {
			this.own.execute(task);
			return;
		}
		try {
			this.application.execute(task);
		}
		// An executor, its task decorator or its thread factory may throw anything
		catch (Throwable ex) {
			refused(task, ex);
		}
	}

	private void refused(Runnable task, @Nullable Throwable thrown) {
		boolean expected = thrown instanceof RejectedExecutionException && !this.contextActive.getAsBoolean();
		if (!expected && !this.stopping && this.refusals.count() > 0) {
			String text = "The application's task executor " + ((thrown != null) ? "refuses" : "does not take")
					+ " calls of WebSocket handlers; they run on threads of their own. Raise its limits "
					+ "(spring.task.execution.*)";
			if (thrown != null) {
				SafeLog.log(logger, Level.WARN, text, thrown);
			}
			else {
				logger.warn("{}, as it would run them on the thread that hands them over", text);
			}
		}
		this.own.execute(task);
	}

	/**
	 * Runs a task that waits for others on a thread of its own.
	 * @param task the task
	 */
	void executeOnOwnThread(Runnable task) {
		this.waiting.execute(task);
	}

	/**
	 * The connections are being closed: stop using the application's task executor, also
	 * for what waits there.
	 */
	void stopping() {
		this.stopping = true;
		this.watch.rescue(this.own);
	}

	/**
	 * The connections are being opened: use the application's task executor.
	 */
	void starting() {
		this.stopping = false;
	}

	/**
	 * No more calls are looked after.
	 */
	@Override
	public void close() {
		this.watch.close();
	}

}
