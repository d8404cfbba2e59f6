package dev.wsclient.internal.transport.netty;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsFragment;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.SessionHandler;

/**
 * Remembers how a session opened and ended, and its messages.
 */
final class RecordingHandler implements SessionHandler {

	final List<Phase> steps = new CopyOnWriteArrayList<>();

	volatile @Nullable WsHandshakeResponse response;

	volatile @Nullable SessionEnd end;

	volatile @Nullable Thread endThread;

	final AtomicInteger ends = new AtomicInteger();

	final AtomicInteger pings = new AtomicInteger();

	final AtomicInteger progress = new AtomicInteger();

	final List<String> messages = new CopyOnWriteArrayList<>();

	final List<Outbound> written = new CopyOnWriteArrayList<>();

	/**
	 * What the session had delivered when it ended.
	 */
	volatile int messagesBeforeEnd;

	/**
	 * Called with each message.
	 */
	volatile Consumer<String> reaction = (message) -> {
	};

	@Nullable Failure failure() {
		SessionEnd end = this.end;
		return (end != null) ? end.failure() : null;
	}

	@Override
	public void onStep(Phase step) {
		this.steps.add(step);
	}

	@Override
	public void onConnected() {
	}

	@Override
	public void onOpen(WsHandshakeResponse response) {
		this.response = response;
	}

	@Override
	public void onRead() {
	}

	@Override
	public void onMessage(WsMessage message) {
		String text = message.text();
		this.messages.add(text);
		this.reaction.accept(text);
	}

	@Override
	public void onFragment(WsFragment fragment) {
	}

	@Override
	public void onPing(ByteBuffer payload) {
		this.pings.incrementAndGet();
	}

	@Override
	public void onPong(ByteBuffer payload) {
	}

	@Override
	public void onCloseDue() {
	}

	@Override
	public void onClosing() {
	}

	@Override
	public void onWriteProgress() {
		this.progress.incrementAndGet();
	}

	@Override
	public void onWritable() {
	}

	@Override
	public void onWritten(List<Outbound> messages) {
		this.written.addAll(messages);
	}

	@Override
	public void onLost(Outbound message) {
	}

	@Override
	public void onEnd(SessionEnd end) {
		this.ends.incrementAndGet();
		this.messagesBeforeEnd = this.messages.size();
		this.endThread = Thread.currentThread();
		this.end = end;
	}

}
