package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.core.MethodParameter;

/**
 * Provides arguments of handler methods, such as those annotated with
 * {@link OnWsMessage}. Beans of this type are asked in order, before the built-in
 * arguments, once for each parameter when the handler is registered.
 *
 * @since 0.1.0
 */
public interface WsArgumentResolver {

	/**
	 * Whether this resolver provides the argument of a parameter.
	 * @param parameter the parameter of a handler method
	 * @return {@code true} if {@link #resolve} is to be called for it
	 */
	boolean supports(MethodParameter parameter);

	/**
	 * Returns the argument for one call. Called where the handler is called, one call at
	 * a time for each connection.
	 * @param parameter a parameter that is supported
	 * @param event what the handler is called for
	 * @return the argument, may be {@code null}
	 * @throws Exception if it can't be provided; treated like an exception of the handler
	 */
	@Nullable Object resolve(MethodParameter parameter, WsHandlerEvent event) throws Exception;

}
