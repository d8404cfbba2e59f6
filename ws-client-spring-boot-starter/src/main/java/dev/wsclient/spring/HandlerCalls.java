package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.PrintableText;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.spring.FailurePolicy.Retries;
import dev.wsclient.spring.properties.ErrorStrategy;

/**
 * Calls handler methods of one connection, sends what they return, and takes care of what
 * fails.
 * <p>
 * Nothing that a handler does or throws leaves it: a failure is logged (at most one line
 * a minute for each method), counted, and passed to the {@link OnWsError} methods; what
 * those throw is only logged and counted. Failures that come to light later, such as that
 * of sending a returned value, take the same way on the connection's executor.
 */
class HandlerCalls implements MessageRouter.Failures {

	private static final Logger logger = LoggerFactory.getLogger(HandlerCalls.class);

	private final Executor executor;

	private final ConnectionObserver observer;

	private final ReplySender replySender;

	private final Supplier<Handlers> handlers;

	private final CallGate gate;

	private final Consumer<WsConnection> breaker;

	private final RetryDelay retryDelay = new RetryDelay();

	/** What publishers of this session give. */
	private final Set<ReplyStream> streams = ConcurrentHashMap.newKeySet();

	private volatile @Nullable WsHandshakeResponse session;

	/**
	 * Creates the calls of a connection.
	 * @param executor calls one task at a time, in order with the core's calls
	 * @param observer counts and times calls
	 * @param replySender sends what handlers return
	 * @param handlers all handlers at the moment
	 * @param gate lets calls pass
	 * @param breaker closes the connection because a handler failed
	 */
	HandlerCalls(Executor executor, ConnectionObserver observer, ReplySender replySender, Supplier<Handlers> handlers,
			CallGate gate, Consumer<WsConnection> breaker) {
		this.executor = executor;
		this.observer = observer;
		this.replySender = replySender;
		this.handlers = handlers;
		this.gate = gate;
		this.breaker = breaker;
	}

	/**
	 * A session opened.
	 * @param response the server's answer, which stands for the session
	 */
	void sessionOpened(WsHandshakeResponse response) {
		this.session = response;
	}

	/**
	 * The session ended: what publishers would still give for it is not sent.
	 */
	void sessionEnded() {
		this.session = null;
		this.streams.forEach(ReplyStream::cancel);
	}

	/**
	 * Returns the server's answer that opened the session.
	 * @return the answer, or {@code null} if there is no session
	 */
	@Nullable WsHandshakeResponse session() {
		return this.session;
	}

	/**
	 * Returns what waits before retries.
	 * @return the delay
	 */
	RetryDelay retryDelay() {
		return this.retryDelay;
	}

	/**
	 * Calls a handler method, again if its policy says so, and sends what it returns;
	 * does neither if the gate refuses.
	 * @param handler the handler
	 * @param event what it is called for
	 */
	void call(HandlerMethod handler, WsHandlerEvent event) {
		if (!this.gate.enter(handler)) {
			return;
		}
		String client = event.connection().name();
		String outer = LogContext.enter(client);
		try {
			attempts(handler, event);
		}
		finally {
			LogContext.exit(client, outer);
			this.gate.exit(handler);
		}
	}

	/**
	 * Calls a handler method once with several messages, as {@link #call}. A message that
	 * can't be converted is taken care of as a failure, and left out.
	 * @param handler the handler
	 * @param events the events of the messages, at least one
	 */
	void callBatch(HandlerMethod handler, List<WsHandlerEvent> events) {
		if (!this.gate.enterBatch(handler, events.size())) {
			return;
		}
		String client = events.get(0).connection().name();
		String outer = LogContext.enter(client);
		try {
			List<@Nullable Object> payloads = payloads(handler, events);
			if (!payloads.isEmpty()) {
				attempts(handler, events.get(0).withBatch(payloads));
			}
		}
		finally {
			LogContext.exit(client, outer);
			this.gate.exit(handler);
		}
	}

	private List<@Nullable Object> payloads(HandlerMethod handler, List<WsHandlerEvent> events) {
		List<@Nullable Object> payloads = new ArrayList<>(events.size());
		for (WsHandlerEvent event : events) {
			try {
				payloads.add(handler.element(event));
			}
			// Converters and validators are the user's
			catch (Throwable ex) {
				failed(event, handler, ex);
				recover(event, handler, ex);
			}
		}
		return payloads;
	}

	private void attempts(HandlerMethod handler, WsHandlerEvent event) {
		Retries retries = handler.failurePolicy().retries();
		long delay = attempt(handler, event, retries);
		while (delay != Retries.NONE) {
			boolean inTime = this.retryDelay.await(delay);
			delay = attempt(handler, event, inTime ? retries : null);
		}
	}

	/**
	 * Calls a handler method once.
	 * @return how long to wait before it is called again, {@link Retries#NONE} for not at
	 * all
	 */
	private long attempt(HandlerMethod handler, WsHandlerEvent event, @Nullable Retries retries) {
		HandlerScope scope = this.observer.handlerStarted(handler, event);
		try {
			Object result = handler.invoke(event);
			if (result == HandlerMethod.FILTERED) {
				this.observer.messageFiltered();
			}
			else if (result != null) {
				reply(event, handler, result);
			}
		}
		catch (Throwable ex) {
			scope.failed(ex);
			long delay = (retries != null) ? retries.next(ex) : Retries.NONE;
			if (delay == Retries.NONE) {
				failed(event, handler, ex);
				recover(event, handler, ex);
			}
			return delay;
		}
		finally {
			scope.close();
		}
		return Retries.NONE;
	}

