package dev.wsclient.spring;

import java.util.Map;

import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.beans.factory.support.AutowireCandidateQualifier;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.context.annotation.ImportBeanDefinitionRegistrar;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotationMetadata;

import dev.wsclient.WsConnection;
import dev.wsclient.spring.properties.ClientProperties;

/**
 * Registers a bean {@code <name>WsConnection} with the qualifier {@code <name>} for each
 * connection. The beans come from the factory method of a bean, not from a supplier, so
 * that they can be processed ahead of time.
 */
class WsConnectionsRegistrar implements ImportBeanDefinitionRegistrar {

	static final String FACTORY_METHOD = "bean";

	private static final String SUFFIX = "WsConnection";

	private final Environment environment;

	WsConnectionsRegistrar(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void registerBeanDefinitions(AnnotationMetadata metadata, BeanDefinitionRegistry registry) {
		clients().keySet().forEach((name) -> register(name, registry));
	}

	private Map<String, ClientProperties> clients() {
		Map<String, ClientProperties> bound = Binder.get(this.environment)
			.bind("ws.clients", Bindable.mapOf(String.class, ClientProperties.class))
			.orElseGet(Map::of);
		return new ConfiguredClients(bound).enabled();
	}

	private void register(String name, BeanDefinitionRegistry registry) {
		String beanName = name + SUFFIX;
		if (registry.isBeanNameInUse(beanName)) {
			throw new WsConfigurationException(null,
					"The connection 'ws.clients." + name + "' needs the bean name '" + beanName
							+ "', but the application has another bean of this name.",
					"Rename the application's bean, or the connection. To change the connection's options, "
							+ "define a bean of type WsOptionsCustomizer instead.");
		}
		registry.registerBeanDefinition(beanName, definition(name));
	}

	/**
	 * Registers the connections that have no bean yet.
	 * @param registry where to
	 */
	void registerMissing(BeanDefinitionRegistry registry) {
		clients().keySet()
			.stream()
			.filter((name) -> !registry.isBeanNameInUse(name + SUFFIX))
			.forEach((name) -> register(name, registry));
	}

	private static RootBeanDefinition definition(String name) {
		RootBeanDefinition definition = new RootBeanDefinition(WsConnection.class);
		definition.setFactoryBeanName(WsClientAutoConfiguration.CONNECTIONS_BEAN_NAME);
		definition.setFactoryMethodName(FACTORY_METHOD);
		definition.getConstructorArgumentValues().addIndexedArgumentValue(0, name);
		definition.addQualifier(new AutowireCandidateQualifier(Qualifier.class, name));
		definition.setDescription("WebSocket connection ws.clients." + name);
		return definition;
	}

}
