package dev.wsclient.spring;

import java.time.Duration;
import java.util.Map;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.spring.WsConnectObservationContext.Outcome;

/**
 * The observations of one connection's attempts to open a session.
 */
class ConnectionObservations implements ConnectionObserver {

	private static final int SWITCHING_PROTOCOLS = 101;

	private final ObservationRegistry registry;

	private final @Nullable WsConnectObservationConvention convention;

	private final ObservedMeters meters;

	/**
	 * The attempt under way. Event loop only.
	 */
	private @Nullable Attempt attempt;

	/**
	 * Creates the observations of a connection.
	 * @param registry knows who hears of observations
	 * @param convention names them, or {@code null} for the default
	 * @param meters remembers which meters they made
	 */
	ConnectionObservations(ObservationRegistry registry, @Nullable WsConnectObservationConvention convention,
			ObservedMeters meters) {
		this.registry = registry;
		this.convention = convention;
		this.meters = meters;
	}

	@Override
	public void connectStarted(WsConnection connection, int number) {
		this.attempt = null;
		if (this.registry.isNoop()) {
			return;
		}
		WsConnectObservationContext context = new WsConnectObservationContext(connection.name(), number);
		this.attempt = new Attempt(context, WsObservationDocumentation.CONNECT.start(this.convention,
				DefaultWsConnectObservationConvention.INSTANCE, () -> context, this.registry));
		this.meters.started(context);
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
			this.meters.stopped(finished.context());
		}
	}

	@Override
	public void unbind() {
		this.meters.remove();
	}

	/**
	 * An attempt under way.
	 *
	 * @param context its context
	 * @param observation its observation
	 */
	private record Attempt(WsConnectObservationContext context, Observation observation) {

	}

}
