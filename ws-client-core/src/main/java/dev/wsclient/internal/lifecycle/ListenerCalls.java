package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
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
 * loop, or on the user's executor behind a bounded backlog. What the listener throws ends
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

	/**
	 * What is no call of the listener.
	 */
	private static final String AFTERWARDS = "afterwards";

	private final WsConnection connection;

	private final WsListener listener;

	private final WsEvents events;

	private final boolean observed;

	private final Ticker ticker;

	private final Scheduler scheduler;

	private final @Nullable Executor executor;

	private final int highWaterMark;

	private final Consumer<Boolean> backlogFull;

	private final Queue<Call> backlog = new ConcurrentLinkedQueue<>();

	private final AtomicInteger backlogSize = new AtomicInteger();

	/**
	 * The payload of the messages in the backlog.
	 */
	private final AtomicLong backlogBytes = new AtomicLong();

	private final long highWaterBytes;

	/**
	 * Event loop only.
	 */
	private boolean full;

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
		this.observed = !this.events.equals(WsEvents.NONE);
		this.ticker = ticker;
		this.scheduler = scheduler;
		this.executor = options.executor().orElse(null);
		this.highWaterMark = options.executorBacklog();
		this.highWaterBytes = options.executorBacklogBytes();
		this.backlogFull = backlogFull;
	}

	/**
	 * Passes on a message that is valid only now.
	 */
	void message(WsMessage message) {
		if (this.executor == null) {
			invoke("onMessage", (listener) -> listener.onMessage(this.connection, message));
		}
		else {
			WsMessage copy = message.copy();
			enqueue(this.executor, "onMessage", copy.size(), (listener) -> listener.onMessage(this.connection, copy));
		}
	}

	/**
	 * Passes on a piece of a message that is valid only now.
	 */
	void fragment(WsFragment fragment) {
		if (this.executor == null) {
			invoke("onFragment", (listener) -> listener.onFragment(this.connection, fragment));
		}
		else {
			int size = fragment.payload().remaining();
			ByteBuffer copy = ByteBuffer.allocate(size).put(fragment.payload().duplicate()).flip().asReadOnlyBuffer();
			WsFragment lasting = new WsFragment(fragment.type(), copy, fragment.first(), fragment.last());
			enqueue(this.executor, "onFragment", size, (listener) -> listener.onFragment(this.connection, lasting));
		}
	}

	/**
	 * Makes another call.
	 * @param name the listener's method
	 * @param call the call
	 */
	void call(String name, Consumer<WsListener> call) {
		if (this.executor == null) {
			invoke(name, call);
		}
		else {
			enqueue(this.executor, name, 0, call);
		}
	}

	/**
	 * Runs a task after all calls made so far, or when the executor refused to make them
	 * for five seconds. It may run twice then.
	 */
	void afterwards(Runnable task) {
		if (this.executor == null) {
			task.run();
		}
		else {
			enqueue(this.executor, AFTERWARDS, 0, (listener) -> task.run());
		}
	}

	/**
	 * Whether calls are made on an executor, after this object's methods return.
	 */
	boolean areDeferred() {
		return this.executor != null;
	}

	/**
	 * Returns how many calls wait for the executor. Any thread.
	 */
	int backlogSize() {
		return this.backlogSize.get();
	}

	private void enqueue(Executor executor, String name, int bytes, Consumer<WsListener> call) {
		this.backlog.add(new Call(name, bytes, call));
		long waitingBytes = this.backlogBytes.addAndGet(bytes);
		int size = this.backlogSize.incrementAndGet();
		if (size == 1) {
			submit(executor);
		}
		if ((size >= this.highWaterMark || waitingBytes >= this.highWaterBytes) && !this.full) {
			this.full = true;
			this.backlogFull.accept(true);
			// It may have emptied before it was marked as full
			onBacklogShrunk();
		}
	}

	private void submit(Executor executor) {
		try {
			executor.execute(() -> run(executor));
			this.refusals = 0;
		}
		// Also an OutOfMemoryError, when no further thread can be started
		catch (Throwable ex) {
			int refusals = this.refusals + 1;
			this.refusals = refusals;
			if (refusals == 1) {
				logger.warn("Connection '{}': the executor refuses to call the listener, {} calls wait; trying again",
						this.connection.name(), this.backlogSize.get(), ex);
			}
			if (refusals >= MAX_REFUSALS) {
				runTasks();
			}
			submitLater(executor);
		}
	}

	private void runTasks() {
		for (Call call : this.backlog) {
			if (call.name.equals(AFTERWARDS)) {
				invoke(call.name, call.call);
			}
		}
	}

	private void submitLater(Executor executor) {
		try {
			this.scheduler.schedule(() -> submit(executor),
					(this.refusals < MAX_REFUSALS) ? RESUBMIT_DELAY : LATER_RESUBMIT_DELAY);
		}
		catch (RejectedExecutionException ex) {
			logger.error("Connection '{}': client and executor are shut down; {} calls of the listener are given up",
					this.connection.name(), this.backlogSize.get());
		}
	}

	private void run(Executor executor) {
		for (int i = 0; i < CALLS_PER_RUN; i++) {
			Call call = this.backlog.remove();
			invoke(call.name, call.call);
			long bytesBefore = this.backlogBytes.getAndAdd(-call.bytes);
			int left = this.backlogSize.decrementAndGet();
			long halfBytes = this.highWaterBytes / 2;
			if (left == this.highWaterMark / 2 || (bytesBefore > halfBytes && bytesBefore - call.bytes <= halfBytes)) {
				// A closed client has no socket left to read from
				this.scheduler.tryExecute(this::onBacklogShrunk);
			}
			if (left == 0) {
				return;
			}
		}
		submit(executor);
	}

	private void onBacklogShrunk() {
		if (this.full && this.backlogSize.get() <= this.highWaterMark / 2
				&& this.backlogBytes.get() <= this.highWaterBytes / 2) {
			this.full = false;
			this.backlogFull.accept(false);
		}
	}

	private void invoke(String name, Consumer<WsListener> call) {
		boolean observed = this.observed && !name.equals(AFTERWARDS);
		long start = observed ? this.ticker.nanos() : 0;
		Throwable thrown = null;
		try {
			call.accept(this.listener);
		}
		// Whatever user code throws must not end the loop that serves other connections
		catch (Throwable ex) {
			thrown = ex;
		}
		if (observed) {
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

	private void log(String culprit, Throwable thrown) {
		String heldBack = this.throttles.computeIfAbsent(culprit, (key) -> new LogThrottle(this.ticker)).ask();
		if (heldBack != null) {
			logger.error("Connection '{}' [{}]: {} threw{}", this.connection.name(),
					this.connection.snapshot().sessionId(), culprit, heldBack, thrown);
		}
		else {
			logger.debug("Connection '{}': {} threw", this.connection.name(), culprit, thrown);
		}
	}

	/**
	 * A call that waits for the executor.
	 */
	private record Call(String name, int bytes, Consumer<WsListener> call) {

	}

}
