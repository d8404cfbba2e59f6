package dev.wsclient;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

import org.junit.jupiter.api.Test;

import dev.wsclient.exception.WsSendException;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedConnection;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.ScriptedServer.Script;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.awaitility.Awaitility.await;

/**
 * The end of a client, and that connections neither pile up threads nor disturb each
 * other.
 */
class ClientCloseIntegrationTests {

	private static final Script POLITE = (connection) -> {
		connection.accept();
		connection.write(Frames.close(connection.readUntilClose()));
	};

	private static long clientThreads() {
		return Thread.getAllStackTraces()
			.keySet()
			.stream()
			.filter((thread) -> thread.getName().startsWith("ws-client"))
			.count();
	}

	@Test
	void closeSaysGoingAwayToAllServersAndEndsTheThreads() {
		long threadsBefore = clientThreads();
		WsClient client = WsClient.create();
		try (ScriptedServer server = new ScriptedServer(POLITE)) {
			List<WsConnection> connections = new ArrayList<>();
			for (int i = 0; i < 5; i++) {
				connections.add(client.connect(WsOptions.builder(server.uri()).build(), new RecordingListener()));
			}
			await().until(() -> connections.stream().allMatch(WsConnection::isOpen));
			client.close();
			client.close();
			assertThat(connections).extracting(WsConnection::state).containsOnly(WsState.CLOSED);
			for (ScriptedConnection connection : server.connections()) {
				assertThat(connection.frames().get(0).closeCode()).isEqualTo(1001);
			}
			await().until(() -> clientThreads() <= threadsBefore);
			WsConnection closed = connections.get(0);
			closed.connect();
			closed.reconnect(Duration.ofMillis(1));
			assertThat(closed.whenOpen()).failsWithin(Duration.ZERO);
			assertThatIllegalStateException()
				.isThrownBy(() -> client.connect(WsOptions.builder(server.uri()).build(), new RecordingListener()));
			assertThat(closed.send("late")).failsWithin(Duration.ZERO)
				.withThrowableOfType(ExecutionException.class)
				.withCauseInstanceOf(WsSendException.class);
		}
	}

	@Test
	void onceAStopHasBegunAListenerMayReconnectWithoutEffectOrError() {
		try (ScriptedServer server = new ScriptedServer(POLITE)) {
			List<Throwable> thrown = new CopyOnWriteArrayList<>();
			RecordingListener listener = new RecordingListener() {

				@Override
				public void onClose(WsConnection connection, WsCloseEvent event) {
					super.onClose(connection, event);
					try {
						connection.reconnect(Duration.ofMillis(1));
						connection.connect();
						connection.schedule(connection::connect, Duration.ofMillis(1));
					}
					catch (RuntimeException ex) {
						thrown.add(ex);
					}
				}

			};
			WsClient client = WsClient.create();
			WsConnection connection = client.connect(WsOptions.builder(server.uri()).build(), listener);
			await().until(connection::isOpen);
			client.close();
			assertThat(connection.state()).isEqualTo(WsState.CLOSED);
			assertThat(listener.closes).hasSize(1);
			assertThat(listener.errors).isEmpty();
			assertThat(thrown).isEmpty();
			assertThat(server.connections()).hasSize(1);
		}
	}

	@Test
	void suspendedClientKeepsSessionsAndOpensNone() {
		try (WsClient client = WsClient.create(); ScriptedServer server = new ScriptedServer(POLITE)) {
			WsOptions options = WsOptions.builder(server.uri()).build();
			WsConnection open = client.connect(options, new RecordingListener());
			WsConnection idle = client.connection(options, new RecordingListener());
			await().until(open::isOpen);
			client.suspend();
			idle.connect();
			assertThat(open.send("still there")).succeedsWithin(Duration.ofSeconds(5));
			assertThat(idle.state()).isEqualTo(WsState.IDLE);
			open.reconnect(Duration.ZERO);
			open.abort();
			await().until(() -> open.state() == WsState.CLOSED);
			open.connect();
			assertThat(open.whenOpen()).as("it stays closed").failsWithin(Duration.ofSeconds(5));
			client.resume();
			idle.connect();
			await().until(idle::isOpen);
			assertThat(open.state()).isEqualTo(WsState.CLOSED);
			assertThat(server.connections()).hasSize(2);
		}
	}

