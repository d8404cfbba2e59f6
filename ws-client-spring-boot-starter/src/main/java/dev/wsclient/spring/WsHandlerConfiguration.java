package dev.wsclient.spring;

import java.util.function.UnaryOperator;

import jakarta.validation.Validator;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.LazyInitializationExcludeFilter;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.util.ClassUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * What each context needs for the handler methods of its own beans, made of its own
 * resolvers, converters and placeholders and of those of its parents.
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

	@Bean
	MessageConverters wsMessageConverters(ObjectProvider<WsMessageConverter> converters,
			ObjectProvider<JsonCodec> json) {
		return new MessageConverters(
				converters.orderedStream().filter((converter) -> !(converter instanceof JsonCodec)).toList(),
				json.getIfAvailable());
	}

	@Bean
	HandlerMethodFactory wsHandlerMethodFactory(MessageConverters converters,
			ObjectProvider<PayloadValidation> validation, ObjectProvider<WsArgumentResolver> resolvers,
			ConfigurableListableBeanFactory beanFactory) {
		UnaryOperator<String> placeholders = (text) -> String.valueOf(beanFactory.resolveEmbeddedValue(text));
		MessageConditions conditions = new MessageConditions(converters.json() != null,
				new MessageExpressions(converters.json(), beanFactory), placeholders);
		return new HandlerMethodFactory(resolvers.orderedStream().toList(),
				new PayloadArguments(converters, validation.getIfAvailable(() -> PayloadValidation.NONE)), conditions,
				new ReturnValues(converters), new FailurePolicies(beanFactory), new BatchAttributes(placeholders));
	}

	/**
	 * Converts payloads from and to JSON.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JsonMapper.class)
	static class JsonConfiguration {

		@Bean
		JacksonJsonCodec wsJsonCodec(ConfigurableListableBeanFactory beanFactory) {
			OptionalBean<JsonMapper> mapper = new OptionalBean<>(beanFactory, JsonMapper.class);
			if (mapper.isAmbiguous()) {
				LoggerFactory.getLogger(WsClientAutoConfiguration.class)
					.warn("JSON of WebSocket messages is read and written by Jackson's defaults: {}",
							mapper.whyThereIsNone());
			}
			JsonMapper found = mapper.get();
			return new JacksonJsonCodec((found != null) ? found : JsonMapper.shared());
		}

	}

	/**
	 * Checks payloads. Which validator does it is asked when a handler method wants it.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Validator.class)
	static class ValidationConfiguration {

		@Bean
		PayloadValidation wsPayloadValidator(ConfigurableListableBeanFactory beanFactory) {
			OptionalBean<Validator> validator = new OptionalBean<>(beanFactory, Validator.class);
			return () -> new BeanValidation(validator.require());
		}

	}

}
