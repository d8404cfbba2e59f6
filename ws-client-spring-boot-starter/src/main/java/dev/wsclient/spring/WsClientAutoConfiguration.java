package dev.wsclient.spring;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;

import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import org.springframework.core.task.SimpleAsyncTaskExecutor;

import dev.wsclient.WsClient;
import dev.wsclient.spring.properties.ConnectionProperties;
import dev.wsclient.spring.properties.WsProperties;

/**
 * {@link EnableAutoConfiguration Auto-configuration} of WebSocket connections. A child
 * context uses those of its parent.
 *
 * @since 0.1.0
 */
@AutoConfiguration(after = { TaskExecutionAutoConfiguration.class, SslAutoConfiguration.class },
		afterName = { "org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration",
				"org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration" })
@ConditionalOnBooleanProperty(name = "ws.enabled", matchIfMissing = true)
@ConditionalOnMissingBean(ConnectionRegistry.class)
@EnableConfigurationProperties(WsProperties.class)
@ImportRuntimeHints(WsRuntimeHints.class)
@Import({ WsHandlerConfiguration.class, WsConnectionsRegistrar.class })
public final class WsClientAutoConfiguration {

	static final String REGISTRY_BEAN_NAME = "wsConnectionRegistry";

	private static final String LIFECYCLE_BEAN_NAME = "wsLifecycle";

	@Bean
	static HeaderValuesBindHandlerAdvisor wsHeaderValuesBindHandlerAdvisor() {
		return new HeaderValuesBindHandlerAdvisor();
	}

	@Bean
	static ServiceLinksBindHandlerAdvisor wsServiceLinksBindHandlerAdvisor(Environment environment) {
		return new ServiceLinksBindHandlerAdvisor(environment);
	}

	@Bean
	static RuntimeConnectionsPostProcessor wsRuntimeConnectionsPostProcessor(Environment environment) {
		return new RuntimeConnectionsPostProcessor(environment);
	}

	@Bean(destroyMethod = "close")
	@ConditionalOnMissingBean
	WsClient wsClient() {
		return new ContextWsClient(WsClient.create());
	}

	@Bean
	DispatchExecutor wsDispatchExecutor(ConfigurableApplicationContext context, Environment environment) {
		SimpleAsyncTaskExecutor own = new SimpleAsyncTaskExecutor("ws-client-");
		own.setDaemon(true);
		own.setVirtualThreads(Threading.VIRTUAL.isActive(environment));
		return new DispatchExecutor(applicationTaskExecutor(context.getBeanFactory()), own, context::isActive);
	}

	private static @Nullable Executor applicationTaskExecutor(ConfigurableListableBeanFactory beanFactory) {
		String name = TaskExecutionAutoConfiguration.APPLICATION_TASK_EXECUTOR_BEAN_NAME;
		if (!beanFactory.containsBean(name)) {
			return null;
		}
		beanFactory.registerDependentBean(name, LIFECYCLE_BEAN_NAME);
		return beanFactory.getBean(name, Executor.class);
	}

	@Bean
	OptionsBeans wsOptionsBeans(ObjectProvider<SslBundles> sslBundles, ObjectProvider<WsConnectionDetails> details,
			ObjectProvider<BearerTokens> tokens, ObjectProvider<WsOptionsCustomizer> optionsCustomizers,
			ObjectProvider<WsHandshakeCustomizer> handshakeCustomizers, ListableBeanFactory beanFactory) {
		return new OptionsBeans(sslBundles.getIfUnique(), details.orderedStream().toList(), tokens.getIfAvailable(),
				optionsCustomizers.orderedStream().toList(), handshakeCustomizers.orderedStream().toList(),
				List.of(beanFactory.getBeanNamesForType(WsHandlerRecoverer.class)));
	}

	@Bean
	ConnectionRegistry.Factory wsConnectionFactory(WsClient wsClient, WsProperties properties,
			DispatchExecutor executor, ConfigurableApplicationContext context, OptionsBeans beans,
			ObjectProvider<ConnectionObserver.Factory> observers, MessageConverters converters,
			Environment environment) {
		ManagedConnectionFactory factory = new ManagedConnectionFactory(wsClient, executor::execute,
				(name) -> observer(name, observers), context, converters,
				new MessageKeys(converters.json(), new MessageExpressions(converters.json(), null)),
				InstantSource.system(), new SslBundleUpdates(beans.sslBundles()));
		RawValues raw = new RawValues(environment);
		return (name, settings, listeners) -> {
			ConnectionProperties emptied = properties.getClients().containsValue(settings) ? raw.emptied(name, settings)
					: new ConnectionProperties();
			return factory.create(
					new WsOptionsFactory(new LayeredSettings(name, settings, properties.getDefaults(), emptied), beans),
					listeners);
		};
	}

	@Bean(REGISTRY_BEAN_NAME)
	ConnectionRegistry wsConnectionRegistry(WsProperties properties, ConnectionRegistry.Factory factory,
			ConfigurableListableBeanFactory beanFactory, Environment environment) {
		ConfiguredClients clients = new ConfiguredClients(properties.getClients());
		new UnknownProperties(properties.getClients().keySet()).check(environment);
		new RawValues(environment).requireUnits(clients.enabled().keySet());
		return new ConnectionRegistry(clients, new ConnectionBeans(beanFactory), factory);
	}

	@Bean
	@Conditional(OnOwnWsConnectionsCondition.class)
	DefaultWsConnections wsConnections(ConnectionRegistry registry, ConnectionRegistry.Factory factory,
			HandlerAnnotationBeanPostProcessor handlers) {
		return new DefaultWsConnections(registry, factory, handlers::register);
	}

	private static ConnectionObserver observer(String client, ObjectProvider<ConnectionObserver.Factory> factories) {
		List<ConnectionObserver> observers = factories.orderedStream()
			.map((each) -> each.create(client))
			.filter((observer) -> !observer.equals(ConnectionObserver.NONE))
			.toList();
		return switch (observers.size()) {
			case 0 -> ConnectionObserver.NONE;
			case 1 -> observers.get(0);
			default -> new CompositeConnectionObserver(observers);
		};
	}

	@Bean(LIFECYCLE_BEAN_NAME)
	WsLifecycle wsLifecycle(WsClient wsClient, ConnectionRegistry connections, DispatchExecutor executor,
			ObjectProvider<LifecycleProperties> properties) {
		return new WsLifecycle(wsClient, connections, executor, timeout(properties));
	}

	@Bean
	WsCloseLifecycle wsCloseLifecycle(ConnectionRegistry connections, DispatchExecutor executor,
			ObjectProvider<LifecycleProperties> properties) {
		return new WsCloseLifecycle(connections, executor, timeout(properties));
	}

	private static Duration timeout(ObjectProvider<LifecycleProperties> properties) {
		return properties.getIfUnique(LifecycleProperties::new).getTimeoutPerShutdownPhase();
	}

}
