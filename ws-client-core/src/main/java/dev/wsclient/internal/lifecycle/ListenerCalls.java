package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;

import dev.wsclient.WsConnection;
import dev.wsclient.WsFragment;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.WsStateChange;
import dev.wsclient.internal.listener.CallScope;
import dev.wsclient.internal.log.SafeLogger;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.time.WaitRule;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.options.WsOptions;

/**
 * Calls the listener of one connection, one call at a time and in order: on the event
 * loop, or on the user's executor behind a bounded backlog. While the user holds calls
 * back those of the event loop wait in the backlog too. What the listener throws ends
 * here. Calls are made from the event loop.
 * <p>
 * Calls that wait are made by a {@link Turn}, which the executor is given. There is one
 * at a time, and it runs once, however often it is handed over: so it can be handed over
 * again when the executor refuses it or seems to have lost it, as one does that is shut
 * down.
 */
final class ListenerCalls implements WaitRule {

	private static final Logger logger = SafeLogger.of(ListenerCalls.class);

	/**
	 * After how many calls a turn gives its thread back, so that connections that share
	 * an executor take turns.
	 */
	private static final int CALLS_PER_TURN = 256;

	/**
	 * How long a turn may wait for the executor before it is handed over again, and what
	 * waits for the calls is done without them.
	 */
	private static final Duration START_TIMEOUT = Duration.ofSeconds(5);

	private static final Duration REFUSAL_DELAY = Duration.ofMillis(100);

	/**
	 * How many refusals in a row lead to another try after the short delay.
	 */
	private static final int MAX_QUICK_REFUSALS = 50;

	private static final AtomicIntegerFieldUpdater<ListenerCalls> PENDING = AtomicIntegerFieldUpdater
		.newUpdater(ListenerCalls.class, "pending");

	private static final AtomicIntegerFieldUpdater<ListenerCalls> HOLDS = AtomicIntegerFieldUpdater
		.newUpdater(ListenerCalls.class, "holds");

	private final WsConnection connection;

	private final WsListener listener;

	private final CallScope scope;

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

	/**
	 * Event loop only adds, the turn takes.
	 */
	private final Queue<Call> waiting = new ConcurrentLinkedQueue<>();

	/**
	 * How many calls wait or run; whoever raises it from zero starts a turn.
	 */
	private volatile int pending;

	private volatile int holds;

	/**
	 * Whether a turn ended before a call that is held back; whoever takes this away
	 * starts the next.
	 */
	private final AtomicBoolean parked = new AtomicBoolean();

	/**
	 * The newest turn: it waits for the executor, runs, or is over.
	 */
	private volatile @Nullable Turn turn;

	/**
	 * Set while calls wait. Event loop only.
	 */
	private Scheduler.@Nullable Timer watch;

	/**
	 * The newest turn when the watch was set. Event loop only.
	 */
	private @Nullable Turn watched;

	/**
	 * The newest of the calls that wait, if it takes further ones. Event loop only.
	 */
	private @Nullable SummedUp summedUp;

	/**
	 * Whether the session opened when the backlog was full, so that its messages come
	 * only at its end. Event loop only.
	 */
	private boolean openedWhenFull;

