package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsFragment;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.WsStateChange;

/**
 * Passes what happens to one connection to its handler methods and then to listeners of
 * the application, in order. What one throws doesn't keep the others from hearing.
 */
class ListenerChain implements WsListener {

	private final HandlerDispatcher dispatcher;

	private final List<WsListener> listeners;

	ListenerChain(HandlerDispatcher dispatcher, List<WsListener> listeners) {
		this.dispatcher = dispatcher;
		this.listeners = List.copyOf(listeners);
	}

	@Override
	public void onConnect(WsConnection connection) {
		all((listener) -> listener.onConnect(connection));
	}

	@Override
	public void onOpen(WsConnection connection, WsHandshakeResponse response) {
		all((listener) -> listener.onOpen(connection, response));
	}

	/**
	 * A message that only listeners are there for is no message that nobody takes. When
	 * the application stops they get no more, as handler methods.
	 */
	@Override
	public void onMessage(WsConnection connection, WsMessage message) {
		if (this.dispatcher.intake().letIn()) {
			try {
				handle(connection, message);
			}
			finally {
				this.dispatcher.intake().handedOut();
			}
		}
	}

	private void handle(WsConnection connection, WsMessage message) {
		CallGate gate = this.dispatcher.gate();
		boolean toMethods = this.dispatcher.takesMessages();
		if (!toMethods && !gate.admit()) {
			return;
		}
		RuntimeException failure = toMethods
				? call(this.dispatcher, (listener) -> this.dispatcher.handle(connection, message), null) : null;
		boolean toListeners = gate.beginWork();
		try {
			listeners(toListeners ? this.listeners : List.of(), (listener) -> listener.onMessage(connection, message),
					failure);
		}
		finally {
			if (toListeners) {
				gate.workDone();
			}
		}
	}

	/**
	 * Never called, as messages are received whole.
	 */
	@Override
	public void onFragment(WsConnection connection, WsFragment fragment) {
		all((listener) -> listener.onFragment(connection, fragment));
	}

	@Override
	public void onPing(WsConnection connection, ByteBuffer payload) {
		all((listener) -> listener.onPing(connection, payload.asReadOnlyBuffer()));
	}

	@Override
	public void onPong(WsConnection connection, ByteBuffer payload) {
		all((listener) -> listener.onPong(connection, payload.asReadOnlyBuffer()));
	}

	@Override
	public void onError(WsConnection connection, Throwable error) {
		all((listener) -> listener.onError(connection, error));
	}

	@Override
	public void onClose(WsConnection connection, WsCloseEvent event) {
		all((listener) -> listener.onClose(connection, event));
	}

	@Override
	public void onReconnecting(WsConnection connection, int attempt, Duration delay) {
		all((listener) -> listener.onReconnecting(connection, attempt, delay));
	}

	@Override
	public void onStateChange(WsConnection connection, WsStateChange change) {
		all((listener) -> listener.onStateChange(connection, change));
	}

	@Override
	public void onBufferFull(WsConnection connection) {
		all((listener) -> listener.onBufferFull(connection));
	}

	@Override
	public void onBufferDrain(WsConnection connection) {
		all((listener) -> listener.onBufferDrain(connection));
	}

	private void all(Consumer<WsListener> call) {
		listeners(this.listeners, call, call(this.dispatcher, call, null));
	}

	/**
	 * Throws the first failure when all have been called, so that the core reports it.
	 */
	private static void listeners(List<WsListener> listeners, Consumer<WsListener> call,
			@Nullable RuntimeException before) {
		RuntimeException failure = before;
		for (WsListener listener : listeners) {
			failure = call(listener, call, failure);
		}
		if (failure != null) {
			throw failure;
		}
	}

	private static @Nullable RuntimeException call(WsListener listener, Consumer<WsListener> call,
			@Nullable RuntimeException before) {
		try {
			call.accept(listener);
			return before;
		}
		catch (RuntimeException ex) {
			if (before == null) {
				return ex;
			}
			before.addSuppressed(ex);
			return before;
		}
	}

}
