package dev.wsclient.internal.lifecycle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.transport.Outbound;

/**
 * Messages that wait to be written: any thread adds, the event loop takes, in order. The
 * queue is linked through the messages themselves (D. Vyukov's intrusive MPSC queue); the
 * link of a message is cut when it is taken, so that neither the queue nor whoever keeps
 * its result keeps those behind it. The queue also keeps the account of all accepted
 * messages until they are written or given up, wherever they are.
 */
final class OutboundQueue {

	/**
	 * How many bits of the account are bytes: 16 GiB, more than the bound and what is
	 * charged beyond it. The others are messages: more than memory holds.
	 */
	private static final int BYTES_BITS = 34;

	private static final long ONE_MESSAGE = 1L << BYTES_BITS;

	private static final int MAX_COUNT = (1 << (Long.SIZE - BYTES_BITS - 1)) - 1;

	private static final Queue<Outbound> NO_MESSAGES = new ArrayDeque<>(0);

	private static final int MIN_EVICTED = 1024;

	private static final AtomicLongFieldUpdater<OutboundQueue> ACCOUNT = AtomicLongFieldUpdater
		.newUpdater(OutboundQueue.class, "account");

	private static final AtomicReferenceFieldUpdater<OutboundQueue, Outbound> NEWEST = AtomicReferenceFieldUpdater
		.newUpdater(OutboundQueue.class, Outbound.class, "newest");

	private final int maxBytes;

	private final int maxCount;

	/**
	 * Messages and bytes in one number, for each atomic step costs a sender as much as
	 * encoding does.
	 */
	private volatile long account;

	private final Outbound stub;

	private volatile Outbound newest;

	private Outbound oldest;

	/**
	 * Messages that were passed, by a control frame or when a session ended: older than
	 * all in the list. Null before the first.
	 */
	private @Nullable Queue<Outbound> passed;

	/**
	 * Messages that had to make room, until the event loop tells their senders. Guarded
	 * by the lock.
	 */
	private Queue<Outbound> evicted = new ArrayDeque<>(0);

	/**
	 * How many of them may wait: as many as messages may, and some more if those are few.
	 */
	private final int maxEvicted;

	/**
	 * Held to take messages; null unless threads other than the event loop do so.
	 */
	private final @Nullable ReentrantLock lock;

	/**
	 * Creates a queue.
	 * @param evicting whether any thread may take messages by
	 * {@link #addInsteadOfOldest}, and not only the event loop
	 */
	OutboundQueue(Scheduler scheduler, int maxBytes, int maxCount, boolean evicting) {
		this.lock = evicting ? new ReentrantLock() : null;
		this.maxBytes = maxBytes;
		this.maxCount = Math.min(maxCount, MAX_COUNT);
		this.maxEvicted = Math.max(this.maxCount, MIN_EVICTED);
		this.stub = Outbound.text(scheduler, "");
		this.newest = this.stub;
		this.oldest = this.stub;
	}

	/**
	 * Takes room in the account, if there is.
	 */
	boolean reserve(Outbound message) {
		long before;
		do {
			before = this.account;
			if (bytes(before) + message.size() > this.maxBytes || count(before) >= this.maxCount) {
				return false;
			}
		}
		while (!ACCOUNT.compareAndSet(this, before, before + ONE_MESSAGE + message.size()));
		return true;
	}

	/**
	 * Takes room in the account even if there is none.
	 */
	void charge(Outbound message) {
		ACCOUNT.addAndGet(this, ONE_MESSAGE + message.size());
	}

	/**
	 * Gives room back to the account.
	 */
	void release(Outbound message) {
		release(1, message.size());
	}

	/**
	 * Gives back the room of several messages.
	 */
	void release(int messages, long bytes) {
		ACCOUNT.addAndGet(this, -(messages * ONE_MESSAGE + bytes));
	}

	long bytes() {
		return bytes(this.account);
	}

	private static long bytes(long account) {
		return account & (ONE_MESSAGE - 1);
	}

	int count() {
		return count(this.account);
	}

	private static int count(long account) {
		return (int) (account >>> BYTES_BITS);
	}

	boolean isHalfEmpty() {
		long account = this.account;
		return bytes(account) <= this.maxBytes / 2 && count(account) <= this.maxCount / 2;
	}

