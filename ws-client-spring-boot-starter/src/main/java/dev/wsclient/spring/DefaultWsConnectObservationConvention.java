package dev.wsclient.spring;

import java.util.Locale;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;

import dev.wsclient.spring.WsObservationDocumentation.HighKey;
import dev.wsclient.spring.WsObservationDocumentation.LowKey;

/**
 * Names and keys of the observation of attempts to open a session, as
 * {@link WsObservationDocumentation#CONNECT} tells. Extend it to add keys.
 *
 * @since 0.1.0
 */
public class DefaultWsConnectObservationConvention implements WsConnectObservationConvention {

	static final WsConnectObservationConvention INSTANCE = new DefaultWsConnectObservationConvention();

	@Override
	public String getName() {
		return "ws.client.connect";
	}

	@Override
	public String getContextualName(WsConnectObservationContext context) {
		return context.getClient() + " connect";
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(WsConnectObservationContext context) {
		return KeyValues.of(LowKey.CLIENT.withValue(context.getClient()),
				LowKey.OUTCOME.withValue(context.getOutcome().name().toLowerCase(Locale.ROOT)));
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(WsConnectObservationContext context) {
		return KeyValues.of(HighKey.ATTEMPT.withValue(Integer.toString(context.getAttempt())),
				HighKey.URI.withValue((context.getUri() != null) ? context.getUri() : KeyValue.NONE_VALUE),
				HighKey.STATUS.withValue(
						(context.getStatusCode() != null) ? context.getStatusCode().toString() : KeyValue.NONE_VALUE));
	}

}
