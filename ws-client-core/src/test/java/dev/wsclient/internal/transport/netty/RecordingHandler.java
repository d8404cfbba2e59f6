package dev.wsclient.internal.transport.netty;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

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
 * Remembers how a session opened and ended.
 */
final class RecordingHandler implements SessionHandler {

	final List<Phase> steps = new CopyOnWriteArrayList<>();

	volatile @Nullable WsHandshakeResponse response;

	volatile @Nullable SessionEnd end;

	volatile @Nullable Thread endThread;

	final AtomicInteger ends = new AtomicInteger();

	final AtomicInteger pings = new AtomicInteger();

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
	public void onWritable() {
	}

	@Override
	public void onWritten(Outbound message) {
	}

	@Override
	public void onLost(Outbound message) {
	}

	@Override
	public void onEnd(SessionEnd end) {
		this.ends.incrementAndGet();
		this.endThread = Thread.currentThread();
		this.end = end;
	}

}
