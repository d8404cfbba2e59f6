package dev.wsclient.spring;

import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.options.WsOptions;

/**
 * The client of an application context, which a handler on an event loop may close.
 */
class ContextWsClient implements WsClient {

	private final WsClient client;

	ContextWsClient(WsClient client) {
		this.client = client;
	}

	@Override
	public WsConnection connection(WsOptions options, WsListener listener) {
		return this.client.connection(options, listener);
	}

	@Override
	public void suspend() {
		this.client.suspend();
	}

	@Override
	public void resume() {
		this.client.resume();
	}

	/**
	 * Closes the client, on an event loop without waiting for it.
	 */
	@Override
	public void close() {
		try {
			this.client.close();
		}
		catch (IllegalStateException ex) {
			// The event loop ends when its caller has returned
			new Thread(this.client::close, "ws-client-close").start();
		}
	}

}
