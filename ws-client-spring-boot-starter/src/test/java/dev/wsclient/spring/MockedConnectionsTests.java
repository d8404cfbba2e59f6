package dev.wsclient.spring;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.mockito.Mockito;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.autoconfigure.ImportAutoConfiguration;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.test.context.TestPropertySource;
import org.springframework.test.context.bean.override.mockito.MockitoBean;
import org.springframework.test.context.bean.override.mockito.MockitoSpyBean;
import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;

import dev.wsclient.WsConnection;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that mocks and spies of tests take the place of our beans.
 */
class MockedConnectionsTests {

	/**
	 * A mock by the name of the bean.
	 */
	@Nested
	@SpringJUnitConfig(Application.class)
	@TestPropertySource(properties = "ws.clients.feed.url=ws://localhost")
	class MockOfAConnectionByName {

		@MockitoBean("feedWsConnection")
		private WsConnection mock;

		@Test
		void takesItsPlace(@Autowired @Qualifier("feed") WsConnection injected, @Autowired WsConnections connections,
				@Autowired FakeWsClient client) {
			assertThat(injected).isSameAs(this.mock);
			assertThat(connections.get("feed")).isSameAs(this.mock);
			assertThat(client.names()).isEmpty();
			Mockito.verify(this.mock, Mockito.never()).connect();
		}

	}

	/**
	 * A mock by the qualifier of the bean.
	 */
	@Nested
	@SpringJUnitConfig(Application.class)
	@TestPropertySource(properties = { "ws.clients.feed.url=ws://localhost", "ws.clients.orders.url=ws://localhost" })
	class MockOfAConnectionByQualifier {

		@MockitoBean
		@Qualifier("feed")
		private WsConnection mock;

		@Test
		void takesItsPlace(@Autowired @Qualifier("feed") WsConnection injected, @Autowired WsConnections connections,
				@Autowired FakeWsClient client) {
			assertThat(injected).isSameAs(this.mock);
			assertThat(connections.asMap()).containsEntry("feed", this.mock).hasSize(2);
			assertThat(client.names()).containsExactly("orders");
		}

	}

	/**
	 * A spy, which is our connection for the rest.
	 */
	@Nested
	@SpringJUnitConfig(Application.class)
	@TestPropertySource(properties = "ws.clients.feed.url=ws://localhost")
	class SpyOfAConnection {

		@MockitoSpyBean(name = "feedWsConnection")
		private WsConnection spy;

		@Test
		void isWhatTheRegistryGives(@Autowired WsConnections connections) {
			connections.get("feed").send("seen");
			Mockito.verify(this.spy).send("seen");
			assertThat(connections.stream()).containsExactly(this.spy);
		}

	}

	/**
	 * A mock of the registry.
	 */
	@Nested
	@SpringJUnitConfig(Application.class)
	@TestPropertySource(properties = "ws.clients.feed.url=ws://localhost")
	class MockOfTheRegistry {

		@MockitoBean
		private WsConnections mock;

		@Test
		void takesItsPlace(@Autowired WsConnections injected, @Autowired @Qualifier("feed") WsConnection connection) {
			assertThat(injected).isSameAs(this.mock);
			assertThat(((FakeWsConnection) connection).calls).as("the life cycle works").contains("connect");
		}

	}

	/**
	 * An application without a network.
	 */
	@Configuration(proxyBeanMethods = false)
	@ImportAutoConfiguration(WsClientAutoConfiguration.class)
	@Import(FakeClientConfiguration.class)
	static class Application {

	}

}
