package dev.wsclient.internal.lifecycle;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.internal.time.LoopFuture;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.WaitRule;

/**
 * Sends each message of one connection to another, only as fast as that takes them. On
 * the event loop of the first.
 */
final class MessagePipe implements Flow.Subscriber<WsMessage> {

	/**
	 * How many bytes may be on their way to the target's socket before the next message
	 * is asked for.
	 */
	private static final long WINDOW = 256 * 1024;

	private static final int MAX_MESSAGES = 256;

	private final WsConnection target;

	private final Scheduler scheduler;

	private final CompletableFuture<Void> done;

	private Flow.@Nullable Subscription subscription;

	/**
	 * The message that found the target's buffer full.
	 */
	private @Nullable WsMessage refused;

	private long bytes;

	private int messages;

	private boolean requested;

	private boolean completed;

	/**
	 * Creates a pipe.
	 * @param waitRule knows who must not wait for its end, which comes only if this
	 * connection is read
	 */
	MessagePipe(WsConnection target, Scheduler scheduler, WaitRule waitRule) {
		this.target = target;
		this.scheduler = scheduler;
		this.done = new LoopFuture<>(waitRule);
	}

	CompletionStage<Void> done() {
		return this.done;
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		this.subscription = subscription;
		requestNext();
	}

	@Override
	public void onNext(WsMessage message) {
		this.requested = false;
		send(message);
		requestNext();
	}

	private void send(WsMessage message) {
		CompletableFuture<Void> sent;
		try {
			sent = (message.isText() ? this.target.send(message.text()) : this.target.send(message.payload()))
				.toCompletableFuture();
		}
		// The target may be of the user's own making
		catch (Throwable ex) {
			fail(ex);
			return;
		}
		if (sent.isCompletedExceptionally() && this.messages > 0 && this.target.isOpen()) {
			// The buffer is full: what is on its way will make room
			this.refused = message;
			return;
		}
		this.bytes += message.size();
		this.messages++;
		sent.whenComplete((result, error) -> this.scheduler.tryExecute(() -> onSent(message, error)));
	}

	private void onSent(WsMessage message, @Nullable Throwable error) {
		this.bytes -= message.size();
		this.messages--;
		if (error != null) {
			fail(error);
			return;
		}
		WsMessage refused = this.refused;
		if (refused != null) {
			this.refused = null;
			send(refused);
		}
		requestNext();
		completeWhenDone();
	}

	private void requestNext() {
		if (this.subscription != null && !this.requested && this.refused == null && this.bytes < WINDOW
				&& this.messages < MAX_MESSAGES) {
			this.requested = true;
			this.subscription.request(1);
		}
	}

	private void fail(Throwable cause) {
		if (this.subscription != null) {
			this.subscription.cancel();
		}
		this.done.completeExceptionally(cause);
	}

	@Override
	public void onError(Throwable error) {
		this.done.completeExceptionally(error);
	}

	@Override
	public void onComplete() {
		this.completed = true;
		completeWhenDone();
	}

	private void completeWhenDone() {
		if (this.completed && this.messages == 0 && this.refused == null) {
			this.done.complete(null);
		}
	}

}
