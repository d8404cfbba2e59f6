package dev.wsclient.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import dev.wsclient.spring.properties.ErrorStrategy;

/**
 * Sets what follows when a method annotated with {@link OnWsMessage} or {@link OnWsOpen}
 * fails, or for all such methods of a class, in place of
 * {@code ws.clients.<name>.handler-errors}. Figures that are not set are those of the
 * properties; all but {@link #value()} are for {@link ErrorStrategy#RETRY} only.
 *
 * @since 0.1.0
 */
@Documented
@Inherited
@Target({ ElementType.METHOD, ElementType.TYPE })
@Retention(RetentionPolicy.RUNTIME)
public @interface WsErrorStrategy {

	/**
	 * What follows.
	 * @return the strategy
	 */
	ErrorStrategy value();

	/**
	 * How often the method is called again, with {@link ErrorStrategy#RETRY}.
	 * @return the number, 0 or more; -1 for that of the properties
	 */
	int maxRetries() default -1;

	/**
	 * How long to wait before the first retry, such as {@code 500ms}, or a placeholder.
	 * @return the delay; empty for that of the properties
	 */
	String delay() default "";

	/**
	 * By what the delay grows with each retry.
	 * @return the factor, 1 or more; 0 for that of the properties
	 */
	double multiplier() default 0;

	/**
	 * The longest delay, such as {@code 10s}, or a placeholder.
	 * @return the delay; empty for that of the properties
	 */
	String maxDelay() default "";

	/**
	 * Name of the {@link WsHandlerRecoverer} bean.
	 * @return the name; empty for that of the properties
	 */
	String recoverer() default "";

}
