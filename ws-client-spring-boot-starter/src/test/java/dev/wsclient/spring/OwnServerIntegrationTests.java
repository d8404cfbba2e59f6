package dev.wsclient.spring;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.support.DefaultListableBeanFactory;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.server.context.WebServerApplicationContext;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.SmartLifecycle;
import org.springframework.test.util.TestSocketUtils;

import dev.wsclient.exception.WsHandshakeException;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests that connections open after the application's own web server, and close before
 * it.
 */
@Timeout(60)
class OwnServerIntegrationTests {

	@Test
	void firstAttemptReachesTheApplicationsOwnServer() {
		int port = TestSocketUtils.findAvailableTcpPort();
		try (ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class).run(
				"--server.port=" + port, "--ws.clients.self.url=ws://localhost:" + port + "/none",
				"--ws.clients.self.reconnect.enabled=false", "--spring.main.banner-mode=off")) {
			List<Throwable> errors = context.getBean(Application.class).errors;
			await().until(() -> !errors.isEmpty());
			assertThat(errors).singleElement()
				.isInstanceOfSatisfying(WsHandshakeException.class,
						(error) -> assertThat(error.statusCode()).as("the server has no such path").isEqualTo(404));
		}
	}

	@Test
	void handlersStopBeforeTheServersGracefulPhaseAndConnectionsBehindIt() {
		ConnectionRegistry connections = new ConnectionRegistry(new ConfiguredClients(Map.of()),
				new ConnectionBeans(new DefaultListableBeanFactory()), (name, settings, listeners) -> {
					throw new IllegalStateException();
				});
		DispatchExecutor executor = new DispatchExecutor(null, Runnable::run, () -> true);
		WsLifecycle handlers = new WsLifecycle(new FakeWsClient(), connections, executor, Duration.ofSeconds(30));
		assertThat(handlers.getPhase()).isEqualTo(SmartLifecycle.DEFAULT_PHASE)
			.isGreaterThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE);
		assertThat(new WsCloseLifecycle(connections, executor, Duration.ofSeconds(30)).getPhase())
			.isLessThan(WebServerApplicationContext.GRACEFUL_SHUTDOWN_PHASE)
			.isGreaterThan(WebServerApplicationContext.START_STOP_LIFECYCLE_PHASE);
	}

	/**
	 * An application with a web server that connects to it.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		final List<Throwable> errors = new CopyOnWriteArrayList<>();

		@OnWsError
		void failed(Throwable error) {
			this.errors.add(error);
		}

	}

}
