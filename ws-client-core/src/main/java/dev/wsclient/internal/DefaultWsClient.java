package dev.wsclient.internal;

import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.options.WsOptions;

/**
 * Our only client.
 */
public final class DefaultWsClient implements WsClient {

	@Override
	public WsConnection connection(WsOptions options, WsListener listener) {
		throw new IllegalStateException("being written");
	}

	@Override
	public void close() {
	}

}
