package dev.wsclient.spring;

import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;

/**
 * What each context needs for the handler methods of its own beans.
 */
@Configuration(proxyBeanMethods = false)
class WsHandlerConfiguration {

	@Bean
	static HandlerAnnotationBeanPostProcessor wsHandlerAnnotationBeanPostProcessor() {
		return new HandlerAnnotationBeanPostProcessor();
	}

	/**
	 * With {@code spring.main.lazy-initialization} nobody else would ask for a bean that
	 * only has handler methods.
	 */
	@Bean
	static LazyInitializationExcludeFilter wsHandlerLazyInitializationExcludeFilter() {
		return (beanName, definition, type) -> HandlerAnnotations.arePresent(ClassUtils.getUserClass(type));
	}

}
