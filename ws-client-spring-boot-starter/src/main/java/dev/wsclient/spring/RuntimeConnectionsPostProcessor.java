package dev.wsclient.spring;

import org.springframework.aot.AotDetector;
import org.springframework.beans.factory.support.BeanDefinitionRegistry;
import org.springframework.beans.factory.support.BeanDefinitionRegistryPostProcessor;
import org.springframework.core.env.Environment;

/**
 * Registers the connections that were not configured yet when the application was
 * processed ahead of time, for instance by an environment variable.
 */
class RuntimeConnectionsPostProcessor implements BeanDefinitionRegistryPostProcessor {

	private final Environment environment;

	RuntimeConnectionsPostProcessor(Environment environment) {
		this.environment = environment;
	}

	@Override
	public void postProcessBeanDefinitionRegistry(BeanDefinitionRegistry registry) {
		if (AotDetector.useGeneratedArtifacts()) {
			new WsConnectionsRegistrar(this.environment).registerMissing(registry);
		}
	}

}
