package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.function.Function;

import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;
import dev.wsclient.exception.ErrorContext;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.exception.WsSendException.Outcome;

/**
 * A session without a network.
 */
class FakeWsSession implements WsSession {

	private static final ErrorContext CONTEXT = new ErrorContext("ticker", "ws://localhost", ErrorContext.Phase.OPEN,
			true);

	private final Function<Object, CompletionStage<Void>> sender;

	boolean over;

	/**
	 * Creates an open session.
	 * @param sender takes texts and arrays of bytes
	 */
	FakeWsSession(Function<Object, CompletionStage<Void>> sender) {
		this.sender = sender;
	}

	@Override
	public String id() {
		return "ticker#1";
	}

	@Override
	public boolean isOpen() {
		return !this.over;
	}

	@Override
	public CompletionStage<Void> send(String text) {
		return sent(text);
	}

	@Override
	public CompletionStage<Void> send(ByteBuffer payload) {
		return sent(StandardCharsets.UTF_8.decode(payload.duplicate()).toString().getBytes(StandardCharsets.UTF_8));
	}

	private CompletionStage<Void> sent(Object payload) {
		return this.over
				? CompletableFuture
					.failedFuture(new WsSendException(CONTEXT, Outcome.DROPPED, "its session is over", null))
				: this.sender.apply(payload);
	}

	@Override
	public CompletionStage<Void> sendUncompressed(String text) {
		return send(text);
	}

	@Override
	public CompletionStage<Void> sendUncompressed(ByteBuffer payload) {
		return send(payload);
	}

	@Override
	public CompletionStage<Void> send(WsMessage.Type type, Flow.Publisher<ByteBuffer> fragments) {
		throw new UnsupportedOperationException();
	}

}
