package dev.wsclient.spring;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.PrintableText;

/**
 * The observations of one connection's calls of handler methods.
 */
class HandlerObservations implements ConnectionObserver {

	private static final Logger logger = LoggerFactory.getLogger(HandlerObservations.class);

	private final ObservationRegistry registry;

	private final @Nullable WsHandlerObservationConvention convention;

	private final ObservedMeters meters;

	private final LogThrottle failures = new LogThrottle();

	/**
	 * Creates the observations of a connection.
	 * @param registry knows who hears of observations
	 * @param convention names them, or {@code null} for the default
	 * @param meters remembers which meters they made
	 */
	HandlerObservations(ObservationRegistry registry, @Nullable WsHandlerObservationConvention convention,
			ObservedMeters meters) {
		this.registry = registry;
		this.convention = convention;
		this.meters = meters;
	}

	@Override
	public boolean watchesHandlers() {
		return true;
	}

	@Override
	public HandlerScope handlerStarted(HandlerMethod handler, WsHandlerEvent event) {
		if (this.registry.isNoop()) {
			return HandlerScope.NONE;
		}
		WsHandlerObservationContext context = new WsHandlerObservationContext(handler, event);
		try {
			Observation observation = WsObservationDocumentation.HANDLER.observation(this.convention,
					DefaultWsHandlerObservationConvention.INSTANCE, () -> context, this.registry);
			if (observation.isNoop()) {
				return HandlerScope.NONE;
			}
			Observation.Scope scope = observation.start().openScope();
			this.meters.started(context);
			return new ObservedCall(context, observation, scope);
		}
		// Whatever the application's conventions and handlers of observations throw, the
		// handler must be called
		catch (RuntimeException ex) {
			log(ex);
			return HandlerScope.NONE;
		}
	}

	@Override
	public void unbind() {
		this.meters.remove();
	}

	private void log(RuntimeException ex) {
		long count = this.failures.count();
		if (count > 0) {
			logger.warn("The observation of handlers failed {} time(s)", count, PrintableText.of(ex));
		}
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
				HandlerObservations.this.meters.stopped(this.context);
			}
			catch (RuntimeException ex) {
				log(ex);
			}
		}

	}

}
