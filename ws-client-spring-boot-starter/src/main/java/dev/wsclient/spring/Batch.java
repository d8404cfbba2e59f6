package dev.wsclient.spring;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;

/**
 * Messages that a handler method takes at once. They keep their places in the backlog
 * until the method was called. Used by one thread at a time.
 */
class Batch {

	private final Id id;

	private final Map<Object, Delivery> messages = new LinkedHashMap<>();

	private WsConnection.@Nullable Timer timer;

	Batch(Id id) {
		this.id = id;
	}

	Id id() {
		return this.id;
	}

	/**
	 * Adds a message.
	 * @param key if there is a message with the same key, it gives way
	 * @param message the message
	 * @return the message that gave way, or {@code null} if none did
	 */
	@Nullable Delivery add(Object key, Delivery message) {
		// The newer one comes after those that came before it
		Delivery older = this.messages.remove(key);
		this.messages.put(key, message);
		return older;
	}

	boolean isComplete(BatchLimits limits) {
		return this.messages.size() >= limits.size();
	}

	void timer(WsConnection.Timer timer) {
		this.timer = timer;
	}

	/**
	 * No further message is added.
	 */
	void finish() {
		if (this.timer != null) {
			this.timer.cancel();
		}
	}

	/**
	 * Returns the places of the messages in the backlog.
	 * @return the places, in order
	 */
	List<WsMessage.Retained> places() {
		return messages().stream().map(Delivery::place).toList();
	}

	List<WsHandlerEvent> events() {
		return messages().stream().map(Delivery::event).toList();
	}

	private Collection<Delivery> messages() {
		return this.messages.values();
	}

	/**
	 * Tells apart what is collected at the same time.
	 *
	 * @param handler the method
	 * @param lane where it is called; 0 without lanes
	 */
	record Id(HandlerMethod handler, int lane) {

	}

}
