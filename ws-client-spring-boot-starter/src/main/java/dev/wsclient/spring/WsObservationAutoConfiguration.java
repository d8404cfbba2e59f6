package dev.wsclient.spring;

import io.micrometer.observation.ObservationRegistry;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnSingleCandidate;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the observations of WebSocket
 * connections, if there is an {@link ObservationRegistry}. A bean of type
 * {@link WsHandlerObservationConvention} or {@link WsConnectObservationConvention}
 * changes their names and keys, {@code management.observations.enable.ws.client=false}
 * switches them off.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WsClientAutoConfiguration.class,
		afterName = "org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration")
@ConditionalOnClass(ObservationRegistry.class)
@ConditionalOnBean(ConnectionRegistry.class)
@ConditionalOnSingleCandidate(ObservationRegistry.class)
public final class WsObservationAutoConfiguration {

	private final ObservedMeters.Factory meters;

	WsObservationAutoConfiguration(ObjectProvider<ObservedMeters.Factory> meters) {
		this.meters = meters.getIfAvailable(() -> () -> ObservedMeters.NONE);
	}

	@Bean
	ConnectionObserver.Factory wsConnectionObservationsFactory(ObservationRegistry registry,
			ObjectProvider<WsConnectObservationConvention> convention) {
		return (client) -> new ConnectionObservations(registry, convention.getIfUnique(), this.meters.create());
	}

	/**
	 * In front of the meters, which leave out what is observed.
	 */
	@Bean
	@Order(Ordered.HIGHEST_PRECEDENCE)
	ConnectionObserver.Factory wsHandlerObservationsFactory(ObservationRegistry registry,
			ObjectProvider<WsHandlerObservationConvention> convention, ConfigurableListableBeanFactory beanFactory) {
		ObservationAudience audience = new ObservationAudience(beanFactory);
		return (client) -> audience.isTimerEnough() ? ConnectionObserver.NONE
				: new HandlerObservations(registry, convention.getIfUnique(), this.meters.create());
	}

}
