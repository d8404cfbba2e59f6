package dev.wsclient.spring;

import java.util.stream.Stream;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.condition.ConditionMessage;
import org.springframework.boot.autoconfigure.condition.ConditionOutcome;
import org.springframework.boot.autoconfigure.condition.SpringBootCondition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.ConfigurationCondition;
import org.springframework.core.type.AnnotatedTypeMetadata;
import org.springframework.util.Assert;

/**
 * Matches unless the application has a {@link WsConnections} bean of its own. One that is
 * primary stands in front of ours and may pass on to it.
 */
class OnOwnWsConnectionsCondition extends SpringBootCondition implements ConfigurationCondition {

	@Override
	public ConfigurationPhase getConfigurationPhase() {
		return ConfigurationPhase.REGISTER_BEAN;
	}

	@Override
	public ConditionOutcome getMatchOutcome(ConditionContext context, AnnotatedTypeMetadata metadata) {
		ConfigurableListableBeanFactory beanFactory = context.getBeanFactory();
		Assert.state(beanFactory != null, "No bean factory");
		String[] names = beanFactory.getBeanNamesForType(WsConnections.class, true, false);
		boolean inFront = Stream.of(names).anyMatch((name) -> isPrimary(beanFactory, name));
		ConditionMessage.Builder message = ConditionMessage.forCondition("own WsConnections");
		return (names.length == 0 || inFront) ? ConditionOutcome.match(message.because("no bean takes its place"))
				: ConditionOutcome.noMatch(message.found("bean", "beans").items((Object[]) names));
	}

	private static boolean isPrimary(ConfigurableListableBeanFactory beanFactory, String name) {
		return beanFactory.containsBeanDefinition(name) && beanFactory.getBeanDefinition(name).isPrimary();
	}

}
