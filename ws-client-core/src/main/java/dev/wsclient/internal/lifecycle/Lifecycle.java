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
import dev.wsclient.WsState;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.internal.lifecycle.NextStep.Wish;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Scheduler.Timer;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.Transport;
import dev.wsclient.options.Reconnect.EndClass;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

/**
 * The life of one connection: a method for each event (a wish of the user, news of the
 * session, a timer), which decides by the state, moves it, and then tells the news. The
 * picture of the states is at {@link WsState}. Event loop only.
 */
final class Lifecycle {

	private final WsConnection connection;

	private final WsOptions options;

	private final Scheduler scheduler;

	private final Ticker ticker;

	private final ErrorFactory errors;

	private final ConnectionState state;

	private final ConnectionFigures figures;

	private final Backoff backoff;

	private final NextStep.Policy policy;

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
	 * How the newest attempt or session ended, for the handshake supplier; {@code null}
	 * if there was none or the user gave the attempt up.
	 */
	private @Nullable WsException lastEnd;

	/**
	 * The deadline of the phase, or the wait for the next attempt.
	 */
	private @Nullable Timer timer;

	private boolean pausedByUser;

	private boolean backlogFull;

	private boolean demandMissing;

	Lifecycle(WsConnection connection, WsOptions options, Scheduler scheduler, Ticker ticker, ErrorFactory errors,
			ConnectionState state, ConnectionFigures figures, NextStep.Policy policy, News news, Outbox outbox,
			Transport transport, DefaultWsConnection.Registry registry) {
		this.connection = connection;
		this.options = options;
		this.scheduler = scheduler;
		this.ticker = ticker;
		this.errors = errors;
		this.state = state;
		this.figures = figures;
		this.backoff = policy.backoff();
		this.policy = policy;
		this.news = news;
		this.outbox = outbox;
		this.keepAlive = new KeepAlive(scheduler, ticker, options, new SessionPeer());
		this.messageWatch = options.messageTimeout().isZero() ? null : new MessageWatch(scheduler, ticker,
				options.messageTimeout(), () -> onDeadline(Deadline.MESSAGE, options.messageTimeout()));
		this.keepAliveMessage = options.keepAliveMessage()
			.map((text) -> new KeepAliveMessage(scheduler, options.keepAliveMessageInterval(),
					() -> outbox.send(Outbound.text(scheduler, text))))
			.orElse(null);
		this.messages = new MessagePublisher(connection, scheduler, this::onDemandMissing);
		this.transport = transport;
		this.registry = registry;
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
			case IDLE, CONNECTING, CLOSING, BACKOFF -> this.openWaiters.add(waiter);
		}
	}

	void connect() {
		if (!this.registry.mayConnect()) {
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
		if (!this.registry.mayConnect()) {
			return;
		}
		switch (this.state.get()) {
			case IDLE, CLOSED -> {
				startOver();
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
		this.backoff.countWish();
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

	void onOpen(CurrentSession session, WsHandshakeResponse response) {
		cancelTimer();
		this.lastEnd = null;
		this.outbox.onOpening();
		move(WsState.OPEN, null);
		this.keepAlive.start();
		if (this.keepAliveMessage != null) {
			this.keepAliveMessage.start();
		}
		applyReading();
		this.news.opened(session, response);
		this.outbox.onOpen(session.session(), this.options.onOpenMessages());
		takeOpenWaiters().forEach((waiter) -> waiter.complete(this.connection));
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
		// Not a matter of the policy: a suspended client reconnects nothing
		Wish wish = this.wish;
		if (!this.registry.mayConnect()) {
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
		boolean stable = session.wasOpened() && this.backoff.onSessionEnd(session.uptime());
		NextStep next = decide(session, end, wish, stable);
		WsException cause = next.isWished() ? null : causeOf(end, session, next.isReconnect());
		WsException error = errorOf(end, session, next, cause);
		if (error != null) {
			this.figures.lastError = error.getMessage();
		}
		if (session.wasOpened()) {
			this.figures.lastClose = end.status();
		}
		noteRefusal(next, stable);
		if (this.options.handshakeSupplier().isPresent()) {
			boolean givenUp = session.wasEndAsked() && !session.wasOpened();
			this.lastEnd = givenUp ? null : causeOf(end, session, next.isReconnect());
		}
		if (next.delay() != null) {
			this.outbox.onSessionOver(false, error);
			enterBackoff(next.delay(), cause);
		}
		else {
			enterClosed(cause, next.isError() ? cause : error, next.reason());
		}
		applyReading();
		tellEnd(session, end, next, error, cause);
		completeCloseWaiters();
	}

	private NextStep decide(CurrentSession session, SessionEnd end, @Nullable Wish wish, boolean stable) {
		Urls urls = this.policy.urls();
		if (session.wasOpened()) {
			urls.onSessionEnd(stable, this.ticker.nanos());
		}
		if (wish == null) {
			return NextStep.decide(end, stable, this.policy, (endClass) -> causeOf(end, session,
					endClass != EndClass.STOPPED && this.backoff.mayRetry(this.ticker.nanos())));
		}
		if (!stable && !session.wasEndAsked()) {
			urls.onFailed(this.ticker.nanos());
		}
		if (wish.delay() != null) {
			this.backoff.countWish();
		}
		return NextStep.wished(wish.delay());
	}

	/**
	 * Returns what the listener is told as error. The end of an attempt that the user
	 * gave up is none.
	 */
	private @Nullable WsException errorOf(SessionEnd end, CurrentSession session, NextStep next,
			@Nullable WsException cause) {
		if (end.failure() == null || (session.wasEndAsked() && !session.wasOpened())) {
			return null;
		}
		return (cause != null) ? cause : causeOf(end, session, next.isReconnect());
	}

	private void noteRefusal(NextStep next, boolean stable) {
		if (!next.isRefused()) {
			this.figures.refusedSince = null;
		}
		else if (stable || this.figures.refusedSince == null) {
			this.figures.refusedSince = this.ticker.now();
		}
	}

	/**
	 * Makes the typed cause of an end.
	 */
	WsException causeOf(SessionEnd end, CurrentSession session, boolean willRetry) {
		Failure failure = end.failure();
		return (failure != null) ? this.errors.of(failure, phaseOf(failure, session), willRetry)
				: this.errors.closed("the session was closed with " + end.status(), end.status(), willRetry);
	}

	/**
	 * A violation happens in an open session and is told after the close it leads to.
	 */
	private static Phase phaseOf(Failure failure, CurrentSession session) {
		return (failure instanceof Failure.Protocol) ? Phase.OPEN : session.phase();
	}

	private void tellEnd(CurrentSession session, SessionEnd end, NextStep next, @Nullable WsException error,
			@Nullable WsException cause) {
		if (session.wasOpened()) {
			WsCloseEvent event = new WsCloseEvent(end.status(), end.initiator(), end.clean(), error,
					next.isReconnect());
			this.news.sessionClosed(session, event, error, next);
		}
		else if (error != null) {
			this.news.attemptFailed(session, error, next, this.backoff.failures());
		}
		if (next.isError()) {
			this.news.failed(session, error, next);
		}
		if (next.delay() != null) {
			this.news.reconnecting(this.backoff.attempts(), next.delay(), cause);
		}
	}

	// Transitions

	private void startAttempt() {
		cancelTimer();
		this.registry.onActive(this.connection);
		if (this.state.get() != WsState.BACKOFF) {
			startOver();
			this.outbox.onRevived();
		}
		this.figures.attempts = this.backoff.attempts();
		this.figures.nextAttempt = null;
		this.wish = null;
		move(WsState.CONNECTING, null);
		this.news.connectStarted(this.backoff.attempts());
		URI uri = this.policy.urls().next(this.ticker.nanos());
		CurrentSession session = new CurrentSession(this, this.news, this.outbox, this.keepAlive, this.figures,
				this.ticker, (owner) -> new Opening(this, owner, this.options, this.scheduler, this.transport, uri,
						this.backoff.attempts(), this.lastEnd));
		this.current = session;
		session.start();
	}

	private void startOver() {
		this.backoff.reset();
		this.policy.urls().forgetRefusals();
	}

	/**
	 * Runs the closing handshake behind the messages that wait.
	 */
	private void closeCurrent(Wish wish, CloseStatus status) {
		askForEnd(wish);
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
		askForEnd(wish);
		if (this.current != null) {
			this.current.abort(null);
		}
	}

	private void askForEnd(Wish wish) {
		this.wish = wish;
		// The end of a session that closes already was decided before
		if (this.current != null && this.state.get() != WsState.CLOSING) {
			this.current.onEndAsked();
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
		this.timer = this.scheduler.schedule(this::onDelayOver, delay);
	}

	private void onDelayOver() {
		if (this.registry.mayConnect()) {
			startAttempt();
		}
		else {
			closeAtOnce("the WsClient is suspended");
		}
	}

	/**
	 * The connection is closed.
	 * @param cause why, or {@code null} if the user wants it
	 * @param error the error to tell, or {@code null} if there is none
	 * @param reason why, for those who wait for the connection to open
	 */
	private void enterClosed(@Nullable Throwable cause, @Nullable Throwable error, String reason) {
		cancelTimer();
		this.figures.nextAttempt = null;
		// First, for who hears of the close may close the client, which would wait for us
		this.registry.onClosed(this.connection);
		move(WsState.CLOSED, cause);
		this.outbox.onSessionOver(true, error);
		this.messages.onClosed((cause != null) ? error : null);
		List<CompletableFuture<WsConnection>> waiters = takeOpenWaiters();
		if (!waiters.isEmpty()) {
			WsException closed = closedError(reason, error);
			waiters.forEach((waiter) -> waiter.completeExceptionally(closed));
		}
	}

	private void closeAtOnce(String reason) {
		this.figures.refusedSince = null;
		enterClosed(null, null, reason);
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
