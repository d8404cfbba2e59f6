package dev.wsclient.spring;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.context.annotation.Import;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of handler methods of a context
 * whose connections are those of its parent.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WsClientAutoConfiguration.class)
@ConditionalOnBean(ConnectionRegistry.class)
@Import(WsHandlerConfiguration.class)
public final class WsHandlerAutoConfiguration {

}
