package dev.wsclient.spring;

import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;

import jakarta.validation.Validator;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.context.LifecycleProperties;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionProperties;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.ssl.SslBundles;
import org.springframework.boot.thread.Threading;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.ImportRuntimeHints;
import org.springframework.core.env.Environment;
import tools.jackson.databind.json.JsonMapper;

import dev.wsclient.WsClient;
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
@ConditionalOnMissingBean(DefaultWsConnections.class)
@EnableConfigurationProperties(WsProperties.class)
@ImportRuntimeHints(WsRuntimeHints.class)
@Import({ WsHandlerConfiguration.class, WsConnectionsRegistrar.class })
public final class WsClientAutoConfiguration {

	static final String CONNECTIONS_BEAN_NAME = "wsConnections";

	private static final String LIFECYCLE_BEAN_NAME = "wsLifecycle";

	/** Of what the application's task executor refuses, and while connections stop. */
	private static final int MAX_OWN_THREADS = 64;

	@Bean
	static HeaderValuesBindHandlerAdvisor wsHeaderValuesBindHandlerAdvisor() {
		return new HeaderValuesBindHandlerAdvisor();
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
	DispatchExecutor wsDispatchExecutor(ConfigurableApplicationContext context, Environment environment,
			ObjectProvider<TaskExecutionProperties> properties) {
		OwnThreads threads = new OwnThreads("ws-client-", context.getClassLoader());
		Executor own = Threading.VIRTUAL.isActive(environment) ? threads.virtual() : threads.pool(MAX_OWN_THREADS);
		ApplicationTaskExecutor applications = ApplicationTaskExecutor.of(context.getBeanFactory(),
				LIFECYCLE_BEAN_NAME);
		if (applications == null) {
			Executor handlers = Threading.VIRTUAL.isActive(environment) ? own
					: threads.pool(properties.getIfAvailable(TaskExecutionProperties::new).getPool().getCoreSize());
			applications = new ApplicationTaskExecutor(handlers, false);
		}
		return new DispatchExecutor(applications.executor(), applications.mayBlock(), own, threads.pool(1), threads,
				context::isActive);
	}

	@Bean
	OptionsBeans wsOptionsBeans(ObjectProvider<SslBundles> sslBundles, ObjectProvider<WsConnectionDetails> details,
			ObjectProvider<BearerTokens> tokens, ObjectProvider<WsOptionsCustomizer> optionsCustomizers,
			ObjectProvider<WsHandshakeCustomizer> handshakeCustomizers, ListableBeanFactory beanFactory) {
		return new OptionsBeans(sslBundles.getIfAvailable(), details.orderedStream().toList(), tokens.getIfAvailable(),
				optionsCustomizers.orderedStream().toList(), handshakeCustomizers.orderedStream().toList(),
				List.of(beanFactory.getBeanNamesForType(WsHandlerRecoverer.class)));
	}

	@Bean(CONNECTIONS_BEAN_NAME)
	DefaultWsConnections wsConnections(WsClient client, WsProperties properties, DispatchExecutor executor,
			ConfigurableApplicationContext context, OptionsBeans beans,
			ObjectProvider<ConnectionObserver.Factory> observers, MessageConverters converters,
			HandlerAnnotationBeanPostProcessor handlers) {
		ManagedConnectionFactory factory = new ManagedConnectionFactory(client, executor,
				(name) -> observer(name, observers), context, converters,
				new MessageKeys(converters.json(), new MessageExpressions(converters.json(), context.getBeanFactory())),
				InstantSource.system(), new SslBundleUpdates(beans.sslBundles()));
		ConfiguredClients clients = new ConfiguredClients(properties.getClients());
		new UnknownProperties(properties.getClients().keySet()).check(context.getEnvironment());
		return new DefaultWsConnections(clients,
				(name, settings, listeners) -> factory
					.create(new WsOptionsFactory(name, settings, properties.getDefaults(), beans), listeners),
				handlers::register);
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
	WsLifecycle wsLifecycle(DefaultWsConnections connections, DispatchExecutor executor,
			ObjectProvider<LifecycleProperties> properties) {
		return new WsLifecycle(connections, executor,
				properties.getIfAvailable(LifecycleProperties::new).getTimeoutPerShutdownPhase());
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
			ObjectProvider<PayloadValidator> validator, ObjectProvider<WsArgumentResolver> resolvers,
			ConfigurableListableBeanFactory beanFactory) {
		UnaryOperator<String> placeholders = (text) -> String.valueOf(beanFactory.resolveEmbeddedValue(text));
		MessageConditions conditions = new MessageConditions(converters.json() != null,
				new MessageExpressions(converters.json(), beanFactory), placeholders);
		return new HandlerMethodFactory(resolvers.orderedStream().toList(),
				new PayloadArguments(converters, validator.getIfAvailable()), conditions, new ReturnValues(converters),
				new FailurePolicies(beanFactory), new BatchAttributes(placeholders));
	}

	/**
	 * Converts payloads from and to JSON.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(JsonMapper.class)
	static class JsonConfiguration {

		@Bean
		JacksonJsonCodec wsJsonCodec(ObjectProvider<JsonMapper> mapper) {
			return new JacksonJsonCodec(mapper.getIfAvailable(JsonMapper::shared));
		}

	}

	/**
	 * Checks payloads.
	 */
	@Configuration(proxyBeanMethods = false)
	@ConditionalOnClass(Validator.class)
	static class ValidationConfiguration {

		@Bean
		@ConditionalOnBean(Validator.class)
		BeanValidation wsPayloadValidator(Validator validator) {
			return new BeanValidation(validator);
		}

	}

}
