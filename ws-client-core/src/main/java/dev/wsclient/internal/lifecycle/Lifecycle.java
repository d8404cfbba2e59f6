package dev.wsclient.internal.lifecycle;

import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsFragment;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;
import dev.wsclient.WsState;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.internal.lifecycle.NextStep.Wish;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Scheduler.Timer;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.Transport;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

/**
 * The life of one connection: a method for each event (a wish of the user, news of the
 * session, a timer), which decides by the state, moves it, and then tells the news. The
 * picture of the states is at {@link WsState}. Event loop only.
 */
final class Lifecycle {

	private static final int MIN_WAITERS_TO_CHECK = 32;

	private final WsConnection connection;

	private final WsOptions options;

	private final Scheduler scheduler;

	private final Ticker ticker;

	private final ErrorFactory errors;

	private final ConnectionState state;

	private final ConnectionFigures figures;

	private final Backoff backoff;

	private final Urls urls;

	private final News news;

	private final Outbox outbox;

	private final KeepAlive keepAlive;

	/**
	 * Null unless there is such a timeout.
	 */
	private final @Nullable MessageWatch messageWatch;

	/**
	 * Null unless there is such a message.
	 */
	private final @Nullable KeepAliveMessage keepAliveMessage;

	private final Transport transport;

	private final DefaultWsConnection.Registry registry;

	private final MessagePublisher messages;

	private List<CompletableFuture<WsConnection>> openWaiters = new ArrayList<>();

	/**
	 * How many of them there may be before those that are done are looked for.
	 */
	private int openWaitersToCheck = MIN_WAITERS_TO_CHECK;

	private List<CompletableFuture<Void>> closeWaiters = new ArrayList<>();

	/**
	 * The session or attempt of the moment.
	 */
	private @Nullable CurrentSession current;

	/**
	 * What the user wants to follow it; {@code null} leaves that to the policy.
	 */
	private @Nullable Wish wish;

	/**
	 * The deadline of the phase, or the wait for the next attempt.
	 */
	private @Nullable Timer timer;

	private boolean pausedByUser;

	private boolean backlogFull;

	private boolean demandMissing;

	Lifecycle(WsConnection connection, WsOptions options, Scheduler scheduler, Ticker ticker, ErrorFactory errors,
			ConnectionState state, ConnectionFigures figures, Backoff backoff, Urls urls, News news, Outbox outbox,
			Transport transport, DefaultWsConnection.Registry registry) {
		this.connection = connection;
		this.options = options;
		this.scheduler = scheduler;
		this.ticker = ticker;
		this.errors = errors;
		this.state = state;
		this.figures = figures;
		this.backoff = backoff;
		this.urls = urls;
		this.news = news;
		this.outbox = outbox;
		this.keepAlive = new KeepAlive(scheduler, ticker, options, new SessionPeer());
		this.messageWatch = options.messageTimeout().isZero() ? null : new MessageWatch(scheduler, ticker,
				options.messageTimeout(), () -> onDeadline(Deadline.MESSAGE, options.messageTimeout()));
		this.keepAliveMessage = options.keepAliveMessage()
			.map((text) -> new KeepAliveMessage(scheduler, options.keepAliveMessageInterval(),
					() -> sendInSession(text)))
			.orElse(null);
		this.messages = new MessagePublisher(connection, scheduler, this::onDemandMissing);
		this.transport = transport;
		this.registry = registry;
	}

	private void sendInSession(String text) {
		WsSession session = this.outbox.session();
		if (session != null) {
			session.send(text);
		}
	}

	/**
	 * Returns when bytes last arrived, in nanoseconds of the ticker. Any thread.
	 */
	long lastReadNanos() {
		return this.keepAlive.lastReadNanos();
	}

	// Wishes of the user

	void whenOpen(CompletableFuture<WsConnection> waiter) {
		switch (this.state.get()) {
			case OPEN -> waiter.complete(this.connection);
			case CLOSED -> waiter.completeExceptionally(closedError("the connection is closed", null));
			case IDLE, CONNECTING, CLOSING, BACKOFF -> addOpenWaiter(waiter);
		}
	}

