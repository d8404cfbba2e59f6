package dev.wsclient.benchmarks;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;

import dev.wsclient.benchmarks.client.BenchmarkClient;
import dev.wsclient.benchmarks.client.BenchmarkClient.Connection;

/**
 * What goes over one connection: counts what comes, and looks whether it is what was to
 * come.
 */
class Traffic implements BenchmarkClient.Receiver {

	private final @Nullable String first;

	private final int size;

	/**
	 * Written by one thread at a time.
	 */
	private final AtomicLong count = new AtomicLong();

	private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

	private volatile boolean done;

	/**
	 * Creates traffic.
	 * @param first the first text that is to come, all others being as long, or
	 * {@code null} if that is not known
	 * @param size how many bytes each binary message is to have
	 */
	Traffic(@Nullable String first, int size) {
		this.first = first;
		this.size = size;
	}

	/**
	 * Begins.
	 * @param connection the open connection
	 * @throws Exception if that fails
	 */
	void start(Connection connection) throws Exception {
	}

	/**
	 * Ends, so that the end of the connection is no failure any more.
	 */
	void stop() {
		this.done = true;
	}

	final boolean isDone() {
		return this.done;
	}

	/**
	 * Returns how many messages were done.
	 */
	final long count() {
		return this.count.get();
	}

	/**
	 * Sets how many messages were done. The count may be seen a little later, which
	 * spares a fence a message.
	 */
	final void count(long count) {
		this.count.setRelease(count);
	}

	private void increment() {
		count(this.count.getPlain() + 1);
	}

	@Override
	public void onText(String text) {
		String first = this.first;
		if (first != null && (text.length() != first.length() || (count() == 0 && !text.equals(first)))) {
			onFailure(new IllegalStateException("a wrong text of " + text.length() + " chars came: "
					+ text.substring(0, Math.min(text.length(), 80))));
		}
		increment();
	}

	@Override
	public void onBinary(int size) {
		if (size != this.size) {
			onFailure(new IllegalStateException(
					"a binary message of " + size + " bytes came instead of one of " + this.size));
		}
		increment();
	}

	@Override
	public final void onFailure(Throwable error) {
		if (!this.done) {
			this.failure.compareAndSet(null, error);
		}
	}

	/**
	 * Throws if something went wrong.
	 */
	final void check() {
		Throwable failure = this.failure.get();
		if (failure != null) {
			throw new IllegalStateException("the connection failed: " + failure, failure);
		}
	}

}
