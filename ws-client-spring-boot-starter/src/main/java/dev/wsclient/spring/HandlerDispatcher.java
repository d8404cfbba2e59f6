package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

import dev.wsclient.PrintableText;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.WsStateChange;

/**
 * Passes what happens to one connection to its handler methods. The core calls it one
 * call at a time and in order. Messages may be handed over to lanes; all else waits for
 * these to be idle, and holds the core's calls back until it was told, so that other
 * events come after the messages before them and before those behind them. No thread
 * blocks for that.
 */
class HandlerDispatcher implements WsListener {

	private static final Logger logger = LoggerFactory.getLogger(HandlerDispatcher.class);

	private static final String STATE_LISTENERS = "listeners of WsStateChangedEvent";

	private final ConnectionObserver observer;

	private final ApplicationEventPublisher publisher;

	private final LogThrottle unhandled = new LogThrottle();

	private final LogThrottle keyFailures = new LogThrottle();

	private final AtomicReference<Handlers> handlers;

	private final CallGate gate = new CallGate();

	private final MessageIntake intake = new MessageIntake(this.gate);

	private final HandlerCalls calls;

	private final Executor executor;

	/** {@code null} if messages are handled by the thread that brings them. */
	private final @Nullable LaneDispatch lanes;

	private final Batches batches;

	/**
	 * Creates a dispatcher without handlers.
	 * @param executor calls one task at a time, in order with the core's calls
	 * @param observer counts and times calls
	 * @param publisher hears of changes of state
	 * @param converters convert what handlers return
	 * @param breaker closes the connection because a handler failed
	 * @param lanes where messages are handled, or {@code null} for the thread that brings
	 * them
	 * @param dispatch how messages are handed over to the lanes
	 * @param share what incomplete batches may take of the backlog
	 */
	HandlerDispatcher(Executor executor, ConnectionObserver observer, ApplicationEventPublisher publisher,
			MessageConverters converters, Consumer<WsConnection> breaker, @Nullable Lanes lanes,
			DispatchSettings dispatch, BacklogShare share) {
		this.executor = executor;
		this.observer = observer;
		this.publisher = publisher;
		this.handlers = new AtomicReference<>(Handlers.none(converters.json()));
		this.calls = new HandlerCalls(executor, observer, new ReplySender(converters), this.handlers::get, this.gate,
				breaker);
		this.lanes = (lanes != null) ? new LaneDispatch(lanes, dispatch.effectiveKey(), dispatch.conflates(),
				this::handle, observer::messageConflated, this::keyFailed) : null;
		this.batches = new Batches(executor, share, this.gate, this::handOut, observer::messageConflated);
	}

	/**
	 * Adds a handler, usually before the connection is opened.
	 * @param handler the handler
	 */
	void add(HandlerMethod handler) {
		this.handlers.updateAndGet((handlers) -> handlers.with(handler));
	}

	/**
	 * Returns what waits before retries of handlers.
	 * @return the delay
	 */
	RetryDelay retryDelay() {
		return this.calls.retryDelay();
	}

	/**
	 * Whether there is a handler of messages.
	 * @return {@code true} if there is one, whatever it takes
	 */
	boolean takesMessages() {
		return !this.handlers.get().of(HandlerKind.MESSAGE).isEmpty();
	}

	/**
	 * Returns how many handlers there are.
	 * @return their number
	 */
	int handlerCount() {
		return this.handlers.get().count();
	}

	CallGate gate() {
		return this.gate;
	}

	MessageIntake intake() {
		return this.intake;
	}

	/**
	 * Hands out the messages that were collected so far. To be called on the event loop
	 * of the connection, as messages may be collected there.
	 */
	void handOutBatches() {
		this.executor.execute(this.batches::handOut);
	}

	/**
	 * Whether all messages that the intake is to let in were handled, and their replies
	 * sent.
	 * @return {@code true} if no handler of messages has anything left to do
	 */
	boolean isDrained() {
		return this.intake.isThrough() && (this.lanes == null || this.lanes.lanes().isIdle()) && this.gate.isIdle();
	}

	/**
	 * Removes a handler whose bean goes away.
	 * @param handler the handler
	 */
	void remove(HandlerMethod handler) {
		this.handlers.updateAndGet((handlers) -> handlers.without(handler));
	}

	@Override
	public void onConnect(WsConnection connection) {
		callAll(HandlerKind.CONNECT, WsHandlerEvent.plain(connection));
	}

	@Override
	public void onOpen(WsConnection connection, WsHandshakeResponse response) {
		this.calls.sessionOpened(response);
		callAll(HandlerKind.OPEN, WsHandlerEvent.open(connection, response));
	}

	@Override
	public void onMessage(WsConnection connection, WsMessage message) {
		if (this.intake.letIn()) {
			try {
				handle(connection, message);
			}
			finally {
				this.intake.handedOut();
			}
		}
	}

	/**
	 * Handles a message that the intake let in.
	 * @param connection the connection
	 * @param message the message
	 */
	void handle(WsConnection connection, WsMessage message) {
		WsHandlerEvent event = WsHandlerEvent.message(connection, this.calls.session(), message);
		List<HandlerMethod> handlers = this.handlers.get().select(event, this.calls);
		if (!handlers.isEmpty()) {
			deliver(event, message, handlers);
			return;
		}
		if (!this.gate.admit()) {
			// The beans of the handlers may be gone
			return;
		}
		this.observer.messageUnhandled();
		long count = this.unhandled.count();
		if (count > 0) {
			logger.warn("Connection '{}': no @OnWsMessage method takes {} message(s), the last one {} of {} bytes",
					connection.name(), count, message.isText() ? "text" : "binary", message.size());
		}
	}

