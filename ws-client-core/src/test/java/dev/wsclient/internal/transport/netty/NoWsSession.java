package dev.wsclient.internal.transport.netty;

import java.nio.ByteBuffer;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;

/**
 * The session of messages that are not answered.
 */
final class NoWsSession implements WsSession {

	@Override
	public String id() {
		return "none";
	}

	@Override
	public boolean isOpen() {
		return false;
	}

	@Override
	public CompletionStage<Void> send(String text) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Void> send(ByteBuffer payload) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Void> sendUncompressed(String text) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Void> sendUncompressed(ByteBuffer payload) {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Void> send(WsMessage.Type type, Flow.Publisher<ByteBuffer> fragments) {
		throw new UnsupportedOperationException();
	}

}
