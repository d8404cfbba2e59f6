package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
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
 * Passes what happens to one connection to its handler methods.
 * <p>
 * The core calls it one call at a time and in order. Nothing that a handler does or
 * throws leaves it: a failure is logged (at most one line a minute for each method),
 * counted, and passed to the {@link OnWsError} methods; what those throw is only logged
 * and counted. Failures that come to light later, such as that of sending a returned
 * value, take the same way on the connection's executor.
 */
class HandlerDispatcher implements WsListener {

	private static final Logger logger = LoggerFactory.getLogger(HandlerDispatcher.class);

	private final Executor executor;

	private final ConnectionObserver observer;

	private final ApplicationEventPublisher publisher;

	private final LogThrottle unhandled = new LogThrottle();

	private final AtomicReference<Handlers> handlers;

	private final ReplySender replySender;

	/**
	 * Creates a dispatcher without handlers.
	 * @param executor calls one task at a time, in order with the core's calls
	 * @param observer counts and times calls
	 * @param publisher hears of changes of state
	 * @param json reads and writes JSON, or {@code null} without Jackson
	 */
	HandlerDispatcher(Executor executor, ConnectionObserver observer, ApplicationEventPublisher publisher,
			@Nullable JsonCodec json) {
		this.executor = executor;
		this.observer = observer;
		this.publisher = publisher;
		this.handlers = new AtomicReference<>(Handlers.none(json));
		this.replySender = new ReplySender(json);
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
			WsHandlerEvent event = WsHandlerEvent.message(connection, message);
			handlers.forEach((handler) -> call(handler, event));
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
		callAll(HandlerKind.CLOSE, WsHandlerEvent.close(connection, event));
	}

	@Override
	public void onError(WsConnection connection, Throwable error) {
		this.handlers.get()
			.of(HandlerKind.ERROR)
			.filter((handler) -> handler.takes(error))
			.forEach((handler) -> call(handler, WsHandlerEvent.error(connection, error)));
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
		try {
			this.publisher.publishEvent(new WsStateChangedEvent(connection, change));
		}
		catch (RuntimeException ex) {
			logger.warn("Connection '{}': a listener of WsStateChangedEvent failed", connection.name(), ex);
			onError(connection, ex);
		}
	}

	private void callAll(HandlerKind kind, WsHandlerEvent event) {
		this.handlers.get().of(kind).forEach((handler) -> call(handler, event));
	}

	private void call(HandlerMethod handler, WsHandlerEvent event) {
		long start = System.nanoTime();
		Throwable failure = null;
		try {
			Object result = handler.invoke(event);
			if (result != null) {
				reply(event.connection(), handler, result);
			}
		}
		catch (Throwable ex) {
			failure = ex;
		}
		this.observer.handlerFinished(System.nanoTime() - start, failure == null);
		if (failure != null) {
			failed(event.connection(), handler, failure);
		}
	}

	private void reply(WsConnection connection, HandlerMethod handler, Object result) {
		if (result instanceof CompletionStage<?> stage) {
			stage.whenComplete((value, error) -> {
				if (error != null) {
					failedLater(connection, handler, error);
				}
				else if (value != null) {
					replyLater(connection, handler, value);
				}
			});
		}
		else {
			send(connection, handler, result);
		}
	}

	private void replyLater(WsConnection connection, HandlerMethod handler, Object value) {
		try {
			send(connection, handler, value);
		}
		catch (RuntimeException ex) {
			failedLater(connection, handler, ex);
		}
	}

	private void send(WsConnection connection, HandlerMethod handler, Object value) {
		this.replySender.send(connection, handler, value).whenComplete((sent, error) -> {
			if (error != null) {
				failedLater(connection, handler, error);
			}
		});
	}

	private void failedLater(WsConnection connection, HandlerMethod handler, Throwable error) {
		Throwable failure = (error instanceof CompletionException && error.getCause() != null) ? error.getCause()
				: error;
		this.executor.execute(() -> failed(connection, handler, failure));
	}

	private void failed(WsConnection connection, HandlerMethod handler, Throwable failure) {
		if (failure instanceof InterruptedException) {
			Thread.currentThread().interrupt();
		}
		long count = handler.failures().count();
		if (count > 0) {
			logger.warn("Connection '{}': handler method {} failed {} time(s)", connection.name(), handler, count,
					failure);
		}
		if (handler.kind() != HandlerKind.ERROR) {
			onError(connection, failure);
		}
	}

}
