package dev.wsclient;

import java.nio.file.Path;
import java.time.Duration;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.NettyServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * WebSocket over a unix domain socket.
 */
class UnixSocketIntegrationTests {

	private static final Certificates CERTIFICATES = new Certificates();

	@TempDir
	@SuppressWarnings("NullAway.Init") // set by JUnit
	private Path directory;

	private final RecordingListener listener = new RecordingListener();

	@ParameterizedTest
	@ValueSource(strings = { "ws", "wss" })
	void serverOnASocketIsTalkedTo(String scheme) {
		Path path = this.directory.resolve("server.sock");
		boolean secure = scheme.equals("wss");
		NettyServer server = new NettyServer(
				secure ? CERTIFICATES.serverContext(CERTIFICATES.issue("feed.example")) : null)
			.listenOn(path);
		server.start();
		try (server; WsClient client = WsClient.create()) {
			WsConnection connection = client.connect(WsOptions.builder(scheme + "://feed.example/ws")
				.unixSocket(path)
				.tls(WsTls.defaults().withTrust(CERTIFICATES.trusted()))
				.build(), this.listener);
			connection.send("hello");
			await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("hello"));
			assertThat(server.session(1).headers("Host")).containsExactly("feed.example");
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
			assertThat(this.listener.closes.get(0).clean()).isTrue();
		}
	}

	@Test
	void missingSocketIsTold() {
		Path path = this.directory.resolve("nothing.sock");
		try (WsClient client = WsClient.create()) {
			WsConnection connection = client.connect(
					WsOptions.builder("ws://localhost/ws").unixSocket(path).reconnect(Reconnect.never()).build(),
					this.listener);
			await().until(() -> connection.state() == WsState.CLOSED);
			await().until(() -> !this.listener.errors.isEmpty());
			WsException error = (WsException) this.listener.errors.get(0);
			assertThat(error).isInstanceOf(WsConnectException.class)
				.hasMessageContaining("no connection to " + path + ": ");
			assertThat(error.phase()).isEqualTo(Phase.CONNECT);
		}
	}

}
