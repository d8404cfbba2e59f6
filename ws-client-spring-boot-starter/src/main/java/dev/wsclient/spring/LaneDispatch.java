package dev.wsclient.spring;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

/**
 * Hands messages over to lanes by their keys. Where messages are conflated, a newer one
 * takes the place of one that still waits if both have the same key and go to the same
 * methods. Messages come from one thread at a time.
 */
class LaneDispatch {

	private final Lanes lanes;

	private final MessageKey key;

	private final boolean conflate;

	private final Consumer<Delivery> handler;

	private final Runnable onReplaced;

	private final BiConsumer<WsHandlerEvent, Throwable> onKeyFailure;

	/** Where messages wait that a newer one may replace. */
	private final Map<Slot.Id, Slot> slots = new ConcurrentHashMap<>();

	/**
	 * Creates a dispatch.
	 * @param lanes where messages are handled
	 * @param key finds the key of a message
	 * @param conflate whether a newer message replaces one that waits
	 * @param handler handles a message on a thread of a lane
	 * @param onReplaced told of each message that was replaced
	 * @param onKeyFailure told of each message whose key could not be found out, which is
	 * handled as one without
	 */
	LaneDispatch(Lanes lanes, MessageKey key, boolean conflate, Consumer<Delivery> handler, Runnable onReplaced,
			BiConsumer<WsHandlerEvent, Throwable> onKeyFailure) {
		this.onKeyFailure = onKeyFailure;
		this.lanes = lanes;
		this.key = key;
		this.conflate = conflate;
		this.handler = handler;
		this.onReplaced = onReplaced;
	}

	Lanes lanes() {
		return this.lanes;
	}

	boolean conflates() {
		return this.conflate;
	}

	/**
	 * Hands a message over.
	 * @param delivery the message, whose place is given back if this throws
	 * @param key its key
	 */
	void accept(Delivery delivery, @Nullable Object key) {
		try {
			int lane = this.lanes.of(key);
			if (key == null || !this.conflate) {
				this.lanes.execute(lane, () -> handle(delivery));
			}
			else {
				conflate(delivery, lane, new Slot.Id(key, delivery.handlers()));
			}
		}
		// The key's methods are the user's
		catch (Throwable ex) {
			delivery.place().release();
			throw ex;
		}
	}

	private void conflate(Delivery delivery, int lane, Slot.Id id) {
		Slot waiting = this.slots.get(id);
		Delivery older = (waiting != null) ? waiting.replace(delivery) : null;
		if (older != null) {
			older.place().release();
			this.onReplaced.run();
			return;
		}
		Slot slot = new Slot(delivery);
		this.slots.put(id, slot);
		this.lanes.execute(lane, () -> {
			Delivery latest = slot.take();
			try {
				this.slots.remove(id, slot);
			}
			finally {
				handle(latest);
			}
		});
	}

	/**
	 * Finds the key of a message.
	 * @param event the event of the message
	 * @return the key, or {@code null} if it has none or it could not be found out
	 */
	@Nullable Object key(WsHandlerEvent event) {
		try {
			Object key = this.key.of(event);
			if (key != null) {
				// A key that can't tell its hash code is none
				key.hashCode();
			}
			return key;
		}
		// An expression may call any method
		catch (Throwable ex) {
			this.onKeyFailure.accept(event, ex);
			return null;
		}
	}

	private void handle(Delivery delivery) {
		try {
			this.handler.accept(delivery);
		}
		finally {
			delivery.place().release();
		}
	}

	/**
	 * Where one message waits.
	 */
	private static final class Slot {

		/** {@code null} since it was taken. */
		private final AtomicReference<@Nullable Delivery> waiting;

		Slot(Delivery delivery) {
			this.waiting = new AtomicReference<>(delivery);
		}

		/**
		 * Puts a newer message in the place of the one that waits.
		 * @return the older one, or {@code null} if it was taken before
		 */
		@Nullable Delivery replace(Delivery newer) {
			Delivery older = this.waiting.get();
			return (older != null && this.waiting.compareAndSet(older, newer)) ? older : null;
		}

		Delivery take() {
			Delivery latest = this.waiting.getAndSet(null);
			if (latest == null) {
				throw new IllegalStateException("A place in a lane has one turn");
			}
			return latest;
		}

		/**
		 * Tells what may be replaced by what.
		 *
		 * @param key the key of the message
		 * @param handlers the methods it goes to
		 */
		private record Id(Object key, List<HandlerMethod> handlers) {

		}

	}

}
