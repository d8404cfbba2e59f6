package dev.wsclient.benchmarks;

import org.jspecify.annotations.Nullable;

import dev.wsclient.benchmarks.client.BenchmarkClient.Connection;

/**
 * Sends a message when the one before is back.
 */
final class PingPong extends Traffic {

	private final String text;

	private volatile @Nullable Connection connection;

	PingPong(String text) {
		super(text, text.length());
		this.text = text;
	}

	@Override
	void start(Connection connection) throws Exception {
		this.connection = connection;
		connection.send(this.text);
	}

	@Override
	public void onText(String text) {
		super.onText(text);
		Connection connection = this.connection;
		if (connection != null && !isDone()) {
			try {
				connection.send(text);
			}
			catch (Exception ex) {
				onFailure(ex);
			}
		}
	}

}
