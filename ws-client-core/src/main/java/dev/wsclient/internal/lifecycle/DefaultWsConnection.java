package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.WsSnapshot;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.internal.time.LoopFuture;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Scheduler.Timer;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Outbound.Kind;
import dev.wsclient.internal.transport.Session;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.SessionHandler;
import dev.wsclient.internal.transport.Transport;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.options.WsOptions;

/**
 * Our only connection: the state machine of the life cycle. What users call hops to the
 * event loop; every event (a user's wish, a session's news, a timer) is one method there,
 * which decides first and tells the listener after.
 */
public final class DefaultWsConnection implements WsConnection {

	private static final Logger logger = LoggerFactory.getLogger(DefaultWsConnection.class);

	/**
	 * How often failures in a row are logged as warnings; between, as debug.
	 */
	private static final Duration QUIET_TIME = Duration.ofMinutes(1);

	/**
	 * As that of the options: timers can't count much further.
	 */
	private static final Duration MAX_DELAY = Duration.ofDays(365);

	private static final int MAX_CONTROL_PAYLOAD = 125;

	private final WsOptions options;

	private final Transport transport;

	private final Scheduler scheduler;

	private final Ticker ticker;

	private final Registry registry;

	private final String uri;

	private final ErrorFactory errors;

	private final ListenerCalls calls;

	private final Outbox outbox;

	private final KeepAlive keepAlive;

	private final Backoff backoff;

	private final ConnectionState state;

	private final ConnectionFigures figures = new ConnectionFigures();

	private final Map<String, Object> attributes = new ConcurrentHashMap<>();

	// Event loop only, from here on

	private final List<CompletableFuture<WsConnection>> openWaiters = new ArrayList<>();

	private final List<CompletableFuture<Void>> closeWaiters = new ArrayList<>();

	private @Nullable CurrentSession current;

	/**
	 * What the user wants after the session; {@code null} leaves it to the policy.
	 */
	private @Nullable Wish wish;

	/**
	 * The deadline of the phase, or the wait for the next attempt.
	 */
	private @Nullable Timer timer;

	private boolean pausedByUser;

	private boolean backlogFull;

	private long lastWarningNanos;

	public DefaultWsConnection(WsOptions options, WsListener listener, Transport transport, Ticker ticker,
			RandomGenerator random, Registry registry) {
		this.options = options;
		this.transport = transport;
		this.scheduler = transport.nextScheduler();
		this.ticker = ticker;
		this.registry = registry;
		this.uri = options.redactedUri();
		this.errors = new ErrorFactory(options.name(), this.uri);
		this.calls = new ListenerCalls(this, options, listener, this.scheduler, ticker, this::onBacklogFull);
		this.outbox = new Outbox(options, this.scheduler, this.errors, new OutboxOwner());
		this.keepAlive = new KeepAlive(this.scheduler, ticker, options.pingInterval(), options.pingTimeout(),
				new KeepAlivePeer());
		this.backoff = new Backoff(options.reconnect(), random);
		this.state = new ConnectionState(ticker);
	}

	@Override
	public String name() {
		return this.options.name();
	}

	@Override
	public String uri() {
		return this.uri;
	}

	@Override
	public WsState state() {
		return this.state.get();
	}

	@Override
	public CompletionStage<WsConnection> whenOpen() {
		CompletableFuture<WsConnection> waiter = new LoopFuture<>(this.scheduler);
		if (!tryExecute(() -> addOpenWaiter(waiter))) {
			waiter.completeExceptionally(closedError("the client is closed", null));
		}
		return waiter;
	}

	@Override
	public void connect() {
		this.registry.checkOpen();
		this.scheduler.execute(this::doConnect);
	}

