package dev.wsclient.spring;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.aop.framework.AopInfrastructureBean;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.scope.ScopedObject;
import org.springframework.aop.scope.ScopedProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.BeansException;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.BeanFactoryAware;
import org.springframework.beans.factory.BeanFactoryUtils;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.DestructionAwareBeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.MergedAnnotation;
import org.springframework.core.annotation.MergedAnnotations;
import org.springframework.core.annotation.MergedAnnotations.SearchStrategy;
import org.springframework.core.annotation.Order;
import org.springframework.scheduling.annotation.Async;
import org.springframework.util.ClassUtils;

/**
 * Collects handler methods of beans as they are created, and registers them with their
 * connections when all singletons are there. A lazy bean's methods are registered when
 * the bean is created. A bean that is destroyed before the connections, as that of a
 * child context, loses its methods.
 */
class HandlerAnnotationBeanPostProcessor
		implements DestructionAwareBeanPostProcessor, BeanFactoryAware, SmartInitializingSingleton {

	private static final Logger logger = LoggerFactory.getLogger(HandlerAnnotationBeanPostProcessor.class);

	/**
	 * Scopes of which there is no instance on a thread that handles a message, or no
	 * lasting one.
	 */
	private static final Set<String> UNREACHABLE_SCOPES = Set.of(BeanDefinition.SCOPE_PROTOTYPE, "request", "session");

	/** What stands in a condition, but not in a name. */
	private static final Pattern CONDITION = Pattern.compile("[$][.\\[].*|json[.\\[].*|.*(==|!=|[<>'\"()\\s]).*");

	private final Set<Class<?>> classesWithout = ConcurrentHashMap.newKeySet();

	private final Queue<Candidate> candidates = new ConcurrentLinkedQueue<>();

	/** The handlers of each bean, and where they are registered. */
	private final Map<Object, List<Registration>> registrations = Collections.synchronizedMap(new IdentityHashMap<>());

	private volatile boolean singletonsReady;

	private @Nullable ConfigurableListableBeanFactory beanFactory;

	@Override
	public void setBeanFactory(BeanFactory beanFactory) {
		this.beanFactory = (ConfigurableListableBeanFactory) beanFactory;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		Class<?> targetClass = AopProxyUtils.ultimateTargetClass(bean);
		boolean infrastructure = bean instanceof AopInfrastructureBean && !(bean instanceof ScopedObject);
		if (infrastructure || ScopedProxyUtils.isScopedTarget(beanName) || this.classesWithout.contains(targetClass)) {
			return bean;
		}
		List<Candidate> found = find(bean, beanName, targetClass, types(beanName, targetClass));
		if (found.isEmpty()) {
			refuseWithoutMethods(targetClass);
			this.classesWithout.add(targetClass);
			return bean;
		}
		requireSingleton(beanName, found.get(0).method());
		found.forEach(HandlerAnnotationBeanPostProcessor::refuseAsync);
		this.candidates.addAll(found);
		if (this.singletonsReady) {
			registerCandidates();
		}
		return bean;
	}

	private BeanTypes types(String beanName, Class<?> targetClass) {
		Type declared = beanFactory().containsBeanDefinition(beanName)
				? beanFactory().getMergedBeanDefinition(beanName).getResolvableType().getType() : targetClass;
		return new BeanTypes(targetClass, declared);
	}

	private static List<Candidate> find(Object bean, String beanName, Class<?> targetClass, BeanTypes types) {
		List<Candidate> found = new ArrayList<>();
		for (HandlerKind kind : HandlerKind.values()) {
			HandlerAnnotations.methods(targetClass, kind)
				.forEach((method, annotation) -> found
					.add(new Candidate(kind, bean, beanName, targetClass, types, method, annotation)));
		}
		return found;
	}

	/**
	 * A subclass may inherit the annotation without having use for it.
	 */
	private static void refuseWithoutMethods(Class<?> type) {
		if (MergedAnnotations.from(type, SearchStrategy.DIRECT).isPresent(WsHandler.class)) {
			throw new WsConfigurationException(null,
					"The class " + type.getName() + " is annotated with @WsHandler, but has no handler method.",
					"Annotate its methods by @OnWsMessage and the like, or remove @WsHandler.");
		}
	}

	private void requireSingleton(String beanName, Method method) {
		ConfigurableListableBeanFactory beanFactory = beanFactory();
		if (beanFactory.containsBean(beanName) && !beanFactory.isSingleton(beanName)) {
			throw new WsConfigurationException(null,
					"The WebSocket handler method " + HandlerMethod.describe(method) + " belongs to the bean '"
							+ beanName + "', which is not a singleton.",
					"Move the method to a singleton bean: each further instance would be one more handler.");
		}
	}

	/**
	 * Looks at a bean that may not be there yet: nothing would tell that its methods are
	 * never called.
	 */
	private void examine(String beanName) {
		BeanDefinition definition = beanFactory().getMergedBeanDefinition(beanName);
		if (definition.isAbstract()) {
			return;
		}
		boolean scopedTarget = ScopedProxyUtils.isScopedTarget(beanName);
		boolean known = definition.isSingleton() && beanFactory().containsSingleton(beanName)
				&& !beanFactory().isFactoryBean(beanName);
		Method method = known ? null : handlerMethod(beanName);
		if (method != null && (scopedTarget ? UNREACHABLE_SCOPES.contains(String.valueOf(definition.getScope()))
				: !definition.isSingleton())) {
			throw new WsConfigurationException(null,
					"The WebSocket handler method " + HandlerMethod.describe(method) + " belongs to the bean '"
							+ beanName + "' of the scope '" + definition.getScope() + "', which is not a singleton.",
					"Move the method to a singleton bean: messages arrive outside of every request and session, "
							+ "and each further instance would be one more handler.");
		}
		if (scopedTarget) {
			beanFactory().getBean(beanName.substring(ScopedProxyUtils.getTargetBeanName("").length()));
		}
		else if (method != null && definition.isLazyInit()) {
			logger.info("The handler method {} is not called before the lazy bean '{}' is created",
					HandlerMethod.describe(method), beanName);
		}
		else if (method != null) {
			beanFactory().getBean(beanName);
		}
	}

	private @Nullable Method handlerMethod(String beanName) {
		try {
			Class<?> type = beanFactory().getType(beanName, false);
			return (type != null) ? HandlerAnnotations.first(ClassUtils.getUserClass(type)) : null;
		}
		// Of a bean that no one asks for, classes may be missing
		catch (BeansException | IllegalStateException | LinkageError ex) {
			logger.debug("The type of the bean '{}' is not known", beanName, ex);
			return null;
		}
	}

	/**
	 * A method that returns at once would be called with the next message while it still
	 * runs: neither in order nor bounded.
	 */
	private static void refuseAsync(Candidate candidate) {
		if (isAsync(candidate.method()) || isAsync(candidate.targetClass())) {
			throw new WsConfigurationException(null,
					"The WebSocket handler method " + HandlerMethod.describe(candidate.method())
							+ " is @Async, so that calls of it would not be in order, and without bound.",
					"Remove @Async: handler methods are called off the event loop anyway. "
							+ "Return a CompletionStage to reply later.");
		}
	}

	private static boolean isAsync(AnnotatedElement element) {
		return MergedAnnotations.from(element, SearchStrategy.TYPE_HIERARCHY).isPresent(Async.class);
	}

	/**
	 * Scoped proxies and what factory beans make, which are singletons, are made only
	 * when someone asks for them.
	 */
	@Override
	public void afterSingletonsInstantiated() {
		for (String beanName : beanFactory().getBeanDefinitionNames()) {
			examine(beanName);
		}
		this.singletonsReady = true;
		registerCandidates();
	}

	private void registerCandidates() {
		Candidate candidate = this.candidates.poll();
		while (candidate != null) {
			register(candidate);
			candidate = this.candidates.poll();
		}
	}

	private void register(Candidate candidate) {
		ConnectionRegistry connections = beanFactory().getBean(ConnectionRegistry.class);
		for (String client : clients(candidate, connections)) {
			if (connections.isDisabled(client)) {
				logger.info("The @{} method {} is not called: the connection '{}' is disabled",
						candidate.kind().annotation().getSimpleName(), HandlerMethod.describe(candidate.method()),
						client);
			}
			else if (connections.isReplaced(client)) {
				logger.info("The @{} method {} is not called: the connection '{}' is the application's own bean '{}'",
						candidate.kind().annotation().getSimpleName(), HandlerMethod.describe(candidate.method()),
						client, ConnectionBeans.name(client));
			}
			else {
				ManagedConnection connection = connections.managed(client);
				HandlerMethod handler = register(candidate, connection);
				this.registrations.computeIfAbsent(target(candidate.bean()), (bean) -> new CopyOnWriteArrayList<>())
					.add(new Registration(connection.dispatcher(), handler));
			}
		}
	}

	private HandlerMethod register(Candidate candidate, ManagedConnection connection) {
		HandlerDefinition definition = new HandlerDefinition(candidate.kind(), candidate.bean(),
				candidate.targetClass(), candidate.beanTypes(), candidate.method(), invocable(candidate),
				candidate.annotation(), candidate.order());
		HandlerMethod handler = beanFactory().getBean(HandlerMethodFactory.class)
			.create(definition, connection.settings().handlerTarget());
		handler.convertedTypes().forEach((type) -> refuseBean(candidate, type));
		connection.dispatcher().add(handler);
		return handler;
	}

	/**
	 * A bean would not be injected, but made of the message.
	 */
	private void refuseBean(Candidate candidate, Class<?> payload) {
		boolean ofUser = !payload.isPrimitive() && !payload.isArray() && !payload.getName().startsWith("java.");
		String[] beans = ofUser
				? BeanFactoryUtils.beanNamesForTypeIncludingAncestors(beanFactory(), payload, true, false)
				: new String[0];
		if (beans.length > 0) {
			throw HandlerMethodFactory.invalid(candidate.method(),
					"has a parameter of type " + payload.getName() + ", which is that of the bean '" + beans[0]
							+ "', but would be converted from the message",
					"Inject the bean into the constructor of " + candidate.targetClass().getName()
							+ ", or define a bean of type WsArgumentResolver that supports the parameter.");
		}
	}

	/**
	 * Registers the handler methods of an object with one connection, whichever ones
	 * their annotations name.
	 * @param handler the object, which need not be a bean
	 * @param connection the connection
	 * @throws WsConfigurationException if there are none, or one is wrong
	 */
	void register(Object handler, ManagedConnection connection) {
		Class<?> type = AopProxyUtils.ultimateTargetClass(handler);
		List<Candidate> found = find(handler, type.getName(), type, new BeanTypes(type));
		if (found.isEmpty()) {
			throw new WsConfigurationException(null,
					"The class " + type.getName() + ", an object of which is to handle the connection '"
							+ connection.connection().name() + "', has no handler method.",
					"Annotate its methods by @OnWsMessage and the like, or let it implement WsListener.");
		}
		found.forEach(HandlerAnnotationBeanPostProcessor::refuseAsync);
		found.forEach((candidate) -> register(candidate, connection));
	}

	/**
	 * Returns what will be destroyed, which is the bean behind a proxy.
	 */
	private static Object target(Object bean) {
		Object target = AopProxyUtils.getSingletonTarget(bean);
		return (target != null) ? target : bean;
	}

	@Override
	public boolean requiresDestruction(Object bean) {
		Class<?> type = AopProxyUtils.ultimateTargetClass(bean);
		return !this.classesWithout.contains(type) && HandlerAnnotations.arePresent(type);
	}

	@Override
	public void postProcessBeforeDestruction(Object bean, String beanName) {
		List<Registration> registered = this.registrations.remove(target(bean));
		if (registered != null) {
			registered.forEach((registration) -> registration.dispatcher().remove(registration.handler()));
		}
	}

	private static Method invocable(Candidate candidate) {
		try {
			return AopUtils.selectInvocableMethod(candidate.method(), candidate.bean().getClass());
		}
		catch (IllegalStateException ex) {
			return HandlerAnnotations
				.overridden(candidate.method(), candidate.targetClass(), ClassUtils.getAllInterfaces(candidate.bean()))
				.findFirst()
				.orElseThrow(() -> new WsConfigurationException(null,
						"The WebSocket handler method " + HandlerMethod.describe(candidate.method())
								+ " can't be called through the proxy of the bean '" + candidate.beanName() + "': "
								+ ex.getMessage(),
						"Declare the method in an interface of the bean, make it non-private, "
								+ "or let Spring make class-based proxies."));
		}
	}

	private Set<String> clients(Candidate candidate, ConnectionRegistry connections) {
		Set<String> known = connections.configured();
		Set<String> names = new LinkedHashSet<>();
		String method = "The @" + candidate.kind().annotation().getSimpleName() + " method "
				+ HandlerMethod.describe(candidate.method());
		for (String name : candidate.clients()) {
			names.add(resolve(name, method));
		}
		if (names.isEmpty() && known.size() == 1) {
			return known;
		}
		if (names.isEmpty()) {
			throw new WsConfigurationException(null,
					method + " doesn't name its connection, and there are " + known.size() + ": " + known + ".",
					known.isEmpty() ? "Configure a connection by 'ws.clients.<name>.url'."
							: "Name the connection at the annotation, or for all methods of the class by @WsHandler.");
		}
		for (String name : names) {
			if (!known.contains(name)) {
				throw new WsConfigurationException(null,
						method + " names the connection '" + name + "', which is not configured.",
						condition(candidate, name) + (known.isEmpty() ? "Configure it by 'ws.clients." + name + ".url'."
								: suggestion(name, known) + "Use one of " + known + ", or configure it by 'ws.clients."
										+ name + ".url'."));
			}
		}
		return names;
	}

	private String resolve(String name, String method) {
		String reason = null;
		try {
			String resolved = beanFactory().resolveEmbeddedValue(name);
			if (resolved != null && HandlerMethodFactory.isUnresolved(name, resolved)) {
				reason = resolved;
			}
			else if (resolved != null && !resolved.isEmpty()) {
				return resolved;
			}
		}
		catch (IllegalArgumentException ex) {
			reason = String.valueOf(ex.getMessage());
		}
		if (reason != null) {
			throw new WsConfigurationException(
					null, method + " names the connection '" + name + "', which has a placeholder without a value: "
							+ reason + ".",
					"Set the property, or give the placeholder a default as in ${name:default}.");
		}
		throw new WsConfigurationException(null,
				method + " has an empty name for its connection" + (name.isEmpty() ? "." : ": '" + name + "'."),
				"Name the connection, or leave the name out if there is only one connection.");
	}

	/**
	 * The unnamed attribute is easily taken for the condition.
	 */
	private static String condition(Candidate candidate, String name) {
		return (candidate.kind() == HandlerKind.MESSAGE && CONDITION.matcher(name).matches())
				? "A condition is written @OnWsMessage(when = \"" + name + "\"). " : "";
	}

	private static String suggestion(String name, Set<String> known) {
		String nearest = NearestName.of(name, known, ConfiguredClients::uniform);
		return (nearest != null) ? "Did you mean '" + nearest + "'? " : "";
	}

	private ConfigurableListableBeanFactory beanFactory() {
		return Objects.requireNonNull(this.beanFactory);
	}

	/**
	 * A handler where it is registered.
	 *
	 * @param dispatcher the dispatcher of the connection
	 * @param handler the handler
	 */
	private record Registration(HandlerDispatcher dispatcher, HandlerMethod handler) {

	}

	/**
	 * A method with an annotation.
	 *
	 * @param kind the annotation's kind
	 * @param bean the bean, which may be a proxy
	 * @param beanName its name
	 * @param targetClass the class behind the proxy
	 * @param beanTypes what its type variables are in the bean
	 * @param method the method of that class
	 * @param annotation the annotation
	 */
	private record Candidate(HandlerKind kind, Object bean, String beanName, Class<?> targetClass, BeanTypes beanTypes,
			Method method, MergedAnnotation<?> annotation) {

		String[] clients() {
			String[] own = this.annotation.getStringArray("client");
			if (own.length > 0) {
				return own;
			}
			WsHandler handler = AnnotatedElementUtils.findMergedAnnotation(this.targetClass, WsHandler.class);
			return (handler != null) ? handler.value() : own;
		}

		int order() {
			Order order = AnnotatedElementUtils.findMergedAnnotation(this.method, Order.class);
			if (order == null) {
				order = AnnotatedElementUtils.findMergedAnnotation(this.targetClass, Order.class);
			}
			return (order != null) ? order.value() : Ordered.LOWEST_PRECEDENCE;
		}

	}

}
