package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

import dev.wsclient.PrintableText;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;
import dev.wsclient.WsSession;
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

	private final LogThrottle observerFailures = new LogThrottle();

	private final LogThrottle droppedReplies = new LogThrottle();

	/** What publishers of this session give. */
	private final Set<ReplyStream> streams = ConcurrentHashMap.newKeySet();

	/** The session that is open as far as handlers know, and how it was opened. */
	private volatile @Nullable Opened opened;

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
	 * @param session the session
	 * @param response the server's answer
	 */
	void sessionOpened(WsSession session, WsHandshakeResponse response) {
		this.opened = new Opened(session, response);
	}

	/**
	 * The session ended: what publishers would still give for it is not sent.
	 */
	void sessionEnded() {
		this.opened = null;
		this.streams.forEach(ReplyStream::cancel);
	}

	/**
	 * Returns the session that is open.
	 * @return the session, or {@code null} if there is none
	 */
	@Nullable WsSession session() {
		Opened opened = this.opened;
		return (opened != null) ? opened.session() : null;
	}

	/**
	 * Returns the server's answer that opened the session.
	 * @return the answer, or {@code null} if there is no session
	 */
	@Nullable WsHandshakeResponse handshakeResponse() {
		Opened opened = this.opened;
		return (opened != null) ? opened.response() : null;
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
		this.gate.clearStrayInterrupt();
		if (!this.gate.enter(handler)) {
			return;
		}
		String client = event.connection().name();
		String outer = LogContext.enter(client);
		try {
			attempts(handler, event);
		}
		// Such as an appender of the application's log
		catch (Throwable ex) {
			SafeLog.log(logger, Level.ERROR, "A call of " + handler + " failed", ex);
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
		this.gate.clearStrayInterrupt();
		if (!this.gate.enterBatch(handler, events.size())) {
			return;
		}
		String client = events.get(0).connection().name();
		String outer = LogContext.enter(client);
		try {
			List<@Nullable Object> payloads = payloads(handler, events);
			if (!payloads.isEmpty()) {
				List<WsMessage> messages = events.stream()
					.map(WsHandlerEvent::message)
					.map(Objects::requireNonNull)
					.toList();
				attempts(handler, events.get(0).withBatch(payloads, messages));
			}
		}
		catch (Throwable ex) {
			SafeLog.log(logger, Level.ERROR, "A call of " + handler + " failed", ex);
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
		HandlerScope scope = started(handler, event);
		try {
			Object result = invoke(handler, event);
			if (result == HandlerMethod.FILTERED) {
				observe(this.observer::messageFiltered);
			}
			else if (result != null) {
				reply(event, handler, result, null);
			}
		}
		catch (Throwable ex) {
			observe(() -> scope.failed(ex));
			long delay = (retries != null) ? retries.next(ex) : Retries.NONE;
			if (delay == Retries.NONE) {
				failed(event, handler, ex);
				recover(event, handler, ex);
			}
			return delay;
		}
		finally {
			close(scope);
		}
		return Retries.NONE;
	}

	private @Nullable Object invoke(HandlerMethod handler, WsHandlerEvent event) throws Throwable {
		try {
			return handler.invoke(event);
		}
		finally {
			// It was meant for this call: neither what takes care of its failure nor the
			// messages behind it must fail for it
			this.gate.clearStrayInterrupt();
		}
	}

	private HandlerScope started(HandlerMethod handler, WsHandlerEvent event) {
		try {
			return this.observer.handlerStarted(handler, event);
		}
		// Meters and observations call code of the application
		catch (Throwable ex) {
			observerFailed(ex);
			return HandlerScope.NONE;
		}
	}

	private void close(HandlerScope scope) {
		// Without an object for the call
		try {
			scope.close();
		}
		catch (Throwable ex) {
			observerFailed(ex);
		}
	}

	/**
	 * Tells an observer something. What it throws must not keep a message from being
	 * handled.
	 * @param call the call of the observer
	 */
	void observe(Runnable call) {
		try {
			call.run();
		}
		catch (Throwable ex) {
			observerFailed(ex);
		}
	}

	private void observerFailed(Throwable failure) {
		long count = this.observerFailures.count();
		if (count > 0) {
			SafeLog.log(logger, Level.WARN, "The meters or observations of handlers failed " + count + " time(s)",
					failure);
		}
	}

	/**
	 * Takes care of what a handler returned.
	 * @param outer the work that gave the result after the call, or {@code null} during
	 * the call
	 */
	private void reply(WsHandlerEvent event, HandlerMethod handler, Object result, @Nullable Work outer) {
		if (result instanceof CompletionStage<?> stage) {
			replyWhenComplete(event, handler, stage, outer);
			return;
		}
		if (result instanceof Optional<?> optional) {
			if (optional.isPresent()) {
				reply(event, handler, optional.get(), outer);
			}
			return;
		}
		Flow.Publisher<?> publisher = ReplySender.isDirect(result.getClass()) ? null : ReplyPublishers.of(result);
		if (publisher != null) {
			stream(event, handler, publisher, outer);
			return;
		}
		// Not the event, whose message must not last as long as the reply waits
		WsConnection connection = event.connection();
		send(event, handler, result).whenComplete((sent, error) -> {
			if (error != null) {
				replyFailed(connection, handler, error);
			}
		});
	}

	private void replyWhenComplete(WsHandlerEvent event, HandlerMethod handler, CompletionStage<?> stage,
			@Nullable Work outer) {
		if (stage instanceof CompletableFuture<?> future && future.isDone()) {
			// Nothing goes on after the call
			future.whenComplete((value, error) -> completed(event, handler, value, error, outer, null));
			return;
		}
		Work work = new Work(event, outer);
		try {
			stage.whenComplete((value, error) -> completed(event, handler, value, error, work, work));
		}
		catch (Throwable ex) {
			work.done();
			throw ex;
		}
	}

	/**
	 * A stage completed.
	 * @param outer the work that what follows is part of, or {@code null} during the call
	 * @param work what is over then, or {@code null}
	 */
	private void completed(WsHandlerEvent event, HandlerMethod handler, @Nullable Object value,
			@Nullable Throwable error, @Nullable Work outer, @Nullable Work work) {
		Throwable failure = error;
		if (failure == null && value != null) {
			try {
				reply(event, handler, value, outer);
			}
			// Also an Error: the stage would keep it to itself
			catch (Throwable ex) {
				failure = ex;
			}
		}
		if (failure != null) {
			failedLater(event.connection(), handler, failure, work);
		}
		else if (work != null) {
			work.done();
		}
	}

	private CompletionStage<Void> send(WsHandlerEvent event, HandlerMethod handler, Object value) {
		return this.replySender.send(event, handler, value);
	}

	private void stream(WsHandlerEvent event, HandlerMethod handler, Flow.Publisher<?> publisher,
			@Nullable Work outer) {
		Work work = new Work(event, outer);
		WsConnection connection = event.connection();
		WsSession session = Objects.requireNonNull(event.session());
		ReplyStream stream = new ReplyStream(this.executor, session::isOpen,
				(element) -> element(event, handler, element), (failure) -> replyFailed(connection, handler, failure),
				(ended) -> {
					this.streams.remove(ended);
					work.done();
				});
		this.streams.add(stream);
		try {
			publisher.subscribe(stream);
		}
		catch (Throwable ex) {
			stream.cancel();
			throw ex;
		}
		if (!session.isOpen()) {
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
	 * A reply, or an element of a publisher, was not sent. When it is dropped, most often
	 * because its session is over, no handler is to blame.
	 */
	private void replyFailed(WsConnection connection, HandlerMethod handler, Throwable failure) {
		if (!(failure instanceof WsSendException dropped) || dropped.outcome() != WsSendException.Outcome.DROPPED) {
			failedLater(connection, handler, failure, null);
			return;
		}
		this.executor.execute(() -> {
			long count = this.droppedReplies.count();
			if (count > 0) {
				logger.warn("Connection '{}': {} reply(ies) of handler methods were dropped, the last one of {}: {}",
						connection.name(), count, handler, dropped.getMessage());
			}
			error(connection, dropped);
		});
	}

	/**
	 * Takes care of a failure on the connection's executor.
	 * @param work what is over then, or {@code null}
	 */
	private void failedLater(WsConnection connection, HandlerMethod handler, Throwable error, @Nullable Work work) {
		Throwable failure = (error instanceof CompletionException && error.getCause() != null) ? error.getCause()
				: error;
		this.executor.execute(() -> {
			try {
				failed(connection, handler, failure);
			}
			finally {
				if (work != null) {
					work.done();
				}
			}
		});
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
		failed(event.connection(), handler, failure);
	}

	private void failed(WsConnection connection, HandlerMethod handler, Throwable failure) {
		long count = handler.failures().count();
		if (count > 0) {
			SafeLog.log(logger, Level.WARN, "Connection '" + connection.name() + "': handler method " + handler
					+ " failed " + count + " time(s)", failure);
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
			SafeLog.log(logger, Level.WARN,
					"Connection '" + event.connection().name() + "': the recoverer of " + handler + " failed", ex);
			error(event.connection(), ex);
		}
		finally {
			this.gate.clearStrayInterrupt();
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

	/**
	 * A session as handlers know it.
	 *
	 * @param session the session
	 * @param response the server's answer that opened it
	 */
	private record Opened(WsSession session, WsHandshakeResponse response) {

	}

	/**
	 * What the call of a handler began and that goes on after it. Until it is over, the
	 * messages keep their places in the backlog, and a stop waits.
	 */
	private final class Work {

		private final @Nullable Place place;

		private final AtomicBoolean over = new AtomicBoolean();

		/**
		 * Begins the work.
		 * @param event what the handler was called for
		 * @param outer the work that this is part of, or {@code null} during the call
		 */
		Work(WsHandlerEvent event, @Nullable Work outer) {
			this.place = (outer != null) ? outer.keepPlace() : event.keepPlace();
			HandlerCalls.this.gate.workExpected();
		}

		private @Nullable Place keepPlace() {
			return (this.place != null && this.place.keep()) ? this.place : null;
		}

		/**
		 * It is over; only the first call counts, as a stage may complete twice.
		 */
		void done() {
			if (this.over.compareAndSet(false, true)) {
				if (this.place != null) {
					this.place.release();
				}
				HandlerCalls.this.gate.workDone();
			}
		}

	}

}