	@Override
	public void reconnect(Duration delay) {
		if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
			throw new IllegalArgumentException("delay must be in 0 to 365 days, was " + delay);
		}
		this.registry.checkOpen();
		this.scheduler.execute(() -> doReconnect(delay));
	}

	@Override
	public void cancelReconnect() {
		tryExecute(this::doCancelReconnect);
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
		if (!tryExecute(() -> doClose(status, waiter))) {
			waiter.complete(null);
		}
		return waiter;
	}

	@Override
	public void abort() {
		tryExecute(this::doAbort);
	}

	@Override
	public void pause() {
		tryExecute(() -> onPausedByUser(true));
	}

	@Override
	public void resume() {
		tryExecute(() -> onPausedByUser(false));
	}

	@Override
	public Map<String, Object> attributes() {
		return this.attributes;
	}

	@Override
	public WsSnapshot snapshot() {
		Instant lastReceived = this.figures.everRead
				? this.ticker.now().minusNanos(this.ticker.nanos() - this.keepAlive.lastReadNanos()) : null;
		return new WsSnapshot(name(), this.uri, this.state.get(), this.state.since(), this.figures.sessionId,
				this.figures.sessions, this.figures.attempts, this.figures.nextAttempt, this.figures.lastError,
				this.figures.lastClose, this.figures.roundTrip, lastReceived, this.figures.messagesReceived(),
				this.figures.messagesSent(), this.figures.bytesReceived(), this.figures.bytesSent(),
				this.outbox.queuedMessages(), this.outbox.queuedBytes(), this.figures.paused);
	}

	@Override
	public String toString() {
		return "WsConnection[name=" + name() + ", uri=" + this.uri + ", state=" + state() + "]";
	}

	/**
	 * Runs a task on the event loop, unless the client is closed: then there is nothing
	 * left to do for it.
	 */
	private boolean tryExecute(Runnable task) {
		try {
			this.scheduler.execute(task);
			return true;
		}
		catch (RejectedExecutionException ex) {
			return false;
		}
	}

	// The user's wishes

	private void addOpenWaiter(CompletableFuture<WsConnection> waiter) {
		switch (state()) {
			case OPEN -> waiter.complete(this);
			case CLOSED -> waiter.completeExceptionally(closedError("the connection is closed", null));
			default -> this.openWaiters.add(waiter);
		}
	}

	private void doConnect() {
		switch (state()) {
			case IDLE, CLOSED, BACKOFF -> startAttempt();
			case CLOSING -> {
				this.wish = Wish.reconnect(Duration.ZERO);
			}
			case CONNECTING, OPEN -> {
				// Aborted, and its end is still to come
				if (this.wish != null) {
					this.wish = Wish.reconnect(Duration.ZERO);
				}
			}
		}
	}

	private void doReconnect(Duration delay) {
		switch (state()) {
			case IDLE, CLOSED -> {
				this.backoff.reset();
				scheduleReconnect(delay);
			}
			case BACKOFF -> scheduleReconnect(delay);
			case CONNECTING -> endCurrent(Wish.reconnect(delay));
			case OPEN -> closeCurrent(Wish.reconnect(delay), CloseStatus.NORMAL);
			case CLOSING -> {
				this.wish = Wish.reconnect(delay);
			}
		}
	}

	private void scheduleReconnect(Duration delay) {
		this.backoff.countAttempt(this.ticker.nanos());
		enterBackoff(delay, null);
		tellReconnecting(delay);
	}

	private void doCancelReconnect() {
		if (state() == WsState.BACKOFF) {
			closeAtOnce("the reconnect was cancelled");
		}
	}

	private void doClose(CloseStatus status, CompletableFuture<Void> waiter) {
		this.closeWaiters.add(waiter);
		switch (state()) {
			case IDLE, BACKOFF -> closeAtOnce("closed by the user");
			case CONNECTING -> endCurrent(Wish.CLOSED);
			case OPEN -> closeCurrent(Wish.CLOSED, status);
			case CLOSING -> {
				this.wish = Wish.CLOSED;
			}
			case CLOSED -> completeCloseWaiters();
		}
	}

	private void doAbort() {
		switch (state()) {
			case IDLE, BACKOFF -> closeAtOnce("aborted by the user");
			case CONNECTING, OPEN, CLOSING -> endCurrent(Wish.CLOSED);
			case CLOSED -> {
			}
		}
	}

	private void onPausedByUser(boolean paused) {
		this.pausedByUser = paused;
		applyReading();
	}

	private void onBacklogFull(boolean full) {
		this.backlogFull = full;
		applyReading();
	}

	/**
	 * A session that closes is read although the user paused it, or the server's Close
	 * frame would never be seen; the backlog's bound holds always.
	 */
	private void applyReading() {
		boolean reading = !this.backlogFull && (!this.pausedByUser || state() == WsState.CLOSING);
		this.figures.paused = !reading;
		if (this.current != null && this.current.opened) {
			this.current.session().setReading(reading);
			if (reading) {
				this.keepAlive.onReadingResumed();
			}
			else {
				this.keepAlive.onReadingStopped();
			}
		}
	}

	// Transitions

	private void startAttempt() {
		cancelTimer();
		this.registry.onActive(this);
		this.figures.nextAttempt = null;
		if (state() == WsState.IDLE || state() == WsState.CLOSED) {
			this.backoff.reset();
			this.figures.attempts = 0;
			this.outbox.onRevived();
		}
		this.wish = null;
		CurrentSession current = new CurrentSession();
		this.current = current;
		move(WsState.CONNECTING, null);
		observe((events) -> events.connectStarted(this, this.backoff.attempts()));
		current.session = this.transport.open(this.scheduler, this.options, current);
		armDeadline(Deadline.CONNECT, this.options.connectTimeout());
	}

	private void enterBackoff(Duration delay, @Nullable Throwable cause) {
		cancelTimer();
		this.registry.onActive(this);
		this.figures.attempts = this.backoff.attempts();
		this.figures.nextAttempt = this.ticker.now().plus(delay);
		if (state() == WsState.CLOSED || state() == WsState.IDLE) {
			this.outbox.onRevived();
		}
		if (state() != WsState.BACKOFF) {
			move(WsState.BACKOFF, cause);
		}
		int attempt = this.backoff.attempts();
		observe((events) -> events.reconnectScheduled(this, attempt, delay, cause));
		this.timer = this.scheduler.schedule(this::startAttempt, delay);
	}

	private void enterClosed(@Nullable Throwable cause, String reason) {
		cancelTimer();
		this.figures.nextAttempt = null;
		move(WsState.CLOSED, cause);
		this.registry.onClosed(this);
		this.outbox.onSessionOver(true, cause);
		List<CompletableFuture<WsConnection>> waiters = List.copyOf(this.openWaiters);
		this.openWaiters.clear();
		if (!waiters.isEmpty()) {
			WsException error = closedError(reason, cause);
			waiters.forEach((waiter) -> waiter.completeExceptionally(error));
		}
	}

	private void closeAtOnce(String reason) {
		enterClosed(null, reason);
		completeCloseWaiters();
	}

	/**
	 * Tells those who wait for the close, after the listener heard all before it.
	 */
	private void completeCloseWaiters() {
		List<CompletableFuture<Void>> waiters = List.copyOf(this.closeWaiters);
		this.closeWaiters.clear();
		if (!waiters.isEmpty()) {
			this.calls.afterwards(() -> waiters.forEach((waiter) -> waiter.complete(null)));
		}
	}

	/**
	 * Runs the closing handshake behind the messages that wait.
	 */
	private void closeCurrent(Wish wish, CloseStatus status) {
		this.wish = wish;
		enterClosing(null);
		this.outbox.close(status, wish.isLast());
	}

	private void enterClosing(@Nullable Throwable cause) {
		this.keepAlive.stop();
		if (this.current != null) {
			this.current.phase = Phase.CLOSE;
		}
		move(WsState.CLOSING, cause);
		applyReading();
		armDeadline(Deadline.CLOSE, this.options.closeTimeout());
	}

	/**
	 * Ends the session or the attempt without a closing handshake.
	 */
	private void endCurrent(Wish wish) {
		this.wish = wish;
		if (this.current != null) {
			this.current.session().abort(null);
		}
	}

	private void move(WsState to, @Nullable Throwable cause) {
		WsStateChange change = this.state.move(to, cause);
		logger.debug("Connection '{}' [{}]: {} -> {}", name(), this.figures.sessionId, change.from(), change.to());
		observe((events) -> events.stateChanged(this, change));
		this.calls.call("onStateChange", (listener) -> listener.onStateChange(this, change));
	}

	private void armDeadline(Deadline deadline, Duration timeout) {
		cancelTimer();
		this.timer = this.scheduler.schedule(() -> onDeadline(deadline, timeout), timeout);
	}

	private void onDeadline(Deadline deadline, Duration timeout) {
		if (this.current != null) {
			this.current.session().abort(new Failure.Timeout(deadline, timeout));
		}
	}

	private void cancelTimer() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	// The session's news

	private void onSessionEnd(CurrentSession session, SessionEnd end) {
		cancelTimer();
		this.keepAlive.stop();
		this.current = null;
		long now = this.ticker.nanos();
		if (session.opened) {
			this.backoff.onSessionEnd(Duration.ofNanos(now - session.openedNanos));
		}
		Next next = decide(end, now);
		WsException error = (end.failure() != null) ? this.errors.of(end.failure(), session.phase, next.retries())
				: null;
		if (error != null) {
			this.figures.lastError = error.getMessage();
			logger.debug("Connection '{}' [{}]: the session failed", name(), session.id, error);
		}
		if (session.opened) {
			this.figures.lastClose = end.status();
			logSessionEnd(session, end, next);
		}
		else {
			logAttemptFailure(session, error, next, now);
		}
		if (next.delay() != null) {
			this.outbox.onSessionOver(false, error);
			enterBackoff(next.delay(), error);
		}
		else {
			enterClosed(error, next.reason());
		}
		tellSessionEnd(session, end, next, error, now);
		if (next.isFinalFailure()) {
			logger.error("Connection '{}' to {} is closed and stays so: {}", name(), this.uri, next.reason());
		}
		completeCloseWaiters();
	}

	private Next decide(SessionEnd end, long now) {
		Wish wish = this.wish;
		this.wish = null;
		if (wish != null && wish.isLast()) {
			return new Next(null, "closed by the user", false);
		}
		if (wish != null) {
			this.backoff.countAttempt(now);
			return new Next(wish.delay(), "the user wants it", false);
		}
		if (!RetryRule.mayHeal(end)) {
			return new Next(null, RetryRule.advice(end), true);
		}
		if (!this.backoff.mayRetry(now)) {
			return new Next(null, this.backoff.exhausted() + "; call connect() to go on", true);
		}
		return new Next(this.backoff.next(), "", false);
	}

	private void tellSessionEnd(CurrentSession session, SessionEnd end, Next next, @Nullable WsException error,
			long now) {
		if (error != null) {
			this.calls.call("onError", (listener) -> listener.onError(this, error));
		}
		if (session.opened) {
			WsCloseEvent event = new WsCloseEvent(end.status(), end.initiator(), end.clean(), error, next.retries());
			observe((events) -> events.sessionClosed(this, event));
			this.calls.call("onClose", (listener) -> listener.onClose(this, event));
		}
		else if (error != null) {
			observe((events) -> events.connectFailed(this, error, Duration.ofNanos(now - session.startedNanos)));
		}
		if (next.delay() != null) {
			tellReconnecting(next.delay());
		}
	}

	private void tellReconnecting(Duration delay) {
		int attempt = this.backoff.attempts();
		this.calls.call("onReconnecting", (listener) -> listener.onReconnecting(this, attempt, delay));
	}

	private void logSessionEnd(CurrentSession session, SessionEnd end, Next next) {
		logger.info("Connection '{}' [{}] closed: {} by {}, {}{}; {}", name(), session.id, end.status(),
				end.initiator().name().toLowerCase(Locale.ROOT), end.clean() ? "clean" : "not clean",
				describe(end.failure()), next.describe());
	}

	private static String describe(@Nullable Failure failure) {
		if (failure instanceof Failure.Network network) {
			return ", " + network.description();
		}
		if (failure instanceof Failure.Protocol protocol) {
			return ", " + protocol.description() + " (" + protocol.section() + ")";
		}
		if (failure instanceof Failure.Timeout timeout) {
			return ", " + timeout.deadline() + " deadline of " + timeout.timeout().toMillis() + " ms passed";
		}
		return "";
	}

	private void logAttemptFailure(CurrentSession session, @Nullable WsException error, Next next, long now) {
		if (error == null) {
			return;
		}
		if (this.backoff.attempts() <= 1 || now - this.lastWarningNanos >= QUIET_TIME.toNanos()) {
			this.lastWarningNanos = now;
			logger.warn("{} [{}]; {}", error.getMessage(), session.id, next.describe());
		}
		else {
			logger.debug("{} [{}]; {}", error.getMessage(), session.id, next.describe());
		}
	}

	private WsException closedError(String reason, @Nullable Throwable cause) {
		return this.errors.closed(reason, this.figures.lastClose, cause);
	}

	private void observe(Consumer<WsEvents> call) {
		if (this.options.events() == WsEvents.NONE) {
			return;
		}
		try {
			call.accept(this.options.events());
		}
		catch (RuntimeException ex) {
			logger.error("Connection '{}': an observer threw", name(), ex);
		}
	}

	private static WsMessage.Type typeOf(Outbound message) {
		return (message.kind() == Kind.TEXT) ? WsMessage.Type.TEXT : WsMessage.Type.BINARY;
	}

	/**
	 * An attempt and the session that comes of it.
	 */
	private final class CurrentSession implements SessionHandler {

		private final long number = DefaultWsConnection.this.figures.sessions + 1;

		private final String id = name() + "#" + this.number;

		private final long startedNanos = DefaultWsConnection.this.ticker.nanos();

		private @Nullable Session session;

		private long connectedNanos;

		private long openedNanos;

		private volatile Phase phase = Phase.CONNECT;

		private boolean opened;

		Session session() {
			if (this.session == null) {
				throw new IllegalStateException("the transport has not returned yet");
			}
			return this.session;
		}

		@Override
		public void onConnected() {
			DefaultWsConnection connection = DefaultWsConnection.this;
			this.connectedNanos = connection.ticker.nanos();
			this.phase = Phase.HANDSHAKE;
			armDeadline(Deadline.HANDSHAKE, connection.options.handshakeTimeout());
			connection.calls.call("onConnect", (listener) -> listener.onConnect(connection));
		}

		@Override
		public void onOpen(WsHandshakeResponse response) {
			DefaultWsConnection connection = DefaultWsConnection.this;
			cancelTimer();
			this.openedNanos = connection.ticker.nanos();
			this.opened = true;
			this.phase = Phase.OPEN;
			connection.figures.sessions = this.number;
			connection.figures.sessionId = this.id;
			Duration connectTime = Duration.ofNanos(this.connectedNanos - this.startedNanos);
			Duration handshakeTime = Duration.ofNanos(this.openedNanos - this.connectedNanos);
			logger.info("Connection '{}' [{}] is open to {} after {} ms{}", name(), this.id, connection.uri,
					(this.openedNanos - this.startedNanos) / 1_000_000,
					(response.subprotocol() != null) ? ", subprotocol " + response.subprotocol() : "");
			connection.outbox.onOpening();
			move(WsState.OPEN, null);
			connection.keepAlive.start();
			applyReading();
			observe((events) -> events.connectSucceeded(connection, connectTime, handshakeTime));
			connection.calls.call("onOpen", (listener) -> listener.onOpen(connection, response));
			connection.outbox.onOpen(session(), connection.options.onOpenMessages());
			List<CompletableFuture<WsConnection>> waiters = List.copyOf(connection.openWaiters);
			connection.openWaiters.clear();
			waiters.forEach((waiter) -> waiter.complete(connection));
		}

		@Override
		public void onRead() {
			DefaultWsConnection.this.figures.everRead = true;
			DefaultWsConnection.this.keepAlive.onRead();
		}

		@Override
		public void onMessage(WsMessage message) {
			DefaultWsConnection connection = DefaultWsConnection.this;
			connection.figures.messageReceived(message.size());
			observe((events) -> events.messageReceived(connection, message.type(), message.size()));
			connection.calls.message(message);
		}

		@Override
		public void onPing(ByteBuffer payload) {
			DefaultWsConnection connection = DefaultWsConnection.this;
			ByteBuffer lasting = lasting(payload);
			connection.calls.call("onPing", (listener) -> listener.onPing(connection, lasting));
		}

		@Override
		public void onPong(ByteBuffer payload) {
			DefaultWsConnection connection = DefaultWsConnection.this;
			Duration roundTrip = connection.keepAlive.onPong(payload);
			if (roundTrip != null) {
				connection.figures.roundTrip = roundTrip;
				observe((events) -> events.pingRoundTrip(connection, roundTrip));
			}
			ByteBuffer lasting = lasting(payload);
			connection.calls.call("onPong", (listener) -> listener.onPong(connection, lasting));
		}

		private ByteBuffer lasting(ByteBuffer payload) {
			return DefaultWsConnection.this.calls.areDeferred()
					? ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip().asReadOnlyBuffer()
					: payload;
		}

		@Override
		public void onClosing() {
			if (state() == WsState.OPEN) {
				enterClosing(null);
				DefaultWsConnection.this.outbox.onSessionOver(false, null);
			}
			else if (DefaultWsConnection.this.wish != null) {
				// What still waits behind our own Close can't be written any more
				DefaultWsConnection.this.outbox.onSessionOver(DefaultWsConnection.this.wish.isLast(), null);
			}
		}

		@Override
		public void onWritable() {
			DefaultWsConnection.this.outbox.onWritable();
		}

		@Override
		public void onWritten(Outbound message) {
			DefaultWsConnection connection = DefaultWsConnection.this;
			if (message.kind().isMessage()) {
				connection.figures.messageSent(message.size());
				observe((events) -> events.messageSent(connection, typeOf(message), message.size()));
			}
			connection.outbox.onWritten(message);
		}

		@Override
		public void onLost(Outbound message) {
			DefaultWsConnection.this.outbox.onLost(message);
		}

		@Override
		public void onEnd(SessionEnd end) {
			onSessionEnd(this, end);
		}

	}

	/**
	 * What the keep-alive does to the session.
	 */
	private final class KeepAlivePeer implements KeepAlive.Peer {

		@Override
		public void ping(ByteBuffer payload) {
			CurrentSession current = DefaultWsConnection.this.current;
			if (current != null) {
				current.session().writePing(payload);
				current.session().flush();
			}
		}

		@Override
		public void onDead() {
			onDeadline(Deadline.PONG, DefaultWsConnection.this.options.pingTimeout());
		}

	}

	/**
	 * What the outbox tells.
	 */
	private final class OutboxOwner implements Outbox.Owner {

		@Override
		public Phase phase() {
			return switch (state()) {
				case CONNECTING -> Phase.CONNECT;
				case OPEN -> Phase.OPEN;
				case CLOSING -> Phase.CLOSE;
				case IDLE, BACKOFF, CLOSED -> Phase.DISCONNECTED;
			};
		}

		@Override
		public void onSendFailed(Outbound message, Outcome outcome) {
			if (!message.kind().isMessage()) {
				return;
			}
			DefaultWsConnection connection = DefaultWsConnection.this;
			if (outcome == Outcome.NOT_ACCEPTED) {
				observe((events) -> events.messageNotAccepted(connection, typeOf(message), message.size()));
			}
			else {
				observe((events) -> events.messageFailed(connection, typeOf(message), message.size(), outcome));
			}
		}

		@Override
		public void onBufferFull() {
			DefaultWsConnection.this.calls.call("onBufferFull",
					(listener) -> listener.onBufferFull(DefaultWsConnection.this));
		}

		@Override
		public void onBufferDrain() {
			DefaultWsConnection.this.calls.call("onBufferDrain",
					(listener) -> listener.onBufferDrain(DefaultWsConnection.this));
		}

	}

	/**
	 * What follows a session: another attempt after a delay, or none.
	 */
	private record Next(@Nullable Duration delay, String reason, boolean isFinalFailure) {

		boolean retries() {
			return this.delay != null;
		}

		String describe() {
			return (this.delay != null) ? "reconnecting in " + this.delay.toMillis() + " ms" : "not reconnecting";
		}

	}

	/**
	 * What the user wants to follow the session.
	 */
	private record Wish(@Nullable Duration delay) {

		static final Wish CLOSED = new Wish(null);

		boolean isLast() {
			return this.delay == null;
		}

		static Wish reconnect(Duration delay) {
			return new Wish(delay);
		}

	}

	/**
	 * The client, which keeps account of its connections.
	 */
	public interface Registry {

		/**
		 * Checks that the client is open.
		 * @throws IllegalStateException if not
		 */
		void checkOpen();

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
