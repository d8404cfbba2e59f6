package dev.wsclient.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Gives a parameter of a handler method a header field of the server's answer to the
 * opening handshake of the session. Allowed with {@link OnWsOpen}, {@link OnWsMessage},
 * {@link OnWsClose}, {@link OnWsPing} and {@link OnWsPong}.
 * <p>
 * The first value is given as {@link String} or any type Spring's conversion makes of it,
 * all values as {@code List<String>} or another collection or array.
 *
 * @since 0.1.0
 */
@Documented
@Target({ ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface WsHeader {

	/**
	 * Name of the header field, without regard to case.
	 * @return same as {@link #name()}
	 */
	@AliasFor("name")
	String value() default "";

	/**
	 * Name of the header field, without regard to case.
	 * @return the name; if empty, that of the parameter
	 */
	@AliasFor("value")
	String name() default "";

	/**
	 * Whether the handler fails if the server didn't send the field. If not, it gets
	 * {@code null}, or an empty collection. A parameter that is an {@code Optional} or
	 * {@code @Nullable} is never required.
	 * @return whether it must be there
	 */
	boolean required() default true;

}
