package dev.wsclient.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Calls the method of a singleton bean with each pong of the server, also one that
 * answers the keep-alive. It may take a {@link dev.wsclient.WsConnection} and the payload
 * as {@code byte[]}, or as read-only {@link java.nio.ByteBuffer} that is valid during the
 * call, in any order, and returns nothing. Several methods are called in the order of
 * their {@link org.springframework.core.annotation.Order @Order}.
 *
 * @since 0.1.0
 * @see WsHandler
 */
@Documented
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface OnWsPong {

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
