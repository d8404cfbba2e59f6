package dev.wsclient.internal.lifecycle;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.internal.time.LoopFuture;
import dev.wsclient.internal.time.Scheduler;

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

	/**
	 * Ours, or a user's, which is not asked for room.
	 */
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

	MessagePipe(WsConnection target, Scheduler scheduler) {
		this.target = target;
		this.scheduler = scheduler;
		this.done = new LoopFuture<>(scheduler);
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
		CompletionStage<Void> sent = sendTo(this.target, message);
		if (sent == null) {
			this.refused = message;
			return;
		}
		int size = message.size();
		this.bytes += size;
		this.messages++;
		sent.whenComplete((result, error) -> this.scheduler.executeAlways(() -> onSent(size, error)));
	}

	/**
	 * Sends if there is room, whoever else fills the target's buffer.
	 * @return {@code null} if the message is to wait until the buffer has drained
	 */
	private @Nullable CompletionStage<Void> sendTo(WsConnection target, WsMessage message) {
		if (target instanceof DefaultWsConnection ours) {
			return ours.sendIfRoom(message, () -> this.scheduler.executeAlways(this::onRoom));
		}
		return message.isText() ? target.send(message.text()) : target.send(message.payload());
	}

	private void onRoom() {
		WsMessage refused = this.refused;
		if (refused != null) {
			this.refused = null;
			send(refused);
			requestNext();
		}
	}

	private void onSent(int size, @Nullable Throwable error) {
		this.bytes -= size;
		this.messages--;
		if (error != null) {
			fail(error);
			return;
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
		this.refused = null;
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