	private void reply(WsHandlerEvent event, HandlerMethod handler, Object result) {
		if (result instanceof CompletionStage<?> stage) {
			this.gate.workExpected();
			stage.whenComplete((value, error) -> {
				if (error != null) {
					failedLater(event, handler, error);
				}
				else if (value != null) {
					replyLater(event, handler, value);
				}
				this.gate.workDone();
			});
			return;
		}
		if (result instanceof Optional<?> optional) {
			optional.ifPresent((value) -> reply(event, handler, value));
			return;
		}
		Flow.Publisher<?> publisher = ReplySender.isDirect(result.getClass()) ? null : ReplyPublishers.of(result);
		if (publisher != null) {
			stream(event, handler, publisher);
		}
		else {
			send(event, handler, result).whenComplete((sent, error) -> {
				if (error != null) {
					failedLater(event, handler, error);
				}
			});
		}
	}

	private void replyLater(WsHandlerEvent event, HandlerMethod handler, Object value) {
		try {
			reply(event, handler, value);
		}
		catch (RuntimeException ex) {
			failedLater(event, handler, ex);
		}
	}

	private CompletionStage<Void> send(WsHandlerEvent event, HandlerMethod handler, Object value) {
		return this.replySender.send(event.connection(), handler, value);
	}

	private void stream(WsHandlerEvent event, HandlerMethod handler, Flow.Publisher<?> publisher) {
		ReplyStream stream = new ReplyStream(this.executor, (element) -> element(event, handler, element),
				(failure) -> {
					if (!isRefusedByClosing(event.connection(), failure)) {
						failedLater(event, handler, failure);
					}
				}, (ended) -> {
					this.streams.remove(ended);
					this.gate.workDone();
				});
		this.streams.add(stream);
		this.gate.workExpected();
		try {
			publisher.subscribe(stream);
		}
		catch (RuntimeException ex) {
			stream.cancel();
			throw ex;
		}
		// Answers of two sessions may be equal
		if (event.handshakeResponse() != this.session) {
			stream.cancel();
		}
	}

	private CompletionStage<Void> element(WsHandlerEvent event, HandlerMethod handler, Object element) {
		if (element instanceof Optional<?> optional) {
			return optional.<CompletionStage<Void>>map((value) -> send(event, handler, value))
				.orElseGet(() -> CompletableFuture.completedFuture(null));
		}
		return send(event, handler, element);
	}

	/**
	 * Nothing is lost by what is refused because the connection closes: the publisher is
	 * cancelled.
	 */
	private static boolean isRefusedByClosing(WsConnection connection, Throwable failure) {
		return !connection.isOpen() && failure instanceof WsSendException refused
				&& refused.outcome() == WsSendException.Outcome.NOT_ACCEPTED;
	}

	private void failedLater(WsHandlerEvent event, HandlerMethod handler, Throwable error) {
		Throwable failure = (error instanceof CompletionException && error.getCause() != null) ? error.getCause()
				: error;
		this.executor.execute(() -> failed(event, handler, failure));
	}

	/**
	 * Takes care of the failure of a handler, or of a condition that decides whether it
	 * is called.
	 * @param event what it was or would have been called for
	 * @param handler the handler
	 * @param failure what failed
	 */
	@Override
	public void failed(WsHandlerEvent event, HandlerMethod handler, Throwable failure) {
		if (failure instanceof InterruptedException) {
			Thread.currentThread().interrupt();
		}
		WsConnection connection = event.connection();
		long count = handler.failures().count();
		if (count > 0) {
			logger.warn("Connection '{}': handler method {} failed {} time(s)", connection.name(), handler, count,
					PrintableText.of(failure));
		}
		if (handler.kind() != HandlerKind.ERROR) {
			error(connection, failure);
		}
		if (handler.failurePolicy().strategy() == ErrorStrategy.CLOSE && !(failure instanceof WsSendException)) {
			logger.error("Connection '{}' is closed with 1011 because {} failed; connect() opens it again",
					connection.name(), handler);
			this.breaker.accept(connection);
		}
	}

	private void recover(WsHandlerEvent event, HandlerMethod handler, Throwable failure) {
		WsHandlerRecoverer recoverer = handler.failurePolicy().recoverer();
		if (recoverer == null) {
			return;
		}
		try {
			recoverer.recover(event, handler.method(), failure);
		}
		// Whatever it is, the messages behind this one must be handled
		catch (Throwable ex) {
			logger.warn("Connection '{}': the recoverer of {} failed", event.connection().name(), handler,
					PrintableText.of(ex));
			error(event.connection(), ex);
		}
	}

	/**
	 * Passes an error to the closest {@link OnWsError} methods that take it.
	 * @param connection the connection
	 * @param error what failed
	 */
	void error(WsConnection connection, Throwable error) {
		this.handlers.get().of(error).forEach((handler) -> call(handler, WsHandlerEvent.error(connection, error)));
	}

}
