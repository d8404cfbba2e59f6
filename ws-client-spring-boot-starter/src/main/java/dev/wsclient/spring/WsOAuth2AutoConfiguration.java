package dev.wsclient.spring;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
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

	@Bean
	OAuth2BearerTokens wsBearerTokens(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<AuthorizedClientServiceOAuth2AuthorizedClientManager> manager, DispatchExecutor executor) {
		return new OAuth2BearerTokens(new OptionalBean<>(beanFactory, ClientRegistrationRepository.class),
				new OptionalBean<>(beanFactory, OAuth2AuthorizedClientService.class), manager.getIfUnique(),
				executor::execute);
	}

}
