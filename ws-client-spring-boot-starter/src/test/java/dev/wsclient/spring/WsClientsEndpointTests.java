package dev.wsclient.spring;

import java.util.Arrays;
import java.util.List;

import javax.management.InstanceNotFoundException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.actuate.autoconfigure.endpoint.jmx.JmxEndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.jmx.JmxAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import tools.jackson.databind.json.JsonMapper;

import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/**
 * Tests for {@link WsClientsEndpoint}, called by JMX as an operator would.
 */
class WsClientsEndpointTests {

	private final ApplicationContextRunner bare = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class,
				WsClientsEndpointAutoConfiguration.class, EndpointAutoConfiguration.class, JmxAutoConfiguration.class,
				JmxEndpointAutoConfiguration.class, JacksonAutoConfiguration.class))
		.withPropertyValues("ws.clients.ticker.url=ws://localhost/feed?token=hush",
				"ws.clients.ticker.headers.Authorization=hush", "ws.clients.ticker.on-open=hush",
				"ws.clients.ticker.cookies.session=hush", "ws.clients.ticker.proxy.type=socks5",
				"ws.clients.ticker.proxy.host=localhost", "ws.clients.ticker.proxy.port=1",
				"ws.clients.ticker.proxy.username=hush", "ws.clients.ticker.proxy.password=hush",
				"ws.clients.orders.url=ws://localhost", "ws.defaults.auto-start=false", "spring.jmx.enabled=true");

	private final ApplicationContextRunner exposed = this.bare
		.withPropertyValues("management.endpoints.jmx.exposure.include=wsclients");

	private final ApplicationContextRunner fake = this.exposed.withUserConfiguration(FakeClientConfiguration.class);

	private static Object call(AssertableApplicationContext context, String operation, String... arguments)
			throws Exception {
		String[] types = new String[arguments.length];
		Arrays.fill(types, String.class.getName());
		return context.getBean(MBeanServer.class)
			.invoke(new ObjectName("org.springframework.boot:type=Endpoint,name=Wsclients"), operation, arguments,
					types);
	}

	@Test
	void listsAllAndDescribesOne() {
		this.fake.run((context) -> {
			Object all = call(context, "clients");
			assertThat(all).asString().contains("ticker").contains("orders");
			assertThat(call(context, "client", "ticker")).asInstanceOf(InstanceOfAssertFactories.MAP)
				.containsEntry("state", "OPEN")
				.containsEntry("uri", "ws://fake.example/feed")
				.containsEntry("since", "1970-01-01T00:00:00Z")
				.containsEntry("session", "ab12")
				.containsEntry("localAddress", "10.0.0.1:50000")
				.containsEntry("remoteAddress", "10.0.0.2:443")
				.containsEntry("waitingCalls", 0)
				.containsEntry("queuedMessages", 3)
				.containsEntry("queuedBytes", 42L)
				.containsEntry("paused", false);
			assertThat(context.getBean(WsClientsEndpoint.class).client("trades")).isNull();
		});
	}

	@Test
	void writeOperationsReachTheConnection() {
		this.fake.withPropertyValues("management.endpoint.wsclients.access=UNRESTRICTED").run((context) -> {
			for (String action : List.of("connect", "reconnect", "PAUSE", "resume", "disconnect")) {
				call(context, "act", "ticker", action);
			}
			assertThat(((FakeWsConnection) context.getBean("tickerWsConnection")).calls).containsExactly("connect",
					"reconnect", "pause", "resume", "close 1000");
			assertThat(((FakeWsConnection) context.getBean("ordersWsConnection")).calls).isEmpty();
			assertThatThrownBy(() -> call(context, "act", "trades", "pause"))
				.hasStackTraceContaining("There is no connection 'trades'");
			assertThatThrownBy(() -> call(context, "act", "ticker", "explode")).hasStackTraceContaining("explode");
		});
	}

	@Test
	void writeOperationsNeedUnrestrictedAccess() {
		this.fake.run((context) -> {
			assertThatThrownBy(() -> call(context, "act", "ticker", "pause")).hasStackTraceContaining("act");
			assertThat(((FakeWsConnection) context.getBean("tickerWsConnection")).calls).isEmpty();
		});
	}

	@Test
	void secretsAreNotShown() {
		this.exposed.run((context) -> {
			WsClientsEndpoint endpoint = context.getBean(WsClientsEndpoint.class);
			assertThat(JsonMapper.shared().writeValueAsString(endpoint.clients())).contains("ws://localhost/feed")
				.contains("IDLE")
				.doesNotContain("hush");
		});
	}

	@Test
	void isAbsentUnlessExposed() {
		this.bare.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(WsClientsEndpoint.class);
			assertThatThrownBy(() -> call(context, "clients")).isInstanceOf(InstanceNotFoundException.class);
		});
	}

	@Test
	void isAbsentWithoutActuator() {
		new ApplicationContextRunner()
			.withConfiguration(
					AutoConfigurations.of(WsClientAutoConfiguration.class, WsClientsEndpointAutoConfiguration.class))
			.withPropertyValues("management.endpoints.jmx.exposure.include=*", "spring.jmx.enabled=true")
			.withClassLoader(new FilteredClassLoader("org.springframework.boot.actuate"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("wsClientsEndpoint"));
	}

}
