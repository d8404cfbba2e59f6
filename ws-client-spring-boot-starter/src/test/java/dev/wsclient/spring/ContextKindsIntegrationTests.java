package dev.wsclient.spring;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;

import dev.wsclient.WsConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * Tests with contexts that are lazy, have a parent, or fail to start.
 */
@Timeout(60)
class ContextKindsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private final JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

		@Override
		public void onOpen(Session session) {
			session.sendText("welcome", Callback.NOOP);
		}

	});

	private Set<Thread> threadsBefore = Set.of();

	@BeforeEach
	void noteThreads() {
		Handler.heard.clear();
		this.threadsBefore = threads();
	}

	@AfterEach
	void closeServerAndExpectNoThreads() {
		this.server.close();
		await().atMost(PATIENCE).untilAsserted(() -> {
			Set<Thread> threads = threads();
			threads.removeAll(this.threadsBefore);
			assertThat(threads).isEmpty();
		});
	}

	private static Set<Thread> threads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("ws-client") || thread.getName().startsWith("task-"))
			.collect(Collectors.toSet());
	}

	private SpringApplicationBuilder application(Class<?>... sources) {
		return new SpringApplicationBuilder(sources).web(WebApplicationType.NONE)
			.properties("ws.clients.feed.url=" + this.server.url(), "spring.main.banner-mode=off");
	}

	private static void awaitHeard(String... heard) {
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(Handler.heard).containsExactly(heard));
	}

	@Test
	void lazyInitializationOpensConnectionsAndFindsHandlers() {
		try (ConfigurableApplicationContext context = application(Application.class, Handler.class)
			.lazyInitialization(true)
			.run()) {
			awaitHeard("welcome");
			assertThat(context.getBeanFactory().containsSingleton("other")).as("others are lazy").isFalse();
		}
	}

	@Test
	void lazyBeanGetsMessagesFromItsCreationOn() {
		try (ConfigurableApplicationContext context = application(Application.class, LazyHandler.class).run()) {
			await().atMost(PATIENCE).until(() -> context.getBean(WsConnection.class).snapshot().messagesReceived() > 0);
			context.getBean(LazyHandler.class);
			this.server.eachSession((session) -> session.sendText("now", Callback.NOOP));
			awaitHeard("now");
		}
	}

	@Test
	void childContextUsesTheConnectionsOfItsParent() {
		SpringApplicationBuilder parent = application(Application.class);
		try (ConfigurableApplicationContext context = parent.run()) {
			await().atMost(PATIENCE).until(() -> context.getBean(WsConnection.class).isOpen());
			try (ConfigurableApplicationContext child = parent.child(Application.class, Handler.class).run()) {
				assertThat(child.getBean(WsConnections.class)).isSameAs(context.getBean(WsConnections.class));
				assertThat(child.containsLocalBean("feedWsConnection")).isFalse();
				this.server.eachSession((session) -> session.sendText("to the child", Callback.NOOP));
				awaitHeard("to the child");
			}
			assertThat(context.getBean(WsConnection.class).isOpen()).isTrue();
			this.server.eachSession((session) -> session.sendText("to nobody", Callback.NOOP));
			await().atMost(PATIENCE)
				.until(() -> context.getBean(WsConnection.class).snapshot().messagesReceived() == 3);
			assertThat(Handler.heard).containsExactly("to the child");
			assertThat(this.server.handshakes).hasSize(1);
		}
	}

	@Test
	void contextThatFailsAfterItsConnectionsWereMadeLeavesNoThread() {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> application(Application.class, FailingBean.class).run())
			.withStackTraceContaining("as told");
		assertThat(this.server.handshakes).isEmpty();
	}

	@Test
	void applicationThatFailsWhenItRunsClosesItsConnections() {
		assertThatExceptionOfType(RuntimeException.class)
			.isThrownBy(() -> application(Application.class, FailingRunner.class).run())
			.withStackTraceContaining("as told");
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.server.closes).containsExactly("1001"));
	}

	/**
	 * An application with what its class path configures.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Object other() {
			return new Object();
		}

	}

	/**
	 * Hears messages, and nobody else knows it.
	 */
	static class Handler {

		static final List<String> heard = new CopyOnWriteArrayList<>();

		@OnWsMessage
		void on(String text) {
			heard.add(text);
		}

	}

	/**
	 * Is created when it is asked for.
	 */
	@Lazy
	static class LazyHandler extends Handler {

	}

	/**
	 * Fails when the connections are there.
	 */
	@Import(Handler.class)
	static class FailingBean {

		FailingBean(WsConnection connection) {
			throw new IllegalStateException("as told, with " + connection.name());
		}

	}

	/**
	 * Fails when the connections are open.
	 */
	static class FailingRunner implements CommandLineRunner {

		private final WsConnection connection;

		FailingRunner(WsConnection connection) {
			this.connection = connection;
		}

		@Override
		public void run(String... args) {
			this.connection.whenOpen().toCompletableFuture().join();
			throw new IllegalStateException("as told");
		}

	}

}
