package dev.wsclient.spring;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names the connections of all handler methods of a class that don't name their own. It
 * doesn't make the class a bean.
 *
 * @since 0.1.0
 * @see OnWsMessage
 */
@Documented
@Inherited
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface WsHandler {

	/**
	 * Names of the connections, or placeholders for them.
	 * @return the names as in {@code ws.clients.<name>}
	 */
	String[] value();

}
