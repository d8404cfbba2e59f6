package dev.wsclient.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.actuate.autoconfigure.endpoint.EndpointAutoConfiguration;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.boot.health.contributor.Status;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.support.GenericApplicationContext;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.WsState;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.properties.ClientProperties;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * Tests of connections that are opened at run time, against a real server.
 */
@Timeout(60)
class RuntimeConnectionsIntegrationTests {

	private static final Duration LONG = Duration.ofSeconds(30);

	private final JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

		@Override
		public void onText(Session session, String text) {
			session.sendText("echo " + text, Callback.NOOP);
		}

	});

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, SslAutoConfiguration.class))
		.withPropertyValues("ws.defaults.headers.X-Shared=default", "ws.defaults.reconnect.initial-delay=20ms",
				"ws.defaults.reconnect.max-delay=50ms");

	@AfterEach
	void stop() {
		this.server.close();
	}

	private ClientProperties settings() {
		ClientProperties settings = new ClientProperties();
		settings.setUrl(this.server.url());
		return settings;
	}

	@Test
	void openedConnectionHasTheDefaultsCustomizersAndHandlers() {
		this.runner.withBean(WsOptionsCustomizer.class, () -> (name, builder) -> builder.header("X-Name", name))
			.run((context) -> {
				WsConnections connections = context.getBean(WsConnections.class);
				Handlers handlers = new Handlers();
				WsConnection connection = connections.open("feed-1", settings(), handlers);
				await().atMost(LONG).until(connection::isOpen);
				assertThat(connection.name()).isEqualTo("feed-1");
				assertThat(connections.get("feed-1")).isSameAs(connection);
				assertThat(connections.find("feed-1")).containsSame(connection);
				connection.send("hello");
				await().atMost(LONG).until(() -> handlers.heard.contains("echo hello"));
				assertThat(handlers.heard).containsExactly("open", "echo hello");
				assertThat(this.server.handshakes.get(0)).containsEntry("X-Shared", List.of("default"))
					.containsEntry("X-Name", List.of("feed-1"));
			});
	}

	@Test
	void listenersAndAnnotatedObjectsMayBeMixed() {
		this.runner.run((context) -> {
			Handlers handlers = new Handlers();
			List<String> texts = new CopyOnWriteArrayList<>();
			List<Throwable> errors = new CopyOnWriteArrayList<>();
			WsConnection connection = context.getBean(WsConnections.class).open("feed", settings(), new WsListener() {

				@Override
				public void onText(WsConnection connection, String text) {
					texts.add("failing " + text);
					throw new IllegalStateException("as told");
				}

				@Override
				public void onError(WsConnection connection, Throwable error) {
					errors.add(error);
				}

			}, handlers, new WsListener() {

				@Override
				public void onText(WsConnection connection, String text) {
					texts.add("second " + text);
				}

			});
			connection.send("hello");
			await().atMost(LONG).until(() -> texts.contains("second echo hello") && !errors.isEmpty());
			assertThat(texts).containsExactly("failing echo hello", "second echo hello");
			await().atMost(LONG).until(() -> handlers.heard.contains("echo hello"));
			assertThat(errors).singleElement().extracting(Throwable::getMessage).isEqualTo("as told");
			assertThat(connection.isOpen()).isTrue();
		});
	}

	@Test
	void closedConnectionIsForgottenAndItsNameIsFree() {
		this.runner.run((context) -> {
			WsConnections connections = context.getBean(WsConnections.class);
			Handlers handlers = new Handlers();
			WsConnection first = connections.open("feed", settings(), handlers);
			await().atMost(LONG).until(first::isOpen);
			assertThatIllegalStateException().isThrownBy(() -> connections.open("feed", settings()))
				.withMessageContaining("'feed' already");
			assertThat(connections.close("feed")).succeedsWithin(LONG);
			assertThat(first.state()).isEqualTo(WsState.CLOSED);
			assertThat(handlers.heard).containsExactly("open", "close 1000");
			assertThat(connections.names()).isEmpty();
			assertThatIllegalArgumentException().isThrownBy(() -> connections.close("feed"));
			WsConnection second = connections.open("feed", settings());
			await().atMost(LONG).until(second::isOpen);
			assertThat(second).isNotSameAs(first);
			await().atMost(LONG).untilAsserted(() -> assertThat(this.server.closes).containsExactly("1000"));
		});
	}

	@Test
	void openedConnectionsFollowTheLifeCycle() {
		Handlers handlers = new Handlers();
		this.runner.run((context) -> {
			WsConnections connections = context.getBean(WsConnections.class);
			WsConnection connection = connections.open("feed", settings(), handlers);
			await().atMost(LONG).until(connection::isOpen);
			context.getSourceApplicationContext().stop();
			assertThat(connection.state()).isEqualTo(WsState.CLOSED);
			WsConnection late = connections.open("late", settings());
			assertThat(late.state()).as("nothing connects while the context is stopped").isEqualTo(WsState.IDLE);
			context.getSourceApplicationContext().start();
			await().atMost(LONG).until(() -> connection.isOpen() && late.isOpen());
		});
		assertThat(handlers.heard).as("closed with the context").endsWith("close 1001");
		await().atMost(LONG)
			.untilAsserted(() -> assertThat(this.server.closes).containsExactly("1001", "1001", "1001"));
	}

	@Test
	void connectionOpenedWhileTheContextStartsConnectsWhenItHasStarted() {
		AtomicReference<WsState> state = new AtomicReference<>();
		this.runner
			.withInitializer((context) -> ((GenericApplicationContext) context).registerBean("opener",
					SmartInitializingSingleton.class,
					() -> () -> state.set(context.getBean(WsConnections.class).open("early", settings()).state())))
			.run((context) -> {
				assertThat(state).hasValue(WsState.IDLE);
				await().atMost(LONG).until(context.getBean(WsConnections.class).get("early")::isOpen);
			});
	}

	@Test
	void autoStartLeavesItIdle() {
		this.runner.run((context) -> {
			ClientProperties settings = settings();
			settings.setAutoStart(false);
			WsConnection connection = context.getBean(WsConnections.class).open("feed", settings);
			assertThat(connection.state()).isEqualTo(WsState.IDLE);
			connection.connect();
			await().atMost(LONG).until(connection::isOpen);
		});
	}

	@Test
	void oneOfManyThreadsGetsTheName() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class).run((context) -> {
			WsConnections connections = context.getBean(WsConnections.class);
			AtomicInteger opened = new AtomicInteger();
			AtomicInteger refused = new AtomicInteger();
			CountDownLatch go = new CountDownLatch(1);
			List<Thread> threads = new ArrayList<>();
			for (int i = 0; i < 16; i++) {
				String own = "feed-" + i;
				Thread thread = new Thread(() -> {
					try {
						go.await();
						connections.open(own, settings());
						connections.open("same", settings());
						opened.incrementAndGet();
					}
					catch (IllegalStateException ex) {
						refused.incrementAndGet();
					}
					catch (InterruptedException ex) {
						Thread.currentThread().interrupt();
					}
				});
				thread.start();
				threads.add(thread);
			}
			go.countDown();
			for (Thread thread : threads) {
				thread.join(10_000);
			}
			assertThat(opened).hasValue(1);
			assertThat(refused).hasValue(15);
			assertThat(connections.names()).hasSize(17).contains("same", "feed-0", "feed-15");
		});
	}

	@Test
	void whatIsWrongIsNamedAndLeavesNothingBehind() {
		this.runner.withPropertyValues("ws.clients.feed.url=" + this.server.url(), "ws.clients.feed.auto-start=false")
			.run((context) -> {
				WsConnections connections = context.getBean(WsConnections.class);
				assertThatIllegalArgumentException().isThrownBy(() -> connections.open("my feed", settings()))
					.withMessageContaining("characters that are not allowed");
				assertThatIllegalArgumentException().isThrownBy(() -> connections.open("other", new ClientProperties()))
					.withMessageContaining("ws.clients.other.url")
					.withMessageContaining("missing");
				assertThatIllegalArgumentException()
					.isThrownBy(() -> connections.open("other", settings(), "no handler"))
					.withMessageContaining("java.lang.String")
					.withMessageContaining("no handler method");
				assertThatIllegalStateException().isThrownBy(() -> connections.open("feed", settings()))
					.withMessageContaining("'feed' already");
				assertThatIllegalArgumentException().isThrownBy(() -> connections.close("feed"))
					.withMessageContaining("is configured");
				assertThat(connections.names()).containsExactly("feed");
				assertThat(connections.open("other", settings())).isNotNull();
			});
	}

	@Test
	void healthMetersAndEndpointShowItUntilItIsClosed() {
		this.runner
			.withConfiguration(
					AutoConfigurations.of(WsHealthContributorAutoConfiguration.class, WsMetricsAutoConfiguration.class,
							WsClientsEndpointAutoConfiguration.class, EndpointAutoConfiguration.class))
			.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("management.endpoints.web.exposure.include=*")
			.run((context) -> {
				WsConnections connections = context.getBean(WsConnections.class);
				MeterRegistry meters = context.getBean(MeterRegistry.class);
				CompositeHealthContributor health = context.getBean(CompositeHealthContributor.class);
				WsClientsEndpoint endpoint = context.getBean(WsClientsEndpoint.class);
				assertThat(health.stream()).isEmpty();
				WsConnection connection = connections.open("feed", settings());
				await().atMost(LONG).until(connection::isOpen);
				assertThat(health.getContributor("feed")).isInstanceOfSatisfying(HealthIndicator.class,
						(indicator) -> assertThat(indicator.health()).extracting(Health::getStatus)
							.isEqualTo(Status.UP));
				assertThat(meters.find("ws.client.state").tags("client", "feed", "state", "open").gauge())
					.extracting(Gauge::value)
					.isEqualTo(1.0);
				assertThat(endpoint.clients().clients()).containsOnlyKeys("feed");
				assertThat(connections.close("feed")).succeedsWithin(LONG);
				assertThat(health.stream()).isEmpty();
				assertThat(meters.getMeters()).noneMatch((meter) -> "feed".equals(meter.getId().getTag("client")));
				assertThat(endpoint.clients().clients()).isEmpty();
			});
	}

	@Test
	void mapOfConnectionsIsThatOfAMoment() {
		this.runner.withUserConfiguration(FakeClientConfiguration.class).run((context) -> {
			WsConnections connections = context.getBean(WsConnections.class);
			Map<String, WsConnection> before = connections.asMap();
			connections.open("feed", settings());
			assertThat(before).isEmpty();
			assertThat(connections.asMap()).containsOnlyKeys("feed");
		});
	}

	/**
	 * Handlers whose annotations name a connection that there is not.
	 */
	@WsHandler("of another place")
	static class Handlers {

		final List<String> heard = new CopyOnWriteArrayList<>();

		@OnWsOpen
		void open() {
			this.heard.add("open");
		}

		@OnWsMessage
		void text(String text) {
			this.heard.add(text);
		}

		@OnWsClose
		void close(WsCloseEvent event) {
			this.heard.add("close " + event.status().code());
		}

	}

}