	/**
	 * The message of each call on the event loop.
	 */
	private @Nullable PassedMessage loopMessage;

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
		this.scope = (listener instanceof CallScope own) ? own : () -> false;
		this.events = options.events();
		this.ticker = ticker;
		this.timed = this.events != WsEvents.NONE && timesCallbacks();
		this.scheduler = scheduler;
		this.deferred = options.executor().isPresent();
		this.executor = options.executor().orElse(scheduler);
		this.backlog = new Backlog(options, scheduler, backlogFull);
	}

	private boolean timesCallbacks() {
		try {
			return this.events.timesCallbacks();
		}
		// As all that an observer throws
		catch (Throwable ex) {
			logger.error("Connection '{}': the events' timesCallbacks threw", this.connection.name(), ex);
			return true;
		}
	}

	/**
	 * Passes on a message that is valid only now.
	 */
	void message(WsMessage message) {
		if (!areDeferred()) {
			passNow(message);
		}
		else if (hasRoom()) {
			WsMessage copy = message.copy();
			PassedMessage passed = new PassedMessage(this.backlog, copy);
			enqueue("onMessage", copy.size(), (listener) -> listener.onMessage(this.connection, passed));
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
		// An interrupt is not meant for the next call
		Thread.interrupted();
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
		if (!areDeferred()) {
			invokeNow("onFragment", (listener) -> listener.onFragment(this.connection, fragment));
		}
		else if (hasRoom()) {
			ByteBuffer copy = copy(fragment.payload());
			WsFragment lasting = new WsFragment(fragment.type(), copy, fragment.first(), fragment.last());
			enqueue("onFragment", copy.remaining(), (listener) -> listener.onFragment(this.connection, lasting));
		}
	}

	private static ByteBuffer copy(ByteBuffer payload) {
		return ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip().asReadOnlyBuffer();
	}

	/**
	 * Passes on the payload of a ping or pong that is valid only now.
	 * @param name the listener's method
	 * @param call the call
	 */
	void control(String name, ByteBuffer payload, BiConsumer<WsListener, ByteBuffer> call) {
		if (!areDeferred()) {
			invokeNow(name, (listener) -> call.accept(listener, payload));
		}
		else if (hasRoom()) {
			ByteBuffer copy = copy(payload);
			enqueue(name, copy.remaining(), (listener) -> call.accept(listener, copy));
		}
	}

	/**
	 * Whether what arrived may wait too. The socket is not read while the backlog is
	 * full, but what was read before a session ends is delivered then. Where session
	 * follows upon session meanwhile that would have no bound.
	 */
	private boolean hasRoom() {
		this.openedWhenFull = this.openedWhenFull && this.backlog.isFull();
		if (!this.openedWhenFull || !this.backlog.isOverfull()) {
			return true;
		}
		String heldBack = throttle("messages that find no room").ask();
		if (heldBack != null) {
			logger.warn("Connection '{}': the listener is so far behind that what a session received before it ended "
					+ "is given up{}", this.connection.name(), heldBack);
		}
		return false;
	}

	/**
	 * Tells of a change of the state.
	 */
	void stateChanged(WsStateChange change) {
		call("onStateChange", new StateCall(this.connection, change));
	}

	/**
	 * Makes another call.
	 * @param name the listener's method
	 * @param call the call
	 */
	void call(String name, Consumer<WsListener> call) {
		if (name.equals("onOpen")) {
			this.openedWhenFull = this.backlog.isFull();
		}
		if (!areDeferred()) {
			invokeNow(name, call);
		}
		else if (this.backlog.isOverfull()) {
			sumUp(new Call(name, 0, call));
		}
		else {
			enqueue(name, 0, call);
		}
	}

	private void sumUp(Call call) {
		SummedUp summedUp = this.summedUp;
		if (summedUp != null && summedUp.add(call)) {
			return;
		}
		String heldBack = throttle("calls that are summed up").ask();
		if (heldBack != null) {
			logger.warn("Connection '{}': {} calls wait for the listener; of further ones that bring no message only "
					+ "the newest of each kind are kept{}", this.connection.name(), this.pending, heldBack);
		}
		SummedUp next = new SummedUp();
		next.add(call);
		enqueue(next);
	}

	/**
	 * Runs a task once: after all calls made so far, or when the executor has not begun
	 * to make them for five seconds.
	 */
	void afterwards(Runnable task) {
		if (!areDeferred()) {
			run(task);
			return;
		}
		SummedUp summedUp = this.summedUp;
		if (summedUp == null || !summedUp.addTask(task)) {
			SummedUp next = new SummedUp();
			next.addTask(task);
			enqueue(next);
		}
		if (this.pending > 0 && this.turn != this.watched) {
			watch();
		}
	}

	private void run(Runnable task) {
		try {
			task.run();
		}
		// Whatever it is, the calls behind it must come
		catch (Throwable ex) {
			log("what waited for the listener's calls", ex);
		}
	}

	/**
	 * Whether a call that is made now happens after this object's methods return.
	 */
	boolean areDeferred() {
		return this.deferred || this.pending > 0 || this.holds > 0;
	}

	/**
	 * Whether the calling thread makes a call, or a part of one. Any thread.
	 */
	boolean isInCall() {
		Turn turn = this.turn;
		return (turn != null && turn.thread == Thread.currentThread()) || this.scope.isInCall();
	}

	/**
	 * Objects to a wait for what comes after the calls.
	 */
	@Override
	public @Nullable String objection() {
		String objection = this.scheduler.objection();
		if (objection != null) {
			return objection;
		}
		return isInCall() ? "Waiting here would never end: this is a call of connection '" + this.connection.name()
				+ "', and what is waited for comes after its calls; go on in a dependent stage (thenRun, whenComplete)"
				: null;
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
		enqueue(new Call(name, bytes, call));
	}

	private void enqueue(Call call) {
		this.summedUp = (call instanceof SummedUp open) ? open : null;
		this.waiting.add(call);
		this.backlog.add(call.bytes);
		if (PENDING.getAndIncrement(this) == 0) {
			submit();
		}
		if (this.watch == null && this.pending > 0) {
			watch();
		}
		this.backlog.check();
	}

	// The turns

	private void submit() {
		Turn next = new Turn();
		this.turn = next;
		handOver(next);
	}

	private void handOver(Turn turn) {
		try {
			this.executor.execute(turn);
			turn.refused = false;
		}
		// Also an OutOfMemoryError, when no further thread can be started
		catch (Throwable ex) {
			onRefused(turn, ex);
		}
	}

	private void onRefused(Turn turn, Throwable refusal) {
		if (turn.isStarted()) {
			// It ran on this thread, or the executor took it before it failed
			return;
		}
		turn.refused = true;
		int refusals = turn.refusals.incrementAndGet();
		if (refusals == 1) {
			logger.warn("Connection '{}': the executor refuses to call the listener, {} calls wait; trying again",
					this.connection.name(), this.pending, refusal);
		}
		try {
			if (refusals < MAX_QUICK_REFUSALS) {
				this.scheduler.schedule(() -> {
					if (!turn.isStarted()) {
						handOver(turn);
					}
				}, REFUSAL_DELAY);
			}
		}
		catch (RejectedExecutionException ex) {
			logger.error("Connection '{}': client and executor are shut down; {} calls of the listener are given up",
					this.connection.name(), this.pending);
			runTasks();
		}
	}

	private void run(Turn turn) {
		if (makeCalls(turn)) {
			submit();
		}
		if (turn.interrupted && this.deferred) {
			// It may have been meant for the executor's thread
			Thread.currentThread().interrupt();
		}
	}

	/**
	 * Makes the calls of a turn.
	 * @return whether calls are left for another turn
	 */
	private boolean makeCalls(Turn turn) {
		Thread thread = Thread.currentThread();
		for (int i = 0; i < CALLS_PER_TURN; i++) {
			if (this.holds > 0 && park()) {
				return false;
			}
			turn.thread = thread;
			boolean done = makeNext();
			turn.thread = null;
			// An interrupt is not meant for the next call
			turn.interrupted |= Thread.interrupted();
			if (done && PENDING.decrementAndGet(this) == 0) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Ends the turn until the last hold is released.
	 * @return whether this was not too late
	 */
	private boolean park() {
		this.parked.set(true);
		return this.holds > 0 || !this.parked.compareAndSet(true, false);
	}

	/**
	 * Makes the next call.
	 * @return whether it is done with
	 */
	private boolean makeNext() {
		Call call = this.waiting.element();
		if (call instanceof SummedUp several && makeNext(several)) {
			return false;
		}
		this.waiting.remove();
		try {
			if (call.call != null) {
				invoke(call.name, call.call);
			}
			this.backlog.remove(call.bytes);
		}
		catch (Throwable ex) {
			// No memory is left, not even to tell so; the calls behind this one must come
		}
		return true;
	}

	/**
	 * Makes the next of the calls that are summed up.
	 * @return whether there was one
	 */
	private boolean makeNext(SummedUp summedUp) {
		Call call = summedUp.poll();
		if (call != null && call.call != null) {
			invoke(call.name, call.call);
			return true;
		}
		Runnable task = summedUp.pollTask();
		if (task != null) {
			run(task);
			return true;
		}
		// Another may have come meanwhile
		return !summedUp.close();
	}

	// An executor that doesn't start a turn

	private void watch() {
		if (this.watch != null) {
			this.watch.cancel();
			this.watch = null;
		}
		this.watched = this.turn;
		try {
			this.watch = this.scheduler.schedule(this::onWatch, START_TIMEOUT, this::runTasks);
		}
		catch (RejectedExecutionException ex) {
			// The client is being closed
			runTasks();
		}
	}

	private void onWatch() {
		this.watch = null;
		if (this.pending == 0) {
			return;
		}
		Turn turn = this.turn;
		if (turn != null && turn == this.watched && !turn.isStarted()) {
			onLate(turn);
		}
		watch();
	}

	/**
	 * An executor with a long queue gets the turn more and more seldom, so that the queue
	 * does not grow by it.
	 */
	private void onLate(Turn turn) {
		turn.late++;
		boolean again = Integer.bitCount(turn.late) == 1;
		if (again && !turn.refused) {
			logger.warn(
					"Connection '{}': the executor has not begun to call the listener for {} seconds, {} calls "
							+ "wait; handing them over again",
					this.connection.name(), START_TIMEOUT.toSeconds() * turn.late, this.pending);
		}
		runTasks();
		if (again || turn.refused) {
			handOver(turn);
		}
	}

	/**
	 * Does what waits for the calls without them.
	 */
	private void runTasks() {
		for (Call call : this.waiting) {
			if (call instanceof SummedUp several) {
				Runnable task = several.pollTask();
				while (task != null) {
					run(task);
					task = several.pollTask();
				}
			}
		}
	}

	// One call

	private void invokeNow(String name, Consumer<WsListener> call) {
		invoke(name, call);
		Thread.interrupted();
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
		if (this.timed) {
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
	 * A call that waits.
	 */
	private static class Call {

		private final String name;

		private final int bytes;

		/**
		 * {@code null} for several calls that wait as one.
		 */
		private final @Nullable Consumer<WsListener> call;

		Call(String name, int bytes, @Nullable Consumer<WsListener> call) {
			this.name = name;
			this.bytes = bytes;
			this.call = call;
		}

	}

	/**
	 * A call that tells of a change of the state.
	 *
	 * @param connection the connection
	 * @param change the change
	 */
	private record StateCall(WsConnection connection, WsStateChange change) implements Consumer<WsListener> {

		@Override
		public void accept(WsListener listener) {
			listener.onStateChange(this.connection, this.change);
		}

	}

	/**
	 * Calls that wait as one, of which a newer one takes the place of an older: at most
	 * one for each method, in the order of the newest. Behind them come tasks that waited
	 * for them. The event loop adds, the turn takes, and either takes tasks.
	 */
	private static final class SummedUp extends Call {

		private final ReentrantLock lock = new ReentrantLock();

		/**
		 * Guarded by the lock, as the rest.
		 */
		private final Map<String, Call> calls = new LinkedHashMap<>();

		private final Deque<Runnable> tasks = new ArrayDeque<>();

		/**
		 * Whether nothing may be added, because what there was is taken.
		 */
		private boolean closed;

		SummedUp() {
			super("", 0, null);
		}

		/**
		 * Adds a call.
		 * @return {@code false} if it comes too late
		 */
		boolean add(Call call) {
			this.lock.lock();
			try {
				if (!this.closed) {
					merge(call);
				}
				return !this.closed;
			}
			finally {
				this.lock.unlock();
			}
		}

		private void merge(Call call) {
			switch (call.name) {
				case "onBufferFull" -> unless("onBufferDrain", call);
				case "onBufferDrain" -> unless("onBufferFull", call);
				case "onClose" -> {
					// A session that the listener knows nothing of is over
					if (unless("onOpen", call)) {
						this.calls.remove("onConnect");
					}
				}
				case "onStateChange" -> put(merged(call));
				default -> put(call);
			}
		}

		/**
		 * Adds a call unless one waits that it makes undone.
		 * @return whether one did
		 */
		private boolean unless(String other, Call call) {
			boolean undone = this.calls.remove(other) != null;
			if (!undone) {
				put(call);
			}
			return undone;
		}

		private void put(Call call) {
			this.calls.remove(call.name);
			this.calls.put(call.name, call);
		}

		/**
		 * Makes one change of the newest and the one before.
		 */
		private Call merged(Call call) {
			Call before = this.calls.get(call.name);
			if (before != null && before.call instanceof StateCall first && call.call instanceof StateCall last) {
				WsStateChange change = new WsStateChange(first.change().from(), last.change().to(),
						last.change().cause());
				return new Call(call.name, 0, new StateCall(last.connection(), change));
			}
			return call;
		}

		/**
		 * Adds a task.
		 * @return {@code false} if it comes too late
		 */
		boolean addTask(Runnable task) {
			this.lock.lock();
			try {
				return !this.closed && this.tasks.add(task);
			}
			finally {
				this.lock.unlock();
			}
		}

		/**
		 * Takes the next call.
		 * @return {@code null} if there is none
		 */
		@Nullable Call poll() {
			this.lock.lock();
			try {
				Iterator<Call> calls = this.calls.values().iterator();
				if (!calls.hasNext()) {
					return null;
				}
				Call next = calls.next();
				calls.remove();
				return next;
			}
			finally {
				this.lock.unlock();
			}
		}

		/**
		 * Ends the taking, if nothing is left.
		 * @return whether nothing was left
		 */
		boolean close() {
			this.lock.lock();
			try {
				this.closed = this.calls.isEmpty() && this.tasks.isEmpty();
				return this.closed;
			}
			finally {
				this.lock.unlock();
			}
		}

		/**
		 * Takes the next task.
		 * @return {@code null} if there is none
		 */
		@Nullable Runnable pollTask() {
			this.lock.lock();
			try {
				return this.tasks.poll();
			}
			finally {
				this.lock.unlock();
			}
		}

	}

	/**
	 * Makes calls on a thread of the executor, once.
	 */
	private final class Turn implements Runnable {

		private final AtomicBoolean started = new AtomicBoolean();

		/**
		 * The thread that makes a call of it, for this thread to find itself: no other
		 * gets to see more than a value it doesn't look for.
		 */
		private @Nullable Thread thread;

		/**
		 * Whether a call left its thread interrupted.
		 */
		private boolean interrupted;

		/**
		 * Whether the executor did not take it when it was last handed over.
		 */
		private volatile boolean refused;

		private final AtomicInteger refusals = new AtomicInteger();

		/**
		 * For how many start timeouts it has been waiting. Event loop only.
		 */
		private int late;

		@Override
		public void run() {
			if (this.started.compareAndSet(false, true)) {
				ListenerCalls.this.run(this);
			}
		}

		boolean isStarted() {
			return this.started.get();
		}

	}

}
