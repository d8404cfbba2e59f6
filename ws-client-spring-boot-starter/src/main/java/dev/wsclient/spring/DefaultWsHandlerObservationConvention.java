package dev.wsclient.spring;

import io.micrometer.common.KeyValues;

import dev.wsclient.spring.WsObservationDocumentation.HighKey;
import dev.wsclient.spring.WsObservationDocumentation.LowKey;

/**
 * Names and keys of the observation of calls of handler methods, as
 * {@link WsObservationDocumentation#HANDLER} tells. Extend it to add keys.
 *
 * @since 0.1.0
 */
public class DefaultWsHandlerObservationConvention implements WsHandlerObservationConvention {

	static final WsHandlerObservationConvention INSTANCE = new DefaultWsHandlerObservationConvention();

	@Override
	public String getName() {
		return "ws.client.handler";
	}

	@Override
	public String getContextualName(WsHandlerObservationContext context) {
		return context.getClient() + " " + context.getHandlerKind();
	}

	@Override
	public KeyValues getLowCardinalityKeyValues(WsHandlerObservationContext context) {
		return KeyValues.of(LowKey.CLIENT.withValue(context.getClient()),
				LowKey.METHOD.withValue(context.handlerName()), LowKey.OUTCOME.withValue(outcome(context)));
	}

	private static String outcome(WsHandlerObservationContext context) {
		if (context.getError() != null) {
			return "error";
		}
		return context.isFinished() ? "success" : "unknown";
	}

	@Override
	public KeyValues getHighCardinalityKeyValues(WsHandlerObservationContext context) {
		return KeyValues.of(HighKey.KIND.withValue(context.getHandlerKind()));
	}

}
