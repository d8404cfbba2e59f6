package dev.wsclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import javax.net.ssl.SSLContext;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.NettyServer;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Connections and clients that come and go leave nothing behind.
 */
class CyclesIntegrationTests {

	private static final int CYCLES = Integer.getInteger("test.cycles", 300);

	private static final int CLIENTS = Math.max(10, CYCLES / 20);

	private static final int MEBIBYTE = 1024 * 1024;

	private final Certificates certificates = new Certificates();

	private SSLContext serverContext() {
		return this.certificates.serverContext(this.certificates.issue("localhost"));
	}

	private WsOptions options(String uri) {
		return WsOptions.builder(uri)
			.tls(WsTls.defaults().withTrust(this.certificates.trusted()))
			.reconnect(Reconnect.never())
			.build();
	}

	@ParameterizedTest
	@ValueSource(strings = { "ws", "wss" })
	void openAndClose(String scheme) {
		try (NettyServer server = new NettyServer(scheme.equals("wss") ? serverContext() : null);
				WsClient client = WsClient.create(2)) {
			server.start();
			WsOptions options = options(server.uri().replace("ws:", scheme + ":"));
			// Pools, caches and compiled code have their size after some cycles
			cycle(client, options, Math.max(50, CYCLES / 10));
			Resources before = settled(server);
			cycle(client, options, CYCLES);
			await().untilAsserted(() -> {
				Resources after = settled(server);
				expectFlat(before, after);
				System.out.printf("%d cycles of %s: %s -> %s%n", CYCLES, scheme, before, after);
			});
		}
	}

	private static void cycle(WsClient client, WsOptions options, int cycles) {
		for (int i = 0; i < cycles; i++) {
			WsConnection connection = client.connect(options, new WsListener() {
			});
			assertThat(connection.whenOpen()).succeedsWithin(Duration.ofSeconds(10));
			assertThat(connection.send("hello")).succeedsWithin(Duration.ofSeconds(10));
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(10));
		}
	}

	private static Resources settled(NettyServer server) {
		server.forgetSessions();
		return Resources.now();
	}

	private static void expectFlat(Resources before, Resources after) {
		// Other threads of this process, the server's and JUnit's, may take some
		assertThat(after.threads()).as("threads").isLessThanOrEqualTo(before.threads() + 4);
		assertThat(after.descriptors()).as("descriptors").isLessThanOrEqualTo(before.descriptors() + 4);
		assertThat(after.heap()).as("heap").isLessThan(before.heap() + 2 * MEBIBYTE);
		assertThat(after.direct()).as("direct memory").isLessThanOrEqualTo(before.direct() + 4 * MEBIBYTE);
	}

	@Test
	void createAndClose() throws IOException {
		try (NettyServer plain = new NettyServer();
				NettyServer tls = new NettyServer(serverContext());
				ScriptedServer silent = new ScriptedServer((connection) -> {
					connection.readRequest();
					connection.readRequest();
				});
				ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
				Socket first = new Socket(full.getInetAddress(), full.getLocalPort());
				Socket second = new Socket(full.getInetAddress(), full.getLocalPort())) {
			assertThat(first.isConnected() && second.isConnected()).isTrue();
			plain.start();
			tls.start();
			List<String> uris = List.of(plain.uri(), tls.uri().replace("ws:", "wss:"), silent.uri(),
					"ws://localhost:" + full.getLocalPort(), "ws://localhost:1/");
			clients(uris, 3);
			long before = Resources.openDescriptors();
			clients(uris, CLIENTS);
			System.out.printf("%d clients: %d -> %d%n", CLIENTS, before, Resources.openDescriptors());
			// The servers' ends may take a moment
			await().untilAsserted(() -> assertThat(Resources.openDescriptors()).isLessThanOrEqualTo(before + 2));
		}
	}

	private void clients(List<String> uris, int count) {
		for (int i = 0; i < count; i++) {
			WsClient client = WsClient.create(2);
			List<WsConnection> connections = new ArrayList<>();
			for (String uri : uris) {
				connections.add(client.connect(options(uri), new WsListener() {
				}));
			}
			// Every other client is closed while it connects, but not the last
			if (i % 2 == 0 || i == count - 1) {
				await().until(() -> connections.get(0).isOpen() && connections.get(1).isOpen());
			}
			client.close();
			assertThat(connections).allMatch((connection) -> connection.state() == WsState.CLOSED);
		}
	}

}
