package dev.wsclient.spring;

import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

/**
 * Sends what a publisher gives that a handler method returned, in order, and asks for
 * more as the socket takes it: at most {@value #WINDOW} elements are on their way.
 */
class ReplyStream implements Flow.Subscriber<Object> {

	/** Enough for a batch of writes; more would only wait in the send buffer. */
	private static final int WINDOW = 32;

	private final Executor executor;

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
	 * @param sender sends one element; may throw
	 * @param failures told what failed, in the publisher or in sending
	 * @param ended told once that the stream has ended
	 */
	ReplyStream(Executor executor, Function<Object, CompletionStage<Void>> sender, Consumer<Throwable> failures,
			Consumer<ReplyStream> ended) {
		this.executor = executor;
		this.sender = sender;
		this.failures = failures;
		this.ended = ended;
	}

	@Override
	public void onSubscribe(Flow.Subscription subscription) {
		if (this.subscription != null || this.over.get()) {
			subscription.cancel();
			return;
		}
		this.subscription = subscription;
		subscription.request(WINDOW);
		if (this.over.get()) {
			subscription.cancel();
		}
	}

	@Override
	public void onNext(Object element) {
		if (this.over.get()) {
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
		catch (RuntimeException ex) {
			fail(ex);
		}
	}

	private void requestMore() {
		Flow.Subscription subscription = this.subscription;
		if (subscription != null && !this.over.get()) {
			subscription.request(WINDOW / 2);
		}
	}

	/**
	 * An element that is missing makes the rest worthless.
	 */
	private void fail(Throwable failure) {
		cancel();
		this.failures.accept(failure);
	}

	/**
	 * Ends the stream: nothing is sent any more.
	 */
	void cancel() {
		if (end()) {
			Flow.Subscription subscription = this.subscription;
			if (subscription != null) {
				subscription.cancel();
			}
		}
	}

	@Override
	public void onError(Throwable error) {
		end();
		this.failures.accept(error);
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
