package dev.wsclient.spring;

import java.util.Set;

import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

import dev.wsclient.WsConnection;

/**
 * Registers a bean {@code <name>WsConnection} with the qualifier {@code <name>} for each
 * connection, unless the application has one of this name. The beans come from the
 * factory method of a bean, not from a supplier, so that they can be processed ahead of
 * time.
 */
class WsConnectionsRegistrar implements ImportBeanDefinitionRegistrar {

	static final String FACTORY_METHOD = "bean";

	private final Environment environment;

	WsConnectionsRegistrar(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		UnknownProperties.requireTexts(this.environment);
		clients().forEach((name) -> register(name, registry));
	}

	private Set<String> clients() {
		return BoundClients.read(this.environment).enabled().keySet();
	}

	private static void register(String name, BeanDefinitionRegistry registry) {
		String beanName = ConnectionBeans.name(name);
		if (!registry.isBeanNameInUse(beanName)) {
			registry.registerBeanDefinition(beanName, definition(name));
		}
		else if (registry instanceof BeanFactory beanFactory
				&& !beanFactory.isTypeMatch(beanName, WsConnection.class)) {
			throw new WsConfigurationException(null,
					"The connection 'ws.clients." + name + "' needs the bean name '" + beanName
							+ "', but the application has a bean of this name that is no WsConnection.",
					"Rename the application's bean, or the connection. To change the connection's options, "
							+ "define a bean of type WsOptionsCustomizer instead.");
		}
		else if (!registry.isBeanNameInUse(name)) {
			// The application's connection is injected where ours would be
			registry.registerAlias(beanName, name);
		}
	}

	/**
	 * Registers the connections that have no bean yet.
	 * @param registry where to
	 */
	void registerMissing(BeanDefinitionRegistry registry) {
		clients().stream()
			.filter((name) -> !registry.isBeanNameInUse(ConnectionBeans.name(name)))
			.forEach((name) -> register(name, registry));
	}

	private static RootBeanDefinition definition(String name) {
		RootBeanDefinition definition = new RootBeanDefinition(WsConnection.class);
		definition.setFactoryBeanName(WsClientAutoConfiguration.REGISTRY_BEAN_NAME);
		definition.setFactoryMethodName(FACTORY_METHOD);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
		definition.setDescription("WebSocket connection ws.clients." + name);
		return definition;
	}

}
