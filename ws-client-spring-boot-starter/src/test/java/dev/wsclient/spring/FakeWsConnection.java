package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsSnapshot;
import dev.wsclient.WsState;

/**
 * A connection without a network that remembers what was sent.
 */
class FakeWsConnection implements WsConnection {

	final List<Object> sent = new ArrayList<>();

	final List<String> calls = new ArrayList<>();

	private final Map<String, Object> attributes = new ConcurrentHashMap<>();

	private final String name;

	WsState state = WsState.OPEN;

	@Nullable Throwable sendFailure;

	/** What sends return. */
	CompletionStage<Void> written = CompletableFuture.completedFuture(null);

	Instant since = Instant.EPOCH;

	@Nullable Instant lastMessage;

	@Nullable Instant nextAttempt;

	@Nullable Instant refusedSince;

	boolean paused;

	int waitingCalls;

	boolean clientClosed;

	/** What was scheduled and not taken back, to be run by hand. */
	final List<Runnable> timers = new ArrayList<>();

	final List<Duration> delays = new ArrayList<>();

	FakeWsConnection(String name) {
		this.name = name;
	}

	@Override
	public String name() {
		return this.name;
	}

	@Override
	public String uri() {
		return "ws://fake.example/feed";
	}

	@Override
	public WsState state() {
		return this.state;
	}

	@Override
	public CompletionStage<WsConnection> whenOpen() {
		return CompletableFuture.completedFuture(this);
	}

	@Override
	public void connect() {
		this.calls.add("connect");
	}

	@Override
	public void reconnect(Duration delay) {
		this.calls.add("reconnect");
	}

	@Override
	public void cancelReconnect() {
		this.calls.add("cancelReconnect");
	}

	@Override
	public CompletionStage<Void> send(String text) {
		return sent(text);
	}

	@Override
	public CompletionStage<Void> send(ByteBuffer payload) {
		return sent(StandardCharsets.UTF_8.decode(payload.duplicate()).toString().getBytes(StandardCharsets.UTF_8));
	}

	@Override
	public CompletionStage<Void> send(WsMessage.Type type, Flow.Publisher<ByteBuffer> fragments) {
		throw new UnsupportedOperationException();
	}

	@Override
	public Flow.Publisher<WsMessage> messages() {
		throw new UnsupportedOperationException();
	}

	@Override
	public CompletionStage<Void> pipeTo(WsConnection target) {
		throw new UnsupportedOperationException();
	}

	private CompletionStage<Void> sent(Object payload) {
		if (this.sendFailure != null) {
			return CompletableFuture.failedFuture(this.sendFailure);
		}
		this.sent.add(payload);
		return this.written;
	}

	@Override
	public CompletionStage<Void> ping(ByteBuffer payload) {
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> pong(ByteBuffer payload) {
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public CompletionStage<Void> close(CloseStatus status) {
		this.calls.add("close " + status);
		this.state = WsState.CLOSED;
		return CompletableFuture.completedFuture(null);
	}

	@Override
	public void abort() {
		this.calls.add("abort");
	}

	@Override
	public void pause() {
		this.calls.add("pause");
	}

	@Override
	public void resume() {
		this.calls.add("resume");
	}

	@Override
	public Hold holdCalls() {
		this.calls.add("hold");
		return () -> this.calls.add("release");
	}

	@Override
	public Timer schedule(Runnable task, Duration delay) {
		if (this.clientClosed) {
			throw new IllegalStateException("The client is closed");
		}
		this.delays.add(delay);
		this.timers.add(task);
		return () -> this.timers.remove(task);
	}

	@Override
	public Map<String, Object> attributes() {
		return this.attributes;
	}

	@Override
	public WsSnapshot snapshot() {
		return new WsSnapshot(this.name, uri(), this.state, this.since, "ab12", "10.0.0.1:50000", "10.0.0.2:443", 1, 0,
				this.nextAttempt, this.refusedSince, null, null, null, this.lastMessage, this.lastMessage, 0, 0, 0, 0,
				3, 42, this.paused, this.waitingCalls);
	}

}
