package dev.wsclient.internal.lifecycle;

import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.function.Consumer;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.options.WsOptions;

/**
 * Counts what the listener has still to do: the calls that wait, the one under way, and
 * the messages it retained. Above a mark the socket is not read, until half of it is
 * done. Any thread, unless said otherwise.
 */
final class Backlog {

	private static final AtomicIntegerFieldUpdater<Backlog> SIZE = AtomicIntegerFieldUpdater.newUpdater(Backlog.class,
			"size");

	private static final AtomicLongFieldUpdater<Backlog> BYTES = AtomicLongFieldUpdater.newUpdater(Backlog.class,
			"bytes");

	private static final AtomicIntegerFieldUpdater<Backlog> SHRINK_SIGNALLED = AtomicIntegerFieldUpdater
		.newUpdater(Backlog.class, "shrinkSignalled");

	private final Scheduler scheduler;

	private final Consumer<Boolean> full;

	private final int highWaterMark;

	private final long highWaterBytes;

	private volatile int size;

	private volatile long bytes;

	/**
	 * Written on the event loop only.
	 */
	private volatile boolean isFull;

	/**
	 * 1 if the event loop was asked to look whether half of the backlog is done.
	 */
	private volatile int shrinkSignalled;

	/**
	 * Creates an empty backlog.
	 * @param full told on the event loop when the backlog becomes full and when half of
	 * it is done
	 */
	Backlog(WsOptions options, Scheduler scheduler, Consumer<Boolean> full) {
		this.scheduler = scheduler;
		this.full = full;
		this.highWaterMark = options.executorBacklog();
		this.highWaterBytes = options.executorBacklogBytes();
	}

	void add(int bytes) {
		BYTES.addAndGet(this, bytes);
		SIZE.incrementAndGet(this);
	}

	/**
	 * Tells if the backlog became full. Event loop only, after {@link #add}.
	 */
	void check() {
		if (!this.isFull && (this.size >= this.highWaterMark || this.bytes >= this.highWaterBytes)) {
			this.isFull = true;
			this.full.accept(true);
			// It may have emptied before it was marked as full
			checkShrunk();
		}
	}

	void remove(int bytes) {
		BYTES.getAndAdd(this, -bytes);
		SIZE.decrementAndGet(this);
		// Looked at behind the account, as check() looks at the account behind the mark
		if (this.isFull && isHalfDone() && this.shrinkSignalled == 0 && SHRINK_SIGNALLED.compareAndSet(this, 0, 1)) {
			// A closed client has no socket left to read from
			this.scheduler.tryExecute(this::onShrunk);
		}
	}

	private boolean isHalfDone() {
		return this.size <= this.highWaterMark / 2 && this.bytes <= this.highWaterBytes / 2;
	}

	private void onShrunk() {
		this.shrinkSignalled = 0;
		checkShrunk();
	}

	private void checkShrunk() {
		if (this.isFull && isHalfDone()) {
			this.isFull = false;
			this.full.accept(false);
		}
	}

	/**
	 * Whether the socket is not read because of the backlog. Event loop only.
	 */
	boolean isFull() {
		return this.isFull;
	}

	/**
	 * Whether twice of what fills the backlog is there, which only comes of what is no
	 * message and of sessions that ended.
	 */
	boolean isOverfull() {
		return this.size >= 2L * this.highWaterMark || this.bytes >= 2 * this.highWaterBytes;
	}

	int size() {
		return this.size;
	}

}
