package dev.wsclient.benchmarks;

import java.util.concurrent.locks.LockSupport;

import org.jspecify.annotations.Nullable;

import dev.wsclient.benchmarks.client.BenchmarkClient.Connection;

/**
 * Sends as fast as it can, but only so much that the server has not acknowledged: clients
 * that queue without a limit get one so.
 */
final class Stream extends Traffic {

	private final String text;

	private final int window;

	private volatile long sent;

	private volatile @Nullable Thread thread;

	/**
	 * Creates a stream.
	 * @param text what is sent
	 * @param window how many messages may be on their way
	 */
	Stream(String text, int window) {
		super(null, 0);
		this.text = text;
		this.window = window;
	}

	@Override
	void start(Connection connection) {
		Thread thread = new Thread(() -> run(connection), "stream");
		this.thread = thread;
		thread.setDaemon(true);
		thread.start();
	}

	private void run(Connection connection) {
		try {
			long sent = 0;
			while (!isDone()) {
				while (sent - count() >= this.window && !isDone()) {
					this.sent = sent;
					LockSupport.park(this);
				}
				connection.send(this.text);
				sent++;
			}
		}
		catch (Exception ex) {
			onFailure(ex);
		}
	}

	@Override
	void stop() {
		super.stop();
		LockSupport.unpark(this.thread);
	}

	/**
	 * The server tells how many messages it got.
	 */
	@Override
	public void onText(String text) {
		long count = Long.parseLong(text);
		count(count);
		// Half of the window at once, so that waking up costs little for each message
		if (this.sent - count <= this.window / 2) {
			LockSupport.unpark(this.thread);
		}
	}

}