	@Test
	void closeIsBoundedByTheCloseTimeout() {
		WsClient client = WsClient.create();
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			connection.stall();
		})) {
			WsConnection connection = client.connect(
					WsOptions.builder(server.uri()).closeTimeout(Duration.ofMillis(200)).build(),
					new RecordingListener());
			await().until(connection::isOpen);
			CompletableFuture<?> first = CompletableFuture.runAsync(client::close);
			CompletableFuture<?> closing = CompletableFuture.runAsync(client::close).runAfterBoth(first, () -> {
			});
			assertThat(closing).succeedsWithin(Duration.ofSeconds(5));
			assertThat(connection.state()).isEqualTo(WsState.CLOSED);
		}
	}

	@Test
	@SuppressWarnings("try") // calling close() inside the block is what is tested
	void closeOnAnEventLoopIsRefused() {
		try (WsClient client = WsClient.create(); ScriptedServer server = new ScriptedServer(POLITE)) {
			CompletableFuture<Throwable> thrown = new CompletableFuture<>();
			client.connect(WsOptions.builder(server.uri()).build(), new WsListener() {

				@Override
				public void onOpen(WsConnection connection, WsHandshakeResponse response) {
					try {
						client.close();
					}
					catch (IllegalStateException ex) {
						thrown.complete(ex);
					}
				}

			});
			assertThat(thrown).succeedsWithin(Duration.ofSeconds(5));
		}
	}

	@Test
	void listenerThatThrowsDisturbsNobody() {
		try (WsClient client = WsClient.create(); ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept(Frames.text("one"), Frames.text("two"));
			connection.readUntilEof();
		})) {
			RecordingListener throwing = new RecordingListener() {

				@Override
				public void onMessage(WsConnection connection, WsMessage message) {
					super.onMessage(connection, message);
					throw new IllegalStateException("from the listener");
				}

			};
			RecordingListener good = new RecordingListener();
			WsConnection first = client.connect(WsOptions.builder(server.uri()).build(), throwing);
			client.connect(WsOptions.builder(server.uri()).build(), good);
			await().until(() -> throwing.messages.size() == 2 && good.messages.size() == 2);
			assertThat(throwing.errors).hasSize(2).allMatch((error) -> "from the listener".equals(error.getMessage()));
			assertThat(first.isOpen()).isTrue();
			assertThat(good.errors).isEmpty();
			first.abort();
		}
	}

	@Test
	void manyConnectionsInARowLeaveNoThreads() {
		try (WsClient client = WsClient.create(); ScriptedServer server = new ScriptedServer(POLITE)) {
			for (int i = 0; i < 200; i++) {
				WsConnection connection = client.connect(WsOptions.builder(server.uri()).build(),
						new RecordingListener());
				assertThat(connection.whenOpen()).succeedsWithin(Duration.ofSeconds(5));
				assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
			}
			assertThat(server.connections()).hasSize(200);
			// The event loops, and threads for name resolution
			assertThat(clientThreads()).isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors() + 8L);
		}
	}

	@Test
	void manyReconnectsLeaveNoThreads() {
		try (WsClient client = WsClient.create(); ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept(Frames.text("hello"), new byte[] { 0x01, 0x05, 'c', 'u', 't' });
			connection.readFrame();
			connection.reset();
		})) {
			WsConnection connection = client.connect(WsOptions.builder(server.uri())
				.onOpenMessages("log in")
				.reconnect(Reconnect.exponential(Duration.ofMillis(1), Duration.ofMillis(2)))
				.build(), new RecordingListener());
			await().atMost(Duration.ofSeconds(20)).until(() -> connection.snapshot().sessions() >= 200);
			assertThat(clientThreads()).isLessThanOrEqualTo(Runtime.getRuntime().availableProcessors() + 8L);
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(6));
		}
	}

}
