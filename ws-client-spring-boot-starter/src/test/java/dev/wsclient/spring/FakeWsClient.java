package dev.wsclient.spring;

import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.options.WsOptions;

/**
 * Makes connections without a network and remembers options and listeners by name.
 */
class FakeWsClient implements WsClient {

	private final Map<String, WsOptions> options = new ConcurrentHashMap<>();

	private final Map<String, WsListener> listeners = new ConcurrentHashMap<>();

	boolean closed;

	boolean suspended;

	@Override
	public WsConnection connection(WsOptions options, WsListener listener) {
		this.options.put(options.name(), options);
		this.listeners.put(options.name(), listener);
		return new FakeWsConnection(options.name());
	}

	WsOptions options(String name) {
		return Objects.requireNonNull(this.options.get(name), name);
	}

	Set<String> names() {
		return this.options.keySet();
	}

	WsListener listener(String name) {
		return Objects.requireNonNull(this.listeners.get(name), name);
	}

	@Override
	public void suspend() {
		this.suspended = true;
	}

	@Override
	public void resume() {
		this.suspended = false;
	}

	@Override
	public void close() {
		this.closed = true;
	}

}
