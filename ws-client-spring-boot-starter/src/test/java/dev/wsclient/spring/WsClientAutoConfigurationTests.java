package dev.wsclient.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;
import tools.jackson.databind.json.JsonMapper;

import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

/**
 * Tests for {@link WsClientAutoConfiguration}.
 */
class WsClientAutoConfigurationTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, TaskExecutionAutoConfiguration.class,
				SslAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withPropertyValues("ws.clients.ticker.url=ws://localhost:1/feed?token=secret",
				"ws.clients.orders.url=wss://orders.example", "ws.defaults.auto-start=false");

	@Test
	void eachClientIsABeanWithItsNameAsQualifier() {
		this.runner.withUserConfiguration(InjectingConfiguration.class).run((context) -> {
			assertThat(context).hasNotFailed().hasSingleBean(WsClient.class);
			Injected injected = context.getBean(Injected.class);
			assertThat(injected.ticker.name()).isEqualTo("ticker");
			assertThat(injected.orders.name()).isEqualTo("orders");
			assertThat(injected.all).containsOnlyKeys("tickerWsConnection", "ordersWsConnection");
			assertThat(injected.ticker).isSameAs(context.getBean("tickerWsConnection"));
		});
	}

	@Test
	void registryGivesConnectionsByName() {
		this.runner.run((context) -> {
			WsConnections connections = context.getBean(WsConnections.class);
			assertThat(connections.names()).containsExactlyInAnyOrder("ticker", "orders");
			assertThat(connections.get("ticker").uri()).isEqualTo("ws://localhost:1/feed");
			assertThat(connections.stream()).hasSize(2);
			assertThatIllegalArgumentException().isThrownBy(() -> connections.get("trades"))
				.withMessageContaining("ws.clients.trades")
				.withMessageContaining("ticker")
				.withMessageContaining("orders");
		});
	}

	@Test
	void connectionsStayIdleWhenAutoStartIsOff() {
		this.runner.run((context) -> assertThat(context.getBean(WsConnections.class).stream())
			.allMatch((connection) -> connection.state() == WsState.IDLE));
	}

	@Test
	void lifecycleConnectsThoseThatStartWithTheApplication() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class)
			.withPropertyValues("ws.clients.ticker.auto-start=true")
			.run((context) -> {
				assertThat(calls(context.getBean("tickerWsConnection"))).containsExactly("connect");
				assertThat(calls(context.getBean("ordersWsConnection"))).isEmpty();
			});
	}

	@Test
	void stopClosesWithGoingAwayAndStartConnectsAgain() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class).run((context) -> {
			WsLifecycle lifecycle = context.getBean(WsLifecycle.class);
			assertThat(lifecycle.isRunning()).isTrue();
			context.getSourceApplicationContext().stop();
			assertThat(lifecycle.isRunning()).isFalse();
			context.getSourceApplicationContext().start();
			assertThat(lifecycle.isRunning()).isTrue();
			assertThat(calls(context.getBean("tickerWsConnection")))
				.as("it was open when it was stopped, so it comes back")
				.containsExactly("close 1001", "connect");
		});
	}

	private static List<String> calls(Object connection) {
		return ((FakeWsConnection) connection).calls;
	}

	@Test
	void nothingIsConfiguredWhenDisabled() {
		this.runner.withPropertyValues("ws.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean(WsClient.class)
				.doesNotHaveBean(WsConnection.class)
				.doesNotHaveBean(WsConnections.class));
	}

	@Test
	void registryIsEmptyWithoutClients() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class))
			.run((context) -> assertThat(context.getBean(WsConnections.class).names()).isEmpty());
	}

	@Test
	void clientOfTheApplicationWins() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class)
			.run((context) -> assertThat(context).getBean(WsClient.class).isInstanceOf(FakeWsClient.class));
	}

	@Test
	void clientIsClosedWithTheContext() {
		FakeWsClient[] client = new FakeWsClient[1];
		this.runner.withUserConfiguration(FakeClientConfiguration.class)
			.run((context) -> client[0] = context.getBean(FakeWsClient.class));
		assertThat(client[0].closed).isTrue();
	}

	@Test
	void customizersAreCalledInOrderAfterTheProperties() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class, CustomizersConfiguration.class)
			.withPropertyValues("ws.defaults.connect-timeout=1s", "ws.defaults.close-timeout=1s")
			.run((context) -> {
				WsOptions ticker = context.getBean(FakeWsClient.class).options("ticker");
				assertThat(ticker.connectTimeout()).hasSeconds(3);
				assertThat(ticker.closeTimeout()).hasSeconds(2);
				assertThat(context.getBean(FakeWsClient.class).options("orders").connectTimeout()).hasSeconds(1);
			});
	}

	@Test
	void handlersRunOnTheApplicationsTaskExecutor() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class).run((context) -> {
			Executor executor = context.getBean(FakeWsClient.class).options("ticker").executor().orElseThrow();
			String[] thread = new String[1];
			executor.execute(() -> thread[0] = Thread.currentThread().getName());
			Awaitility.await().until(() -> thread[0] != null);
			assertThat(thread[0]).startsWith("task-");
		});
	}

	@Test
	void applicationStillHasOneExecutorToInject() {
		this.runner.run((context) -> assertThat(context).hasSingleBean(Executor.class));
	}

	@Test
	void handlersRunOnOwnThreadsWithoutATaskExecutor() {
		new ApplicationContextRunner().withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class))
			.withPropertyValues("ws.clients.ticker.url=ws://localhost:1")
			.withUserConfiguration(FakeClientConfiguration.class)
			.run((context) -> {
				Executor executor = context.getBean(FakeWsClient.class).options("ticker").executor().orElseThrow();
				String[] thread = new String[1];
				executor.execute(() -> thread[0] = Thread.currentThread().getName());
				Awaitility.await().until(() -> thread[0] != null);
				assertThat(thread[0]).startsWith("ws-client-");
			});
	}

	@Test
	void jsonComesFromTheApplicationsMapper() {
		this.runner
			.run((context) -> assertThat(context).hasSingleBean(JsonMapper.class).hasSingleBean(JsonCodec.class));
	}

	@Test
	void startsWithoutJackson() {
		this.runner.withClassLoader(new FilteredClassLoader("tools.jackson"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(JsonCodec.class));
	}

	/**
	 * Provides a client without a network.
	 */
	@Configuration(proxyBeanMethods = false)
	static class FakeClientConfiguration {

		@Bean
		FakeWsClient fakeWsClient() {
			return new FakeWsClient();
		}

	}

	/**
	 * Two customizers, defined in the wrong order.
	 */
	@Configuration(proxyBeanMethods = false)
	static class CustomizersConfiguration {

		@Bean
		@Order(2)
		WsOptionsCustomizer second() {
			return (name, builder) -> {
				if (name.equals("ticker")) {
					builder.connectTimeout(Duration.ofSeconds(3));
				}
			};
		}

		@Bean
		@Order(1)
		WsOptionsCustomizer first() {
			return (name, builder) -> {
				if (name.equals("ticker")) {
					builder.connectTimeout(Duration.ofSeconds(2)).closeTimeout(Duration.ofSeconds(2));
				}
			};
		}

	}

	/**
	 * Imports a bean that takes connections.
	 */
	@Configuration(proxyBeanMethods = false)
	static class InjectingConfiguration {

		@Bean
		Injected injected() {
			return new Injected();
		}

	}

	/**
	 * Takes connections.
	 */
	static class Injected {

		@Autowired
		@Qualifier("ticker")
		WsConnection ticker;

		@Autowired
		@Qualifier("orders")
		WsConnection orders;

		@Autowired
		Map<String, WsConnection> all;

	}

}
