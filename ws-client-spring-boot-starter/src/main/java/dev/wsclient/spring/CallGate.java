package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/**
 * Lets the calls of one connection's handler methods pass, and knows those that run. When
 * the application stops it is closed: then it refuses messages, and tells when the last
 * call is over. Safe for use by several threads.
 */
class CallGate {

	/**
	 * A call that runs, most often the only one: to take this place costs less than a
	 * turn in the map.
	 */
	private final AtomicReference<@Nullable Running> first = new AtomicReference<>();

	/** The calls that began while another was the first. */
	private final Map<Thread, Object> others = new ConcurrentHashMap<>();

	/** Counted before a call is in the map, and until it is out of it. */
	private final AtomicInteger otherCount = new AtomicInteger();

	/** Held while threads are interrupted. */
	private final Object interruption = new Object();

	private final AtomicInteger expectedWork = new AtomicInteger();

	private final LongAdder refused = new LongAdder();

	/** Completes when nothing runs any more; {@code null} while the gate is open. */
	private volatile @Nullable CompletableFuture<Void> idle;

	private volatile boolean interrupting;

	/**
	 * Enters a call of a handler method on this thread.
	 * @param handler the method
	 * @return {@code false} if the call is refused, as the gate is closed and the method
	 * is to get a message
	 */
	boolean enter(HandlerMethod handler) {
		boolean outermost = begin(handler);
		// Entered first and looked at the gate then, so that none slips through while it
		// is being closed
		if (this.idle == null || !outermost || handler.kind() != HandlerKind.MESSAGE) {
			return true;
		}
		exit(handler);
		this.refused.increment();
		return false;
	}

	/**
	 * Enters a call with messages that were let in one by one; such a call is refused
	 * only when those that run are interrupted.
	 * @param handler the method
	 * @param messages how many messages it is to get
	 * @return {@code false} if the call is refused
	 */
	boolean enterBatch(HandlerMethod handler, int messages) {
		begin(handler);
		if (!this.interrupting) {
			return true;
		}
		exit(handler);
		this.refused.add(messages);
		return false;
	}

	/**
	 * Enters a call that gets no message and is none of a handler method.
	 * @param call describes the call
	 */
	void enter(String call) {
		begin(call);
	}

	/**
	 * Notes a call unless it is part of another on this thread, such as one that a
	 * handler's failure leads to.
	 * @return {@code true} if it is the outermost
	 */
	private boolean begin(Object call) {
		Thread thread = Thread.currentThread();
		Running first = this.first.get();
		if ((first != null && first.isOn(thread)) || (this.otherCount.get() > 0 && this.others.containsKey(thread))) {
			return false;
		}
		if (first != null || !this.first.compareAndSet(null, new Running(thread, call))) {
			this.otherCount.incrementAndGet();
			this.others.put(thread, call);
		}
		return true;
	}

	/**
	 * Forgets the outermost call of this thread.
	 * @param expected the call, or {@code null} for whatever it is
	 * @return {@code true} if there was such a call
	 */
	private boolean end(@Nullable Object expected) {
		Thread thread = Thread.currentThread();
		Running first = this.first.get();
		if (first != null && first.isOn(thread)) {
			if (expected != null && !expected.equals(first.call())) {
				return false;
			}
			this.first.set(null);
			return true;
		}
		if (this.otherCount.get() == 0) {
			return false;
		}
		Object call = this.others.get(thread);
		if (call == null || (expected != null && !expected.equals(call))) {
			return false;
		}
		this.others.remove(thread);
		this.otherCount.decrementAndGet();
		return true;
	}

	/**
	 * Lets in a message that is to be handled later, with others.
	 * @return {@code false} if it is refused, as the gate is closed
	 */
	boolean admit() {
		if (this.idle == null) {
			return true;
		}
		this.refused.increment();
		return false;
	}

	/**
	 * Counts a message that was refused elsewhere.
	 */
	void countRefused() {
		this.refused.increment();
	}

	/**
	 * Whether no call runs and no work is expected, at the moment.
	 * @return {@code true} if there is nothing to wait for
	 */
	boolean isIdle() {
		return this.first.get() == null && this.otherCount.get() == 0 && this.expectedWork.get() <= 0;
	}

	/**
	 * Leaves the call that was entered on this thread.
	 * @param call the method, or what describes the call
	 */
	void exit(Object call) {
		if (end(call)) {
			if (this.interrupting) {
				clearInterrupt();
			}
			tellIfIdle();
		}
	}

	/**
	 * An interrupt was meant for the call that is over, not for the next on this thread.
	 */
	private void clearInterrupt() {
		synchronized (this.interruption) {
			Thread.interrupted();
		}
	}

	/**
	 * Something will be done that was begun before the gate is closed, if it is: a call
	 * returned a stage whose value is still to be sent, or messages are collected.
	 */
	void workExpected() {
		this.expectedWork.incrementAndGet();
	}

	/**
	 * Begins work that is not the call of a method, to be ended by {@link #workDone()}.
	 * @return {@code false} if it is refused, as the gate is closed
	 */
	boolean beginWork() {
		// Counted first and looked at the gate then, as a call
		workExpected();
		if (this.idle == null) {
			return true;
		}
		workDone();
		return false;
	}

	/**
	 * That was done.
	 */
	void workDone() {
		this.expectedWork.decrementAndGet();
		tellIfIdle();
	}

	private void tellIfIdle() {
		CompletableFuture<Void> idle = this.idle;
		if (idle != null && isIdle()) {
			idle.complete(null);
		}
	}

	/**
	 * Opens the gate, as it is at first.
	 */
	void open() {
		this.idle = null;
		this.interrupting = false;
	}

	/**
	 * Takes the call that runs on this thread for over: it closes the gate itself, so
	 * that nobody can wait for it.
	 * @return {@code true} if there is such a call
	 */
	boolean excuseCaller() {
		return end(null);
	}

	/**
	 * Returns how many replies are still to come, at the moment.
	 * @return the number
	 */
	int expectedWork() {
		return this.expectedWork.get();
	}

	/**
	 * Refuses messages from now on.
	 * @return completes when no call runs and no work is expected any more
	 */
	CompletableFuture<Void> close() {
		CompletableFuture<Void> idle = new CompletableFuture<>();
		this.idle = idle;
		tellIfIdle();
		return idle;
	}

	/**
	 * Interrupts the calls that still run.
	 * @return the calls that were interrupted, described
	 */
	List<String> interrupt() {
		this.interrupting = true;
		List<String> calls = new ArrayList<>();
		// A call that ends meanwhile waits for the lock, so that no other is hit
		synchronized (this.interruption) {
			Running first = this.first.get();
			if (first != null) {
				first.thread().interrupt();
				calls.add(first.call().toString());
			}
			this.others.forEach((thread, call) -> {
				thread.interrupt();
				calls.add(call.toString());
			});
		}
		return calls;
	}

	/**
	 * Returns how many messages were refused since this was last asked for.
	 * @return the number
	 */
	long takeRefused() {
		return this.refused.sumThenReset();
	}

	/**
	 * The outermost call of a thread.
	 *
	 * @param thread the thread
	 * @param call the handler method, or what describes the call
	 */
	private record Running(Thread thread, Object call) {

		boolean isOn(Thread other) {
			return this.thread == other;
		}

	}

}
