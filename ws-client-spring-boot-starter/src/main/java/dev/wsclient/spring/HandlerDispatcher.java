package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

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
 * call at a time and in order.
 */
class HandlerDispatcher implements WsListener {

	private static final Logger logger = LoggerFactory.getLogger(HandlerDispatcher.class);

	private final ConnectionObserver observer;

	private final ApplicationEventPublisher publisher;

	private final LogThrottle unhandled = new LogThrottle();

	private final AtomicReference<Handlers> handlers;

	private final HandlerCalls calls;

	/**
	 * Creates a dispatcher without handlers.
	 * @param executor calls one task at a time, in order with the core's calls
	 * @param observer counts and times calls
	 * @param publisher hears of changes of state
	 * @param converters convert what handlers return
	 * @param breaker closes the connection because a handler failed
	 */
	HandlerDispatcher(Executor executor, ConnectionObserver observer, ApplicationEventPublisher publisher,
			MessageConverters converters, Consumer<WsConnection> breaker) {
		this.observer = observer;
		this.publisher = publisher;
		this.handlers = new AtomicReference<>(Handlers.none(converters.json()));
		this.calls = new HandlerCalls(executor, observer, new ReplySender(converters), this.handlers::get, breaker);
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
		WsHandlerEvent event = WsHandlerEvent.message(connection, this.calls.session(), message);
		List<HandlerMethod> handlers = this.handlers.get()
			.select(event, (handler, failure) -> this.calls.failed(event, handler, failure));
		if (!handlers.isEmpty()) {
			handlers.forEach((handler) -> this.calls.call(handler, event));
			return;
		}
		this.observer.messageUnhandled();
		long count = this.unhandled.count();
		if (count > 0) {
			logger.warn("Connection '{}': no @OnWsMessage method takes {} message(s), the last one {} of {} bytes",
					connection.name(), count, message.isText() ? "text" : "binary", message.size());
		}
	}

	@Override
	public void onClose(WsConnection connection, WsCloseEvent event) {
		WsHandlerEvent close = WsHandlerEvent.close(connection, this.calls.session(), event);
		this.calls.sessionEnded();
		callAll(HandlerKind.CLOSE, close);
	}

	@Override
	public void onError(WsConnection connection, Throwable error) {
		this.calls.error(connection, error);
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
		String outer = LogContext.enter(connection);
		try {
			this.publisher.publishEvent(new WsStateChangedEvent(connection, change));
		}
		catch (RuntimeException ex) {
			logger.warn("Connection '{}': a listener of WsStateChangedEvent failed", connection.name(), ex);
			onError(connection, ex);
		}
		finally {
			LogContext.exit(outer);
		}
	}

	private void callAll(HandlerKind kind, WsHandlerEvent event) {
		this.handlers.get().of(kind).forEach((handler) -> this.calls.call(handler, event));
	}

}
