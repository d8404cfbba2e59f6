package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Flow;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.WsSnapshot;
import dev.wsclient.WsState;
import dev.wsclient.internal.time.LoopFuture;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Outbound.Kind;
import dev.wsclient.internal.transport.Transport;
import dev.wsclient.options.WsOptions;

/**
 * Our only connection: puts the pieces together, and brings what users call from any
 * thread to the {@link Lifecycle} on the event loop.
 */
public final class DefaultWsConnection implements WsConnection {

	/**
	 * As that of the options: timers can't count much further.
	 */
	private static final Duration MAX_DELAY = Duration.ofDays(365);

	private static final int MAX_CONTROL_PAYLOAD = 125;

	private final WsOptions options;

	private final Scheduler scheduler;

	private final Ticker ticker;

	private final ErrorFactory errors;

	private final ConnectionState state;

	private final ConnectionFigures figures;

	private final ListenerCalls calls;

	private final Outbox outbox;

	private final Lifecycle lifecycle;

	private final Map<String, Object> attributes = new ConcurrentHashMap<>();

	public DefaultWsConnection(WsOptions options, WsListener listener, Transport transport, Ticker ticker,
			RandomGenerator random, Registry registry) {
		this.options = options;
		this.scheduler = transport.nextScheduler();
		this.ticker = ticker;
		this.figures = new ConnectionFigures(options.name(), options.redactedUri());
		OptionNames names = new OptionNames(options);
		this.errors = new ErrorFactory(this.figures, names);
		this.state = new ConnectionState(ticker);
		this.calls = new ListenerCalls(this, options, listener, this.scheduler, ticker, this::onBacklogFull);
		News news = new News(this, options.events(), this.calls, ticker);
		this.outbox = new Outbox(options, this.scheduler, ticker, this.errors, this.state, news);
		Urls urls = new Urls(options.uris(), options.urlSelection(), options.urlCoolDown().toNanos(), random,
				ticker.nanos());
		this.lifecycle = new Lifecycle(this, options, this.scheduler, ticker, this.errors, this.state, this.figures,
				new NextStep.Policy(new Backoff(options.reconnect(), random), urls, ticker, names::of), news,
				this.outbox, transport, registry);
	}

	void onBacklogFull(boolean full) {
		this.lifecycle.onBacklogFull(full);
	}

	@Override
	public String name() {
		return this.options.name();
	}

	@Override
	public String uri() {
		return this.figures.uri;
	}

	@Override
	public WsState state() {
		return this.state.get();
	}

	@Override
	public CompletionStage<WsConnection> whenOpen() {
		CompletableFuture<WsConnection> waiter = new LoopFuture<>(this.scheduler);
		if (!this.scheduler.tryExecute(() -> this.lifecycle.whenOpen(waiter))) {
			waiter.completeExceptionally(this.errors.closed("the client is closed", this.figures.lastClose, null));
		}
		return waiter;
	}

	@Override
	public void connect() {
		this.scheduler.tryExecute(this.lifecycle::connect);
	}

	@Override
	public void reconnect(Duration delay) {
		requireDelay(delay);
		this.scheduler.tryExecute(() -> this.lifecycle.reconnect(delay));
	}

