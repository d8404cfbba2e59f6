package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.util.Locale;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.ReceiverContext;

/**
 * Context of the observation of one call of a handler method. A message of a WebSocket
 * carries no trace, so the call begins one.
 *
 * @since 0.1.0
 * @see WsObservationDocumentation#HANDLER
 */
public class WsHandlerObservationContext extends ReceiverContext<WsHandlerEvent> {

	private final HandlerMethod handler;

	private final WsHandlerEvent event;

	private boolean finished;

	WsHandlerObservationContext(HandlerMethod handler, WsHandlerEvent event) {
		super((carrier, key) -> null, Kind.CONSUMER);
		this.handler = handler;
		this.event = event;
		setCarrier(event);
		setRemoteServiceName(event.connection().name());
	}

	/**
	 * Returns the name of the connection.
	 * @return the name
	 */
	public String getClient() {
		return this.event.connection().name();
	}

	/**
	 * Returns what the handler is called for.
	 * @return the event; its message is valid during the call
	 */
	public WsHandlerEvent getEvent() {
		return this.event;
	}

	/**
	 * Returns the handler method.
	 * @return the method
	 */
	public Method getMethod() {
		return this.handler.method();
	}

	/**
	 * Returns the kind of what the handler is called for: the annotation's name without
	 * {@code OnWs}, in lower case.
	 * @return the kind, such as {@code message} or {@code open}
	 */
	public String getHandlerKind() {
		return this.handler.kind().name().toLowerCase(Locale.ROOT).replace('_', '-');
	}

	/**
	 * Whether the call is over.
	 * @return {@code false} before and during the call
	 */
	public boolean isFinished() {
		return this.finished;
	}

	String handlerName() {
		return this.handler.shortName();
	}

	void finished() {
		this.finished = true;
	}

}
