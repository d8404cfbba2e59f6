package dev.wsclient.benchmarks;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.wsclient.benchmarks.client.BenchmarkClient.Connection;

/**
 * Sends a message when the one before is back.
 */
final class PingPong extends Traffic {

	private final String text;

	/**
	 * The first answer may come before the first send has returned, on another thread.
	 */
	private final Lock sending = new ReentrantLock();

	private volatile @Nullable Connection connection;

	PingPong(String text) {
		super(text, text.length());
		this.text = text;
	}

	@Override
	void start(Connection connection) throws Exception {
		this.connection = connection;
		send(connection, this.text);
	}

	@Override
	public void onText(String text) {
		super.onText(text);
		Connection connection = this.connection;
		if (connection != null && !isDone()) {
			try {
				send(connection, text);
			}
			catch (Exception ex) {
				onFailure(ex);
			}
		}
	}

	private void send(Connection connection, String text) throws Exception {
		this.sending.lock();
		try {
			connection.send(text);
		}
		finally {
			this.sending.unlock();
		}
	}

}
