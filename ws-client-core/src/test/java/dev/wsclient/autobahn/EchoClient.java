package dev.wsclient.autobahn;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.options.Compression;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;

/**
 * The client under test, as a user would write it: it sends every message back, or asks
 * for one. Knows the public API only.
 */
final class EchoClient implements AutoCloseable {

	private static final int LARGEST_MESSAGE = 16 * 1024 * 1024;

	private final WsClient client = WsClient.create();

	private final Compression compression;

	EchoClient(Compression compression) {
		this.compression = compression;
	}

	/**
	 * Echoes messages until the connection is closed.
	 * @param url the server's URL
	 * @param deadline how long that may take
	 * @throws Exception if the connection can't be opened or lasts longer
	 */
	void echo(String url, Duration deadline) throws Exception {
		run(url, deadline, new Session() {
			@Override
			public void onMessage(WsConnection connection, WsMessage message) {
				if (message.isText()) {
					connection.send(message.text());
				}
				else {
					connection.send(message.bytes());
				}
			}
		});
	}

	/**
	 * Receives messages until the connection is closed.
	 * @param url the server's URL
	 * @param deadline how long that may take
	 * @return the texts received, joined
	 * @throws Exception if the connection can't be opened or lasts longer
	 */
	String ask(String url, Duration deadline) throws Exception {
		StringBuilder answer = new StringBuilder();
		run(url, deadline, new Session() {
			@Override
			public void onText(WsConnection connection, String text) {
				answer.append(text);
			}
		});
		return answer.toString();
	}

	/**
	 * The server answers a handshake behind all the work it has, such as writing reports.
	 */
	private void run(String url, Duration deadline, Session session) throws Exception {
		WsConnection connection = this.client.connect(WsOptions.builder(url)
			.reconnect(Reconnect.never())
			.compression(this.compression)
			.handshakeTimeout(deadline)
			.maxMessageSize(LARGEST_MESSAGE)
			.sendBufferSize(2 * LARGEST_MESSAGE)
			.build(), session);
		try {
			// Not whenOpen(): some cases are over before it could be called
			session.opened.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
			session.closed.get(deadline.toMillis(), TimeUnit.MILLISECONDS);
		}
		finally {
			connection.abort();
		}
	}

	@Override
	public void close() {
		this.client.close();
	}

	/**
	 * Knows when a connection was open and when it is closed.
	 */
	private abstract static class Session implements WsListener {

		final CompletableFuture<Void> opened = new CompletableFuture<>();

		final CompletableFuture<Void> closed = new CompletableFuture<>();

		@Override
		public void onOpen(WsConnection connection, WsHandshakeResponse response) {
			this.opened.complete(null);
		}

		@Override
		public void onError(WsConnection connection, Throwable error) {
			this.opened.completeExceptionally(error);
		}

		@Override
		public void onStateChange(WsConnection connection, WsStateChange change) {
			if (change.to() == WsState.CLOSED) {
				this.closed.complete(null);
			}
		}

	}

}
