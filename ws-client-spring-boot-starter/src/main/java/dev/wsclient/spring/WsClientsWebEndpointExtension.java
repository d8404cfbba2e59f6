package dev.wsclient.spring;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

import dev.wsclient.spring.WsClientsEndpoint.Action;

/**
 * Answers HTTP requests to {@link WsClientsEndpoint} that can't be fulfilled by a status
 * and a text that says why.
 *
 * @since 0.1.0
 */
@EndpointWebExtension(endpoint = WsClientsEndpoint.class)
public class WsClientsWebEndpointExtension {

	private final WsConnections connections;

	private final WsClientsEndpoint delegate;

	/**
	 * Creates the extension.
	 * @param connections the connections
	 * @param delegate the endpoint
	 */
	public WsClientsWebEndpointExtension(WsConnections connections, WsClientsEndpoint delegate) {
		this.connections = connections;
		this.delegate = delegate;
	}

	/**
	 * Tells a connection what to do, and doesn't wait until it is done.
	 * @param name its name
	 * @param action what to do, in any case
	 * @return status 204; 404 if there is no such connection; 400 if there is no such
	 * action
	 */
	@WriteOperation(produces = WsClientsEndpoint.JSON)
	public WebEndpointResponse<ErrorDescriptor> act(@Selector String name, @Nullable String action) {
		if (!this.connections.names().contains(name)) {
			return refuse(WebEndpointResponse.STATUS_NOT_FOUND,
					"There is no such connection; known are " + this.connections.names());
		}
		List<Action> actions = Arrays.stream(Action.values())
			.filter((each) -> each.name().equalsIgnoreCase(action))
			.toList();
		if (actions.isEmpty()) {
			return refuse(WebEndpointResponse.STATUS_BAD_REQUEST, "The request needs an 'action', one of "
					+ Arrays.stream(Action.values()).map((each) -> each.name().toLowerCase(Locale.ROOT)).toList());
		}
		this.delegate.act(name, actions.get(0));
		return new WebEndpointResponse<>(WebEndpointResponse.STATUS_NO_CONTENT);
	}

	private static WebEndpointResponse<ErrorDescriptor> refuse(int status, String error) {
		return new WebEndpointResponse<>(new ErrorDescriptor(error), status);
	}

	/**
	 * Says why a request can't be fulfilled.
	 *
	 * @param error the text
	 */
	public record ErrorDescriptor(String error) implements OperationResponseBody {

	}

}
