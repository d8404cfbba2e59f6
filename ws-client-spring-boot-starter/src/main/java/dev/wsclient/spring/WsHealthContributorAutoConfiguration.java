package dev.wsclient.spring;

import java.time.InstantSource;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.health.autoconfigure.contributor.ConditionalOnEnabledHealthIndicator;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.context.annotation.Bean;

import dev.wsclient.WsConnection;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of the health of WebSocket
 * connections: {@code ws}, with one entry for each.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WsClientAutoConfiguration.class)
@ConditionalOnClass({ HealthContributor.class, ConditionalOnEnabledHealthIndicator.class })
@ConditionalOnBean({ DefaultWsConnections.class, WsConnection.class })
@ConditionalOnEnabledHealthIndicator("ws")
public final class WsHealthContributorAutoConfiguration {

	@Bean
	@ConditionalOnMissingBean(name = { "wsHealthContributor", "wsHealthIndicator" })
	CompositeHealthContributor wsHealthContributor(DefaultWsConnections connections) {
		return CompositeHealthContributor.fromMap(connections.managed(),
				(connection) -> new ConnectionHealthIndicator(connection, InstantSource.system()));
	}

}
