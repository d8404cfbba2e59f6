package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanCreationNotAllowedException;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

import dev.wsclient.WsConnection;

/**
 * The beans of the configured connections: ours, or those that the application has in
 * their place, a mock for instance.
 */
class ConnectionBeans {

	private static final String SUFFIX = "WsConnection";

	private final ConfigurableListableBeanFactory beanFactory;

	ConnectionBeans(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Returns the name of the bean of a connection.
	 * @param client the name of the connection
	 * @return the name of the bean
	 */
	static String name(String client) {
		return client + SUFFIX;
	}

	/**
	 * Whether the bean of a connection is the application's own. Asked before the
	 * registry is there.
	 * @param client the name of the connection
	 * @return {@code true} if the bean does not come from the registry
	 */
	boolean isReplaced(String client) {
		String name = name(client);
		if (!this.beanFactory.containsLocalBean(name)) {
			return false;
		}
		// Ours can't be made yet: this one was registered as it is, as mocks are
		if (this.beanFactory.containsSingleton(name)) {
			return true;
		}
		try {
			return !WsClientAutoConfiguration.REGISTRY_BEAN_NAME
				.equals(this.beanFactory.getMergedBeanDefinition(name).getFactoryBeanName());
		}
		catch (NoSuchBeanDefinitionException ex) {
			return true;
		}
	}

	/**
	 * Returns the application's own bean of a connection.
	 * @param client the name of the connection
	 * @return the bean, or {@code null} if the context is being closed
	 */
	@Nullable WsConnection replacement(String client) {
		try {
			return this.beanFactory.getBean(name(client), WsConnection.class);
		}
		catch (BeanCreationNotAllowedException ex) {
			return null;
		}
	}

	/**
	 * Returns a connection as its bean, which post-processors may have wrapped.
	 * @param client the name of the connection
	 * @param connection the connection as we made it
	 * @return the bean, or the connection as long as there is none
	 */
	WsConnection exposed(String client, WsConnection connection) {
		try {
			return this.beanFactory.getBean(name(client), WsConnection.class);
		}
		catch (BeansException ex) {
			return connection;
		}
	}

}
