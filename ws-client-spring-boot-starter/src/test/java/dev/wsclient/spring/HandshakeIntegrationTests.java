package dev.wsclient.spring;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import com.sun.net.httpserver.HttpServer;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.annotation.Order;

import dev.wsclient.WsConnection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of what beans contribute to opening handshakes, against a real server.
 */
@Timeout(60)
class HandshakeIntegrationTests {

	private final JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {
	});

	private final List<String> tokenRequests = new CopyOnWriteArrayList<>();

	private final HttpServer tokenEndpoint = tokenEndpoint();

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, WsOAuth2AutoConfiguration.class,
				TaskExecutionAutoConfiguration.class, OAuth2ClientAutoConfiguration.class))
		.withPropertyValues("ws.clients.feed.url=" + this.server.url(), "ws.defaults.reconnect.initial-delay=20ms",
				"ws.defaults.reconnect.max-delay=50ms");

	private final ApplicationContextRunner withToken = this.runner.withPropertyValues(
			"ws.clients.feed.oauth2.registration-id=feed",
			"spring.security.oauth2.client.registration.feed.authorization-grant-type=client_credentials",
			"spring.security.oauth2.client.registration.feed.client-id=me",
			"spring.security.oauth2.client.registration.feed.client-secret=hush",
			"spring.security.oauth2.client.provider.feed.token-uri=http://localhost:"
					+ this.tokenEndpoint.getAddress().getPort() + "/token");

	/**
	 * Gives the tokens t1, t2 and so on.
	 */
	private HttpServer tokenEndpoint() {
		try {
			HttpServer endpoint = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
			endpoint.createContext("/token", (exchange) -> {
				this.tokenRequests.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
				byte[] body = ("{\"access_token\":\"t" + this.tokenRequests.size()
						+ "\",\"token_type\":\"Bearer\",\"expires_in\":3600}")
					.getBytes(StandardCharsets.UTF_8);
				exchange.getResponseHeaders().add("Content-Type", "application/json");
				exchange.sendResponseHeaders(200, body.length);
				exchange.getResponseBody().write(body);
				exchange.close();
			});
			endpoint.start();
			return endpoint;
		}
		catch (IOException ex) {
			throw new IllegalStateException("the token endpoint does not start", ex);
		}
	}

	@AfterEach
	void stop() {
		this.server.close();
		this.tokenEndpoint.stop(0);
	}

	private List<String> seen(String header) {
		return this.server.handshakes.stream()
			.map((headers) -> headers.getOrDefault(header, List.of()).toString())
			.toList();
	}

	@Test
	void customizersChangeEachAttemptInOrder() {
		this.runner.withUserConfiguration(CustomizersConfiguration.class).run((context) -> {
			await().until(() -> context.getBean(WsConnection.class).isOpen());
			assertThat(seen("X-Attempt")).containsExactly("[feed 2 second]");
			assertThat(seen("X-First")).as("the first attempt failed before the request").containsExactly("[supplied]");
			this.server.eachSession(Session::disconnect);
			await().until(() -> context.getBean(WsConnection.class).snapshot().sessions() == 2);
			assertThat(seen("X-Attempt")).containsExactly("[feed 2 second]", "[feed 3 second]");
		});
	}

	@Test
	void urlsComeFromConnectionDetails() {
		this.runner
			.withBean(WsConnectionDetails.class,
					() -> (name) -> name.equals("other") ? List.of(this.server.url()) : List.of())
			.withPropertyValues("ws.clients.other.auto-start=true", "ws.clients.feed.auto-start=false")
			.run((context) -> {
				WsConnection other = context.getBean("otherWsConnection", WsConnection.class);
				await().until(other::isOpen);
				assertThat(context.getBean("feedWsConnection", WsConnection.class).uri()).isEqualTo(other.uri());
			});
	}

	@Test
	void wrongUrlOfConnectionDetailsIsAnalysed() {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.runner.withBean(WsConnectionDetails.class, () -> (name) -> List.of("http://feed.example")));
		assertThat(analysis.getDescription()).contains("WsConnectionDetails").contains("write ws:// for http://");
	}

	@Test
	void refusedTokenIsRenewedWithinTheAttemptAndThenKept() {
		this.server.authorizes = "Bearer t2"::equals;
		this.withToken.run((context) -> {
			WsConnection connection = context.getBean(WsConnection.class);
			await().until(connection::isOpen);
			assertThat(seen("Authorization")).containsExactly("[Bearer t1]", "[Bearer t2]");
			assertThat(connection.snapshot().attempts()).as("the first attempt succeeded").isZero();
			this.server.eachSession(Session::disconnect);
			await().until(() -> connection.snapshot().sessions() == 2);
			assertThat(seen("Authorization")).containsExactly("[Bearer t1]", "[Bearer t2]", "[Bearer t2]");
			assertThat(this.tokenRequests).hasSize(2)
				.allMatch((body) -> body.contains("grant_type=client_credentials"));
			assertThat(connection.snapshot().toString()).doesNotContain("hush");
		});
	}

	@Test
	void tokenEndpointThatFailsFailsTheAttemptOnly() {
		this.tokenEndpoint.removeContext("/token");
		this.withToken.run((context) -> {
			WsConnection connection = context.getBean(WsConnection.class);
			await().until(() -> connection.snapshot().attempts() > 1);
			assertThat(connection.snapshot().lastError()).contains("the handshake supplier failed");
			assertThat(this.server.handshakes).isEmpty();
		});
	}

	@Test
	void unknownRegistrationIsAnalysed() {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.withToken.withPropertyValues("ws.clients.feed.oauth2.registration-id=food"));
		assertThat(analysis.getDescription()).contains("'ws.clients.feed.oauth2.registration-id'")
			.contains("there is no OAuth2 client registration 'food'");
		assertThat(analysis.getAction()).contains("spring.security.oauth2.client.registration");
	}

	@Test
	void grantThatNeedsAUserIsAnalysed() {
		String registration = "spring.security.oauth2.client.registration.feed.";
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests.analyze(this.withToken.withPropertyValues(
				registration + "authorization-grant-type=authorization_code", registration + "redirect-uri=http://x",
				"spring.security.oauth2.client.provider.feed.authorization-uri=http://x"));
		assertThat(analysis.getDescription()).contains("grant type authorization_code");
	}

	@Test
	void registrationWithoutAnOAuth2ClientIsAnalysed() {
		FailureAnalysis analysis = WsConfigurationFailureAnalyzerTests
			.analyze(this.withToken.withClassLoader(new FilteredClassLoader("org.springframework.security")));
		assertThat(analysis.getDescription()).contains("there is no OAuth2 client");
		assertThat(analysis.getAction()).contains("spring-boot-starter-security-oauth2-client");
	}

	@Test
	void worksWithoutSpringSecurity() {
		this.runner.withClassLoader(new FilteredClassLoader("org.springframework.security")).run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean(BearerTokens.class);
			await().until(() -> context.getBean(WsConnection.class).isOpen());
		});
	}

	/**
	 * Customizers in the wrong order; the first attempt fails.
	 */
	@Configuration(proxyBeanMethods = false)
	static class CustomizersConfiguration {

		private final List<Integer> attempts = new CopyOnWriteArrayList<>();

		@Bean
		@Order(2)
		WsHandshakeCustomizer second() {
			return (name, request, attempt) -> CompletableFuture.supplyAsync(() -> request.withHeader("X-Attempt",
					String.join(" ", request.headers().get("X-Attempt")) + " second"));
		}

		@Bean
		@Order(1)
		WsHandshakeCustomizer first() {
			return (name, request, attempt) -> {
				this.attempts.add(attempt.number());
				if (this.attempts.size() == 1) {
					throw new IllegalStateException("not yet");
				}
				return CompletableFuture
					.completedFuture(request.withHeader("X-Attempt", name + " " + this.attempts.size()));
			};
		}

		@Bean
		WsOptionsCustomizer options() {
			return (name, builder) -> builder.handshakeSupplier(
					(request, attempt) -> CompletableFuture.completedFuture(request.withHeader("X-First", "supplied")));
		}

	}

}
