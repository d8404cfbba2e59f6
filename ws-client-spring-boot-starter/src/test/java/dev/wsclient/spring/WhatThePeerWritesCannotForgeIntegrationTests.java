package dev.wsclient.spring;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import com.jayway.jsonpath.JsonPath;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.event.EventListener;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Text of the server in the log of an application, its health and its endpoint.
 */
@Timeout(60)
@ExtendWith(OutputCaptureExtension.class)
class WhatThePeerWritesCannotForgeIntegrationTests {

	private static final Pattern FORGING = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}\\p{Cs}&&[^\r\n\t]]");

	private static final String FORGED = "a\u0085\u009b\u2028\u202e\u001b[2J\u007f\r\nFORGED";

	@Test
	void neitherReasonNorPayloadIsMoreThanText(CapturedOutput output) throws Exception {
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				session.sendText(FORGED, Callback.from(() -> session.close(4000, FORGED, Callback.NOOP),
						(failure) -> session.disconnect()));
			}

		});
				ConfigurableApplicationContext context = new SpringApplicationBuilder(Application.class)
					.web(WebApplicationType.SERVLET)
					.run("--server.port=0", "--spring.main.banner-mode=off", "--ws.clients.feed.url=" + server.url(),
							"--ws.clients.feed.reconnect.enabled=false", "--logging.level.dev.wsclient=trace",
							"--management.endpoint.health.show-details=always",
							"--management.endpoints.web.exposure.include=health,wsclients")) {
			await().until(() -> output.getAll().contains("closed: 4000") && output.getAll().contains("NumberFormat"));
			Events events = context.getBean(Events.class);
			await().until(() -> events.texts.stream().anyMatch((text) -> text.contains("CLOSED")));
			String escaped = "a\\x85\\x9B\\u2028\\u202E\\x1B[2J\\x7F\\r\\nFORGED";
			String health = get(context, "health");
			String endpoint = get(context, "wsclients");
			assertThat(JsonPath.<String>read(health, "$.components.ws.components.feed.details.lastClose"))
				.isEqualTo("4000 (" + escaped + ")");
			assertThat(JsonPath.<String>read(endpoint, "$.clients.feed.lastClose")).isEqualTo("4000 (" + escaped + ")");
			assertThat(events.texts).allSatisfy((text) -> assertThat(text).doesNotContainPattern(FORGING));
			String log = output.getAll();
			assertThat(log).contains("4000 (" + escaped + ")", "For input string: \"" + escaped + "\"")
				.doesNotContainPattern(FORGING);
			assertThat(log.lines()).noneMatch((line) -> line.startsWith("FORGED"));
		}
	}

	private static String get(ConfigurableApplicationContext context, String path) throws Exception {
		String port = context.getEnvironment().getRequiredProperty("local.server.port");
		return HttpClient.newHttpClient()
			.send(HttpRequest.newBuilder(URI.create("http://localhost:" + port + "/actuator/" + path)).build(),
					BodyHandlers.ofString())
			.body();
	}

	/**
	 * An application whose handler quotes what it can't read.
	 */
	@SpringBootConfiguration(proxyBeanMethods = false)
	@EnableAutoConfiguration
	static class Application {

		@Bean
		Events events() {
			return new Events();
		}

	}

	/**
	 * Handles messages, and remembers events as text.
	 */
	static class Events {

		private final List<String> texts = new CopyOnWriteArrayList<>();

		@OnWsMessage("feed")
		void on(String text) {
			Integer.parseInt(text);
		}

		@EventListener
		void on(WsStateChangedEvent event) {
			this.texts.add(event.toString());
		}

	}

}
