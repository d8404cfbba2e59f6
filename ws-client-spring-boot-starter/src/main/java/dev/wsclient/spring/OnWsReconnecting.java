package dev.wsclient.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Calls the method of a singleton bean whenever another attempt to connect is scheduled.
 * It may take a {@link dev.wsclient.WsConnection}, the delay before the attempt as
 * {@link java.time.Duration}, and the number of the attempt as {@code int}, counted from
 * 1 since the connection was last stable, in any order, and returns nothing. Several
 * methods are called in the order of their
 * {@link org.springframework.core.annotation.Order @Order}.
 *
 * @since 0.1.0
 * @see WsHandler
 */
@Documented
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface OnWsReconnecting {

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
