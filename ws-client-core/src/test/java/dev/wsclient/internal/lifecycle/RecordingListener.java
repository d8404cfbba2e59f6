package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsFragment;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsListener;
import dev.wsclient.WsStateChange;

/**
 * Remembers the calls of a connection, and does in a call what the test wants.
 */
final class RecordingListener implements WsListener {

	private final Queue<String> calls = new ConcurrentLinkedQueue<>();

	private final Queue<WsStateChange> changes = new ConcurrentLinkedQueue<>();

	private final Queue<Throwable> errors = new ConcurrentLinkedQueue<>();

	private final Queue<WsCloseEvent> closes = new ConcurrentLinkedQueue<>();

	private final Queue<Duration> delays = new ConcurrentLinkedQueue<>();

	private final Queue<Integer> attempts = new ConcurrentLinkedQueue<>();

	private final Map<String, Consumer<WsConnection>> actions = new ConcurrentHashMap<>();

	/**
	 * Does something in each call of a method.
	 */
	void in(String method, Consumer<WsConnection> action) {
		this.actions.put(method, action);
	}

	/**
	 * Throws in each call of a method.
	 */
	void throwIn(String method) {
		in(method, (connection) -> {
			throw new IllegalStateException("thrown by " + method);
		});
	}

	private void called(String method, String detail, WsConnection connection) {
		this.calls.add(detail.isEmpty() ? method : method + " " + detail);
		Consumer<WsConnection> action = this.actions.get(method);
		if (action != null) {
			action.accept(connection);
		}
	}

	@Override
	public void onConnect(WsConnection connection) {
		called("onConnect", "", connection);
	}

	@Override
	public void onOpen(WsConnection connection, WsHandshakeResponse response) {
		called("onOpen", "", connection);
	}

	@Override
	public void onText(WsConnection connection, String text) {
		called("onText", text, connection);
	}

	@Override
	public void onFragment(WsConnection connection, WsFragment fragment) {
		called("onFragment", StandardCharsets.UTF_8.decode(fragment.payload().duplicate()).toString(), connection);
	}

	@Override
	public void onPing(WsConnection connection, ByteBuffer payload) {
		called("onPing", StandardCharsets.UTF_8.decode(payload.duplicate()).toString(), connection);
	}

	@Override
	public void onPong(WsConnection connection, ByteBuffer payload) {
		called("onPong", "", connection);
	}

	@Override
	public void onError(WsConnection connection, Throwable error) {
		this.errors.add(error);
		called("onError", "", connection);
	}

	@Override
	public void onClose(WsConnection connection, WsCloseEvent event) {
		this.closes.add(event);
		called("onClose", "", connection);
	}

	@Override
	public void onReconnecting(WsConnection connection, int attempt, Duration delay) {
		this.attempts.add(attempt);
		this.delays.add(delay);
		called("onReconnecting", "", connection);
	}

	@Override
	public void onStateChange(WsConnection connection, WsStateChange change) {
		this.changes.add(change);
		Consumer<WsConnection> action = this.actions.get("onStateChange");
		if (action != null) {
			action.accept(connection);
		}
	}

	@Override
	public void onBufferFull(WsConnection connection) {
		called("onBufferFull", "", connection);
	}

	@Override
	public void onBufferDrain(WsConnection connection) {
		called("onBufferDrain", "", connection);
	}

	/**
	 * Returns the calls but those of onStateChange.
	 */
	List<String> calls() {
		return new ArrayList<>(this.calls);
	}

	long count(String method) {
		return this.calls.stream().filter(method::equals).count();
	}

	List<WsStateChange> changes() {
		return new ArrayList<>(this.changes);
	}

	List<Throwable> errors() {
		return new ArrayList<>(this.errors);
	}

	List<WsCloseEvent> closes() {
		return new ArrayList<>(this.closes);
	}

	List<Duration> delays() {
		return new ArrayList<>(this.delays);
	}

	List<Integer> attempts() {
		return new ArrayList<>(this.attempts);
	}

	void clear() {
		this.calls.clear();
		this.changes.clear();
		this.errors.clear();
		this.closes.clear();
		this.delays.clear();
		this.attempts.clear();
	}

}
