package dev.wsclient.spring;

import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

/**
 * Daemon threads of ours. They keep nothing of the thread that happens to start them: no
 * inherited thread locals, no context class loader, no priority.
 *
 * @param prefix begins their names
 * @param classLoader their context class loader, {@code null} for that of the system
 */
record OwnThreads(String prefix, @Nullable ClassLoader classLoader) {

	/**
	 * Makes an executor of at most so many threads, which end when they are idle. Tasks
	 * wait without bound, so each of its users bounds its tasks.
	 * @param threads how many at most
	 * @return the executor, which never blocks nor refuses
	 */
	Executor pool(int threads) {
		ThreadPoolExecutor pool = new ThreadPoolExecutor(threads, threads, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), factory());
		pool.allowCoreThreadTimeOut(true);
		return pool;
	}

	/**
	 * Makes an executor that starts a virtual thread for each task (JDK 21).
	 * @return the executor, which never blocks nor refuses
	 */
	Executor virtual() {
		SimpleAsyncTaskExecutor executor = new SimpleAsyncTaskExecutor(this.prefix);
		executor.setVirtualThreads(true);
		return executor;
	}

	ThreadFactory factory() {
		AtomicInteger number = new AtomicInteger();
		return (task) -> {
			Thread thread = new Thread(null, task, this.prefix + number.incrementAndGet(), 0, false);
			thread.setDaemon(true);
			thread.setPriority(Thread.NORM_PRIORITY);
			thread.setContextClassLoader(this.classLoader);
			return thread;
		};
	}

}
