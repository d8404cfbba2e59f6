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

	private final Scheduler scheduler;

	private final Consumer<Boolean> full;

	private final int highWaterMark;

	private final long highWaterBytes;

	private volatile int size;

	private volatile long bytes;

	/**
	 * Event loop only.
	 */
	private boolean isFull;

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
			onShrunk();
		}
	}

	void remove(int bytes) {
		long bytesBefore = BYTES.getAndAdd(this, -bytes);
		int left = SIZE.decrementAndGet(this);
		long halfBytes = this.highWaterBytes / 2;
		if (left == this.highWaterMark / 2 || (bytesBefore > halfBytes && bytesBefore - bytes <= halfBytes)) {
			// A closed client has no socket left to read from
			this.scheduler.tryExecute(this::onShrunk);
		}
	}

	private void onShrunk() {
		if (this.isFull && this.size <= this.highWaterMark / 2 && this.bytes <= this.highWaterBytes / 2) {
			this.isFull = false;
			this.full.accept(false);
		}
	}

	int size() {
		return this.size;
	}

}
