package dev.wsclient.spring;

import java.time.InstantSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the health of WebSocket
 * connections: {@code ws}, with one entry for each. A health group takes all of them
 * ({@code management.endpoint.health.group.<group>.include=ws}) or one
 * ({@code ws/<name>}). Connections don't take part in readiness unless its group says so:
 * {@code management.endpoint.health.group.readiness.include=readinessState,ws}. Then the
 * application is not ready while a required connection is down, which
 * {@code ws.clients.<name>.health.down-after=0} makes it from the first moment on.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WsClientAutoConfiguration.class)
@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean(ConnectionRegistry.class)
@ConditionalOnEnabledHealthIndicator("ws")
public final class WsHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "wsHealthContributor", "wsHealthIndicator" })
	ConnectionsHealthContributor wsHealthContributor(ConnectionRegistry connections) {
		return new ConnectionsHealthContributor(connections, InstantSource.system());
	}

}
