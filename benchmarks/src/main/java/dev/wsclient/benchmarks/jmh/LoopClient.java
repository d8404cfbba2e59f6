package dev.wsclient.benchmarks.jmh;

import java.util.Objects;
import java.util.Random;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.internal.lifecycle.DefaultWsConnection;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.options.WsOptions;

/**
 * Makes one connection as our client does, whose messages come from a
 * {@link LoopTransport}.
 */
final class LoopClient implements WsClient, DefaultWsConnection.Registry {

	private final LoopTransport transport = new LoopTransport();

	private @Nullable WsConnection connection;

	@Override
	public WsConnection connection(WsOptions options, WsListener listener) {
		if (this.connection != null) {
			throw new IllegalStateException("One connection only");
		}
		this.connection = new DefaultWsConnection(options, listener, this.transport, Ticker.SYSTEM, new Random(1),
				this);
		return this.connection;
	}

	/**
	 * Lets the connection open that was asked for.
	 */
	void open() {
		this.transport.open();
		if (!Objects.requireNonNull(this.connection).isOpen()) {
			throw new IllegalStateException("Not open");
		}
	}

	void receive(WsMessage message) {
		this.transport.receive(message);
	}

	@Override
	public boolean isOpen() {
		return true;
	}

	@Override
	public void checkOpen() {
	}

	@Override
	public void onActive(WsConnection connection) {
	}

	@Override
	public void onClosed(WsConnection connection) {
	}

	@Override
	public void close() {
	}

}
