package dev.wsclient.spring;

import java.util.Set;
import java.util.stream.Collectors;

import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.ObservationFilter;
import io.micrometer.observation.ObservationHandler;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.context.properties.bind.Bindable;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.Environment;
import org.springframework.util.ClassUtils;

/**
 * Finds out who hears of the observations of handlers. When it is nobody but the handler
 * for meters that Spring Boot adds, and nothing changes what it is told, the timer of
 * {@link ConnectionMeters} records the same at a tenth of the price.
 */
class ObservationAudience {

	/** By name, as there may be observations without these classes. */
	private static final String METERS = "io.micrometer.core.instrument.observation.DefaultMeterObservationHandler";

	private static final String BOOT = "org.springframework.boot.micrometer.observation.autoconfigure.";

	/**
	 * Acts on {@value #KEY_VALUES} and on what decides whether there is an observation.
	 */
	private static final String PROPERTIES_FILTER = BOOT + "PropertiesObservationFilterPredicate";

	private static final String CUSTOMIZER = BOOT + "ObservationRegistryCustomizer";

	private static final String KEY_VALUES = "management.observations.key-values";

	private final ConfigurableListableBeanFactory beanFactory;

	ObservationAudience(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Whether a timer can stand in for the observations of handlers.
	 * @return {@code false} if they are to be made
	 */
	boolean isTimerEnough() {
		return this.beanFactory.containsBean(WsMetricsAutoConfiguration.FACTORY_BEAN_NAME)
				&& classNames(ObservationHandler.class).equals(Set.of(METERS))
				&& Set.of(PROPERTIES_FILTER).containsAll(classNames(ObservationFilter.class)) && !hasKeyValues()
				&& !has(GlobalObservationConvention.class) && !has(WsHandlerObservationConvention.class)
				&& !hasCustomizer();
	}

	private Set<String> classNames(Class<?> type) {
		return this.beanFactory.getBeanProvider(type)
			.stream()
			.map((bean) -> bean.getClass().getName())
			.collect(Collectors.toSet());
	}

	private boolean hasKeyValues() {
		return Binder.get(this.beanFactory.getBean(Environment.class))
			.bind(KEY_VALUES, Bindable.mapOf(String.class, String.class))
			.map((keyValues) -> !keyValues.isEmpty())
			.orElse(false);
	}

	private boolean hasCustomizer() {
		ClassLoader classLoader = this.beanFactory.getBeanClassLoader();
		return ClassUtils.isPresent(CUSTOMIZER, classLoader)
				&& has(ClassUtils.resolveClassName(CUSTOMIZER, classLoader));
	}

	private boolean has(Class<?> type) {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, type).length > 0;
	}

}
