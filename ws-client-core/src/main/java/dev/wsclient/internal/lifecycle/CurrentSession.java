package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsFragment;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Outbound.Kind;
import dev.wsclient.internal.transport.Session;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.SessionHandler;

/**
 * An attempt and the session that comes of it: when what happened, and where its news go.
 * Event loop only.
 */
final class CurrentSession implements SessionHandler {

	private final Lifecycle lifecycle;

	private final News news;

	private final Outbox outbox;

	private final KeepAlive keepAlive;

	private final ConnectionFigures figures;

	private final Ticker ticker;

	private final long number;

	private final long startedNanos;

	private long connectedNanos;

	private long openedNanos;

	private Phase phase = Phase.CONNECT;

	private boolean opened;

	private boolean endAsked;

	/**
	 * What arrived of the message under way, if it comes in pieces.
	 */
	private long receivedSize;

	/**
	 * What was written of the streamed message under way.
	 */
	private long streamedSize;

	private WsMessage.Type streamedType = WsMessage.Type.BINARY;

	/**
	 * {@code null} since the session is open.
	 */
	private @Nullable Opening opening;

	/**
	 * {@code null} until the transport returned it.
	 */
	private @Nullable Session session;

	CurrentSession(Lifecycle lifecycle, News news, Outbox outbox, KeepAlive keepAlive, ConnectionFigures figures,
			Ticker ticker, Function<CurrentSession, Opening> opening) {
		this.lifecycle = lifecycle;
		this.news = news;
		this.outbox = outbox;
		this.keepAlive = keepAlive;
		this.figures = figures;
		this.ticker = ticker;
		this.number = figures.sessions + 1;
		this.startedNanos = ticker.nanos();
		this.opening = opening.apply(this);
	}

	/**
	 * The handshake supplier is asked for the request.
	 */
	void onPreparing() {
		this.session = null;
		this.phase = Phase.PREPARE;
	}

	void onStarted(String uri, Session session) {
		this.figures.uri = uri;
		this.session = session;
		this.phase = Phase.CONNECT;
	}

	void start() {
		if (this.opening != null) {
			this.opening.start();
		}
	}

	/**
	 * Makes another request if the end of the one before asks for it.
	 * @return {@code null} if another request is under way, or else how the session or
	 * attempt ended
	 */
	@Nullable SessionEnd next(SessionEnd end) {
		return (this.opening != null) ? this.opening.next(end) : end;
	}

	/**
	 * Ends the session or attempt without a closing handshake.
	 * @param failure why, or {@code null} if the user wants it
	 */
	void abort(@Nullable Failure failure) {
		if (this.session != null) {
			this.session.abort(failure);
		}
		else if (this.opening != null) {
			this.opening.abort(failure);
		}
	}

	/**
	 * The user asks for the end, which so is no failure.
	 */
	void onEndAsked() {
		this.endAsked = true;
	}

	boolean wasEndAsked() {
		return this.endAsked;
	}

	Session session() {
		if (this.session == null) {
			throw new IllegalStateException("the transport has not returned yet");
		}
		return this.session;
	}

	/**
	 * Returns the id in the log: the connection's name and the number of the session.
	 */
	String id() {
		return this.figures.sessionId(this.number);
	}

	Phase phase() {
		return this.phase;
	}

	boolean wasOpened() {
		return this.opened;
	}

	Instant now() {
		return this.ticker.now();
	}

	Duration connectTime() {
		return Duration.ofNanos(this.connectedNanos - this.startedNanos);
	}

	Duration handshakeTime() {
		return Duration.ofNanos(this.openedNanos - this.connectedNanos);
	}

	Duration age() {
		return Duration.ofNanos(this.ticker.nanos() - this.startedNanos);
	}

	Duration uptime() {
		return Duration.ofNanos(this.ticker.nanos() - this.openedNanos);
	}

	@Override
	public void onStep(Phase step) {
		this.phase = step;
	}

	@Override
	public void onConnected() {
		this.connectedNanos = this.ticker.nanos();
		this.phase = Phase.HANDSHAKE;
		this.lifecycle.onConnected();
	}

	@Override
	public void onOpen(WsHandshakeResponse response) {
		this.openedNanos = this.ticker.nanos();
		this.phase = Phase.OPEN;
		this.opened = true;
		this.opening = null;
		this.figures.sessions = this.number;
		this.figures.session = this.session;
		this.lifecycle.onOpen(this, response);
	}

	@Override
	public void onRead() {
		this.figures.everRead = true;
		this.keepAlive.onRead();
	}

	@Override
	public void onMessage(WsMessage message) {
		this.figures.messageReceived(message.size(), this.keepAlive.lastReadNanos());
		this.lifecycle.onMessage(message);
	}

	@Override
	public void onFragment(WsFragment fragment) {
		this.receivedSize = (fragment.first() ? 0 : this.receivedSize) + fragment.payload().remaining();
		if (fragment.last()) {
			this.figures.messageReceived(this.receivedSize, this.keepAlive.lastReadNanos());
		}
		this.lifecycle.onFragment(fragment, this.receivedSize);
	}

	@Override
	public void onPing(ByteBuffer payload) {
		this.news.pingReceived(payload);
	}

	@Override
	public void onPong(ByteBuffer payload) {
		Duration roundTrip = this.keepAlive.onPong(payload);
		if (roundTrip != null) {
			this.figures.roundTrip = roundTrip;
		}
		this.news.pongReceived(payload, roundTrip);
	}

	/**
	 * From now on only the closing handshake is awaited.
	 */
	void onClosingStarted() {
		this.phase = Phase.CLOSE;
	}

	@Override
	public void onCloseDue() {
		this.outbox.onCloseDue();
	}

	@Override
	public void onClosing() {
		this.lifecycle.onClosing();
	}

	@Override
	public void onWriteProgress() {
		this.keepAlive.onWriteProgress();
	}

	@Override
	public void onWritable() {
		this.outbox.onWritable();
	}

	@Override
	public void onWritten(List<Outbound> messages) {
		for (Outbound message : messages) {
			count(message);
		}
		this.outbox.onWritten(messages);
	}

	private void count(Outbound message) {
		switch (message.kind()) {
			case TEXT -> messageSent(WsMessage.Type.TEXT, message.size());
			case BINARY -> messageSent(WsMessage.Type.BINARY, message.size());
			case TEXT_FRAGMENT, BINARY_FRAGMENT -> {
				this.streamedType = (message.kind() == Kind.TEXT_FRAGMENT) ? WsMessage.Type.TEXT
						: WsMessage.Type.BINARY;
				this.streamedSize = message.size();
			}
			case CONTINUATION -> {
				this.streamedSize += message.size();
			}
			case LAST_FRAGMENT -> messageSent(this.streamedType, this.streamedSize);
			case PING, PONG, TEXT_STREAM, BINARY_STREAM -> {
			}
		}
	}

	private void messageSent(WsMessage.Type type, long size) {
		this.figures.messageSent(size);
		this.news.messageSent(type, (int) Math.min(size, Integer.MAX_VALUE));
	}

	@Override
	public void onLost(Outbound message) {
		this.outbox.onLost(message);
	}

	@Override
	public void onEnd(SessionEnd end) {
		this.lifecycle.onEnd(this, end);
	}

}
