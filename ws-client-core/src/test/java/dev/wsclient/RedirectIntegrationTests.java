package dev.wsclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsHandshakeSupplier.Attempt;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.ScriptedServer.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Answers that lead to another request, from real sockets.
 */
class RedirectIntegrationTests {

	private static final WsClient CLIENT = WsClient.create();

	private final List<AutoCloseable> resources = new ArrayList<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final RecordingListener listener = new RecordingListener();

	@AfterAll
	static void closeClient() {
		CLIENT.close();
	}

	@AfterEach
	void close() throws Exception {
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	private ScriptedServer server(Script... scripts) {
		ScriptedServer server = new ScriptedServer(scripts);
		this.resources.add(server);
		return server;
	}

	private Script answering(String status, String header) {
		return (connection) -> {
			this.requests.add(connection.readRequest());
			connection.write("HTTP/1.1 " + status + "\r\n" + header + "\r\nContent-Length: 0\r\n\r\n");
		};
	}

	private Script redirecting(String location) {
		return answering("302 Found", "Location: " + location);
	}

	private static Script welcoming() {
		return (connection) -> {
			connection.accept(Frames.text("welcome"));
			connection.readUntilEof();
		};
	}

	private WsConnection connect(WsOptions options) {
		WsConnection connection = CLIENT.connect(options, this.listener);
		this.resources.add(0, connection::abort);
		return connection;
	}

	@Test
	void redirectLeadsToAnotherServerWithoutCredentials() {
		ScriptedServer last = server(welcoming());
		ScriptedServer second = server(redirecting(last.uri() + "feed?node=2"));
		ScriptedServer first = server(redirecting("/moved"),
				redirecting("http://localhost:" + second.port() + "/second"));
		WsConnection connection = connect(WsOptions.builder(first.uri() + "start")
			.header("Authorization", "Bearer secret")
			.cookie("SID", "secret")
			.header("X-Client", "test")
			.followRedirects(true)
			.redirectHeaders("X-Client")
			.build());
		await().until(() -> this.listener.texts().contains("welcome"));
		assertThat(this.requests).hasSize(3);
		assertThat(this.requests.get(0)).startsWith("GET /start ")
			.contains("\r\nAuthorization: Bearer secret\r\n", "\r\nCookie: SID=secret\r\n");
		assertThat(this.requests.get(1)).startsWith("GET /moved ").contains("secret");
		assertThat(this.requests.get(2)).startsWith("GET /second ")
			.contains("Host: localhost:" + second.port() + "\r\n", "\r\nX-Client: test\r\n")
			.doesNotContain("secret");
		assertThat(connection.uri()).isEqualTo(last.uri() + "feed");
		assertThat(this.listener.errors).isEmpty();
	}

	@Test
	void redirectLoopEndsAfterFive() {
		ScriptedServer server = server(redirecting("/again"));
		connect(WsOptions.builder(server.uri()).followRedirects(true).reconnect(Reconnect.never()).build());
		await().until(() -> !this.listener.errors.isEmpty());
		assertThat(this.requests).hasSize(6);
		assertThat(this.listener.errors.get(0)).isInstanceOf(WsHandshakeException.class)
			.hasMessageContaining("redirect (status 302) is not followed");
	}

	@Test
	void refusedTokenIsRenewedOnce() {
		ScriptedServer server = server(answering("401 Unauthorized", "WWW-Authenticate: Bearer"), welcoming());
		List<Attempt> attempts = new CopyOnWriteArrayList<>();
		connect(WsOptions.builder(server.uri()).handshakeSupplier((request, attempt) -> {
			attempts.add(attempt);
			return CompletableFuture
				.supplyAsync(() -> request.withBearerToken(attempt.credentialsRefused() ? "new" : "old"));
		}).build());
		await().atMost(Duration.ofSeconds(5)).until(() -> this.listener.texts().contains("welcome"));
		assertThat(this.requests).singleElement().asString().contains("\r\nAuthorization: Bearer old\r\n");
		assertThat(server.connections()).hasSize(2);
		assertThat(attempts).extracting(Attempt::number).containsExactly(0, 0);
		assertThat(attempts).extracting(Attempt::credentialsRefused).containsExactly(false, true);
		assertThat(attempts.get(0).lastEnd()).isNull();
		assertThat(attempts.get(1).lastEnd()).isInstanceOfSatisfying(WsHandshakeException.class,
				(refused) -> assertThat(refused.challenges()).containsExactly("Bearer"));
		assertThat(this.listener.errors).isEmpty();
	}

}
