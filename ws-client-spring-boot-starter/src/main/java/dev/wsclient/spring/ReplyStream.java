package dev.wsclient.spring;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * Sends what a publisher gives that a handler method returned, in order, and asks for
 * more as the socket takes it: at most {@value #WINDOW} elements are on their way.
 */
class ReplyStream implements Flow.Subscriber<Object> {

	private static final Logger logger = LoggerFactory.getLogger(ReplyStream.class);

	/** Enough for a batch of writes; more would only wait in the send buffer. */
	private static final int WINDOW = 32;

	private final Executor executor;

	private final BooleanSupplier open;

	private final Function<Object, CompletionStage<Void>> sender;

	private final Consumer<Throwable> failures;

	private final Consumer<ReplyStream> ended;

	private final AtomicBoolean over = new AtomicBoolean();

	private final AtomicInteger written = new AtomicInteger();

	private volatile Flow.@Nullable Subscription subscription;

	/**
	 * Creates a stream.
	 * @param executor where more is asked for: the publisher's code runs there, which
	 * must not hold up the event loop
	 * @param open whether the session that the elements belong to takes messages; when it
	 * does not, the publisher is cancelled
	 * @param sender sends one element; may throw
	 * @param failures told what failed, in the publisher or in sending
	 * @param ended told once that the stream has ended
	 */
	ReplyStream(Executor executor, BooleanSupplier open, Function<Object, CompletionStage<Void>> sender,
			Consumer<Throwable> failures, Consumer<ReplyStream> ended) {
		this.executor = executor;
		this.open = open;
		this.sender = sender;
		this.failures = failures;
		this.ended = ended;
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		if (this.subscription != null || this.over.get()) {
			cancel(subscription);
			return;
		}
		this.subscription = subscription;
		request(subscription, WINDOW);
		if (this.over.get()) {
			cancel(subscription);
		}
	}

	@Override
	public void onNext(Object element) {
		if (this.over.get()) {
			return;
		}
		if (!this.open.getAsBoolean()) {
			cancel();
			return;
		}
		try {
			this.sender.apply(element).whenComplete((sent, error) -> {
				if (error != null) {
					fail(error);
				}
				else if (this.written.incrementAndGet() % (WINDOW / 2) == 0) {
					this.executor.execute(this::requestMore);
				}
			});
		}
		// Also an Error: no one else would end the stream
		catch (Throwable ex) {
			fail(ex);
		}
	}

	private void requestMore() {
		Flow.Subscription subscription = this.subscription;
		if (subscription != null && !this.over.get()) {
			request(subscription, WINDOW / 2);
		}
	}

	private void request(Flow.Subscription subscription, int count) {
		try {
			subscription.request(count);
		}
		// The publisher's code: it gives nothing after this
		catch (Throwable ex) {
			fail(ex);
		}
	}

	/**
	 * An element that is missing makes the rest worthless.
	 */
	private void fail(Throwable failure) {
		if (cancel()) {
			this.failures.accept(failure);
		}
	}

	/**
	 * Ends the stream: nothing more is sent.
	 * @return whether it had not ended before
	 */
	boolean cancel() {
		boolean first = end();
		Flow.Subscription subscription = this.subscription;
		if (first && subscription != null) {
			cancel(subscription);
		}
		return first;
	}

	private static void cancel(Flow.Subscription subscription) {
		try {
			subscription.cancel();
		}
		// The publisher's code
		catch (Throwable ex) {
			SafeLog.log(logger, Level.WARN, "A publisher that a handler method returned can't be cancelled", ex);
		}
	}

	@Override
	public void onError(Throwable error) {
		if (end()) {
			this.failures.accept(error);
		}
	}

	@Override
	public void onComplete() {
		end();
	}

	private boolean end() {
		boolean first = this.over.compareAndSet(false, true);
		if (first) {
			this.ended.accept(this);
		}
		return first;
	}

}