	private static void requireDelay(Duration delay) {
		if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
			throw new IllegalArgumentException("delay must be in 0 to 365 days, was " + delay);
		}
	}

	@Override
	public void cancelReconnect() {
		this.scheduler.tryExecute(this.lifecycle::cancelReconnect);
	}

	@Override
	public CompletionStage<Void> send(String text) {
		return this.outbox.send(Outbound.text(this.scheduler, text));
	}

	@Override
	public CompletionStage<Void> send(ByteBuffer payload) {
		return this.outbox.send(Outbound.bytes(this.scheduler, Kind.BINARY, payload));
	}

	@Override
	public CompletionStage<Void> sendUncompressed(String text) {
		return this.outbox.send(Outbound.text(this.scheduler, text).uncompressed());
	}

	@Override
	public CompletionStage<Void> sendUncompressed(ByteBuffer payload) {
		return this.outbox.send(Outbound.bytes(this.scheduler, Kind.BINARY, payload).uncompressed());
	}

	@Override
	public CompletionStage<Void> send(WsMessage.Type type, Flow.Publisher<ByteBuffer> fragments) {
		return this.outbox.send(Outbound.stream(this.scheduler, type == WsMessage.Type.TEXT, fragments));
	}

	@Override
	public CompletionStage<Void> ping(ByteBuffer payload) {
		return sendControl(Kind.PING, payload);
	}

	@Override
	public CompletionStage<Void> pong(ByteBuffer payload) {
		return sendControl(Kind.PONG, payload);
	}

	private CompletionStage<Void> sendControl(Kind kind, ByteBuffer payload) {
		if (payload.remaining() > MAX_CONTROL_PAYLOAD) {
			throw new IllegalArgumentException("The payload of a ping or pong must be at most " + MAX_CONTROL_PAYLOAD
					+ " bytes (RFC 6455, section 5.5), was " + payload.remaining());
		}
		return this.outbox.send(Outbound.bytes(this.scheduler, kind, payload));
	}

	@Override
	public CompletionStage<Void> close(CloseStatus status) {
		if (!status.isSendable()) {
			throw new IllegalArgumentException(
					"Close code " + status.code() + " may not be sent (RFC 6455, section 7.4)");
		}
		CompletableFuture<Void> waiter = new LoopFuture<>(this.scheduler);
		if (!this.scheduler.tryExecute(() -> this.lifecycle.close(status, waiter))) {
			waiter.complete(null);
		}
		return waiter;
	}

	@Override
	public void abort() {
		this.scheduler.tryExecute(this.lifecycle::abort);
	}

	@Override
	public void pause() {
		// At once, so that a listener gets no message behind the one it pauses at
		this.scheduler.tryRun(() -> this.lifecycle.pause(true));
	}

	@Override
	public void resume() {
		this.scheduler.tryRun(() -> this.lifecycle.pause(false));
	}

	@Override
	public Hold holdCalls() {
		return this.calls.hold();
	}

	@Override
	public Flow.Publisher<WsMessage> messages() {
		if (this.options.streaming()) {
			throw new IllegalStateException("Connection '" + name()
					+ "' streams its messages to onFragment (option streaming), so there are none to publish");
		}
		return this.lifecycle.messages();
	}

	@Override
	public CompletionStage<Void> pipeTo(WsConnection target) {
		MessagePipe pipe = new MessagePipe(target, this.scheduler);
		messages().subscribe(pipe);
		return pipe.done();
	}

	@Override
	public Timer schedule(Runnable task, Duration delay) {
		requireDelay(delay);
		UserTimer timer = new UserTimer(this.scheduler, Objects.requireNonNull(task, "task"), this.calls::taskThrew);
		timer.start(delay);
		return timer;
	}

	@Override
	public Map<String, Object> attributes() {
		return this.attributes;
	}

	@Override
	public WsSnapshot snapshot() {
		Instant lastReceived = this.figures.everRead ? moment(this.lifecycle.lastReadNanos()) : null;
		Instant lastMessage = (this.figures.messagesReceived() > 0) ? moment(this.figures.lastMessageNanos()) : null;
		return new WsSnapshot(name(), this.figures.uri, this.state.get(), this.state.since(), this.figures.sessionId(),
				this.figures.localAddress(), this.figures.remoteAddress(), this.figures.sessions, attempts(),
				this.figures.nextAttempt, refusedSince(), this.figures.lastError, this.figures.lastClose,
				this.figures.roundTrip, lastReceived, lastMessage, this.figures.messagesReceived(),
				this.figures.messagesSent(), this.figures.bytesReceived(), this.figures.bytesSent(),
				this.outbox.queuedMessages(), this.outbox.queuedBytes(), this.figures.paused, this.calls.backlogSize());
	}

	private Instant moment(long nanos) {
		return this.ticker.now().minusNanos(this.ticker.nanos() - nanos);
	}

	/**
	 * A session that became stable has made good for the attempts before it.
	 */
	private int attempts() {
		boolean stable = this.state.get() == WsState.OPEN
				&& !this.state.since().plus(this.options.reconnect().resetAfter()).isAfter(this.ticker.now());
		return stable ? 0 : this.figures.attempts;
	}

	private @Nullable Instant refusedSince() {
		return (this.state.get() != WsState.OPEN) ? this.figures.refusedSince : null;
	}

	@Override
	public String toString() {
		return "WsConnection[name=" + name() + ", uri=" + this.figures.uri + ", state=" + state() + "]";
	}

	/**
	 * The client, which keeps account of its connections.
	 */
	public interface Registry {

		/**
		 * Whether a session may be opened. Any thread.
		 * @return {@code false} once the client closes, or while it is suspended
		 */
		boolean mayConnect();

		/**
		 * The connection connects or is going to.
		 * @param connection the connection
		 */
		void onActive(WsConnection connection);

		/**
		 * The connection is closed.
		 * @param connection the connection
		 */
		void onClosed(WsConnection connection);

	}

}
