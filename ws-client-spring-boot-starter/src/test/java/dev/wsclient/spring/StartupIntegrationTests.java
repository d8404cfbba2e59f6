package dev.wsclient.spring;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.PayloadApplicationEvent;
import org.springframework.core.env.Environment;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.io.support.SpringFactoriesLoader;

import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what the start of an application expects of its connections, against a real
 * server.
 */
@Timeout(60)
class StartupIntegrationTests {

	private final JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {
	});

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class))
		.withPropertyValues("ws.clients.feed.url=" + this.server.url(), "ws.defaults.reconnect.initial-delay=10ms",
				"ws.defaults.reconnect.max-delay=20ms");

	@AfterEach
	void stop() {
		this.server.close();
	}

	private FailureAnalysis failure(String... properties) {
		AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
		this.runner.withPropertyValues(properties).run((context) -> {
			assertThat(context).hasFailed();
			failure.set(context.getStartupFailure());
		});
		return SpringFactoriesLoader.forDefaultResourceLocation()
			.load(FailureAnalyzer.class,
					SpringFactoriesLoader.ArgumentResolver.of(Environment.class, new StandardEnvironment()),
					(type, name, ignored) -> {
					})
			.stream()
			.filter(WsStartupFailureAnalyzer.class::isInstance)
			.map((analyzer) -> analyzer.analyze(Objects.requireNonNull(failure.get())))
			.filter(Objects::nonNull)
			.findFirst()
			.orElseThrow();
	}

	@Test
	void startWaitsUntilTheConnectionIsOpen() {
		this.runner.withPropertyValues("ws.clients.feed.startup.fail-fast=true")
			.run((context) -> assertThat(context.getBean(WsConnection.class).isOpen()).isTrue());
	}

	@Test
	void startWaitsForAServerThatComesLate() {
		this.server.stop();
		Thread late = new Thread(this.server::restart);
		this.runner.withPropertyValues("ws.defaults.startup.fail-fast=true")
			.withInitializer((context) -> context.addApplicationListener((event) -> {
				if (event instanceof PayloadApplicationEvent<?> payload
						&& payload.getPayload() instanceof WsStateChangedEvent changed
						&& changed.change().cause() != null && late.getState() == Thread.State.NEW) {
					late.start();
				}
			}))
			.run((context) -> assertThat(context.getBean(WsConnection.class).isOpen()).isTrue());
	}

	@Test
	void startFailsWhenTheTimeIsOverAndTellsTheLastError() {
		this.server.stop();
		FailureAnalysis analysis = failure("ws.clients.feed.startup.fail-fast=true",
				"ws.clients.feed.startup.timeout=500ms");
		assertThat(analysis.getDescription()).contains("'ws.clients.feed' did not open within 500 ms")
			.contains("startup.fail-fast")
			.contains("refused")
			.doesNotContain("hush");
		assertThat(analysis.getAction()).contains("'startup.timeout'").contains("'startup.fail-fast'");
	}

	@Test
	void startFailsAtOnceWhenTheConnectionIsGivenUp() {
		this.server.authorizes = (token) -> false;
		FailureAnalysis analysis = failure("ws.defaults.startup.fail-fast=true", "ws.defaults.startup.timeout=1h");
		assertThat(analysis.getDescription()).contains("'ws.clients.feed' was closed for good")
			.contains("state is CLOSED")
			.contains("401");
	}

	@Test
	void failedStartLeavesNoConnectionBehind() {
		WsClient client = WsClient.create();
		this.runner.withBean(WsClient.class, () -> client)
			.withPropertyValues("ws.clients.gone.url=ws://localhost:1", "ws.clients.gone.startup.fail-fast=true",
					"ws.clients.gone.startup.timeout=500ms")
			.run((context) -> assertThat(context).hasFailed());
		await().atMost(Duration.ofSeconds(10))
			.untilAsserted(() -> this.server.eachSession((session) -> assertThat(session.isOpen()).isFalse()));
		client.close();
	}

	@Test
	void startDoesNotWaitByItself() {
		this.server.stop();
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed();
			assertThat(context.getBean(WsConnection.class).isOpen()).isFalse();
		});
	}

	@Test
	void connectionMayKeepFromStartingWhatTheDefaultsExpect() {
		this.server.stop();
		this.runner.withPropertyValues("ws.defaults.startup.fail-fast=true", "ws.clients.feed.startup.fail-fast=false")
			.run((context) -> assertThat(context).hasNotFailed());
		this.runner.withPropertyValues("ws.defaults.startup.fail-fast=true", "ws.clients.feed.auto-start=false")
			.run((context) -> assertThat(context).hasNotFailed());
	}

}
