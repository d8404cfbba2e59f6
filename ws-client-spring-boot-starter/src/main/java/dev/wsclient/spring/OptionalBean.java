package dev.wsclient.spring;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * A bean that the application may have none, one or several of. Of several the primary
 * one counts, and in front of those of its parents the only one of a context.
 *
 * @param <T> the type of the bean
 */
class OptionalBean<T> {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Class<T> type;

	OptionalBean(ConfigurableListableBeanFactory beanFactory, Class<T> type) {
		this.beanFactory = beanFactory;
		this.type = type;
	}

	/**
	 * Returns the bean.
	 * @return the bean, or {@code null} if there is none or the choice is not clear
	 */
	@Nullable T get() {
		if (this.beanFactory.getParentBeanFactory() != null) {
			String[] own = this.beanFactory.getBeanNamesForType(this.type);
			if (own.length == 1) {
				return this.beanFactory.getBean(own[0], this.type);
			}
		}
		return this.beanFactory.getBeanProvider(this.type).getIfUnique();
	}

	/**
	 * Returns the bean.
	 * @return the bean
	 * @throws IllegalStateException if there is none or the choice is not clear; the
	 * message says which
	 */
	T require() {
		T bean = get();
		if (bean == null) {
			throw new IllegalStateException(whyThereIsNone());
		}
		return bean;
	}

	/**
	 * Whether there are several beans, and none of them is the one.
	 * @return {@code false} if there is one or none
	 */
	boolean isAmbiguous() {
		return names().length > 1 && get() == null;
	}

	/**
	 * Says why {@link #get()} gives no bean.
	 * @return the text
	 */
	String whyThereIsNone() {
		String[] names = names();
		return (names.length == 0) ? "there is no bean of type " + this.type.getName()
				: "there are several beans of type " + this.type.getName() + ", " + Arrays.toString(names)
						+ ", and none of them is @Primary";
	}

	private String[] names() {
		return BeanFactoryUtils.beanNamesForTypeIncludingAncestors(this.beanFactory, this.type);
	}

}
