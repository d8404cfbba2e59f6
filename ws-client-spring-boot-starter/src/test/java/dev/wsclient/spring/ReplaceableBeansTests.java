package dev.wsclient.spring;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthContributor;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Primary;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.json.JsonMapper;

import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.properties.ClientProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of what applications replace, decorate or contribute to.
 */
class ReplaceableBeansTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, TaskExecutionAutoConfiguration.class,
				JacksonAutoConfiguration.class, WsHealthContributorAutoConfiguration.class,
				WsMetricsAutoConfiguration.class, WsClientsEndpointAutoConfiguration.class,
				EndpointAutoConfiguration.class))
		.withPropertyValues("ws.clients.ticker.url=ws://localhost", "management.endpoints.web.exposure.include=*",
				"management.endpoints.jmx.exposure.include=*");

	@Test
	void clientIsReplaced() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class)
			.run((context) -> assertThat(context).hasSingleBean(WsClient.class).hasSingleBean(FakeWsClient.class));
	}

	@Test
	void registryIsDecorated() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class, DecoratingConfiguration.class)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				assertThat(context.getBean(WsConnections.class)).isInstanceOf(Decorated.class);
				assertThat(context.getBean("tickerWsConnection"))
					.isSameAs(context.getBean(WsConnections.class).get("ticker"));
				assertThat(((FakeWsConnection) context.getBean("tickerWsConnection")).calls)
					.as("the life cycle still works")
					.containsExactly("connect");
			});
	}

	@Test
	void healthContributorIsReplaced() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class)
			.withBean("wsHealthIndicator", HealthIndicator.class, () -> () -> Health.up().build())
			.run((context) -> assertThat(context).hasSingleBean(HealthContributor.class)
				.doesNotHaveBean("wsHealthContributor"));
	}

	@Test
	void healthContributorIsThereAndCanBeTurnedOff() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class)
			.run((context) -> assertThat(context).hasBean("wsHealthContributor"));
		this.runner.withUserConfiguration(FakeClientConfiguration.class)
			.withPropertyValues("management.health.ws.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("wsHealthContributor"));
	}

	@Test
	void metersNeedARegistry() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class)
			.run((context) -> assertThat(context).doesNotHaveBean(ConnectionObserver.Factory.class));
		this.runner.withUserConfiguration(FakeClientConfiguration.class)
			.withBean(SimpleMeterRegistry.class)
			.run((context) -> assertThat(context.getBean(SimpleMeterRegistry.class).find("ws.client.state").gauges())
				.isNotEmpty());
	}

	@Test
	void endpointIsReplaced() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class)
			.withBean(OwnEndpoint.class)
			.run((context) -> assertThat(context).hasSingleBean(WsClientsEndpoint.class)
				.hasSingleBean(OwnEndpoint.class));
	}

	@Test
	void jsonMapperOfTheApplicationIsUsed() {
		JsonMapper mapper = JsonMapper.builder().build();
		this.runner.withUserConfiguration(FakeClientConfiguration.class)
			.withBean(JsonMapper.class, () -> mapper)
			.run((context) -> assertThat(context).getBean(JsonCodec.class).extracting("mapper").isSameAs(mapper));
	}

	@Test
	void connectionDetailsAreAskedInOrderForEachConnection() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class, DetailsConfiguration.class)
			.withPropertyValues("ws.clients.orders.auto-start=true", "ws.clients.plain.url=ws://plain.example")
			.run((context) -> {
				FakeWsClient client = context.getBean(FakeWsClient.class);
				assertThat(client.options("ticker").uris()).as("in place of the property")
					.extracting(Object::toString)
					.containsExactly("ws://first.example");
				assertThat(client.options("orders").uris()).as("the first does not know it")
					.extracting(Object::toString)
					.containsExactly("ws://second.example", "ws://third.example");
				assertThat(client.options("plain").uris()).extracting(Object::toString)
					.containsExactly("ws://plain.example");
			});
	}

	/**
	 * Puts a registry in front of that of the starter.
	 */
	@Configuration(proxyBeanMethods = false)
	static class DecoratingConfiguration {

		@Bean
		@Primary
		Decorated decorated(@Qualifier("wsConnections") WsConnections delegate) {
			return new Decorated(delegate);
		}

	}

	/**
	 * Passes on.
	 *
	 * @param delegate whom to
	 */
	record Decorated(WsConnections delegate) implements WsConnections {

		@Override
		public WsConnection get(String name) {
			return this.delegate.get(name);
		}

		@Override
		public Map<String, WsConnection> asMap() {
			return this.delegate.asMap();
		}

		@Override
		public WsConnection open(String name, ClientProperties settings, Object... handlers) {
			return this.delegate.open(name, settings, handlers);
		}

		@Override
		public CompletionStage<Void> close(String name) {
			return this.delegate.close(name);
		}

	}

	/**
	 * The application's endpoint.
	 */
	static class OwnEndpoint extends WsClientsEndpoint {

		OwnEndpoint(WsConnections connections) {
			super(connections);
		}

	}

	/**
	 * Knows some connections, in the wrong order.
	 */
	@Configuration(proxyBeanMethods = false)
	static class DetailsConfiguration {

		@Bean
		@Order(2)
		WsConnectionDetails second() {
			return (name) -> name.equals("plain") ? List.of() : List.of("ws://second.example", "ws://third.example");
		}

		@Bean
		@Order(1)
		WsConnectionDetails first() {
			return (name) -> name.equals("ticker") ? List.of("ws://first.example") : List.of();
		}

	}

}
