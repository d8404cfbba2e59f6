package dev.wsclient.spring;

import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationConvention;

/**
 * Names and keys of the observation of attempts to open a session. A bean of this type
 * takes the place of {@link DefaultWsConnectObservationConvention}.
 *
 * @since 0.1.0
 */
public interface WsConnectObservationConvention extends ObservationConvention<WsConnectObservationContext> {

	@Override
	default boolean supportsContext(Observation.Context context) {
		return context instanceof WsConnectObservationContext;
	}

}