	private void addOpenWaiter(CompletableFuture<WsConnection> waiter) {
		if (this.openWaiters.size() >= this.openWaitersToCheck) {
			// Those that their users cancelled or let time out are not kept through an
			// outage
			this.openWaiters.removeIf(CompletableFuture::isDone);
			this.openWaitersToCheck = Math.max(MIN_WAITERS_TO_CHECK, 2 * this.openWaiters.size());
		}
		this.openWaiters.add(waiter);
	}

	void connect() {
		if (!this.registry.isOpen()) {
			return;
		}
		switch (this.state.get()) {
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

	void reconnect(Duration delay) {
		if (!this.registry.isOpen()) {
			return;
		}
		switch (this.state.get()) {
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
		this.news.reconnecting(this.backoff.attempts(), delay, null);
	}

	void cancelReconnect() {
		switch (this.state.get()) {
			case BACKOFF -> closeAtOnce("the reconnect was cancelled");
			case CLOSING -> {
				this.wish = Wish.CLOSED;
			}
			case CONNECTING, OPEN -> {
				// Aborted to reconnect, and its end is still to come
				if (this.wish != null) {
					this.wish = Wish.CLOSED;
				}
			}
			case IDLE, CLOSED -> {
			}
		}
	}

	void close(CloseStatus status, CompletableFuture<Void> waiter) {
		this.closeWaiters.add(waiter);
		switch (this.state.get()) {
			case IDLE, BACKOFF -> closeAtOnce("closed by the user");
			case CONNECTING -> endCurrent(Wish.CLOSED);
			case OPEN -> closeCurrent(Wish.CLOSED, status);
			case CLOSING -> {
				this.wish = Wish.CLOSED;
			}
			case CLOSED -> completeCloseWaiters();
		}
	}

	void abort() {
		switch (this.state.get()) {
			case IDLE, BACKOFF -> closeAtOnce("aborted by the user");
			case CONNECTING, OPEN, CLOSING -> endCurrent(Wish.CLOSED);
			case CLOSED -> {
			}
		}
	}

	void pause(boolean paused) {
		this.pausedByUser = paused;
		applyReading();
	}

	void onBacklogFull(boolean full) {
		this.backlogFull = full;
		applyReading();
	}

	MessagePublisher messages() {
		return this.messages;
	}

	private void onDemandMissing(boolean missing) {
		this.demandMissing = missing;
		applyReading();
	}

	/**
	 * A session that closes is read although the user paused it, or the server's Close
	 * frame would never be seen; the bounds of backlog and demand hold always.
	 */
	private void applyReading() {
		boolean reading = !this.backlogFull && !this.demandMissing
				&& (!this.pausedByUser || this.state.get() == WsState.CLOSING);
		this.figures.paused = !reading;
		if (this.current == null || !this.current.wasOpened()) {
			return;
		}
		this.current.session().setReading(reading);
		if (reading) {
			this.keepAlive.onReadingResumed();
		}
		else {
			this.keepAlive.onReadingStopped();
		}
		watchMessages(reading && this.state.get() == WsState.OPEN);
	}

	private void watchMessages(boolean watched) {
		if (this.messageWatch == null) {
			return;
		}
		if (watched) {
			this.messageWatch.start();
		}
		else {
			this.messageWatch.stop();
		}
	}

	// News of the session

	/**
	 * The handshake supplier is asked.
	 */
	void onPreparing() {
		armDeadline(Deadline.PREPARE, this.options.connectTimeout());
	}

	void onConnecting() {
		armDeadline(Deadline.CONNECT, this.options.connectTimeout());
	}

	void onConnected() {
		armDeadline(Deadline.HANDSHAKE, this.options.handshakeTimeout());
		this.news.connected();
	}

	WsSession onOpen(CurrentSession session, WsHandshakeResponse response) {
		cancelTimer();
		WsSession opened = this.outbox.onOpening(session.id());
		move(WsState.OPEN, null);
		this.keepAlive.start();
		if (this.keepAliveMessage != null) {
			this.keepAliveMessage.start();
		}
		applyReading();
		this.news.opened(session, opened, response);
		this.outbox.onOpen(session.session(), this.options.onOpenMessages());
		takeOpenWaiters().forEach((waiter) -> waiter.complete(this.connection));
		return opened;
	}

	void onMessage(WsMessage message) {
		if (this.messageWatch != null) {
			this.messageWatch.onMessage();
		}
		this.news.messageReceived(message);
		this.messages.onMessage(message);
	}

	/**
	 * A piece of a message arrived.
	 * @param size the message's size so far
	 */
	void onFragment(WsFragment fragment, long size) {
		if (this.messageWatch != null) {
			this.messageWatch.onMessage();
		}
		this.news.fragmentReceived(fragment, size);
	}

	void onClosing() {
		if (this.state.get() == WsState.OPEN) {
			enterClosing();
			this.outbox.onSessionOver(false, null);
		}
		else if (this.wish != null) {
			// What still waits behind our own Close can't be written any more
			this.outbox.onSessionOver(this.wish.isLast(), null);
		}
	}

	void onEnd(CurrentSession session, SessionEnd requestEnd) {
		// The loops of a closed client count no more delays
		Wish wish = this.wish;
		if (!this.registry.isOpen()) {
			wish = Wish.CLOSED;
		}
		SessionEnd end = (wish != null) ? requestEnd : session.next(requestEnd);
		if (end == null) {
			return;
		}
		cancelTimer();
		stopKeepAlive();
		this.current = null;
		this.figures.session = null;
		if (!session.wasOpened() || !this.backoff.onSessionEnd(session.uptime())) {
			this.urls.onFailed(this.ticker.nanos());
		}
		NextStep next = NextStep.decide(end, wish, this.backoff, this.ticker,
				(willRetry) -> causeOf(end, session, willRetry));
		WsException error = (end.failure() != null) ? causeOf(end, session, next.isReconnect()) : null;
		if (error != null) {
			this.figures.lastError = error.getMessage();
		}
		if (session.wasOpened()) {
			this.figures.lastClose = end.status();
		}
		if (next.delay() != null) {
			this.outbox.onSessionOver(false, error);
			enterBackoff(next.delay(), error);
		}
		else {
			enterClosed(error, next.reason());
		}
		applyReading();
		tellEnd(session, end, next, error);
		completeCloseWaiters();
	}

	private WsException causeOf(SessionEnd end, CurrentSession session, boolean willRetry) {
		Failure failure = end.failure();
		return (failure != null) ? this.errors.of(failure, phaseOf(failure, session), willRetry)
				: this.errors.closed("the session was closed with " + end.status(), end.status(), null);
	}

	/**
	 * A violation happens in an open session and is told after the close it leads to.
	 */
	private static Phase phaseOf(Failure failure, CurrentSession session) {
		return (failure instanceof Failure.Protocol) ? Phase.OPEN : session.phase();
	}

	private void tellEnd(CurrentSession session, SessionEnd end, NextStep next, @Nullable WsException error) {
		if (session.wasOpened()) {
			WsCloseEvent event = new WsCloseEvent(end.status(), end.initiator(), end.clean(), error,
					next.isReconnect());
			this.news.sessionClosed(session, event, error, next);
		}
		else if (error != null) {
			this.news.attemptFailed(session, error, next, this.backoff.attempts());
		}
		if (next.delay() != null) {
			this.news.reconnecting(this.backoff.attempts(), next.delay(), error);
		}
		else if (next.isFailure()) {
			this.news.gaveUp(session, error, next.reason());
		}
	}

	// Transitions

	private void startAttempt() {
		cancelTimer();
		this.registry.onActive(this.connection);
		if (this.state.get() != WsState.BACKOFF) {
			this.backoff.reset();
			this.outbox.onRevived();
		}
		this.figures.attempts = this.backoff.attempts();
		this.figures.nextAttempt = null;
		this.wish = null;
		move(WsState.CONNECTING, null);
		this.news.connectStarted(this.backoff.attempts());
		URI uri = this.urls.next(this.ticker.nanos());
		CurrentSession session = new CurrentSession(this, this.news, this.outbox, this.keepAlive, this.figures,
				this.ticker, (owner) -> new Opening(this, owner, this.options, this.scheduler, this.transport, uri,
						this.backoff.attempts()));
		this.current = session;
		session.start();
	}

	/**
	 * Runs the closing handshake behind the messages that wait.
	 */
	private void closeCurrent(Wish wish, CloseStatus status) {
		this.wish = wish;
		enterClosing();
		this.outbox.close(status, wish.isLast());
	}

	/**
	 * Adds to a request what belongs to the trace of the attempt.
	 */
	WsHandshakeRequest observed(WsHandshakeRequest request) {
		return this.news.observed(request);
	}

	private void stopKeepAlive() {
		this.keepAlive.stop();
		if (this.keepAliveMessage != null) {
			this.keepAliveMessage.stop();
		}
		watchMessages(false);
	}

	private void enterClosing() {
		stopKeepAlive();
		if (this.current != null) {
			this.current.onClosingStarted();
		}
		move(WsState.CLOSING, null);
		applyReading();
		armDeadline(Deadline.CLOSE, this.options.closeTimeout());
	}

	/**
	 * Ends the session or attempt without a closing handshake.
	 */
	private void endCurrent(Wish wish) {
		this.wish = wish;
		if (this.current != null) {
			this.current.abort(null);
		}
	}

	private void enterBackoff(Duration delay, @Nullable Throwable cause) {
		cancelTimer();
		this.registry.onActive(this.connection);
		this.figures.attempts = this.backoff.attempts();
		this.figures.nextAttempt = this.ticker.now().plus(delay);
		if (this.state.get() == WsState.CLOSED) {
			this.outbox.onRevived();
		}
		if (this.state.get() != WsState.BACKOFF) {
			move(WsState.BACKOFF, cause);
		}
		this.timer = this.scheduler.schedule(this::startAttempt, delay);
	}

	private void enterClosed(@Nullable Throwable cause, String reason) {
		cancelTimer();
		this.figures.nextAttempt = null;
		// First, for who hears of the close may close the client, which would wait for us
		this.registry.onClosed(this.connection);
		move(WsState.CLOSED, cause);
		this.outbox.onSessionOver(true, cause);
		this.messages.onClosed(cause);
		List<CompletableFuture<WsConnection>> waiters = takeOpenWaiters();
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
		List<CompletableFuture<Void>> waiters = this.closeWaiters;
		this.closeWaiters = new ArrayList<>();
		if (!waiters.isEmpty()) {
			this.news.afterwards(() -> waiters.forEach((waiter) -> waiter.complete(null)));
		}
	}

	/**
	 * Takes those who wait before they are told, for their code may wait anew.
	 */
	private List<CompletableFuture<WsConnection>> takeOpenWaiters() {
		List<CompletableFuture<WsConnection>> waiters = this.openWaiters;
		this.openWaiters = new ArrayList<>();
		return waiters;
	}

	private void move(WsState to, @Nullable Throwable cause) {
		this.news.stateChanged(this.state.move(to, cause));
	}

	private void armDeadline(Deadline deadline, Duration timeout) {
		cancelTimer();
		this.timer = this.scheduler.schedule(() -> onDeadline(deadline, timeout), timeout);
	}

	private void onDeadline(Deadline deadline, Duration timeout) {
		if (this.current != null) {
			this.current.abort(new Failure.Timeout(deadline, timeout));
		}
	}

	private void cancelTimer() {
		if (this.timer != null) {
			this.timer.cancel();
			this.timer = null;
		}
	}

	private WsException closedError(String reason, @Nullable Throwable cause) {
		return this.errors.closed(reason, this.figures.lastClose, cause);
	}

	/**
	 * What the keep-alive does to the session.
	 */
	private final class SessionPeer implements KeepAlive.Peer {

		@Override
		public void ping(ByteBuffer payload) {
			CurrentSession current = Lifecycle.this.current;
			if (current != null) {
				current.session().writePing(payload);
				current.session().flush();
			}
		}

		@Override
		public void onDead() {
			onDeadline(Deadline.PONG, Lifecycle.this.options.pingTimeout());
		}

	}

}
