package dev.wsclient.internal.lifecycle;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

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

	private Outbound oldest;

	/**
	 * Messages that a control frame overtook: older than all in the list.
	 */
	private final Queue<Outbound> passed = new ArrayDeque<>(0);

	private final boolean evicting;

	/**
	 * Held to take messages, if threads other than the event loop do so.
	 */
	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * Creates a queue.
	 * @param evicting whether any thread may take messages by
	 * {@link #addInsteadOfOldest}, and not only the event loop
	 */
	OutboundQueue(Scheduler scheduler, int maxBytes, int maxCount, boolean evicting) {
		this.evicting = evicting;
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
	 * Takes the oldest messages until there is room for another, and adds that. Only if
	 * the queue was made for it.
	 * @param evicted gets what was taken
	 * @return whether the message was added
	 */
	boolean addInsteadOfOldest(Outbound message, List<Outbound> evicted) {
		if (message.size() > this.maxBytes) {
			return false;
		}
		this.lock.lock();
		try {
			while (!reserve(message)) {
				Outbound oldest = take();
				if (oldest == null) {
					// The rest is on its way to the socket
					return false;
				}
				release(oldest);
				evicted.add(oldest);
			}
			add(message);
			return true;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes the oldest message. A {@code null} while an {@link #add} is under way is
	 * possible; that adder sees to another call.
	 */
	@Nullable Outbound poll() {
		return takeBy(this::take);
	}

	/**
	 * Takes the oldest control frame, past messages, which keep their order.
	 */
	@Nullable Outbound pollControl() {
		return takeBy(this::takeControl);
	}

	/**
	 * Returns the oldest message, which stays. A {@code null} as with {@link #poll} is
	 * possible.
	 */
	@Nullable Outbound peek() {
		return takeBy(this::first);
	}

	private @Nullable Outbound takeBy(Supplier<@Nullable Outbound> take) {
		if (!this.evicting) {
			return take.get();
		}
		this.lock.lock();
		try {
			return take.get();
		}
		finally {
			this.lock.unlock();
		}
	}

	private @Nullable Outbound first() {
		if (!this.passed.isEmpty()) {
			return this.passed.peek();
		}
		return (this.oldest != this.stub) ? this.oldest : this.oldest.next();
	}

	private @Nullable Outbound takeControl() {
		Outbound message = takeFromList();
		while (message != null && !message.kind().isControl()) {
			this.passed.add(message);
			message = takeFromList();
		}
		return message;
	}

	private @Nullable Outbound take() {
		Outbound passed = this.passed.poll();
		return (passed != null) ? passed : takeFromList();
	}

	private @Nullable Outbound takeFromList() {
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
