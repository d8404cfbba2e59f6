package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.support.RootBeanDefinition;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.task.SimpleAsyncTaskExecutorBuilder;
import org.springframework.boot.task.SimpleAsyncTaskExecutorCustomizer;
import org.springframework.boot.task.ThreadPoolTaskExecutorBuilder;
import org.springframework.boot.task.ThreadPoolTaskExecutorCustomizer;
import org.springframework.core.task.SimpleAsyncTaskExecutor;
import org.springframework.core.task.TaskDecorator;
import org.springframework.scheduling.concurrent.ThreadPoolTaskExecutor;

/**
 * The application's task executor.
 *
 * @param executor the executor
 * @param mayBlock whether it may block in {@code execute}, run the task itself, or call
 * code of the application; {@code false} only for what Boot makes of properties alone
 */
record ApplicationTaskExecutor(Executor executor, boolean mayBlock) {

	/**
	 * Finds the executor.
	 * @param beanFactory knows it
	 * @param dependent the name of a bean that needs it until it is destroyed itself
	 * @return the executor, or {@code null} if the application has none
	 */
	static @Nullable ApplicationTaskExecutor of(ConfigurableListableBeanFactory beanFactory, String dependent) {
		String name = TaskExecutionAutoConfiguration.APPLICATION_TASK_EXECUTOR_BEAN_NAME;
		if (!beanFactory.containsBean(name)) {
			return null;
		}
		beanFactory.registerDependentBean(name, dependent);
		Executor executor = beanFactory.getBean(name, Executor.class);
		boolean boots = !waits(executor) && isMadeByBoot(beanFactory, name) && !hasCodeOfTheApplication(beanFactory);
		return new ApplicationTaskExecutor(executor, !boots);
	}

	private static boolean waits(Executor executor) {
		if (executor.getClass() == ThreadPoolTaskExecutor.class) {
			return ((ThreadPoolTaskExecutor) executor).getThreadPoolExecutor()
				.getRejectedExecutionHandler()
				.getClass() != ThreadPoolExecutor.AbortPolicy.class;
		}
		return executor.getClass() != SimpleAsyncTaskExecutor.class
				|| ((SimpleAsyncTaskExecutor) executor).isThrottleActive();
	}

	private static boolean hasCodeOfTheApplication(ConfigurableListableBeanFactory beanFactory) {
		return has(beanFactory, TaskDecorator.class) || has(beanFactory, ThreadPoolTaskExecutorCustomizer.class)
				|| has(beanFactory, SimpleAsyncTaskExecutorCustomizer.class)
				|| !areMadeByBoot(beanFactory, ThreadPoolTaskExecutorBuilder.class)
				|| !areMadeByBoot(beanFactory, SimpleAsyncTaskExecutorBuilder.class);
	}

	private static boolean has(ConfigurableListableBeanFactory beanFactory, Class<?> type) {
		return beanFactory.getBeanNamesForType(type, true, false).length > 0;
	}

	private static boolean areMadeByBoot(ConfigurableListableBeanFactory beanFactory, Class<?> type) {
		for (String name : beanFactory.getBeanNamesForType(type, true, false)) {
			if (!isMadeByBoot(beanFactory, name)) {
				return false;
			}
		}
		return true;
	}

	private static boolean isMadeByBoot(ConfigurableListableBeanFactory beanFactory, String name) {
		if (!beanFactory.containsBeanDefinition(name)) {
			return false;
		}
		BeanDefinition definition = beanFactory.getMergedBeanDefinition(name);
		Method factory = (definition instanceof RootBeanDefinition root) ? root.getResolvedFactoryMethod() : null;
		return factory != null && factory.getDeclaringClass()
			.getName()
			.startsWith(TaskExecutionAutoConfiguration.class.getPackageName() + ".");
	}

}
