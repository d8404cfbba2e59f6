package dev.wsclient.spring;

import java.util.LinkedHashSet;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.InjectionPoint;
import org.springframework.beans.factory.NoSuchBeanDefinitionException;
import org.springframework.beans.factory.NoUniqueBeanDefinitionException;
import org.springframework.beans.factory.UnsatisfiedDependencyException;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.core.env.Environment;

import dev.wsclient.WsConnection;

/**
 * Tells which property makes the connection that is to be injected, or why there is none.
 * Comes before Spring Boot's analyzer of missing beans.
 */
@Order(Ordered.HIGHEST_PRECEDENCE)
class MissingConnectionFailureAnalyzer extends AbstractFailureAnalyzer<NoSuchBeanDefinitionException> {

	private final @Nullable Environment environment;

	MissingConnectionFailureAnalyzer(@Nullable Environment environment) {
		this.environment = environment;
	}

	@Override
	protected @Nullable FailureAnalysis analyze(Throwable rootFailure, NoSuchBeanDefinitionException cause) {
		Environment environment = this.environment;
		InjectionPoint point = injectionPoint(rootFailure);
		String name = name(cause, point);
		if (environment == null || cause instanceof NoUniqueBeanDefinitionException
				|| (name == null && !WsConnection.class.equals(cause.getBeanType()))) {
			return null;
		}
		String wanted = ((name != null) ? "the connection '" + name + "'" : "a connection")
				+ ((point != null) ? " by " + point.getMember() : "");
		if (!environment.getProperty("ws.enabled", Boolean.class, true)) {
			return analysis("There is no WsConnection bean, asked for " + wanted + ": 'ws.enabled' is false.",
					"Remove 'ws.enabled', or ask for the connection by an ObjectProvider or Optional.", cause);
		}
		return analysis(wanted, name, BoundClients.read(environment), cause);
	}

	/**
	 * Returns where the bean was asked for that is missing: the innermost place.
	 */
	private static @Nullable InjectionPoint injectionPoint(Throwable failure) {
		InjectionPoint point = null;
		for (Throwable each = failure; each != null; each = each.getCause()) {
			if (each instanceof UnsatisfiedDependencyException unsatisfied && unsatisfied.getInjectionPoint() != null) {
				point = unsatisfied.getInjectionPoint();
			}
		}
		return point;
	}

	/**
	 * Returns the name of the connection.
	 * @return the name, or {@code null} if any connection would do, or another bean is
	 * missing
	 */
	private static @Nullable String name(NoSuchBeanDefinitionException cause, @Nullable InjectionPoint point) {
		String bean = cause.getBeanName();
		if (bean != null) {
			String suffix = ConnectionBeans.name("");
			return (bean.endsWith(suffix) && bean.length() > suffix.length())
					? bean.substring(0, bean.length() - suffix.length()) : null;
		}
		Qualifier qualifier = (point != null) ? point.getAnnotation(Qualifier.class) : null;
		return (qualifier != null && !qualifier.value().isEmpty() && WsConnection.class.equals(cause.getBeanType()))
				? qualifier.value() : null;
	}

	private static FailureAnalysis analysis(String wanted, @Nullable String name, ConfiguredClients clients,
			Throwable cause) {
		Set<String> disabled = clients.disabled();
		if (name != null && !disabled.contains(name)) {
			Set<String> known = new LinkedHashSet<>(clients.enabled().keySet());
			known.addAll(disabled);
			String nearest = NearestName.of(name, known, ConfiguredClients::uniform);
			return analysis(
					"There is no WsConnection bean, asked for " + wanted + ": no such connection is configured.",
					((nearest != null) ? "Did you mean '" + nearest + "'? " : "")
							+ (known.isEmpty() ? "Configure it by '" : "Use one of " + known + ", or configure it by '")
							+ "ws.clients." + name + ".url'.",
					cause);
		}
		if (disabled.isEmpty()) {
			return analysis("There is no WsConnection bean, asked for " + wanted + ": no connection is configured.",
					"Configure one by 'ws.clients.<name>.url'.", cause);
		}
		String property = "ws.clients." + ((name != null) ? name : disabled.iterator().next()) + ".enabled";
		return analysis("There is no WsConnection bean, asked for " + wanted + ": '" + property + "' is false.",
				"Remove '" + property + "', or ask for the connection by an ObjectProvider or Optional.", cause);
	}

	private static FailureAnalysis analysis(String description, String action, Throwable cause) {
		return new FailureAnalysis(description, action, cause);
	}

}
