package dev.wsclient.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Calls the method of a singleton bean with the messages of a connection: one at a time
 * and in order, and not on the event loop unless {@code dispatch.mode} says so.
 * <p>
 * The method may take, in any order:
 * <ul>
 * <li>the payload of text as {@link String}, or converted from JSON to any other type;
 * <li>the payload of a binary message as {@code byte[]}, or as read-only
 * {@link java.nio.ByteBuffer} that is valid during the call;
 * <li>a {@link dev.wsclient.WsMessage} for both, valid during the call;
 * <li>the {@link dev.wsclient.WsConnection};
 * <li>what a {@link WsArgumentResolver} bean supports.
 * </ul>
 * Several methods may share a connection: a text message goes to all methods whose
 * {@link #when()} takes it, or else to all methods without one that take text; a binary
 * message goes to all methods that take it. They are called one after the other, in the
 * order of their {@link org.springframework.core.annotation.Order @Order}. A message that
 * no method takes is counted and logged at most once a minute. A method that could never
 * be called fails the start.
 * <p>
 * A value that the method returns is sent back: a {@link CharSequence} as text,
 * {@code byte[]} and {@code ByteBuffer} as binary message, a {@code WsMessage} as what it
 * is, a {@link java.util.concurrent.CompletionStage} as its value once it is there,
 * {@code null} not at all, anything else as JSON text. What fails is passed to
 * {@link OnWsError} and never ends the connection.
 * <p>
 * A method of a lazy bean is called from the creation of the bean on.
 *
 * @since 0.1.0
 * @see WsHandler
 */
@Documented
@Target({ ElementType.METHOD, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface OnWsMessage {

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

	/**
	 * Which text messages the method takes, by a field of their JSON:
	 * {@code $.type == 'trade'}, {@code $.data.size == 2}, {@code $.last == true}, or
	 * {@code $.event} and {@code $[0]} for a field or an element that must be there, with
	 * any value but {@code null}. If empty, all that no condition takes.
	 * @return the condition
	 */
	String when() default "";

}
