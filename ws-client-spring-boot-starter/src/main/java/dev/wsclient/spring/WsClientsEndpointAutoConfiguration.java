package dev.wsclient.spring;

import org.springframework.boot.actuate.autoconfigure.endpoint.condition.ConditionalOnAvailableEndpoint;
import org.springframework.boot.actuate.autoconfigure.endpoint.expose.EndpointExposure;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the endpoint {@code wsclients}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WsClientAutoConfiguration.class)
@ConditionalOnClass(ConditionalOnAvailableEndpoint.class)
@ConditionalOnBean(WsConnections.class)
public final class WsClientsEndpointAutoConfiguration {

	@Bean
	@ConditionalOnAvailableEndpoint
	@ConditionalOnMissingBean
	WsClientsEndpoint wsClientsEndpoint(WsConnections connections) {
		return new WsClientsEndpoint(connections);
	}

	@Bean
	@ConditionalOnBean(WsClientsEndpoint.class)
	@ConditionalOnAvailableEndpoint(exposure = EndpointExposure.WEB)
	@ConditionalOnMissingBean
	WsClientsWebEndpointExtension wsClientsWebEndpointExtension(WsConnections connections, WsClientsEndpoint endpoint) {
		return new WsClientsWebEndpointExtension(connections, endpoint);
	}

}