	private void deliver(WsHandlerEvent event, WsMessage message, List<HandlerMethod> handlers) {
		Object key = (this.lanes != null) ? this.lanes.key(event) : null;
		List<HandlerMethod> direct = collect(event, key, handlers);
		if (direct.isEmpty()) {
			return;
		}
		if (this.lanes == null) {
			handle(event, direct);
			return;
		}
		WsMessage.Retained place = message.retain();
		this.lanes.accept(new Delivery(event.withMessage(place), direct, place), key);
	}

	/**
	 * Collects a message for the methods that take batches.
	 * @return the other methods
	 */
	private List<HandlerMethod> collect(WsHandlerEvent event, @Nullable Object key, List<HandlerMethod> handlers) {
		if (!anyTakesBatches(handlers)) {
			return handlers;
		}
		int lane = (this.lanes != null) ? this.lanes.lanes().of(key) : 0;
		Object conflated = (this.lanes != null && this.lanes.conflates()) ? key : null;
		handlers.stream()
			.filter(HandlerMethod::takesBatches)
			.forEach((handler) -> this.batches.add(handler, lane, conflated, event));
		return handlers.stream().filter((handler) -> !handler.takesBatches()).toList();
	}

	/** Without a stream, as this is asked for every message. */
	private static boolean anyTakesBatches(List<HandlerMethod> handlers) {
		for (HandlerMethod handler : handlers) {
			if (handler.takesBatches()) {
				return true;
			}
		}
		return false;
	}

	private void handOut(Batch batch) {
		if (this.lanes == null) {
			handle(batch);
		}
		else {
			this.lanes.lanes().execute(batch.id().lane(), () -> handle(batch));
		}
	}

	private void handle(Batch batch) {
		try {
			this.calls.callBatch(batch.id().handler(), batch.events());
		}
		finally {
			this.batches.finished(batch);
		}
	}

	private void keyFailed(WsHandlerEvent event, RuntimeException failure) {
		long count = this.keyFailures.count();
		if (count > 0) {
			logger.warn(
					"Connection '{}': the key ('dispatch.key') of {} message(s) could not be found out; they are "
							+ "handled as those without key",
					event.connection().name(), count, PrintableText.of(failure));
		}
		this.calls.error(event.connection(), failure);
	}

	private void handle(Delivery delivery) {
		handle(delivery.event(), delivery.handlers());
	}

	private void handle(WsHandlerEvent event, List<HandlerMethod> handlers) {
		for (HandlerMethod handler : handlers) {
			this.calls.call(handler, event);
		}
	}

	@Override
	public void onClose(WsConnection connection, WsCloseEvent event) {
		WsHandlerEvent close = WsHandlerEvent.close(connection, this.calls.session(), event);
		// As long as there is a session that replies may belong to
		this.batches.handOut();
		this.calls.sessionEnded();
		callAll(HandlerKind.CLOSE, close);
	}

	@Override
	public void onError(WsConnection connection, Throwable error) {
		alone(connection, () -> this.calls.error(connection, error));
	}

	@Override
	public void onPing(WsConnection connection, ByteBuffer payload) {
		callAll(HandlerKind.PING, WsHandlerEvent.control(connection, this.calls.session(), payload));
	}

	@Override
	public void onPong(WsConnection connection, ByteBuffer payload) {
		callAll(HandlerKind.PONG, WsHandlerEvent.control(connection, this.calls.session(), payload));
	}

	@Override
	public void onReconnecting(WsConnection connection, int attempt, Duration delay) {
		callAll(HandlerKind.RECONNECTING, WsHandlerEvent.reconnecting(connection, attempt, delay));
	}

	@Override
	public void onBufferFull(WsConnection connection) {
		callAll(HandlerKind.BUFFER_FULL, WsHandlerEvent.plain(connection));
	}

	@Override
	public void onBufferDrain(WsConnection connection) {
		callAll(HandlerKind.BUFFER_DRAIN, WsHandlerEvent.plain(connection));
	}

	@Override
	public void onStateChange(WsConnection connection, WsStateChange change) {
		alone(connection, () -> publish(new WsStateChangedEvent(connection, change)));
	}

	private void publish(WsStateChangedEvent event) {
		WsConnection connection = event.connection();
		String outer = LogContext.enter(connection.name());
		this.gate.enter(STATE_LISTENERS);
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			logger.warn("Connection '{}': a listener of WsStateChangedEvent failed", connection.name(),
					PrintableText.of(ex));
			this.calls.error(connection, ex);
		}
		finally {
			this.gate.exit(STATE_LISTENERS);
			LogContext.exit(connection.name(), outer);
		}
	}

	private void callAll(HandlerKind kind, WsHandlerEvent event) {
		List<HandlerMethod> handlers = this.handlers.get().of(kind);
		if (!handlers.isEmpty()) {
			alone(event.connection(), () -> handle(event, handlers));
		}
	}

	/**
	 * Makes calls when no message is being handled, now or while the core holds what
	 * follows back.
	 */
	private void alone(WsConnection connection, Runnable calls) {
		this.batches.handOut();
		if (this.lanes == null || this.lanes.lanes().isIdle()) {
			calls.run();
			return;
		}
		WsConnection.Hold hold = connection.holdCalls();
		this.lanes.lanes().whenIdle(() -> this.executor.execute(() -> {
			try {
				calls.run();
			}
			finally {
				hold.release();
			}
		}));
	}

}
