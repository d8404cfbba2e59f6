package dev.wsclient.sample;

import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedDeque;

import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import dev.wsclient.WsState;
import dev.wsclient.spring.WsStateChangedEvent;

/**
 * Remembers the newest changes of state of all connections.
 */
@Component
class Timeline {

	private static final int LIMIT = 60;

	private final Deque<Change> changes = new ConcurrentLinkedDeque<>();

	@EventListener
	void on(WsStateChangedEvent event) {
		Throwable cause = event.change().cause();
		this.changes.addFirst(new Change(Instant.now(), event.connection().name(), event.change().from(),
				event.change().to(), (cause != null) ? cause.getMessage() : null));
		if (this.changes.size() > LIMIT) {
			this.changes.pollLast();
		}
	}

	/**
	 * Returns the changes.
	 * @return the newest first
	 */
	List<Change> changes() {
		return List.copyOf(this.changes);
	}

	/**
	 * A change of state.
	 *
	 * @param time when it was told
	 * @param connection the name of the connection
	 * @param from the old state
	 * @param to the new state
	 * @param cause the error behind it, or {@code null}
	 */
	record Change(Instant time, String connection, WsState from, WsState to, @Nullable String cause) {

	}

}
