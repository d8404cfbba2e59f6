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
 * value. It may take a {@link Throwable}, a {@link dev.wsclient.WsConnection} and
 * {@link WsAttribute @WsAttribute} values, in any order, and returns nothing.
 * <p>
 * A method hears of the errors it declares: all for {@link Throwable} or none, those of a
 * class such as {@link dev.wsclient.exception.WsHandshakeException} otherwise. Of each
 * bean only the closest methods are called, as with {@code catch}: a method for all
 * errors hears of what no other of its bean declares. The closest come first, then the
 * order is that of their {@link org.springframework.core.annotation.Order @Order}. What
 * such a method throws is logged.
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
