package dev.wsclient.spring;

import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import jakarta.validation.Valid;
import jakarta.validation.Validation;
import jakarta.validation.Validator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.mockito.Mockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.ssl.DefaultSslBundleRegistry;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.expression.EvaluationException;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

import dev.wsclient.WsConnection;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.properties.ClientProperties;
import dev.wsclient.spring.properties.DispatchMode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * Tests that beans of the application take the place of ours, and that several of a kind
 * that we only may use fail nothing.
 */
class BootsRulesOfBeansTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, TaskExecutionAutoConfiguration.class,
				WsHealthContributorAutoConfiguration.class, WsMetricsAutoConfiguration.class,
				WsObservationAutoConfiguration.class, WsClientsEndpointAutoConfiguration.class,
				EndpointAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.clients.ticker.url=ws://localhost", "management.endpoints.web.exposure.include=*");

	@Test
	void connectionOfTheApplicationTakesThePlaceOfOurs() {
		this.runner.withUserConfiguration(OwnConnectionConfiguration.class, Injecting.class)
			.withPropertyValues("ws.clients.orders.url=ws://localhost")
			.withBean(TickerHandler.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				WsConnection own = context.getBean("tickerWsConnection", WsConnection.class);
				assertThat(own).isInstanceOf(OwnConnection.class);
				Injecting injected = context.getBean(Injecting.class);
				assertThat(injected.byQualifier).isSameAs(own);
				assertThat(injected.tickerWsConnection).isSameAs(own);
				assertThat(injected.all).containsOnlyKeys("tickerWsConnection", "ordersWsConnection");
				WsConnections connections = context.getBean(WsConnections.class);
				assertThat(connections.get("ticker")).isSameAs(own);
				assertThat(connections.names()).containsExactly("ticker", "orders");
				assertThat(context.getBean(FakeWsClient.class).names()).as("no other connection is made")
					.containsExactly("orders");
				assertThat(((OwnConnection) own).calls).as("who made it starts it").isEmpty();
				assertThat(context.getBean(WsClientsEndpoint.class).clients().clients()).containsOnlyKeys("ticker",
						"orders");
				assertThat(health(context.getBean(ConnectionsHealthContributor.class), "ticker")).isEqualTo(Status.UP);
				assertThatIllegalArgumentException().isThrownBy(() -> connections.close("ticker"));
			});
	}

	private static Status health(ConnectionsHealthContributor contributor, String name) {
		return ((HealthIndicator) contributor.getContributor(name)).health().getStatus();
	}

	@Test
	void mockOfAConnectionTakesThePlaceOfOurs() {
		WsConnection mock = Mockito.mock();
		this.runner.withBean("tickerWsConnection", WsConnection.class, () -> mock)
			.withUserConfiguration(Injecting.class)
			.withBean(TickerHandler.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(Injecting.class).byQualifier).isSameAs(mock);
				assertThat(context.getBean(WsConnections.class).stream()).containsExactly(mock);
				assertThat(context.getBean(WsClientsEndpoint.class).clients().clients()).isEmpty();
				assertThat(context.getBean(WsClientsEndpoint.class).client("ticker")).isNull();
				assertThat(context.getBean(ConnectionsHealthContributor.class).stream()).hasSize(1);
				assertThat(health(context.getBean(ConnectionsHealthContributor.class), "ticker"))
					.isEqualTo(Status.UNKNOWN);
			});
	}

	@Test
	void beanOfAnotherTypeWithTheNameOfAConnectionFailsTheStart() {
		this.runner.withBean("tickerWsConnection", String.class, () -> "no connection")
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("'ws.clients.ticker'")
				.hasMessageContaining("is no WsConnection"));
	}

	@Test
	void registryOfTheApplicationTakesThePlaceOfOurs() {
		WsConnections mock = Mockito.mock();
		this.runner.withBean("myConnections", WsConnections.class, () -> mock)
			.withUserConfiguration(Injecting.class)
			.run((context) -> {
				assertThat(context).hasSingleBean(WsConnections.class).getBean(WsConnections.class).isSameAs(mock);
				assertThat(context.getBean(Injecting.class).connections).isSameAs(mock);
				FakeWsConnection connection = (FakeWsConnection) context.getBean("tickerWsConnection");
				assertThat(connection.calls).as("the life cycle still works").containsExactly("connect");
				assertThat(health(context.getBean(ConnectionsHealthContributor.class), "ticker")).isEqualTo(Status.UP);
				assertThat(context.getBean(WsClientsEndpoint.class).clients().clients()).isEmpty();
			});
	}

	@Test
	void registryOfTheNameOfOursTakesItsPlace() {
		WsConnections mock = Mockito.mock();
		this.runner.withBean("wsConnections", WsConnections.class, () -> mock)
			.run((context) -> assertThat(context).hasSingleBean(WsConnections.class)
				.getBean(WsConnections.class)
				.isSameAs(mock));
	}

	@ParameterizedTest
	@ValueSource(classes = { Validator.class, JsonMapper.class, MeterRegistry.class, ObservationRegistry.class,
			DefaultSslBundleRegistry.class, WsHandlerObservationConvention.class,
			WsConnectObservationConvention.class })
	void severalBeansOfAKindFailNothing(Class<?> type) {
		two(type).withBean(TickerHandler.class)
			.withPropertyValues("ws.clients.ticker.dispatch.mode=event-loop")
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBeansOfType(type)).as("both are there").hasSize(2);
				new HandlerMethodTests.Fixture(context).text("x");
				assertThat(context.getBean(TickerHandler.class).heard).containsExactly("x");
			});
	}

	private <T> ApplicationContextRunner two(Class<T> type) {
		return this.runner.withBean("one", type, () -> bean(type)).withBean("other", type, () -> bean(type));
	}

	private static <T> T bean(Class<T> type) {
		Map<Class<?>, Object> beans = Map.of(Validator.class, Validation.buildDefaultValidatorFactory().getValidator(),
				JsonMapper.class, new JsonMapper(), MeterRegistry.class, new SimpleMeterRegistry(),
				ObservationRegistry.class, ObservationRegistry.create(), DefaultSslBundleRegistry.class,
				new DefaultSslBundleRegistry(), WsHandlerObservationConvention.class,
				new DefaultWsHandlerObservationConvention(), WsConnectObservationConvention.class,
				new DefaultWsConnectObservationConvention());
		return type.cast(beans.get(type));
	}

	@Test
	void severalValidatorsFailTheStartOnlyWhereAPayloadIsValidated() {
		two(Validator.class).withBean(ValidatingHandler.class)
			.run((context) -> assertThat(context).getFailure()
				.hasMessageContaining("several beans of type jakarta.validation.Validator, [one, other]")
				.hasMessageContaining("@Primary"));
		two(Validator.class).withBean(ValidatingHandler.class)
			.withBean("primary", Validator.class, () -> bean(Validator.class),
					(definition) -> definition.setPrimary(true))
			.run((context) -> assertThat(context).hasNotFailed());
	}

	@Test
	void handlersOfAChildContextUseWhatTheContextHas() {
		this.runner.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
			.withUserConfiguration(ParentConfiguration.class)
			.withPropertyValues("who=parent", "ws.clients.ticker.dispatch.mode=event-loop")
			.run((parent) -> {
				HandlerMethodTests.Fixture fixture = new HandlerMethodTests.Fixture(parent);
				new ApplicationContextRunner().withParent(parent)
					.withConfiguration(
							AutoConfigurations.of(WsClientAutoConfiguration.class, WsHandlerAutoConfiguration.class))
					.withUserConfiguration(ChildConfiguration.class)
					.withPropertyValues("who=child")
					.run((child) -> {
						assertThat(child).hasNotFailed();
						ContextHandler handler = child.getBean(ContextHandler.class);
						fixture.text("{\"for\":\"child\",\"first_name\":\"Ada\"}");
						assertThat(handler.heard).as("placeholders, the mapper and resolvers are those of the child")
							.containsExactly("Ada by child");
						fixture.text("bean");
						assertThat(handler.heard).as("and so are beans of expressions").endsWith("bean");
						assertThat(fixture.connection.sent).as("and converters of what is sent")
							.containsExactly("child converted Reply", "{\"first_name\":\"any\"}");
					});
				fixture.text("{\"for\":\"child\",\"first_name\":\"Ada\"}");
				assertThat(parent.getBean(ContextHandler.class).heard).isEmpty();
				fixture.text("{\"for\":\"parent\",\"firstName\":\"Bob\"}");
				assertThat(parent.getBean(ContextHandler.class).heard).containsExactly("Bob by parent");
			});
	}

	@ParameterizedTest
	@ValueSource(strings = { "T(java.lang.Runtime).getRuntime()", "json.a ?: T(java.lang.Math).random()",
			"new java.io.File('x')", "@wsConnections", "&wsConnections", "json['a'][T(java.lang.Math).random()]",
			"json.a.?[new java.io.File('x') != null]", "json.a.![@wsConnections]", "{1, T(java.lang.System)}",
			"#root.message ?: @tickerWsConnection" })
	void expressionOfASettingReachesNoTypesAndBeans(String key) {
		this.runner.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class)).run((context) -> {
			ClientProperties settings = keyed(key);
			assertThatIllegalArgumentException()
				.isThrownBy(() -> context.getBean(WsConnections.class).open("b", settings))
				.withMessageContaining("'ws.clients.b.dispatch.key'")
				.withMessageContaining("out of reach");
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "text.getClass().forName('java.lang.Runtime')", "text.class", "text['class']",
			"json.a.class.classLoader", "text.valueOf(1)", "message.getClass()" })
	void expressionOfASettingReachesNoClasses(String key) {
		MessageKey parsed = new MessageKeys(null, new MessageExpressions(null, null)).parse(key);
		WsHandlerEvent event = WsHandlerEvent.message(new FakeWsConnection("x"), null, FakeWsMessage.text("{}"));
		assertThat(catchThrowable(() -> parsed.of(event))).isInstanceOf(EvaluationException.class);
	}

	@Test
	void expressionOfASettingReadsTheMessage() {
		this.runner.withConfiguration(AutoConfigurations.of(JacksonAutoConfiguration.class))
			.run((context) -> assertThat(context.getBean(WsConnections.class)
				.open("b", keyed("json.data[0].symbol + '-' + text.substring(0, 1).toUpperCase()"))
				.name()).isEqualTo("b"));
	}

	private static ClientProperties keyed(String key) {
		ClientProperties settings = new ClientProperties();
		settings.setUrl("ws://localhost");
		settings.getDispatch().setMode(DispatchMode.KEYED);
		settings.getDispatch().setKey(key);
		return settings;
	}

	/**
	 * Has a connection of its own.
	 */
	@Configuration(proxyBeanMethods = false)
	static class OwnConnectionConfiguration {

		@Bean
		OwnConnection tickerWsConnection() {
			return new OwnConnection();
		}

	}

	/**
	 * The application's.
	 */
	static class OwnConnection extends FakeWsConnection {

		OwnConnection() {
			super("mine");
		}

	}

	/**
	 * Takes connections.
	 */
	@Configuration(proxyBeanMethods = false)
	static class Injecting {

		@Autowired
		@Qualifier("ticker")
		WsConnection byQualifier;

		@Autowired
		WsConnection tickerWsConnection;

		@Autowired
		Map<String, WsConnection> all;

		@Autowired
		WsConnections connections;

	}

	/**
	 * Hears messages.
	 */
	static class TickerHandler {

		final List<String> heard = new ArrayList<>();

		@OnWsMessage("ticker")
		void on(String text) {
			this.heard.add(text);
		}

	}

	/**
	 * Wants a validator.
	 */
	static class ValidatingHandler {

		@OnWsMessage("ticker")
		void on(@Valid List<String> payload) {
		}

	}

	record Person(String firstName) {

	}

	record Reply() {

	}

	/**
	 * Marks what the context's resolver gives.
	 */
	@Retention(RetentionPolicy.RUNTIME)
	@interface Who {

	}

	/**
	 * Uses all that a context can have.
	 */
	static class ContextHandler {

		final List<String> heard = new ArrayList<>();

		@OnWsMessage(client = "ticker", when = "$.for == '${who}'")
		Reply on(Person person, @Who String who) {
			this.heard.add(person.firstName() + " by " + who);
			return new Reply();
		}

		@OnWsMessage(client = "ticker", filter = "@own.test(text)")
		Object on(String text) {
			this.heard.add(text);
			return new Person("any");
		}

	}

	/**
	 * Tells which context it is of.
	 *
	 * @param name the name of the context
	 */
	record WhoResolver(String name) implements WsArgumentResolver {

		@Override
		public boolean supports(MethodParameter parameter) {
			return parameter.hasParameterAnnotation(Who.class);
		}

		@Override
		public Object resolve(MethodParameter parameter, WsHandlerEvent event) {
			return this.name;
		}

	}

	/**
	 * Tells which context it is of.
	 *
	 * @param name the name of the context
	 */
	record ReplyConverter(String name) implements WsMessageConverter {

		@Override
		public @Nullable Writer writer(Type type) {
			return (type == Reply.class) ? (value) -> this.name + " converted Reply" : null;
		}

	}

	/**
	 * What both contexts have.
	 */
	abstract static class ContextConfiguration {

		private final String name;

		ContextConfiguration(String name) {
			this.name = name;
		}

		@Bean
		ContextHandler handler() {
			return new ContextHandler();
		}

		@Bean
		WsArgumentResolver resolver() {
			return new WhoResolver(this.name);
		}

		@Bean
		WsMessageConverter converter() {
			return new ReplyConverter(this.name);
		}

	}

	/**
	 * The parent.
	 */
	@Configuration(proxyBeanMethods = false)
	static class ParentConfiguration extends ContextConfiguration {

		ParentConfiguration() {
			super("parent");
		}

		@Bean
		Predicate<String> own() {
			return (text) -> false;
		}

	}

	/**
	 * The child.
	 */
	@Configuration(proxyBeanMethods = false)
	static class ChildConfiguration extends ContextConfiguration {

		ChildConfiguration() {
			super("child");
		}

		@Bean
		JsonMapper childMapper() {
			return JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();
		}

		@Bean
		Predicate<String> own() {
			return "bean"::equals;
		}

	}

}
