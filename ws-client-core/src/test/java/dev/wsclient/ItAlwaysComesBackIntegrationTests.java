package dev.wsclient;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.ScriptedServer.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Servers that once left a connection closed until a restart.
 */
class ItAlwaysComesBackIntegrationTests {

	/**
	 * Each session is stable at once, as one of hours is.
	 */
	private static final Reconnect QUICK = Reconnect.exponential(Duration.ofMillis(5), Duration.ofMillis(20))
		.withResetAfter(Duration.ZERO);

	private static final Script GOOD = (connection) -> {
		connection.accept(Frames.text("welcome"));
		connection.readUntilEof();
	};

	private final WsClient client = WsClient.create();

	private final RecordingListener listener = new RecordingListener();

	@AfterEach
	void close() {
		this.client.close();
	}

	private static Script answering(int status) {
		return (connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\n\r\n");
		};
	}

	private static Script closing(int code, String reason) {
		byte[] text = reason.getBytes(StandardCharsets.UTF_8);
		byte[] payload = new byte[text.length + 2];
		payload[0] = (byte) (code >> 8);
		payload[1] = (byte) code;
		System.arraycopy(text, 0, payload, 2, text.length);
		return (connection) -> {
			connection.accept(Frames.frame(0x88, payload));
			connection.readUntilClose();
		};
	}

	private WsConnection connect(ScriptedServer server, Reconnect policy) {
		return this.client.connect(WsOptions.builder(server.uri()).reconnect(policy).build(), this.listener);
	}

	@Test
	void rollingDeploymentThatAnswers404ThreeTimes() {
		try (ScriptedServer server = new ScriptedServer(closing(1001, "deploying"), answering(404), answering(404),
				answering(404), GOOD)) {
			connect(server, QUICK);
			await().until(() -> this.listener.texts().equals(List.of("welcome")));
			assertThat(server.connections()).hasSize(5);
		}
	}

	@Test
	void pongTimeoutThatTheServerClosesAStableSessionFor() {
		try (ScriptedServer server = new ScriptedServer(closing(1008, "pong timeout"), GOOD)) {
			connect(server, QUICK);
			await().until(() -> this.listener.texts().equals(List.of("welcome")));
			assertThat(this.listener.closes.get(0).willReconnect()).isTrue();
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 400, 401, 403, 404, 410, 426 })
	void refusalOfTheFirstConnect(int status) {
		try (ScriptedServer server = new ScriptedServer(answering(status), answering(status), GOOD)) {
			connect(server, QUICK.withRefusedDelays(Duration.ofMillis(10), Duration.ofMillis(50)));
			await().until(() -> this.listener.texts().equals(List.of("welcome")));
		}
	}

	@ParameterizedTest
	@ValueSource(ints = { 1002, 1003, 1007, 1008, 1009, 1010 })
	void closeOfEachNewSessionByACodeThatBlamesUs(int code) {
		try (ScriptedServer server = new ScriptedServer(closing(code, "no"), closing(code, "no"), GOOD)) {
			connect(server, QUICK.withResetAfter(Duration.ofMinutes(1))
				.withRefusedDelays(Duration.ofMillis(10), Duration.ofMillis(50)));
			await().until(() -> this.listener.texts().equals(List.of("welcome")));
		}
	}

	@Test
	void onlyItsUserStopsIt() {
		for (Script script : Stream.of(answering(403), closing(4001, "revoked")).toList()) {
			try (ScriptedServer server = new ScriptedServer(script)) {
				WsConnection connection = connect(server, QUICK.withStopOn(403, 4001));
				await().until(() -> connection.state() == WsState.CLOSED);
				assertThat(server.connections()).hasSize(1);
			}
		}
	}

}
