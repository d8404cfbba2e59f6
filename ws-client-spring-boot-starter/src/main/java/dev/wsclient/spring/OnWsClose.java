package dev.wsclient.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Calls the method of a singleton bean whenever a session of a connection has ended,
 * exactly once for each session. It may take a {@link dev.wsclient.WsConnection}, a
 * {@link dev.wsclient.WsCloseEvent}, a {@link dev.wsclient.CloseStatus}, the
 * {@link Throwable} that ended the session ({@code null} if none did, so better as
 * {@link java.util.Optional}), the {@link dev.wsclient.WsHandshakeResponse} that opened
 * it, {@link WsHeader @WsHeader} and {@link WsAttribute @WsAttribute} values, in any
 * order, and returns nothing. Several methods are called in the order of their
 * {@link org.springframework.core.annotation.Order @Order}.
 *
 * @since 0.1.0
 * @see WsHandler
 */
@Documented
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface OnWsClose {

	/**
	 * Names of the connections.
	 * @return same as {@link #client()}
	 */
	@AliasFor("client")
	String[] value() default {};

	/**
	 * Names of the connections, or placeholders for them. If empty, those of
	 * {@link WsHandler} at the class; without it, the only connection there is.
	 * @return the names as in {@code ws.clients.<name>}
	 */
	@AliasFor("value")
	String[] client() default {};

}
