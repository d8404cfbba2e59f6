package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

/**
 * Where messages of one connection are handled beside one another: several lanes, each
 * with an order of its own, or one without order. The messages themselves are bounded by
 * the core's backlog, which they keep their places in.
 */
final class Lanes {

	/**
	 * After how many messages a lane gives its thread back.
	 */
	private static final int TURN = 64;

	private final List<Executor> lanes;

	private final AtomicInteger unfinished = new AtomicInteger();

	private final AtomicReference<@Nullable Runnable> whenIdle = new AtomicReference<>();

	private Lanes(List<Executor> lanes) {
		this.lanes = lanes;
	}

	/**
	 * Makes lanes that each handle one message at a time.
	 * @param count how many
	 * @param executors makes what runs them
	 * @return the lanes
	 */
	static Lanes ordered(int count, LimitedExecutor.Factory executors) {
		List<Executor> lanes = new ArrayList<>(count);
		for (int i = 0; i < count; i++) {
			lanes.add(executors.create(1, TURN));
		}
		return new Lanes(lanes);
	}

	/**
	 * Makes one lane that handles several messages at a time.
	 * @param concurrency how many
	 * @param executors makes what runs it
	 * @return the lane
	 */
	static Lanes concurrent(int concurrency, LimitedExecutor.Factory executors) {
		return new Lanes(List.of(executors.create(concurrency, 1)));
	}

	/**
	 * Returns the lane of a key.
	 * @param key the key, or {@code null} for none, which has one lane too
	 * @return the number of the lane, from 0
	 */
	int of(@Nullable Object key) {
		return Math.floorMod(mix((key != null) ? key.hashCode() : 0), this.lanes.size());
	}

	/**
	 * Spreads hash codes, as MurmurHash3 ends: those of similar texts, which symbols are,
	 * differ in few values, and would leave lanes empty.
	 */
	private static int mix(int hash) {
		int mixed = (hash ^ (hash >>> 16)) * 0x85ebca6b;
		mixed = (mixed ^ (mixed >>> 13)) * 0xc2b2ae35;
		return mixed ^ (mixed >>> 16);
	}

	/**
	 * Runs a task in a lane.
	 * @param lane the number of the lane
	 * @param task the task
	 */
	void execute(int lane, Runnable task) {
		this.unfinished.incrementAndGet();
		this.lanes.get(lane).execute(() -> {
			try {
				task.run();
			}
			finally {
				finished();
			}
		});
	}

	private void finished() {
		if (this.unfinished.decrementAndGet() == 0) {
			runWhenIdle();
		}
	}

	/**
	 * Runs a task when all tasks are finished; on this thread if they are. No task may be
	 * added before.
	 * @param task the task
	 */
	void whenIdle(Runnable task) {
		this.whenIdle.set(task);
		if (isIdle()) {
			runWhenIdle();
		}
	}

	private void runWhenIdle() {
		Runnable task = this.whenIdle.getAndSet(null);
		if (task != null) {
			task.run();
		}
	}

	boolean isIdle() {
		return this.unfinished.get() == 0;
	}

}
