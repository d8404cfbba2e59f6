package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.WsConnection;
import dev.wsclient.WsFragment;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.options.WsOptions;

/**
 * Calls the listener of one connection, one call at a time and in order: on the event
 * loop, or on the user's executor behind a bounded backlog. While the user holds calls
 * back those of the event loop wait in the backlog too. What the listener throws ends
 * here. Calls are made from the event loop.
 */
final class ListenerCalls {

	private static final Logger logger = LoggerFactory.getLogger(ListenerCalls.class);

	/**
	 * After how many calls a run gives its thread back, so that connections that share an
	 * executor take turns.
	 */
	private static final int CALLS_PER_RUN = 256;

	private static final Duration RESUBMIT_DELAY = Duration.ofMillis(100);

	private static final Duration LATER_RESUBMIT_DELAY = Duration.ofSeconds(5);

	/**
	 * How often an executor may refuse in a row before nobody waits for it any more.
	 */
	private static final int MAX_REFUSALS = 50;

	private static final AtomicIntegerFieldUpdater<ListenerCalls> PENDING = AtomicIntegerFieldUpdater
		.newUpdater(ListenerCalls.class, "pending");

	private static final AtomicIntegerFieldUpdater<ListenerCalls> HOLDS = AtomicIntegerFieldUpdater
		.newUpdater(ListenerCalls.class, "holds");

	/**
	 * What is no call of the listener.
	 */
	private static final String AFTERWARDS = "afterwards";

	private final WsConnection connection;

	private final WsListener listener;

	private final WsEvents events;

	private final boolean timed;

	private final Ticker ticker;

	private final Scheduler scheduler;

	/**
	 * Whether calls are made on the user's executor, after this object's methods return.
	 */
	private final boolean deferred;

	/**
	 * The user's, or the event loop.
	 */
	private final Executor executor;

	private final Backlog backlog;

	private final Queue<Call> waiting = new ConcurrentLinkedQueue<>();

	/**
	 * How many calls wait or run; who raises it from zero starts a run.
	 */
	private volatile int pending;

	private volatile int holds;

	/**
	 * Whether a run ended before a call that is held back; who takes this away starts the
	 * next.
	 */
	private final AtomicBoolean parked = new AtomicBoolean();

	/**
	 * The message of each call on the event loop.
	 */
	private @Nullable PassedMessage loopMessage;

	/**
	 * How often in a row the executor refused.
	 */
	private volatile int refusals;

	/**
	 * For each method that threw, so that a listener that always throws does not flood
	 * the log.
	 */
	private final Map<String, LogThrottle> throttles = new ConcurrentHashMap<>();

	/**
	 * Creates the calls of a connection.
	 * @param backlogFull told on the event loop when the backlog becomes full and when it
	 * is half done again
	 */
	ListenerCalls(WsConnection connection, WsOptions options, WsListener listener, Scheduler scheduler, Ticker ticker,
			Consumer<Boolean> backlogFull) {
		this.connection = connection;
		this.listener = listener;
		this.events = options.events();
		this.timed = !this.events.equals(WsEvents.NONE) && this.events.timesCallbacks();
		this.ticker = ticker;
		this.scheduler = scheduler;
		this.deferred = options.executor().isPresent();
		this.executor = options.executor().orElse(scheduler);
		this.backlog = new Backlog(options, scheduler, backlogFull);
	}

	/**
	 * Passes on a message that is valid only now.
	 */
	void message(WsMessage message) {
		if (areDeferred()) {
			WsMessage copy = message.copy();
			PassedMessage passed = new PassedMessage(this.backlog, copy);
			enqueue("onMessage", copy.size(), (listener) -> listener.onMessage(this.connection, passed));
		}
		else {
			passNow(message);
		}
	}

	// What invoke() does, without an object for the call
	private void passNow(WsMessage message) {
		PassedMessage passed = loopMessage(message);
		long start = this.timed ? this.ticker.nanos() : 0;
		Throwable thrown = null;
		try {
			this.listener.onMessage(this.connection, passed);
		}
		// Whatever user code throws must not end the loop that serves other connections
		catch (Throwable ex) {
			thrown = ex;
		}
		if (this.timed || thrown != null) {
			onReturn("onMessage", start, thrown);
		}
		this.backlog.check();
	}

	private PassedMessage loopMessage(WsMessage message) {
		PassedMessage passed = this.loopMessage;
		if (passed == null) {
			passed = new PassedMessage(this.backlog, message);
			this.loopMessage = passed;
		}
		passed.show(message);
		return passed;
	}

	/**
	 * Passes on a piece of a message that is valid only now.
	 */
	void fragment(WsFragment fragment) {
		if (areDeferred()) {
			int size = fragment.payload().remaining();
			ByteBuffer copy = ByteBuffer.allocate(size).put(fragment.payload().duplicate()).flip().asReadOnlyBuffer();
			WsFragment lasting = new WsFragment(fragment.type(), copy, fragment.first(), fragment.last(),
					fragment.session());
			enqueue("onFragment", size, (listener) -> listener.onFragment(this.connection, lasting));
		}
		else {
			invoke("onFragment", (listener) -> listener.onFragment(this.connection, fragment));
		}
	}

	/**
	 * Makes another call.
	 * @param name the listener's method
	 * @param call the call
	 */
	void call(String name, Consumer<WsListener> call) {
		if (areDeferred()) {
			enqueue(name, 0, call);
		}
		else {
			invoke(name, call);
		}
	}

