package dev.wsclient.spring;

import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

import dev.wsclient.WsMessage;

/**
 * The places in the backlog of the messages that a handler method was called for, kept
 * for work that goes on after the call. The last work that is over gives them back. Safe
 * for use by several threads.
 */
final class Place {

	private final List<WsMessage.Retained> messages;

	private final AtomicInteger users = new AtomicInteger(1);

	/**
	 * Creates a place with one user.
	 * @param messages what takes it
	 */
	Place(List<WsMessage.Retained> messages) {
		this.messages = messages;
	}

	/**
	 * Adds a user.
	 * @return {@code false} if the place was given back
	 */
	boolean keep() {
		return this.users.getAndUpdate((users) -> (users > 0) ? users + 1 : 0) > 0;
	}

	/**
	 * Takes a user away.
	 */
	void release() {
		if (this.users.decrementAndGet() == 0) {
			this.messages.forEach(WsMessage.Retained::release);
		}
	}

}
