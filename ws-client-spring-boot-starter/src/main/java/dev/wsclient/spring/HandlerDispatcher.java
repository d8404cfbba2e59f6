package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;

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

	private final ConnectionObserver observer;

	private final ApplicationEventPublisher publisher;

	private final LogThrottle unhandled = new LogThrottle();

	private final AtomicReference<Handlers> handlers;

	private final HandlerCalls calls;

	private final Executor executor;

	/** {@code null} if messages are handled by the thread that brings them. */
	private final @Nullable LaneDispatch lanes;

	/**
	 * Creates a dispatcher without handlers.
	 * @param executor calls one task at a time, in order with the core's calls
	 * @param observer counts and times calls
	 * @param publisher hears of changes of state
	 * @param json reads and writes JSON, or {@code null} without Jackson
	 * @param lanes where messages are handled, or {@code null} for the thread that brings
	 * them
	 * @param dispatch how messages are handed over to the lanes
	 */
	HandlerDispatcher(Executor executor, ConnectionObserver observer, ApplicationEventPublisher publisher,
			@Nullable JsonCodec json, @Nullable Lanes lanes, DispatchSettings dispatch) {
		this.executor = executor;
		this.observer = observer;
		this.publisher = publisher;
		this.handlers = new AtomicReference<>(Handlers.none(json));
		this.calls = new HandlerCalls(executor, observer, new ReplySender(json), this.handlers::get);
		this.lanes = (lanes != null) ? new LaneDispatch(lanes, dispatch.effectiveKey(), dispatch.conflates(),
				this::handle, observer::messageConflated) : null;
	}

	/**
	 * Adds a handler, usually before the connection is opened.
	 * @param handler the handler
	 */
	void add(HandlerMethod handler) {
		this.handlers.updateAndGet((handlers) -> handlers.with(handler));
	}

	@Override
	public void onConnect(WsConnection connection) {
		callAll(HandlerKind.CONNECT, WsHandlerEvent.plain(connection));
	}

	@Override
	public void onOpen(WsConnection connection, WsHandshakeResponse response) {
		callAll(HandlerKind.OPEN, WsHandlerEvent.open(connection, response));
	}

	@Override
	public void onMessage(WsConnection connection, WsMessage message) {
		List<HandlerMethod> handlers = this.handlers.get().select(message);
		if (!handlers.isEmpty()) {
			deliver(connection, message, handlers);
			return;
		}
		this.observer.messageUnhandled();
		long count = this.unhandled.count();
		if (count > 0) {
			logger.warn("Connection '{}': no @OnWsMessage method takes {} message(s), the last one {} of {} bytes",
					connection.name(), count, message.isText() ? "text" : "binary", message.size());
		}
	}

	private void deliver(WsConnection connection, WsMessage message, List<HandlerMethod> handlers) {
		if (this.lanes == null) {
			handle(WsHandlerEvent.message(connection, message), handlers);
			return;
		}
		WsMessage.Retained place = message.retain();
		this.lanes.accept(new Delivery(WsHandlerEvent.message(connection, place), handlers, place));
	}

	private void handle(Delivery delivery) {
		handle(delivery.event(), delivery.handlers());
	}

	private void handle(WsHandlerEvent event, List<HandlerMethod> handlers) {
		handlers.forEach((handler) -> this.calls.call(handler, event));
	}

	@Override
	public void onClose(WsConnection connection, WsCloseEvent event) {
		callAll(HandlerKind.CLOSE, WsHandlerEvent.close(connection, event));
	}

	@Override
	public void onError(WsConnection connection, Throwable error) {
		alone(connection, () -> this.calls.error(connection, error));
	}

	@Override
	public void onPing(WsConnection connection, ByteBuffer payload) {
		callAll(HandlerKind.PING, WsHandlerEvent.control(connection, payload));
	}

	@Override
	public void onPong(WsConnection connection, ByteBuffer payload) {
		callAll(HandlerKind.PONG, WsHandlerEvent.control(connection, payload));
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
		String outer = LogContext.enter(connection);
		try {
			this.publisher.publishEvent(event);
		}
		catch (RuntimeException ex) {
			logger.warn("Connection '{}': a listener of WsStateChangedEvent failed", connection.name(), ex);
			this.calls.error(connection, ex);
		}
		finally {
			LogContext.exit(outer);
		}
	}

	private void callAll(HandlerKind kind, WsHandlerEvent event) {
		List<HandlerMethod> handlers = this.handlers.get().of(kind).toList();
		if (!handlers.isEmpty()) {
			alone(event.connection(), () -> handle(event, handlers));
		}
	}

	/**
	 * Makes calls when no message is being handled, now or while the core holds what
	 * follows back.
	 */
	private void alone(WsConnection connection, Runnable calls) {
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
