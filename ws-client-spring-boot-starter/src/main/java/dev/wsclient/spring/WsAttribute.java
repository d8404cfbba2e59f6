package dev.wsclient.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import org.springframework.core.annotation.AliasFor;

/**
 * Gives a parameter of a handler method one of the connection's
 * {@link dev.wsclient.WsConnection#attributes() attributes}, or without a name and on a
 * parameter of type {@code Map<String, Object>} the mutable map of them all. Allowed with
 * every handler annotation.
 *
 * @since 0.1.0
 */
@Documented
@Target({ ElementType.PARAMETER, ElementType.ANNOTATION_TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface WsAttribute {

	/**
	 * Name of the attribute.
	 * @return same as {@link #name()}
	 */
	@AliasFor("name")
	String value() default "";

	/**
	 * Name of the attribute.
	 * @return the name; if empty, that of the parameter, or all attributes for a map
	 */
	@AliasFor("value")
	String name() default "";

	/**
	 * Whether the handler fails if there is no such attribute. If not, it gets
	 * {@code null}. A parameter that is an {@code Optional} or {@code @Nullable} is never
	 * required.
	 * @return whether it must be there
	 */
	boolean required() default true;

}
