package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import dev.wsclient.PrintableText;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsFragment;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Outbound.Kind;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.options.WsHandshakeRequest;

/**
 * Brings what happened to one connection to all who want to know: the log, the observer
 * and the listener, in this order. Event loop only, but for
 * {@link #sendFailed(Outbound, Outcome)}.
 */
final class News {

	private static final Logger logger = LoggerFactory.getLogger("dev.wsclient.connection");

	/**
	 * How often failures in a row are logged as warnings; between, as debug.
	 */
	private static final Duration QUIET_TIME = Duration.ofMinutes(1);

	/**
	 * How long the loss of a session makes the next one a warning.
	 */
	private static final Duration REPEAT_TIME = Duration.ofMinutes(10);

	/**
	 * Close codes of servers that end a session without a fault: done, going away, no
	 * code, restart.
	 */
	private static final Set<Integer> USUAL_CODES = Set.of(1000, 1001, 1005, 1012);

	private final WsConnection connection;

	private final WsEvents events;

	private final boolean observed;

	private final ListenerCalls calls;

	private final Ticker ticker;

	private final Outage outage = new Outage();

	private long warnedNanos;

	/**
	 * Whether a session was lost by a fault, and when the newest was.
	 */
	private boolean lost;

	private long lostNanos;

	News(WsConnection connection, WsEvents events, ListenerCalls calls, Ticker ticker) {
		this.connection = connection;
		this.events = events;
		this.observed = !events.equals(WsEvents.NONE);
		this.calls = calls;
		this.ticker = ticker;
	}

	void stateChanged(WsStateChange change) {
		if (change.to() == WsState.CLOSED) {
			this.outage.onEnd();
		}
		log(() -> logger.debug("Connection '{}': {} -> {}", this.connection.name(), change.from(), change.to()));
		observe((events) -> events.stateChanged(this.connection, change));
		this.calls.call("onStateChange", (listener) -> listener.onStateChange(this.connection, change));
	}

	void connectStarted(int attempt) {
		observe((events) -> events.connectStarted(this.connection, attempt));
	}

	/**
	 * Adds the headers that the observer wants to send, such as those of a trace.
	 */
	WsHandshakeRequest observed(WsHandshakeRequest request) {
		WsHandshakeRequest[] observed = { request };
		observe((events) -> events.handshakeHeaders(this.connection)
			.forEach((name, value) -> observed[0] = observed[0].withHeader(name, value)));
		return observed[0];
	}

	void connected() {
		this.calls.call("onConnect", (listener) -> listener.onConnect(this.connection));
	}

	void opened(CurrentSession session, WsHandshakeResponse response) {
		Duration connectTime = session.connectTime();
		Duration handshakeTime = session.handshakeTime();
		String subprotocol = response.subprotocol();
		log(() -> logger.info("Connection '{}' [{}] OPEN to {} after {} ms{}{}", this.connection.name(), session.id(),
				this.connection.uri(), connectTime.plus(handshakeTime).toMillis(),
				(subprotocol != null) ? ", subprotocol " + subprotocol : "", this.outage.text(this.ticker.nanos())));
		this.outage.onEnd();
		observe((events) -> events.connectSucceeded(this.connection, connectTime, handshakeTime));
		this.calls.call("onOpen", (listener) -> listener.onOpen(this.connection, response));
	}

	/**
	 * An attempt failed.
	 * @param failures how many ends in a row the policy answered, with this one
	 */
	void attemptFailed(CurrentSession session, WsException error, NextStep next, int failures) {
		log(() -> logFailure(session, error, next, failures));
		if (next.isReconnect()) {
			this.outage.onAttemptFailed(this.ticker.nanos() - session.age().toNanos());
		}
		observe((events) -> events.connectFailed(this.connection, error, session.age()));
		this.calls.call("onError", (listener) -> listener.onError(this.connection, error));
	}

	private void logFailure(CurrentSession session, WsException error, NextStep next, int failures) {
		long now = this.ticker.nanos();
		boolean first = failures <= 1 || !next.isReconnect();
		// The ERROR line tells all
		if (!next.isError() && (first || now - this.warnedNanos >= QUIET_TIME.toNanos())) {
			this.warnedNanos = now;
			logger.warn("{} [{}]; {}", error.getMessage(), session.id(), next.describe());
		}
		else {
			logger.debug("{} [{}]; {}", error.getMessage(), session.id(), next.describe());
		}
		logger.debug("Connection '{}' [{}]", this.connection.name(), session.id(), error);
	}

	void sessionClosed(CurrentSession session, WsCloseEvent event, @Nullable WsException error, NextStep next) {
		log(() -> logClose(session, event, error, next));
		if (next.isReconnect() && !next.isWished()) {
			this.outage.onSessionLost(this.ticker.nanos());
		}
		observe((events) -> events.sessionClosed(this.connection, event));
		if (error != null) {
			this.calls.call("onError", (listener) -> listener.onError(this.connection, error));
		}
		this.calls.call("onClose", (listener) -> listener.onClose(this.connection, event));
	}