	/**
	 * Runs a task after all calls made so far, or when the executor refused to make them
	 * for five seconds. It may run twice then.
	 */
	void afterwards(Runnable task) {
		if (areDeferred()) {
			enqueue(AFTERWARDS, 0, (listener) -> task.run());
		}
		else {
			task.run();
		}
	}

	/**
	 * Whether a call that is made now happens after this object's methods return.
	 */
	boolean areDeferred() {
		return this.deferred || this.pending > 0 || this.holds > 0;
	}

	/**
	 * Holds further calls back. Any thread.
	 * @return lets them go on
	 */
	WsConnection.Hold hold() {
		HOLDS.incrementAndGet(this);
		AtomicBoolean released = new AtomicBoolean();
		return () -> {
			if (released.compareAndSet(false, true) && HOLDS.decrementAndGet(this) == 0
					&& this.parked.compareAndSet(true, false)) {
				submit();
			}
		};
	}

	/**
	 * Returns how many calls wait or run, and how many messages are retained. Any thread.
	 */
	int backlogSize() {
		return this.backlog.size();
	}

	private void enqueue(String name, int bytes, Consumer<WsListener> call) {
		this.waiting.add(new Call(name, bytes, call));
		this.backlog.add(bytes);
		if (PENDING.getAndIncrement(this) == 0) {
			submit();
		}
		this.backlog.check();
	}

	private void submit() {
		try {
			this.executor.execute(this::run);
			this.refusals = 0;
		}
		// Also an OutOfMemoryError, when no further thread can be started
		catch (Throwable ex) {
			int refusals = this.refusals + 1;
			this.refusals = refusals;
			if (refusals == 1) {
				logger.warn("Connection '{}': the executor refuses to call the listener, {} calls wait; trying again",
						this.connection.name(), this.pending, ex);
			}
			if (refusals >= MAX_REFUSALS) {
				runTasks();
			}
			submitLater();
		}
	}

	private void runTasks() {
		for (Call call : this.waiting) {
			if (call.name.equals(AFTERWARDS)) {
				invoke(call.name, call.call);
			}
		}
	}

	private void submitLater() {
		try {
			this.scheduler.schedule(this::submit,
					(this.refusals < MAX_REFUSALS) ? RESUBMIT_DELAY : LATER_RESUBMIT_DELAY);
		}
		catch (RejectedExecutionException ex) {
			logger.error("Connection '{}': client and executor are shut down; {} calls of the listener are given up",
					this.connection.name(), this.pending);
		}
	}

	private void run() {
		for (int i = 0; i < CALLS_PER_RUN; i++) {
			if (this.holds > 0 && park()) {
				return;
			}
			Call call = this.waiting.remove();
			invoke(call.name, call.call);
			this.backlog.remove(call.bytes);
			if (PENDING.decrementAndGet(this) == 0) {
				return;
			}
		}
		submit();
	}

	/**
	 * Ends the run until the last hold is released.
	 * @return whether this was not too late
	 */
	private boolean park() {
		this.parked.set(true);
		return this.holds > 0 || !this.parked.compareAndSet(true, false);
	}

	private void invoke(String name, Consumer<WsListener> call) {
		long start = this.timed ? this.ticker.nanos() : 0;
		Throwable thrown = null;
		try {
			call.accept(this.listener);
		}
		// Whatever user code throws must not end the loop that serves other connections
		catch (Throwable ex) {
			thrown = ex;
		}
		if (this.timed || thrown != null) {
			onReturn(name, start, thrown);
		}
	}

	private void onReturn(String name, long start, @Nullable Throwable thrown) {
		if (this.timed && !name.equals(AFTERWARDS)) {
			observe(name, this.ticker.nanos() - start, thrown);
		}
		if (thrown != null) {
			log("the listener's " + name, thrown);
			if (!name.equals("onError")) {
				Throwable error = thrown;
				invoke("onError", (listener) -> listener.onError(this.connection, error));
			}
		}
	}

	private void observe(String name, long nanos, @Nullable Throwable thrown) {
		try {
			this.events.callbackFinished(this.connection, name, nanos, thrown);
		}
		// An error would end the loop
		catch (Throwable ex) {
			log("the events' callbackFinished", ex);
		}
	}

	/**
	 * Reports what a task of the user's threw, that is no call.
	 */
	void taskThrew(Throwable thrown) {
		log("a scheduled task", thrown);
		call("onError", (listener) -> listener.onError(this.connection, thrown));
	}

	private void log(String culprit, Throwable thrown) {
		String heldBack = throttle(culprit).ask();
		if (heldBack != null) {
			LogContext.log(this.connection, () -> logger.error("Connection '{}' [{}]: {} threw{}",
					this.connection.name(), this.connection.snapshot().sessionId(), culprit, heldBack, thrown));
		}
		else {
			logger.debug("Connection '{}': {} threw", this.connection.name(), culprit, thrown);
		}
	}

	/**
	 * Returns what keeps a user's code that always throws from flooding the log. Any
	 * thread.
	 * @param culprit the code
	 */
	LogThrottle throttle(String culprit) {
		return this.throttles.computeIfAbsent(culprit, (key) -> new LogThrottle(this.ticker));
	}

	/**
	 * A call that waits for the executor.
	 */
	private record Call(String name, int bytes, Consumer<WsListener> call) {

	}

}
