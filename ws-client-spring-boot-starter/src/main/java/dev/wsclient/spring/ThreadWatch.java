package dev.wsclient.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Looks each second whether calls of handlers wait for a thread. Those that wait for long
 * are handed over again, as their executor may have lost them, and one line a minute
 * tells which connections wait, and whose handlers have the threads.
 */
class ThreadWatch implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(ThreadWatch.class);

	/** From when on a wait is told. */
	static final Duration PATIENCE = Duration.ofSeconds(5);

	private static final int MOST_NAMES = 10;

	private final ThreadFactory threads;

	private final LongSupplier nanoTime;

	private final LogThrottle lines;

	/** Those of connections that were forgotten go by themselves. Guarded by itself. */
	private final Set<LimitedExecutor> executors = Collections
		.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

	/** {@code null} until it is started. */
	private @Nullable ScheduledThreadPoolExecutor scheduler;

	private boolean closed;

	ThreadWatch(ThreadFactory threads, LongSupplier nanoTime) {
		this.threads = threads;
		this.nanoTime = nanoTime;
		this.lines = new LogThrottle(nanoTime);
	}

	/**
	 * Watches an executor, until no one else refers to it.
	 * @param executor the executor
	 */
	void add(LimitedExecutor executor) {
		this.executors.add(executor);
	}

	/**
	 * Begins to look each second, on a thread of its own.
	 */
	synchronized void start() {
		if (this.scheduler == null && !this.closed) {
			this.scheduler = new ScheduledThreadPoolExecutor(1, this.threads);
			this.scheduler.scheduleWithFixedDelay(this::check, 1, 1, TimeUnit.SECONDS);
		}
	}

	/**
	 * Looks at all executors.
	 */
	void check() {
		try {
			long now = this.nanoTime.getAsLong();
			List<String> waiting = new ArrayList<>();
			long longest = 0;
			for (LimitedExecutor executor : snapshot()) {
				long waited = executor.checkWaiting(now);
				if (waited >= PATIENCE.toNanos()) {
					waiting.add(executor.client());
					longest = Math.max(longest, waited);
				}
			}
			if (!waiting.isEmpty() && this.lines.count() > 0) {
				tell(waiting, Duration.ofNanos(longest));
			}
		}
		// Otherwise the scheduler would not call again
		catch (Throwable ex) {
			SafeLog.log(logger, Level.ERROR, "The watch over calls of WebSocket handlers failed", ex);
		}
	}

	private List<LimitedExecutor> snapshot() {
		synchronized (this.executors) {
			return new ArrayList<>(this.executors);
		}
	}

	private void tell(List<String> waiting, Duration longest) {
		List<String> busy = snapshot().stream()
			.filter(LimitedExecutor::hasThread)
			.map(LimitedExecutor::client)
			.toList();
		logger
			.warn("Connection(s) {} wait for a thread to call their handlers, the longest for {} s, while the handlers "
					+ "of {} keep the threads busy. Make these faster, or raise 'spring.task.execution.pool.core-size'",
					names(waiting), longest.toSeconds(), names(busy));
	}

	private static String names(List<String> clients) {
		List<String> names = List.copyOf(new TreeSet<>(clients));
		if (names.size() <= MOST_NAMES) {
			return names.toString();
		}
		return names.subList(0, MOST_NAMES) + " and " + (names.size() - MOST_NAMES) + " more";
	}

	/**
	 * Runs what waits on other threads.
	 * @param others the threads
	 */
	void rescue(Executor others) {
		snapshot().forEach((executor) -> executor.rescue(others));
	}

	@Override
	public synchronized void close() {
		this.closed = true;
		if (this.scheduler != null) {
			this.scheduler.shutdown();
		}
	}

}
