package dev.wsclient.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Calls the method of a singleton bean whenever something failed: an attempt to connect,
 * a session, a handler method, the conversion of a message, the sending of a returned
 * value. It may take a {@link dev.wsclient.WsConnection} and a {@link Throwable}, in any
 * order, and returns nothing. A method that declares a subclass, such as
 * {@link dev.wsclient.exception.WsHandshakeException}, hears of such errors only. Every
 * method that fits is called, in the order of their
 * {@link org.springframework.core.annotation.Order @Order}; what such a method throws is
 * logged.
 *
 * @since 0.1.0
 * @see WsHandler
 */
@Documented
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface OnWsError {

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
