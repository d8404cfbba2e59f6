package dev.wsclient.spring;

import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the meters of WebSocket
 * connections.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WsClientAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration")
@ConditionalOnClass(MeterRegistry.class)
@ConditionalOnBean(ConnectionRegistry.class)
@ConditionalOnSingleCandidate(MeterRegistry.class)
public final class WsMetricsAutoConfiguration {

	static final String FACTORY_BEAN_NAME = "wsConnectionMetersFactory";

	@Bean(FACTORY_BEAN_NAME)
	ConnectionObserver.Factory wsConnectionMetersFactory(MeterRegistry registry) {
		MeterUses uses = new MeterUses(registry);
		return (client) -> new ConnectionMeters(uses, client);
	}

	@Bean
	ObservedMeters.Factory wsObservedMetersFactory(MeterRegistry registry) {
		return () -> new RegisteredObservedMeters(registry);
	}

}