	private void logClose(CurrentSession session, WsCloseEvent event, @Nullable WsException error, NextStep next) {
		Level level = (!next.isWished() && isFault(event, error) && isRepeated()) ? Level.WARN : Level.INFO;
		logger.atLevel(level)
			.log("Connection '{}' [{}] closed: {} by {}, {}; {}{}", this.connection.name(), session.id(),
					event.status(), event.initiator().name().toLowerCase(Locale.ROOT),
					event.clean() ? "clean" : "not clean", next.describe(),
					(error != null) ? "; " + error.getMessage() : "");
		if (error != null) {
			logger.debug("Connection '{}' [{}]", this.connection.name(), session.id(), error);
		}
	}

	/**
	 * Whether a session was lost by a fault, not by what servers do every day: they end a
	 * session, go away or restart.
	 */
	private static boolean isFault(WsCloseEvent event, @Nullable WsException error) {
		return error != null || !event.clean() || !USUAL_CODES.contains(event.status().code());
	}

	/**
	 * Whether another session was lost a short time before this one.
	 */
	private boolean isRepeated() {
		long now = this.ticker.nanos();
		boolean repeated = this.lost && now - this.lostNanos < REPEAT_TIME.toNanos();
		this.lost = true;
		this.lostNanos = now;
		return repeated;
	}

	/**
	 * Logs the line that says why there is no attempt, or only a late one.
	 */
	void failed(CurrentSession session, @Nullable WsException error, NextStep next) {
		String what = (next.delay() != null)
				? "refused, reconnecting in " + NextStep.text(next.delay()) + " and ever more rarely"
				: "CLOSED, not reconnecting";
		log(() -> {
			if (error != null) {
				logger.error("{} [{}]; {}: {}", error.getMessage(), session.id(), what, next.reason());
			}
			else {
				logger.error("Connection '{}' [{}] to {} is {}: {}", this.connection.name(), session.id(),
						this.connection.uri(), what, next.reason());
			}
		});
		this.warnedNanos = this.ticker.nanos();
	}

	void reconnecting(int attempt, Duration delay, @Nullable Throwable cause) {
		observe((events) -> events.reconnectScheduled(this.connection, attempt, delay, cause));
		this.calls.call("onReconnecting", (listener) -> listener.onReconnecting(this.connection, attempt, delay));
	}

	private void log(Runnable lines) {
		LogContext.log(this.connection, lines);
	}

	void messageReceived(WsMessage message) {
		if (this.observed) {
			observe((events) -> events.messageReceived(this.connection, message.type(), message.size()));
		}
		this.calls.message(message);
	}

	void fragmentReceived(WsFragment fragment, long size) {
		if (fragment.last() && this.observed) {
			int reported = (int) Math.min(size, Integer.MAX_VALUE);
			observe((events) -> events.messageReceived(this.connection, fragment.type(), reported));
		}
		this.calls.fragment(fragment);
	}

	void pingReceived(ByteBuffer payload) {
		ByteBuffer lasting = lasting(payload);
		this.calls.call("onPing", (listener) -> listener.onPing(this.connection, lasting));
	}

	void pongReceived(ByteBuffer payload, @Nullable Duration roundTrip) {
		if (roundTrip != null) {
			observe((events) -> events.pingRoundTrip(this.connection, roundTrip));
		}
		ByteBuffer lasting = lasting(payload);
		this.calls.call("onPong", (listener) -> listener.onPong(this.connection, lasting));
	}

	private ByteBuffer lasting(ByteBuffer payload) {
		return this.calls.areDeferred()
				? ByteBuffer.allocate(payload.remaining()).put(payload.duplicate()).flip().asReadOnlyBuffer() : payload;
	}

	void messageSent(WsMessage.Type type, int size) {
		if (this.observed) {
			observe((events) -> events.messageSent(this.connection, type, size));
		}
	}

	/**
	 * The sender's thread if the message was not accepted or had no room.
	 */
	void sendFailed(Outbound message, Outcome outcome) {
		if (!message.kind().isMessage()) {
			return;
		}
		if (outcome == Outcome.NOT_ACCEPTED) {
			observe((events) -> events.messageNotAccepted(this.connection, typeOf(message), message.size()));
		}
		else {
			observe((events) -> events.messageFailed(this.connection, typeOf(message), message.size(), outcome));
		}
	}

	void bufferFull() {
		this.calls.call("onBufferFull", (listener) -> listener.onBufferFull(this.connection));
	}

	void bufferDrained() {
		this.calls.call("onBufferDrain", (listener) -> listener.onBufferDrain(this.connection));
	}

	/**
	 * Runs a task after the listener heard all news so far.
	 */
	void afterwards(Runnable task) {
		this.calls.afterwards(task);
	}

	private void observe(Consumer<WsEvents> call) {
		try {
			call.accept(this.events);
		}
		// An error would leave the life cycle in the middle of a transition
		catch (Throwable ex) {
			String heldBack = this.calls.throttle("an observer").ask();
			if (heldBack != null) {
				log(() -> logger.error("Connection '{}' [{}]: an observer threw{}", this.connection.name(),
						this.connection.snapshot().sessionId(), heldBack, PrintableText.of(ex)));
			}
		}
	}

	private static WsMessage.Type typeOf(Outbound message) {
		return (message.kind() == Kind.TEXT || message.kind() == Kind.TEXT_STREAM) ? WsMessage.Type.TEXT
				: WsMessage.Type.BINARY;
	}

}