	int maxBytes() {
		return this.maxBytes;
	}

	String fullness() {
		long account = this.account;
		return bytes(account) + " of " + this.maxBytes + " bytes and " + count(account) + " of " + this.maxCount
				+ " messages wait";
	}

	void add(Outbound message) {
		Outbound before = NEWEST.getAndSet(this, message);
		before.setNext(message);
	}

	/**
	 * Takes the oldest messages until there is room for another, and adds that. What was
	 * taken waits for {@link #takeEvicted}, without its payload. Only if the queue was
	 * made for it.
	 * @return whether the message was added: not if too little waits, or too many wait
	 * that were taken so
	 */
	boolean addInsteadOfOldest(Outbound message) {
		ReentrantLock lock = Objects.requireNonNull(this.lock, "the queue evicts nothing");
		if (message.size() > this.maxBytes) {
			return false;
		}
		lock.lock();
		try {
			while (!reserve(message)) {
				// If there is none, the rest is on its way to the socket
				Outbound oldest = (this.evicted.size() < this.maxEvicted) ? take() : null;
				if (oldest == null) {
					return false;
				}
				release(oldest);
				oldest.clearPayload();
				this.evicted.add(oldest);
			}
			add(message);
			return true;
		}
		finally {
			lock.unlock();
		}
	}

	/**
	 * Takes what had to make room for newer messages, the oldest first.
	 */
	Queue<Outbound> takeEvicted() {
		if (this.lock == null) {
			return NO_MESSAGES;
		}
		this.lock.lock();
		try {
			Queue<Outbound> evicted = this.evicted;
			if (evicted.isEmpty()) {
				return NO_MESSAGES;
			}
			this.evicted = new ArrayDeque<>();
			return evicted;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes the oldest message.
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
	 * Takes all messages that are bound to a session; the others keep their order. Only
	 * between sessions.
	 */
	List<Outbound> takeBound() {
		List<Outbound> bound = new ArrayList<>();
		takeBy(() -> {
			Queue<Outbound> others = new ArrayDeque<>();
			for (Outbound message = take(); message != null; message = take()) {
				(message.isBoundElsewhere(0) ? bound : others).add(message);
			}
			this.passed = others;
			return null;
		});
		return bound;
	}

	/**
	 * Returns the oldest message, which stays.
	 */
	@Nullable Outbound peek() {
		return takeBy(this::first);
	}

	private @Nullable Outbound takeBy(Supplier<@Nullable Outbound> take) {
		if (this.lock == null) {
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
		Outbound passed = (this.passed != null) ? this.passed.peek() : null;
		if (passed != null) {
			return passed;
		}
		return (this.oldest != this.stub) ? this.oldest : nextOf(this.stub);
	}

	private @Nullable Outbound takeControl() {
		Outbound message = takeFromList();
		while (message != null && !message.kind().isControl()) {
			pass(message);
			message = takeFromList();
		}
		return message;
	}

	private void pass(Outbound message) {
		if (this.passed == null) {
			this.passed = new ArrayDeque<>();
		}
		this.passed.add(message);
	}

	private @Nullable Outbound take() {
		Outbound passed = (this.passed != null) ? this.passed.poll() : null;
		return (passed != null) ? passed : takeFromList();
	}

	private @Nullable Outbound takeFromList() {
		Outbound first = this.oldest;
		if (first == this.stub) {
			first = nextOf(this.stub);
			if (first == null) {
				return null;
			}
			this.oldest = first;
			this.stub.clearNext();
		}
		Outbound second = nextOf(first);
		if (second == null) {
			add(this.stub);
			second = Objects.requireNonNull(nextOf(first), "the stub is behind it");
		}
		this.oldest = second;
		first.clearNext();
		return first;
	}

	/**
	 * Returns what is behind a message. An adder that is between its two steps is waited
	 * for: it saw a task under way that was to find its message.
	 */
	private @Nullable Outbound nextOf(Outbound message) {
		Outbound next = message.next();
		if (next == null && message != this.newest) {
			do {
				Thread.onSpinWait();
				next = message.next();
			}
			while (next == null);
		}
		return next;
	}

}
