package dev.wsclient.spring;

import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where handlers are called: the application's task executor, and own threads when that
 * takes no task.
 * <p>
 * A {@code ThreadPoolTaskExecutor} refuses tasks from the moment its context begins to
 * close, and holds them back while its context is stopped, both before the connections
 * have ended. Their last callbacks must run nevertheless, so from {@link #stopping()} on
 * they get threads of their own.
 * <p>
 * Not an {@link Executor}: as a bean it would be one more candidate where an application
 * injects its only executor.
 */
class DispatchExecutor {

	private static final Logger logger = LoggerFactory.getLogger(DispatchExecutor.class);

	private final @Nullable Executor application;

	private final Executor own;

	private final BooleanSupplier contextActive;

	private final AtomicBoolean refusalLogged = new AtomicBoolean();

	private volatile boolean stopping;

	/**
	 * Creates an executor.
	 * @param application the application's task executor, or {@code null} if it has none
	 * @param own starts threads and never refuses a task
	 * @param contextActive whether the application's context is active
	 */
	DispatchExecutor(@Nullable Executor application, Executor own, BooleanSupplier contextActive) {
		this.application = application;
		this.own = own;
		this.contextActive = contextActive;
	}

	/**
	 * Runs a task; refuses none.
	 * @param task the task
	 */
	void execute(Runnable task) {
		if (this.application == null || this.stopping) {
			this.own.execute(task);
			return;
		}
		try {
			this.application.execute(task);
		}
		catch (RejectedExecutionException ex) {
			if (this.contextActive.getAsBoolean() && this.refusalLogged.compareAndSet(false, true)) {
				logger.warn("The application's task executor refuses calls of WebSocket handlers; "
						+ "they run on threads of their own. Raise its limits (spring.task.execution.*).", ex);
			}
			this.own.execute(task);
		}
	}

	/**
	 * Runs a task on a thread of its own.
	 * @param task the task
	 */
	void executeOnOwnThread(Runnable task) {
		this.own.execute(task);
	}

	/**
	 * The connections are being closed: stop using the application's task executor.
	 */
	void stopping() {
		this.stopping = true;
	}

	/**
	 * The connections are being opened: use the application's task executor.
	 */
	void starting() {
		this.stopping = false;
	}

}
