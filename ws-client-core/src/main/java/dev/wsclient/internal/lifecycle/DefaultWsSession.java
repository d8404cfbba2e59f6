package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Outbound.Kind;

/**
 * A session as users see it: sends by the connection's outbox, bound to its number.
 */
final class DefaultWsSession implements WsSession {

	private final Outbox outbox;

	private final Scheduler scheduler;

	private final String id;

	private final int number;

	DefaultWsSession(Outbox outbox, Scheduler scheduler, String id, int number) {
		this.outbox = outbox;
		this.scheduler = scheduler;
		this.id = id;
		this.number = number;
	}

	@Override
	public String id() {
		return this.id;
	}

	@Override
	public boolean isOpen() {
		return this.outbox.isOpen(this.number);
	}

	@Override
	public CompletionStage<Void> send(String text) {
		return send(Outbound.text(this.scheduler, text));
	}

	@Override
	public CompletionStage<Void> send(ByteBuffer payload) {
		return send(Outbound.bytes(this.scheduler, Kind.BINARY, payload));
	}

	@Override
	public CompletionStage<Void> sendUncompressed(String text) {
		return send(Outbound.text(this.scheduler, text).uncompressed());
	}

	@Override
	public CompletionStage<Void> sendUncompressed(ByteBuffer payload) {
		return send(Outbound.bytes(this.scheduler, Kind.BINARY, payload).uncompressed());
	}

	@Override
	public CompletionStage<Void> send(WsMessage.Type type, Flow.Publisher<ByteBuffer> fragments) {
		return send(Outbound.stream(this.scheduler, type == WsMessage.Type.TEXT, fragments));
	}

	private CompletionStage<Void> send(Outbound message) {
		return this.outbox.send(message, this.number);
	}

	@Override
	public String toString() {
		return "WsSession[id=" + this.id + ", open=" + isOpen() + "]";
	}

}
