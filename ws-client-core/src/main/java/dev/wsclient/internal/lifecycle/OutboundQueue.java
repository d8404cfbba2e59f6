package dev.wsclient.internal.lifecycle;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.transport.Outbound;

/**
 * Messages that wait to be written: any thread adds, the event loop takes, in order. The
 * queue is linked through the messages themselves (D. Vyukov's intrusive MPSC queue). It
 * also keeps the account of all accepted messages until they are written or given up,
 * wherever they are.
 */
final class OutboundQueue {

	private final int maxBytes;

	private final int maxCount;

	private final AtomicLong bytes = new AtomicLong();

	private final AtomicInteger count = new AtomicInteger();

	private final Outbound stub;

	private final AtomicReference<Outbound> newest;

	/**
	 * Event loop only.
	 */
	private Outbound oldest;

	OutboundQueue(Scheduler scheduler, int maxBytes, int maxCount) {
		this.maxBytes = maxBytes;
		this.maxCount = maxCount;
		this.stub = Outbound.text(scheduler, "");
		this.newest = new AtomicReference<>(this.stub);
		this.oldest = this.stub;
	}

	/**
	 * Takes room in the account, if there is.
	 */
	boolean reserve(Outbound message) {
		long before;
		do {
			before = this.bytes.get();
			if (before + message.size() > this.maxBytes) {
				return false;
			}
		}
		while (!this.bytes.compareAndSet(before, before + message.size()));
		if (this.count.incrementAndGet() > this.maxCount) {
			release(message);
			return false;
		}
		return true;
	}

	/**
	 * Takes room in the account even if there is none.
	 */
	void charge(Outbound message) {
		this.bytes.addAndGet(message.size());
		this.count.incrementAndGet();
	}

	/**
	 * Gives room back to the account.
	 */
	void release(Outbound message) {
		this.bytes.addAndGet(-message.size());
		this.count.decrementAndGet();
	}

	long bytes() {
		return this.bytes.get();
	}

	int count() {
		return this.count.get();
	}

	boolean isHalfEmpty() {
		return this.bytes.get() <= this.maxBytes / 2 && this.count.get() <= this.maxCount / 2;
	}

	String fullness() {
		return this.bytes.get() + " of " + this.maxBytes + " bytes and " + this.count.get() + " of " + this.maxCount
				+ " messages wait";
	}

	void add(Outbound message) {
		message.setNext(null);
		Outbound before = this.newest.getAndSet(message);
		before.setNext(message);
	}

	/**
	 * Takes the oldest message. A {@code null} while an {@link #add} is under way is
	 * possible; that adder sees to another call.
	 */
	@Nullable Outbound poll() {
		Outbound first = this.oldest;
		Outbound second = first.next();
		if (first == this.stub) {
			if (second == null) {
				return null;
			}
			this.oldest = second;
			first = second;
			second = first.next();
		}
		if (second == null) {
			if (first != this.newest.get()) {
				return null;
			}
			add(this.stub);
			second = first.next();
			if (second == null) {
				return null;
			}
		}
		this.oldest = second;
		return first;
	}

}
