package dev.wsclient.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

import dev.wsclient.WsMessage;

/**
 * Calls the method of a singleton bean with the messages of a connection: one at a time
 * and in order, and not on the event loop unless {@code dispatch.mode} says so.
 * <p>
 * The method may take, in any order:
 * <ul>
 * <li>the payload of text as {@link String}, or converted to any other type, from JSON or
 * by a {@link WsMessageConverter}, with its generics;
 * <li>the payload of a binary message as {@code byte[]}, or as read-only
 * {@link java.nio.ByteBuffer} that is valid during the call;
 * <li>a {@link WsMessage} for both, valid during the call;
 * <li>the {@link dev.wsclient.WsConnection}, and the
 * {@link dev.wsclient.WsHandshakeResponse} that opened its session;
 * <li>{@link WsHeader @WsHeader} and {@link WsAttribute @WsAttribute} values;
 * <li>each of these as {@link java.util.Optional}; that of a converted payload is empty
 * for an empty message and for JSON's {@code null}, which otherwise only a
 * {@code @Nullable} parameter takes;
 * <li>what a {@link WsArgumentResolver} bean supports.
 * </ul>
 * A payload that is {@code @Valid} or {@code @Validated}, or whose elements are, is
 * checked by Jakarta Validation, which must be there; what is not valid fails with a
 * {@link WsMessageValidationException}.
 * <p>
 * Several methods may share a connection: a message goes to all methods that take its
 * type and whose {@link #when()} takes it, or else to all that take its type and have no
 * condition. Methods whose payload types have a supertype in common that Jackson's
 * {@code @JsonTypeInfo} is on get what fits them: the message is converted once, to the
 * supertype, and goes to those methods of each bean whose type is the closest to what
 * came out. Methods are called one after the other, in the order of their
 * {@link org.springframework.core.annotation.Order @Order}. A message that no method
 * takes is counted and logged at most once a minute. A method that cannot work fails the
 * start. Its type variables are what the class of the bean says, or the type of the
 * {@code @Bean} method.
 * <p>
 * A value that the method returns is sent back: a {@link CharSequence} as text,
 * {@code byte[]} and {@code ByteBuffer} as binary message, a {@code WsMessage} as what it
 * is, {@code null} and an empty {@code Optional} not at all, anything else as JSON, in a
 * message of the connection's {@code message-type}, or as a {@code WsMessageConverter}
 * makes it. A {@link java.util.concurrent.CompletionStage} is sent as its value once it
 * is there. What a {@link java.util.concurrent.Flow.Publisher} or a Reactive Streams
 * publisher (such as Reactor's {@code Mono} and {@code Flux}) gives is sent element by
 * element, as fast as the socket takes it, until the session ends; then it is cancelled.
 * The next message waits for neither. What fails is passed to {@link OnWsError} and ends
 * the connection only if the {@link WsErrorStrategy} says so.
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
	 * Which types of messages the method takes. If empty, those its arguments are made
	 * of: text for {@link String} and JSON, binary for {@code byte[]} and
	 * {@code ByteBuffer}, both for {@link WsMessage} or no payload. JSON that comes in
	 * binary messages is taken with {@code BINARY}, or with both.
	 * @return the types
	 */
	WsMessage.Type[] type() default {};

	/**
	 * Which messages the method takes, as one of:
	 * <ul>
	 * <li>a field of the JSON of a text message: {@code $.type == 'trade'},
	 * {@code $.data.size != 2}, {@code $.last == true},
	 * {@code $.side in ('buy', 'sell')}, {@code $.error == null}, or {@code $.event} and
	 * {@code $[0]} for a field or an element that must be there, with any value but
	 * {@code null}. A field that is not there is like {@code null}. Of fields that come
	 * twice the last counts, as for the payload. A message that is not JSON to its end
	 * satisfies no such condition. All of a connection take one pass over a message;
	 * <li>SpEL on {@code json} (the message as maps, lists and scalars, parsed once;
	 * {@code null} if it is not JSON), {@code text} ({@code null} for a binary message),
	 * {@code message} and {@code connection}: {@code json.price > 100 and
	 * json.symbol != 'X'}. A field that is not there is {@code null}, and so are its
	 * fields; fractions are {@code double}. Beans are named as {@code @name}. If it can't
	 * be evaluated, that is reported like a failure of the method, which is not called.
	 * </ul>
	 * Placeholders are resolved. If empty, all that no condition takes.
	 * @return the condition
	 */
	String when() default "";

	/**
	 * Which of the messages that are its own the method is called for, as SpEL on its
	 * arguments by their names and on what {@link #when()} knows:
	 * {@code #trade.price > 100}. What it doesn't let through is counted
	 * ({@code ws.client.messages.filtered}) and goes to no other method instead. If it
	 * can't be evaluated, the method has failed. If empty, all.
	 * @return the condition
	 */
	String filter() default "";

	/**
	 * With how many messages at once the method is called at the latest; its one payload
	 * is a {@link java.util.List} then, with an element for each message, of any type
	 * that a payload may have:
	 *
	 * <pre>
	 * &#064;OnWsMessage(batchSize = 500, batchTimeout = "200ms")
	 * void store(List&lt;Trade&gt; trades)
	 * </pre>
	 *
	 * The list can't be changed and is never empty; its {@code WsMessage}s and
	 * {@code ByteBuffer}s are valid during the call. {@link #when()} is asked for each
	 * message; {@link #filter()} is refused. A message that can't be converted or is not
	 * valid is reported like a failure of the method and left out. The call succeeds,
	 * fails and is retried as one, and what it returns is sent once. In the modes
	 * {@code keyed} and {@code concurrent} there is a batch for each lane.
	 * <p>
	 * Messages keep their places in the connection's queue from their arrival until the
	 * call is over. The method is called with what is there, though less, when
	 * {@link #batchTimeout()} is over, when incomplete batches take half of the queue,
	 * before the method of any other event is called, such as {@link OnWsClose}, and when
	 * the application stops.
	 * @return the number, from 1 to half of {@code dispatch.queue}; 0 to be called for
	 * each message, a {@code List} being read from its JSON then
	 */
	int batchSize() default 0;

	/**
	 * How long after the first message of a batch the method is called at the latest, if
	 * nothing else is being handled: such as {@code 500ms}, or a placeholder. More than
	 * zero, and no more than 365 days.
	 * @return the time
	 */
	String batchTimeout() default "1s";

}
