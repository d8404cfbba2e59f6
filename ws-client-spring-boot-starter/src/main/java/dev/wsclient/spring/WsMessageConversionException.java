package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.lang.reflect.Type;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.exception.ErrorContext;
import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsException;

/**
 * A message could not be converted to the type that a handler method takes, or from the
 * value that it returned. The message of this exception doesn't show the payload, which
 * may be secret; there is a cause only if a {@link WsMessageConverter} of the application
 * failed. The connection goes on.
 *
 * @since 0.1.0
 */
public class WsMessageConversionException extends WsException {

	private final transient Method method;

	private final transient Type type;

	/**
	 * Creates an error.
	 * @param connection the connection
	 * @param method the handler method
	 * @param type the type that the payload was to be converted to or from
	 * @param description what happened, without payload
	 * @param cause what a converter of the application threw, or {@code null}
	 */
	WsMessageConversionException(WsConnection connection, Method method, Type type, String description,
			@Nullable Throwable cause) {
		super(new ErrorContext(connection.name(), connection.uri(), Phase.OPEN, false), description, cause);
		this.method = method;
		this.type = type;
	}

	/**
	 * Returns the handler method.
	 * @return the method
	 */
	public Method method() {
		return this.method;
	}

	/**
	 * Returns the type that the payload was to be converted to, or from.
	 * @return the type
	 */
	public Type type() {
		return this.type;
	}

}
