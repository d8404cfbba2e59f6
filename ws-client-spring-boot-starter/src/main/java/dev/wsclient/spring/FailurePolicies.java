package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.convert.DurationStyle;
import org.springframework.core.annotation.AnnotatedElementUtils;

import dev.wsclient.spring.properties.ErrorStrategy;

/**
 * Decides what follows when a handler method fails: its annotation, that of its class,
 * and the settings of the connection.
 */
class FailurePolicies {

	private final ConfigurableListableBeanFactory beanFactory;

	FailurePolicies(ConfigurableListableBeanFactory beanFactory) {
		this.beanFactory = beanFactory;
	}

	/**
	 * Makes the policy of a method.
	 * @param definition the method
	 * @param target the connection whose handler it becomes
	 * @return the policy
	 */
	FailurePolicy create(HandlerDefinition definition, HandlerTarget target) {
		Method method = definition.method();
		WsErrorStrategy own = AnnotatedElementUtils.findMergedAnnotation(method, WsErrorStrategy.class);
		if (!definition.kind().replies()) {
			if (own != null) {
				throw HandlerMethodFactory.invalid(method,
						"has an error strategy, but is annotated with @"
								+ definition.kind().annotation().getSimpleName(),
						"Remove @WsErrorStrategy: it is for @OnWsOpen and @OnWsMessage methods.");
			}
			return FailurePolicy.LOG;
		}
		WsErrorStrategy annotation = (own != null) ? own
				: AnnotatedElementUtils.findMergedAnnotation(definition.targetClass(), WsErrorStrategy.class);
		FailureSettings settings = (annotation != null) ? settings(method, annotation, target.failures())
				: target.failures();
		if (settings.strategy() != ErrorStrategy.RETRY) {
			return (settings.strategy() == ErrorStrategy.LOG) ? FailurePolicy.LOG
					: new FailurePolicy(settings.strategy(), null, null);
		}
		if (target.eventLoop()) {
			throw HandlerMethodFactory.invalid(method,
					"is to be retried, but the connection '" + target.name()
							+ "' calls it on its event loop, which must not wait",
					"Set 'ws.clients." + target.name() + ".dispatch.mode' to another mode than event-loop, "
							+ "or the error strategy to log or close.");
		}
		return new FailurePolicy(ErrorStrategy.RETRY, settings.retryPolicy(), recoverer(method, settings.recoverer()));
	}

	private FailureSettings settings(Method method, WsErrorStrategy annotation, FailureSettings defaults) {
		if (annotation.value() != ErrorStrategy.RETRY && tunesRetries(annotation)) {
			throw HandlerMethodFactory.invalid(method,
					"has an @WsErrorStrategy of " + annotation.value()
							+ " that tunes retries, which only RETRY has: the rest of it has no effect",
					"Leave only the strategy, or make it ErrorStrategy.RETRY.");
		}
		FailureSettings settings = defaults.withStrategy(annotation.value());
		try {
			if (annotation.maxRetries() != -1) {
				settings = settings.withMaxRetries(annotation.maxRetries());
			}
			if (annotation.multiplier() != 0) {
				settings = settings.withMultiplier(annotation.multiplier());
			}
			if (!annotation.delay().isEmpty()) {
				settings = settings.withDelay(duration(method, "delay", annotation.delay()));
			}
			if (!annotation.maxDelay().isEmpty()) {
				settings = settings.withMaxDelay(duration(method, "maxDelay", annotation.maxDelay()));
			}
			return annotation.recoverer().isEmpty() ? settings : settings.withRecoverer(annotation.recoverer());
		}
		catch (WsConfigurationException ex) {
			throw ex;
		}
		catch (IllegalArgumentException ex) {
			throw HandlerMethodFactory.invalid(method, "has a wrong @WsErrorStrategy: " + ex.getMessage(),
					"Set maxRetries to 0 or more, multiplier to 1 or more, and delays such as 500ms or 10s.");
		}
	}

	private static boolean tunesRetries(WsErrorStrategy annotation) {
		return annotation.maxRetries() != -1 || annotation.multiplier() != 0 || !annotation.delay().isEmpty()
				|| !annotation.maxDelay().isEmpty() || !annotation.recoverer().isEmpty();
	}

	private Duration duration(Method method, String attribute, String text) {
		return DurationStyle.detectAndParse(
				HandlerMethodFactory.resolve((each) -> String.valueOf(this.beanFactory.resolveEmbeddedValue(each)),
						method, attribute + " of @WsErrorStrategy", text));
	}

	private @Nullable WsHandlerRecoverer recoverer(Method method, @Nullable String name) {
		Map<String, WsHandlerRecoverer> beans = this.beanFactory.getBeansOfType(WsHandlerRecoverer.class);
		if (name != null && beans.containsKey(name)) {
			return beans.get(name);
		}
		if (name == null && beans.size() <= 1) {
			return beans.values().stream().findFirst().orElse(null);
		}
		throw HandlerMethodFactory.invalid(method,
				(name != null) ? "names the recoverer '" + name + "', but there is no such bean"
						: "doesn't name its recoverer, and there are several",
				"Name one of the WsHandlerRecoverer beans " + beans.keySet()
						+ " at @WsErrorStrategy or by 'handler-errors.recoverer'.");
	}

}
