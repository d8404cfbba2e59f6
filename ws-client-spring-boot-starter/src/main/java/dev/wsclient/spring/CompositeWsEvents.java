package dev.wsclient.spring;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsStateChange;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.observe.WsEvents;

/**
 * Tells several watchers, in order. What one throws doesn't keep the others from hearing.
 */
class CompositeWsEvents implements WsEvents {

	private final List<WsEvents> watchers;

	/** Messages are many, and of no interest to most. */
	private final List<WsEvents> messageWatchers;

	CompositeWsEvents(List<? extends WsEvents> watchers) {
		this.watchers = List.copyOf(watchers);
		this.messageWatchers = this.watchers.stream().filter(CompositeWsEvents::watchesMessages).toList();
	}

	private static boolean watchesMessages(WsEvents watcher) {
		return !(watcher instanceof ConnectionObserver observer) || observer.watchesMessages();
	}

	@Override
	public void stateChanged(WsConnection connection, WsStateChange change) {
		each((watcher) -> watcher.stateChanged(connection, change));
	}

	@Override
	public void connectStarted(WsConnection connection, int attempt) {
		each((watcher) -> watcher.connectStarted(connection, attempt));
	}

	@Override
	public Map<String, String> handshakeHeaders(WsConnection connection) {
		Map<String, String> headers = new LinkedHashMap<>();
		each((watcher) -> headers.putAll(watcher.handshakeHeaders(connection)));
		return headers;
	}

	@Override
	public void connectSucceeded(WsConnection connection, Duration connectTime, Duration handshakeTime) {
		each((watcher) -> watcher.connectSucceeded(connection, connectTime, handshakeTime));
	}

	@Override
	public void connectFailed(WsConnection connection, WsException error, Duration time) {
		each((watcher) -> watcher.connectFailed(connection, error, time));
	}

	@Override
	public void reconnectScheduled(WsConnection connection, int attempt, Duration delay, @Nullable Throwable cause) {
		each((watcher) -> watcher.reconnectScheduled(connection, attempt, delay, cause));
	}

	@Override
	public void messageReceived(WsConnection connection, WsMessage.Type type, int size) {
		each(this.messageWatchers, (watcher) -> watcher.messageReceived(connection, type, size));
	}

	@Override
	public void messageSent(WsConnection connection, WsMessage.Type type, int size) {
		each(this.messageWatchers, (watcher) -> watcher.messageSent(connection, type, size));
	}

	@Override
	public void messageNotAccepted(WsConnection connection, WsMessage.Type type, int size) {
		each((watcher) -> watcher.messageNotAccepted(connection, type, size));
	}

	@Override
	public void messageFailed(WsConnection connection, WsMessage.Type type, int size, WsSendException.Outcome outcome) {
		each((watcher) -> watcher.messageFailed(connection, type, size, outcome));
	}

	@Override
	public void pingRoundTrip(WsConnection connection, Duration time) {
		each((watcher) -> watcher.pingRoundTrip(connection, time));
	}

	@Override
	public void sessionClosed(WsConnection connection, WsCloseEvent event) {
		each((watcher) -> watcher.sessionClosed(connection, event));
	}

	@Override
	public boolean timesCallbacks() {
		return this.watchers.stream().anyMatch(WsEvents::timesCallbacks);
	}

	@Override
	public void callbackFinished(WsConnection connection, String callback, long nanos, @Nullable Throwable thrown) {
		each((watcher) -> watcher.callbackFinished(connection, callback, nanos, thrown));
	}

	private void each(Consumer<WsEvents> call) {
		each(this.watchers, call);
	}

	private static void each(List<WsEvents> watchers, Consumer<WsEvents> call) {
		Throwable failure = null;
		for (WsEvents watcher : watchers) {
			try {
				call.accept(watcher);
			}
			// Also an Error: the others must hear
			catch (Throwable ex) {
				failure = ex;
			}
		}
		if (failure instanceof Error error) {
			throw error;
		}
		if (failure != null) {
			throw (RuntimeException) failure;
		}
	}

}
