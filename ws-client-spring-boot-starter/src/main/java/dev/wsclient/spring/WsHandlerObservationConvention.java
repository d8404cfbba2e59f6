package dev.wsclient.spring;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and keys of the observation of calls of handler methods. A bean of this type
 * takes the place of {@link DefaultWsHandlerObservationConvention}.
 *
 * @since 0.1.0
 */
public interface WsHandlerObservationConvention extends ObservationConvention<WsHandlerObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof WsHandlerObservationContext;
	}

}
