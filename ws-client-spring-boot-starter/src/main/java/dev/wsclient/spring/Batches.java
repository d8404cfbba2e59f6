package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;

/**
 * Collects messages for the methods of one connection that take several at once. A batch
 * is handed out when it is complete or its time is up, when the batches take half of the
 * backlog, so that they never keep the socket from being read, and before anything else
 * happens. Used on the connection's executor only, one call at a time.
 */
class Batches {

	private final Map<Batch.Id, Batch> collecting = new LinkedHashMap<>();

	private final Executor executor;

	private final BacklogShare share;

	private final CallGate gate;

	private final Consumer<Batch> handler;

	private final Runnable onReplaced;

	/**
	 * Creates an empty collection.
	 * @param executor calls one task at a time, in order with the core's calls
	 * @param share what may be collected
	 * @param gate lets messages pass; it waits for batches that were begun
	 * @param handler handles a batch now or later, and calls {@link #finished} then
	 * @param onReplaced told of each message that gave way to one of the same key
	 */
	Batches(Executor executor, BacklogShare share, CallGate gate, Consumer<Batch> handler, Runnable onReplaced) {
		this.executor = executor;
		this.share = share;
		this.gate = gate;
		this.handler = handler;
		this.onReplaced = onReplaced;
	}

	/**
	 * Adds a message to the batch of a method.
	 * @param handler the method
	 * @param lane where it is called
	 * @param key an older message with the same key gives way; {@code null} for none
	 * @param event the event of the message
	 */
	void add(HandlerMethod handler, int lane, @Nullable Object key, WsHandlerEvent event) {
		Batch.Id id = new Batch.Id(handler, lane);
		Batch batch = this.collecting.get(id);
		boolean first = batch == null;
		if (first) {
			// Before the gate is looked at, which waits for it if it is closed now
			this.gate.workExpected();
		}
		if (!this.gate.admit()) {
			if (first) {
				this.gate.workDone();
			}
			return;
		}
		if (batch == null) {
			batch = new Batch(id);
			this.collecting.put(id, batch);
		}
		WsMessage.Retained place = Objects.requireNonNull(event.message()).retain();
		this.share.take(place.size());
		Delivery older;
		try {
			older = batch.add((key != null) ? key : place,
					new Delivery(event.withMessage(place), List.of(handler), place));
		}
		// The key's methods are the user's
		catch (Throwable ex) {
			this.share.giveBack(place.size());
			place.release();
			if (first) {
				this.collecting.remove(id);
				this.gate.workDone();
			}
			throw ex;
		}
		if (older != null) {
			this.share.giveBack(older.place().size());
			older.place().release();
			this.onReplaced.run();
		}
		BatchLimits limits = Objects.requireNonNull(handler.batch());
		if (batch.isComplete(limits) || (first && !startTimer(batch, event.connection(), limits))) {
			handOut(batch);
		}
		else if (this.share.isUsedUp()) {
			handOut();
		}
	}

	/**
	 * Starts the time of a batch. It passes on the event loop, which only asks for a
	 * call.
	 * @return {@code false} if the client is closed, so that nobody could tell when it is
	 * up
	 */
	private boolean startTimer(Batch batch, WsConnection connection, BatchLimits limits) {
		try {
			batch.timer(connection.schedule(() -> this.executor.execute(() -> timeIsUp(batch)), limits.timeout()));
			return true;
		}
		catch (IllegalStateException ex) {
			return false;
		}
	}

	private void timeIsUp(Batch batch) {
		if (this.collecting.get(batch.id()) == batch) {
			handOut(batch);
		}
	}

	/**
	 * Hands out what was collected so far.
	 */
	void handOut() {
		if (!this.collecting.isEmpty()) {
			new ArrayList<>(this.collecting.values()).forEach(this::handOut);
		}
	}

	private void handOut(Batch batch) {
		this.collecting.remove(batch.id());
		batch.finish();
		batch.places().forEach((place) -> this.share.giveBack(place.size()));
		this.handler.accept(batch);
	}

	/**
	 * A batch was handled: its messages are done with. Any thread.
	 * @param batch the batch
	 */
	void finished(Batch batch) {
		batch.places().forEach(WsMessage.Retained::release);
		this.gate.workDone();
	}

}
