package dev.wsclient.spring;

import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.WsConnection;

/**
 * Calls handler methods of one connection, sends what they return, and takes care of what
 * fails.
 * <p>
 * Nothing that a handler does or throws leaves it: a failure is logged (at most one line
 * a minute for each method), counted, and passed to the {@link OnWsError} methods; what
 * those throw is only logged and counted. Failures that come to light later, such as that
 * of sending a returned value, take the same way on the connection's executor.
 */
class HandlerCalls {

	private static final Logger logger = LoggerFactory.getLogger(HandlerCalls.class);

	private final Executor executor;

	private final ConnectionObserver observer;

	private final ReplySender replySender;

	private final Supplier<Handlers> handlers;

	private final CallGate gate;

	/**
	 * Creates the calls of a connection.
	 * @param executor calls one task at a time, in order with the core's calls
	 * @param observer counts and times calls
	 * @param replySender sends what handlers return
	 * @param handlers all handlers at the moment
	 * @param gate lets calls pass
	 */
	HandlerCalls(Executor executor, ConnectionObserver observer, ReplySender replySender, Supplier<Handlers> handlers,
			CallGate gate) {
		this.executor = executor;
		this.observer = observer;
		this.replySender = replySender;
		this.handlers = handlers;
		this.gate = gate;
	}

	/**
	 * Calls a handler method and sends what it returns; does neither if the gate refuses.
	 * @param handler the handler
	 * @param event what it is called for
	 */
	void call(HandlerMethod handler, WsHandlerEvent event) {
		if (!this.gate.enter(handler)) {
			return;
		}
		String outer = LogContext.enter(event.connection());
		HandlerScope scope = this.observer.handlerStarted(handler, event);
		try {
			invoke(handler, event);
		}
		catch (Throwable ex) {
			scope.failed(ex);
			failed(event.connection(), handler, ex);
		}
		finally {
			scope.close();
			LogContext.exit(outer);
			this.gate.exit(handler);
		}
	}

	private void invoke(HandlerMethod handler, WsHandlerEvent event) throws Throwable {
		Object result = handler.invoke(event);
		if (result != null) {
			reply(event.connection(), handler, result);
		}
	}

	private void reply(WsConnection connection, HandlerMethod handler, Object result) {
		if (result instanceof CompletionStage<?> stage) {
			this.gate.replyExpected();
			stage.whenComplete((value, error) -> {
				if (error != null) {
					failedLater(connection, handler, error);
				}
				else if (value != null) {
					replyLater(connection, handler, value);
				}
				this.gate.replyPassed();
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
			error(connection, failure);
		}
	}

	/**
	 * Passes an error to the {@link OnWsError} methods that take it.
	 * @param connection the connection
	 * @param error what failed
	 */
	void error(WsConnection connection, Throwable error) {
		this.handlers.get()
			.of(HandlerKind.ERROR)
			.filter((handler) -> handler.takes(error))
			.forEach((handler) -> call(handler, WsHandlerEvent.error(connection, error)));
	}

}
