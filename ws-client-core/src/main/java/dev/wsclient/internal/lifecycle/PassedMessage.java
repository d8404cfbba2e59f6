package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;

import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;

/**
 * A message as the listener gets it: what it retains counts in the backlog.
 */
class PassedMessage implements WsMessage {

	private final Backlog backlog;

	private WsMessage message;

	PassedMessage(Backlog backlog, WsMessage message) {
		this.backlog = backlog;
		this.message = message;
	}

	/**
	 * Shows another message; the event loop passes all of its messages as one object.
	 */
	void show(WsMessage message) {
		// Mostly the same object, and to set it anew would cost more than to look
		if (this.message != message) {
			this.message = message;
		}
	}

	@Override
	public Type type() {
		return this.message.type();
	}

	@Override
	public int size() {
		return this.message.size();
	}

	@Override
	public ByteBuffer payload() {
		return this.message.payload();
	}

	@Override
	public String text() {
		return this.message.text();
	}

	@Override
	public byte[] bytes() {
		return this.message.bytes();
	}

	@Override
	public WsSession session() {
		return this.message.session();
	}

	@Override
	public WsMessage copy() {
		return this.message.copy();
	}

	@Override
	public WsMessage.Retained retain() {
		return new Retained(this.backlog, this.message.copy());
	}

	/**
	 * A message with a place of its own in the backlog.
	 */
	private static final class Retained extends PassedMessage implements WsMessage.Retained {

		private final Backlog backlog;

		private final int size;

		private final AtomicBoolean released = new AtomicBoolean();

		Retained(Backlog backlog, WsMessage copy) {
			super(backlog, copy);
			this.backlog = backlog;
			this.size = copy.size();
			backlog.add(this.size);
		}

		@Override
		public void release() {
			if (this.released.compareAndSet(false, true)) {
				this.backlog.remove(this.size);
			}
		}

	}

}
