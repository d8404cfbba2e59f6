package dev.wsclient.spring;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.jayway.jsonpath.JsonPath;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Health and endpoint by HTTP, as operators and orchestrators call them.
 */
@Timeout(60)
class OperationsIntegrationTests {

	private static final int UNUSED_PORT = 1;

	private final HttpClient http = HttpClient.newHttpClient();

	private static ConfigurableApplicationContext run(JettyWsServer server, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("--server.port=0", "--spring.main.banner-mode=off", "--ws.clients.feed.url=" + server.url(),
						"--ws.clients.feed.headers.X-Api-Key=hush", "--ws.clients.feed.on-open=hush",
						"--ws.clients.broken.url=ws://localhost:" + UNUSED_PORT + "/feed?token=hush",
						"--ws.clients.broken.proxy.type=http", "--ws.clients.broken.proxy.host=localhost",
						"--ws.clients.broken.proxy.port=" + UNUSED_PORT, "--ws.clients.broken.proxy.username=hush",
						"--ws.clients.broken.proxy.password=hush", "--ws.defaults.reconnect.initial-delay=20ms",
						"--ws.defaults.reconnect.max-delay=50ms", "--management.endpoint.health.show-details=always",
						"--management.endpoint.health.probes.enabled=true",
						"--management.endpoints.web.exposure.include=health,wsclients"));
		for (String property : properties) {
			all.add("--" + property);
		}
		return new SpringApplicationBuilder(Application.class).web(WebApplicationType.SERVLET)
			.run(all.toArray(String[]::new));
	}

	private HttpResponse<String> get(ConfigurableApplicationContext context, String path) {
		return send(context, HttpRequest.newBuilder().GET(), path);
	}

	private HttpResponse<String> post(ConfigurableApplicationContext context, String path, String body) {
		return send(context,
				HttpRequest.newBuilder().header("Content-Type", "application/json").POST(BodyPublishers.ofString(body)),
				path);
	}

	private HttpResponse<String> send(ConfigurableApplicationContext context, HttpRequest.Builder request,
			String path) {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		try {
			return this.http.send(request.uri(URI.create("http://localhost:" + port + "/actuator/" + path)).build(),
					BodyHandlers.ofString());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(ex);
		}
	}

	private static void awaitOpen(ConfigurableApplicationContext context) {
		await().until(() -> context.getBean(WsConnections.class).get("feed").isOpen());
	}

	@Test
	void requiredConnectionThatIsDownPullsHealthAndItsGroupsDown() {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {
		});
				ConfigurableApplicationContext context = run(server, "ws.clients.broken.health.down-after=0",
						"management.endpoint.health.group.feeds.include=ws",
						"management.endpoint.health.group.one.include=ws/feed",
						"management.endpoint.health.group.readiness.include=readinessState,ws")) {
			awaitOpen(context);
			assertThat(get(context, "health").statusCode()).isEqualTo(503);
			assertThat(get(context, "health/feeds").statusCode()).isEqualTo(503);
			assertThat(get(context, "health/readiness").statusCode()).isEqualTo(503);
			assertThat(get(context, "health/liveness").statusCode()).isEqualTo(200);
			assertThat(get(context, "health/one").statusCode()).isEqualTo(200);
			assertThat(get(context, "health/ws/feed").statusCode()).isEqualTo(200);
			HttpResponse<String> broken = get(context, "health/ws/broken");
			assertThat(broken.statusCode()).isEqualTo(503);
			assertThat(JsonPath.<String>read(broken.body(), "$.details.reason")).contains("health.down-after");
			assertThat(get(context, "health/ws/unknown").statusCode()).isEqualTo(404);
			await().until(() -> get(context, "health").body().contains("lastError"));
			assertThat(get(context, "health").body()).contains("ws://localhost", "nextAttempt", "attempts")
				.doesNotContain("hush");
		}
	}

	@Test
	void connectionThatIsNotRequiredLeavesTheApplicationReady() {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {
		});
				ConfigurableApplicationContext context = run(server, "ws.clients.broken.health.down-after=0",
						"ws.clients.broken.health.required=false",
						"management.endpoint.health.group.readiness.include=readinessState,ws")) {
			awaitOpen(context);
			assertThat(get(context, "health").statusCode()).isEqualTo(200);
			HttpResponse<String> readiness = get(context, "health/readiness");
			assertThat(readiness.statusCode()).isEqualTo(200);
			assertThat(JsonPath.<String>read(readiness.body(), "$.components.ws.components.broken.status"))
				.isEqualTo("UNKNOWN");
		}
	}

	@Test
	void readinessIsNotTouchedUnlessItsGroupSaysSo() {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {
		}); ConfigurableApplicationContext context = run(server, "ws.clients.broken.health.down-after=0")) {
			assertThat(get(context, "health").statusCode()).isEqualTo(503);
			assertThat(get(context, "health/readiness").statusCode()).isEqualTo(200);
		}
	}

	@Test
	void endpointReadsByDefaultAndShowsNoSecrets() {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {
		}); ConfigurableApplicationContext context = run(server)) {
			awaitOpen(context);
			await().until(() -> get(context, "wsclients/broken").body().contains("refused"));
			String all = get(context, "wsclients").body();
			assertThat(JsonPath.<String>read(all, "$.clients.feed.state")).isEqualTo("OPEN");
			assertThat(JsonPath.<String>read(all, "$.clients.feed.remoteAddress"))
				.endsWith(":" + URI.create(server.url()).getPort());
			assertThat(JsonPath.<Integer>read(all, "$.clients.feed.sessions")).isEqualTo(1);
			assertThat(JsonPath.<Map<String, Object>>read(all, "$.clients.broken")).containsKeys("uri", "lastError")
				.doesNotContainKey("remoteAddress");
			assertThat(all).doesNotContain("hush");
			assertThat(get(context, "wsclients/feed").body()).contains("\"OPEN\"").doesNotContain("hush");
			assertThat(get(context, "wsclients/unknown").statusCode()).isEqualTo(404);
			assertThat(post(context, "wsclients/feed", "{\"action\":\"disconnect\"}").statusCode()).isEqualTo(405);
			assertThat(context.getBean(WsConnections.class).get("feed").isOpen()).isTrue();
		}
	}

	@Test
	void endpointTellsConnectionsWhatToDoIfItsAccessAllows() {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {
		}); ConfigurableApplicationContext context = run(server, "management.endpoint.wsclients.access=unrestricted")) {
			awaitOpen(context);
			assertThat(post(context, "wsclients/feed", "{\"action\":\"pause\"}").statusCode()).isEqualTo(204);
			await().until(() -> get(context, "wsclients/feed").body().contains("\"paused\":true"));
			assertThat(post(context, "wsclients/feed", "{\"action\":\"RESUME\"}").statusCode()).isEqualTo(204);
			await().until(() -> get(context, "wsclients/feed").body().contains("\"paused\":false"));
			assertThat(post(context, "wsclients/feed", "{\"action\":\"reconnect\"}").statusCode()).isEqualTo(204);
			await().until(() -> get(context, "wsclients/feed").body().contains("\"sessions\":2"));
			awaitOpen(context);
			assertThat(post(context, "wsclients/feed", "{\"action\":\"disconnect\"}").statusCode()).isEqualTo(204);
			await().until(() -> get(context, "wsclients/feed").body().contains("\"CLOSED\""));
			assertThat(post(context, "wsclients/feed", "{\"action\":\"connect\"}").statusCode()).isEqualTo(204);
			awaitOpen(context);
		}
	}

	@Test
	void endpointSaysWhyItRefuses() {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {
		}); ConfigurableApplicationContext context = run(server, "management.endpoint.wsclients.access=unrestricted")) {
			HttpResponse<String> unknown = post(context, "wsclients/unknown", "{\"action\":\"pause\"}");
			assertThat(unknown.statusCode()).as(unknown.body()).isEqualTo(404);
			assertThat(unknown.body()).contains("There is no such connection", "feed", "broken");
			for (String body : List.of("{\"action\":\"explode\"}", "{}")) {
				HttpResponse<String> refused = post(context, "wsclients/feed", body);
				assertThat(refused.statusCode()).isEqualTo(400);
				assertThat(JsonPath.<String>read(refused.body(), "$.error"))
					.isEqualTo("The request needs an 'action', one of [connect, disconnect, reconnect, pause, resume]");
			}
		}
	}

	/**
	 * An application with what its class path configures.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

	}

}
