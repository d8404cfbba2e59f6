package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.RejectedExecutionException;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Ticker;

/**
 * An event loop and clocks that stand still until a test moves them. Any thread may add
 * tasks and timers; the thread that runs them is the event loop meanwhile.
 */
public final class FakeScheduler implements Scheduler, Ticker {

	private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

	/**
	 * The monotonic clock overflows early, as it may.
	 */
	private static final long START_NANOS = Long.MAX_VALUE - Duration.ofSeconds(7).toNanos();

	private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

	private final List<FakeTimer> timers = new CopyOnWriteArrayList<>();

	private final List<Runnable> atShutdown = new CopyOnWriteArrayList<>();

	private volatile long elapsedNanos;

	private volatile @Nullable Thread loop;

	private volatile boolean shutDown;

	@Override
	public boolean inEventLoop() {
		return this.loop == Thread.currentThread();
	}

	@Override
	public void execute(Runnable task) {
		checkNotShutDown();
		this.tasks.add(task);
	}

	@Override
	public Timer schedule(Runnable task, Duration delay) {
		checkNotShutDown();
		FakeTimer timer = new FakeTimer(task, this.elapsedNanos + delay.toNanos());
		this.timers.add(timer);
		return () -> {
			timer.cancelled = true;
			this.timers.remove(timer);
		};
	}

	@Override
	public Timer schedule(Runnable task, Duration delay, Runnable atShutdown) {
		Timer timer = schedule(() -> {
			this.atShutdown.remove(atShutdown);
			task.run();
		}, delay);
		this.atShutdown.add(atShutdown);
		return () -> {
			timer.cancel();
			this.atShutdown.remove(atShutdown);
		};
	}

	private void checkNotShutDown() {
		if (this.shutDown) {
			throw new RejectedExecutionException("shut down");
		}
	}

	@Override
	public long nanos() {
		return START_NANOS + this.elapsedNanos;
	}

	@Override
	public Instant now() {
		return START.plusNanos(this.elapsedNanos);
	}

	/**
	 * Refuses all that comes from now on, as the loop of a closed client.
	 */
	void shutDown() {
		this.shutDown = true;
		List<Runnable> tasks = List.copyOf(this.atShutdown);
		this.atShutdown.clear();
		tasks.forEach(Runnable::run);
	}

	boolean isShutDown() {
		return this.shutDown;
	}

	/**
	 * Runs the tasks that wait, and those they add.
	 */
	public void runAll() {
		Thread before = this.loop;
		this.loop = Thread.currentThread();
		try {
			Runnable task = this.tasks.poll();
			while (task != null) {
				task.run();
				task = this.tasks.poll();
			}
		}
		finally {
			this.loop = before;
		}
	}

	/**
	 * Runs a task on the event loop now, behind those that wait.
	 */
	void run(Runnable task) {
		this.tasks.add(task);
		runAll();
	}

	/**
	 * Lets time pass and runs what becomes due, in order.
	 */
	public void advance(Duration duration) {
		runAll();
		long end = this.elapsedNanos + duration.toNanos();
		FakeTimer next = nextTimer();
		while (next != null && next.dueNanos <= end) {
			this.timers.remove(next);
			this.elapsedNanos = Math.max(this.elapsedNanos, next.dueNanos);
			run(next::run);
			next = nextTimer();
		}
		this.elapsedNanos = end;
	}

	/**
	 * Lets time pass in which nothing runs, as when user code blocks the event loop.
	 */
	void block(Duration duration) {
		long end = this.elapsedNanos + duration.toNanos();
		this.elapsedNanos = end;
	}

	/**
	 * Lets time pass until the next timer is due, and runs it if there is one.
	 */
	void advanceToNextTimer() {
		FakeTimer next = nextTimer();
		if (next != null) {
			advance(Duration.ofNanos(next.dueNanos - this.elapsedNanos));
		}
	}

	private @Nullable FakeTimer nextTimer() {
		// The first of those due at the same time: sorting is stable
		return this.timers.stream().sorted(Comparator.comparingLong(FakeTimer::dueNanos)).findFirst().orElse(null);
	}

	/**
	 * Returns how long each timer has still to wait, the next one first.
	 */
	public List<Duration> pendingTimers() {
		return this.timers.stream()
			.map((timer) -> Duration.ofNanos(timer.dueNanos - this.elapsedNanos))
			.sorted()
			.toList();
	}

	private static final class FakeTimer {

		private final Runnable task;

		private final long dueNanos;

		private volatile boolean cancelled;

		FakeTimer(Runnable task, long dueNanos) {
			this.task = task;
			this.dueNanos = dueNanos;
		}

		/**
		 * A task that came before may have taken it back.
		 */
		private void run() {
			if (!this.cancelled) {
				this.task.run();
			}
		}

		private long dueNanos() {
			return this.dueNanos;
		}

	}

}
