package dev.wsclient.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.security.oauth2.client.AuthorizedClientServiceOAuth2AuthorizedClientManager;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClientService;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of bearer tokens for WebSocket
 * connections, by {@code ws.clients.<name>.oauth2.registration-id}.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = WsClientAutoConfiguration.class,
		afterName = "org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration")
@ConditionalOnClass(AuthorizedClientServiceOAuth2AuthorizedClientManager.class)
@ConditionalOnBean({ DispatchExecutor.class, ClientRegistrationRepository.class, OAuth2AuthorizedClientService.class })
public final class WsOAuth2AutoConfiguration {

	/** So many connections ask one token endpoint at the same time. */
	private static final int MAX_THREADS = 16;

	@Bean
	OAuth2BearerTokens wsBearerTokens(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<AuthorizedClientServiceOAuth2AuthorizedClientManager> manager,
			ConfigurableApplicationContext context, Environment environment) {
		OwnThreads threads = new OwnThreads("ws-client-oauth2-", context.getClassLoader());
		boolean virtual = Threading.VIRTUAL.isActive(environment);
		return new OAuth2BearerTokens(new OptionalBean<>(beanFactory, ClientRegistrationRepository.class),
				new OptionalBean<>(beanFactory, OAuth2AuthorizedClientService.class), manager.getIfUnique(),
				() -> virtual ? threads.virtual() : threads.pool(MAX_THREADS));
	}

}
