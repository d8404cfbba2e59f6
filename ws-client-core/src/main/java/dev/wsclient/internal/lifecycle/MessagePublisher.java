package dev.wsclient.internal.lifecycle;

import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.internal.time.Scheduler;

/**
 * Publishes the messages of one connection to subscribers. Messages are read as long as
 * each of them has demand; what comes nevertheless, before a session ends, waits here.
 * Subscribers are called on the event loop, and may call from any thread; everything else
 * is on the event loop.
 */
final class MessagePublisher implements Flow.Publisher<WsMessage> {

	private static final Logger logger = LoggerFactory.getLogger(MessagePublisher.class);

	private final WsConnection connection;

	private final Scheduler scheduler;

	private final Consumer<Boolean> demandMissing;

	/**
	 * Replaced to add or remove one, for subscribers do so while it is walked.
	 */
	private List<Subscription> subscriptions = List.of();

	private boolean missing;

	/**
	 * Creates a publisher.
	 * @param demandMissing told when a subscriber has no demand, and when all have again
	 */
	MessagePublisher(WsConnection connection, Scheduler scheduler, Consumer<Boolean> demandMissing) {
		this.connection = connection;
		this.scheduler = scheduler;
		this.demandMissing = demandMissing;
	}

	@Override
	public void subscribe(Flow.Subscriber<? super WsMessage> subscriber) {
		Subscription subscription = new Subscription(Objects.requireNonNull(subscriber, "subscriber"));
		if (!this.scheduler.tryExecute(() -> add(subscription))) {
			subscription.call(() -> subscriber.onSubscribe(subscription));
			subscription.call(() -> subscriber.onError(new IllegalStateException("The WsClient is closed")));
		}
	}

	private void add(Subscription subscription) {
		this.subscriptions = Stream.concat(this.subscriptions.stream(), Stream.of(subscription)).toList();
		subscription.call(() -> subscription.subscriber.onSubscribe(subscription));
		if (this.connection.state() == WsState.CLOSED) {
			subscription.closed = true;
			subscription.deliver();
		}
		checkDemand();
	}

	void onMessage(WsMessage message) {
		if (this.subscriptions.isEmpty()) {
			return;
		}
		WsMessage copy = message.copy();
		for (Subscription subscription : this.subscriptions) {
			// One that closed may still have messages of then to ask for
			if (!subscription.closed) {
				subscription.waiting.add(copy);
				subscription.deliver();
			}
		}
		checkDemand();
	}

	/**
	 * The connection is closed: subscribers get what waits for their demand, and then the
	 * end.
	 * @param cause why, or {@code null} if the user wanted it
	 */
	void onClosed(@Nullable Throwable cause) {
		for (Subscription subscription : this.subscriptions) {
			subscription.closed = true;
			subscription.cause = cause;
			subscription.deliver();
		}
		checkDemand();
	}

	private void remove(Subscription subscription) {
		this.subscriptions = this.subscriptions.stream().filter((each) -> each != subscription).toList();
	}

	private void checkDemand() {
		boolean missing = this.subscriptions.stream()
			.anyMatch((subscription) -> subscription.demand == 0 && !subscription.closed);
		if (missing != this.missing) {
			this.missing = missing;
			this.demandMissing.accept(missing);
		}
	}

	/**
	 * One subscriber.
	 */
	private final class Subscription implements Flow.Subscription {

		private final Flow.Subscriber<? super WsMessage> subscriber;

		private final Queue<WsMessage> waiting = new ArrayDeque<>();

		/**
		 * What other threads asked for and the event loop does not know yet.
		 */
		private final AtomicLong requested = new AtomicLong();

		/**
		 * Whether the subscriber cancelled or asked for nothing. Any thread.
		 */
		private final AtomicBoolean cancelled = new AtomicBoolean();

		private long demand;

		private boolean delivering;

		private boolean closed;

		private @Nullable Throwable cause;

		private boolean done;

		Subscription(Flow.Subscriber<? super WsMessage> subscriber) {
			this.subscriber = subscriber;
		}

		@Override
		public void request(long count) {
			if (count <= 0) {
				endBy(() -> this.subscriber
					.onError(new IllegalArgumentException("request must be of at least 1, was " + count)));
			}
			else if (MessagePublisher.this.scheduler.inEventLoop()) {
				// At once, so that a subscriber that asks in onNext doesn't stop the
				// reading
				addDemand(count);
			}
			else if (this.requested.getAndAccumulate(count, Subscription::sum) == 0) {
				MessagePublisher.this.scheduler.executeAlways(() -> addDemand(this.requested.getAndSet(0)));
			}
		}

		private void addDemand(long count) {
			this.demand = sum(this.demand, count);
			deliver();
			checkDemand();
		}

		private static long sum(long demand, long count) {
			long sum = demand + count;
			return (sum < 0) ? Long.MAX_VALUE : sum;
		}

		@Override
		public void cancel() {
			endBy(() -> {
			});
		}

		private void endBy(Runnable lastCall) {
			if (this.cancelled.compareAndSet(false, true)) {
				MessagePublisher.this.scheduler.executeAlways(() -> {
					end(lastCall);
					checkDemand();
				});
			}
		}

		void deliver() {
			if (this.delivering) {
				return;
			}
			this.delivering = true;
			while (!this.done && this.demand > 0 && !this.waiting.isEmpty()) {
				this.demand--;
				WsMessage message = this.waiting.remove();
				call(() -> this.subscriber.onNext(message));
			}
			this.delivering = false;
			if (this.closed && this.waiting.isEmpty()) {
				Throwable cause = this.cause;
				end((cause != null) ? () -> this.subscriber.onError(cause) : this.subscriber::onComplete);
			}
		}

		private void end(Runnable lastCall) {
			if (!this.done) {
				this.done = true;
				this.waiting.clear();
				remove(this);
				call(lastCall);
			}
		}

		/**
		 * A subscriber that throws is dropped.
		 */
		private void call(Runnable call) {
			try {
				call.run();
			}
			// Whatever user code throws must not end the loop
			catch (Throwable ex) {
				logger.error("Connection '{}': a subscriber threw and gets no more messages",
						MessagePublisher.this.connection.name(), ex);
				this.done = true;
				this.waiting.clear();
				remove(this);
			}
		}

	}

}
