package dev.wsclient.sample;

import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Flow;

import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.spring.WsStateChangedEvent;

/**
 * Remembers the start of the newest messages of each connection, whatever handlers they
 * have.
 */
@Component
class LastMessages {

	private static final int LIMIT = 12;

	private static final int MAX_LENGTH = 200;

	private final Map<String, Deque<Received>> messages = new ConcurrentHashMap<>();

	/**
	 * Subscribes anew each time a connection starts, as the messages end when it is
	 * closed.
	 * @param event tells of the start
	 */
	@EventListener
	void on(WsStateChangedEvent event) {
		WsState from = event.change().from();
		if (from == WsState.IDLE || from == WsState.CLOSED) {
			WsConnection connection = event.connection();
			connection.messages()
				.subscribe(new Subscriber(
						this.messages.computeIfAbsent(connection.name(), (name) -> new ConcurrentLinkedDeque<>())));
		}
	}

	/**
	 * Returns the messages of a connection.
	 * @param name the name of the connection
	 * @return the newest first
	 */
	List<Received> of(String name) {
		Deque<Received> received = this.messages.get(name);
		return (received != null) ? List.copyOf(received) : List.of();
	}

	/**
	 * A message.
	 *
	 * @param time when it arrived
	 * @param size its payload's size in bytes
	 * @param text its start, or what it is if it is not text
	 */
	record Received(Instant time, int size, String text) {

		static Received of(WsMessage message) {
			return new Received(Instant.now(), message.size(),
					message.isText() ? truncate(message.text()) : "(binary)");
		}

		private static String truncate(String text) {
			if (text.length() <= MAX_LENGTH) {
				return text;
			}
			// Half of a surrogate pair can't be written as JSON
			boolean splitsPair = Character.isHighSurrogate(text.charAt(MAX_LENGTH - 1));
			return text.substring(0, splitsPair ? MAX_LENGTH - 1 : MAX_LENGTH) + "…";
		}

	}

	/**
	 * Asks for all messages at once, so it never holds up reading.
	 *
	 * @param received where they go
	 */
	private record Subscriber(Deque<Received> received) implements Flow.Subscriber<WsMessage> {

		@Override
		public void onSubscribe(Flow.Subscription subscription) {
			subscription.request(Long.MAX_VALUE);
		}

		@Override
		public void onNext(WsMessage message) {
			this.received.addFirst(Received.of(message));
			if (this.received.size() > LIMIT) {
				this.received.pollLast();
			}
		}

		@Override
		public void onError(Throwable error) {
			// The timeline has it
		}

		@Override
		public void onComplete() {
		}

	}

}
