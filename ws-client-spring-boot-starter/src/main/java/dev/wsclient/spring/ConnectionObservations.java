package dev.wsclient.spring;

import java.time.Duration;
import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.spring.WsConnectObservationContext.Outcome;

/**
 * The observations of one connection: each attempt to open a session, and each call of a
 * handler method.
 */
class ConnectionObservations implements ConnectionObserver {

	private static final Logger logger = LoggerFactory.getLogger(ConnectionObservations.class);

	private static final int SWITCHING_PROTOCOLS = 101;

	private final ObservationRegistry registry;

	private final @Nullable WsHandlerObservationConvention handlerConvention;

	private final @Nullable WsConnectObservationConvention connectConvention;

	private final LogThrottle failures = new LogThrottle();

	/**
	 * The attempt under way. Event loop only.
	 */
	private @Nullable Attempt attempt;

	/**
	 * Creates the observations of a connection.
	 * @param registry knows who hears of observations
	 * @param handlerConvention names those of handlers, or {@code null} for the default
	 * @param connectConvention names those of attempts, or {@code null} for the default
	 */
	ConnectionObservations(ObservationRegistry registry, @Nullable WsHandlerObservationConvention handlerConvention,
			@Nullable WsConnectObservationConvention connectConvention) {
		this.registry = registry;
		this.handlerConvention = handlerConvention;
		this.connectConvention = connectConvention;
	}

	@Override
	public void connectStarted(WsConnection connection, int number) {
		this.attempt = null;
		if (this.registry.isNoop()) {
			return;
		}
		WsConnectObservationContext context = new WsConnectObservationContext(connection.name(), number);
		this.attempt = new Attempt(context, WsObservationDocumentation.CONNECT.start(this.connectConvention,
				DefaultWsConnectObservationConvention.INSTANCE, () -> context, this.registry));
	}

	@Override
	public Map<String, String> handshakeHeaders(WsConnection connection) {
		Map<String, String> headers = (this.attempt != null) ? this.attempt.context().getCarrier() : null;
		return (headers != null) ? Map.copyOf(headers) : Map.of();
	}

	@Override
	public void connectSucceeded(WsConnection connection, Duration connectTime, Duration handshakeTime) {
		finishAttempt(connection, Outcome.SUCCESS, SWITCHING_PROTOCOLS, null);
	}

	@Override
	public void connectFailed(WsConnection connection, WsException error, Duration time) {
		Integer statusCode = (error instanceof WsHandshakeException handshake && handshake.statusCode() > 0)
				? Integer.valueOf(handshake.statusCode()) : null;
		finishAttempt(connection, Outcome.FAILURE, statusCode, error);
	}

	/**
	 * An attempt that the application gave up ends without a report.
	 */
	@Override
	public void stateChanged(WsConnection connection, WsStateChange change) {
		if (change.from() == WsState.CONNECTING && change.to() != WsState.OPEN && change.cause() == null) {
			finishAttempt(connection, Outcome.CANCELLED, null, null);
		}
	}

	private void finishAttempt(WsConnection connection, Outcome outcome, @Nullable Integer statusCode,
			@Nullable Throwable error) {
		Attempt finished = this.attempt;
		this.attempt = null;
		if (finished != null) {
			finished.context().finished(outcome, connection.uri(), statusCode);
			if (error != null) {
				finished.observation().error(error);
			}
			finished.observation().stop();
		}
	}

	@Override
	public HandlerScope handlerStarted(HandlerMethod handler, WsHandlerEvent event) {
		if (this.registry.isNoop()) {
			return HandlerScope.NONE;
		}
		WsHandlerObservationContext context = new WsHandlerObservationContext(handler, event);
		try {
			Observation observation = WsObservationDocumentation.HANDLER.observation(this.handlerConvention,
					DefaultWsHandlerObservationConvention.INSTANCE, () -> context, this.registry);
			if (observation.isNoop()) {
				return HandlerScope.NONE;
			}
			return new ObservedCall(context, observation, observation.start().openScope());
		}
		// Whatever the application's conventions and handlers of observations throw, the
		// handler must be called
		catch (RuntimeException ex) {
			log(ex);
			return HandlerScope.NONE;
		}
	}

	private void log(RuntimeException ex) {
		long count = this.failures.count();
		if (count > 0) {
			logger.warn("The observation of handlers failed {} time(s)", count, ex);
		}
	}

	/**
	 * An attempt under way.
	 *
	 * @param context its context
	 * @param observation its observation
	 */
	private record Attempt(WsConnectObservationContext context, Observation observation) {

	}

	/**
	 * A call with the observation that is the current one meanwhile.
	 */
	private final class ObservedCall implements HandlerScope {

		private final WsHandlerObservationContext context;

		private final Observation observation;

		private final Observation.Scope scope;

		ObservedCall(WsHandlerObservationContext context, Observation observation, Observation.Scope scope) {
			this.context = context;
			this.observation = observation;
			this.scope = scope;
		}

		@Override
		public void failed(Throwable failure) {
			try {
				this.observation.error(failure);
			}
			catch (RuntimeException ex) {
				log(ex);
			}
		}

		@Override
		public void close() {
			this.context.finished();
			try {
				this.scope.close();
				this.observation.stop();
			}
			catch (RuntimeException ex) {
				log(ex);
			}
		}

	}

}
