package dev.wsclient;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.options.Compression;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.DeflatePeer;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.NettyServer;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * A pause takes effect at once, also on messages that came in the same read of the
 * socket.
 */
class PauseIntegrationTests {

	private static final int MESSAGES = 10_000;

	private static final int BACKLOG = 16;

	private static final Certificates CERTIFICATES = new Certificates();

	private static final WsClient CLIENT = WsClient.create();

	private final ExecutorService executor = Executors.newSingleThreadExecutor();

	private final List<String> received = new CopyOnWriteArrayList<>();

	@AfterAll
	static void closeClient() {
		CLIENT.close();
	}

	@AfterEach
	void shutDownExecutor() {
		this.executor.shutdownNow();
	}

	private static String[] texts() {
		return IntStream.range(0, MESSAGES).mapToObj(Integer::toString).toArray(String[]::new);
	}

	/**
	 * All messages in one write.
	 */
	private static ScriptedServer burst(boolean compressed) {
		DeflatePeer peer = new DeflatePeer(15, false, 15, false);
		byte[] burst = Frames.join(Stream.of(texts())
			.map((text) -> text.getBytes(StandardCharsets.UTF_8))
			.map((text) -> compressed ? Frames.frame(0xC1, peer.deflate(text)) : Frames.frame(0x81, text))
			.toArray(byte[][]::new));
		return new ScriptedServer((connection) -> {
			if (compressed) {
				connection.acceptCompressed(burst);
			}
			else {
				connection.accept(burst);
			}
			connection.write(Frames.close(connection.readUntilClose()));
		});
	}

	private static NettyServer netty(boolean tls, boolean compressed) {
		NettyServer server = tls ? new NettyServer(CERTIFICATES.serverContext(CERTIFICATES.issue("localhost")))
				: new NettyServer();
		if (compressed) {
			server.compress();
		}
		server.greetWith(texts());
		server.start();
		return server;
	}

	private static WsOptions.Builder options(String uri, boolean compressed) {
		return WsOptions.builder(uri)
			.reconnect(Reconnect.never())
			.compression(compressed ? Compression.defaults() : Compression.disabled());
	}

	private static WsOptions.Builder options(NettyServer server, boolean tls, boolean compressed) {
		return tls ? options(server.uri().replace("ws:", "wss:"), compressed)
			.tls(WsTls.defaults().withTrust(CERTIFICATES.trusted())) : options(server.uri(), compressed);
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void backlogOfABlockedListenerKeepsItsBound(boolean compressed) {
		try (ScriptedServer server = burst(compressed)) {
			expectBoundedBacklog(options(server.uri(), compressed));
		}
	}

	@ParameterizedTest
	@CsvSource({ "true, false", "true, true", "false, true" })
	void backlogKeepsItsBoundWithTlsAndCompression(boolean tls, boolean compressed) {
		try (NettyServer server = netty(tls, compressed)) {
			expectBoundedBacklog(options(server, tls, compressed));
		}
	}

	private void expectBoundedBacklog(WsOptions.Builder options) {
		CountDownLatch gate = new CountDownLatch(1);
		AtomicInteger most = new AtomicInteger();
		WsConnection connection = CLIENT.connect(options.executor(this.executor).executorBacklog(BACKLOG).build(),
				new WsListener() {

					@Override
					public void onText(WsConnection connection, String text) {
						try {
							gate.await();
						}
						catch (InterruptedException ex) {
							Thread.currentThread().interrupt();
						}
						most.accumulateAndGet(connection.snapshot().waitingCalls(), Math::max);
						PauseIntegrationTests.this.received.add(text);
					}

				});
		await().until(() -> connection.snapshot().paused());
		await().during(Duration.ofMillis(200))
			.atMost(Duration.ofSeconds(10))
			.until(() -> connection.snapshot().waitingCalls() <= BACKLOG + 1);
		assertThat(connection.snapshot().messagesReceived()).isBetween(1L, BACKLOG + 1L);
		gate.countDown();
		await().atMost(Duration.ofSeconds(60)).until(() -> this.received.size() == MESSAGES);
		assertThat(this.received).containsExactly(texts());
		assertThat(most.get()).isBetween(2, BACKLOG + 1);
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(10));
	}

	@ParameterizedTest
	@CsvSource({ "false, false", "true, false", "true, true", "false, true" })
	void pauseInTheFirstMessageIsTheLastUntilResume(boolean tls, boolean compressed) {
		try (NettyServer server = netty(tls, compressed)) {
			expectPause(options(server, tls, compressed));
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void pauseInTheFirstMessageOfOneWriteIsTheLastUntilResume(boolean compressed) {
		try (ScriptedServer server = burst(compressed)) {
			expectPause(options(server.uri(), compressed));
		}
	}

	private void expectPause(WsOptions.Builder options) {
		WsConnection connection = CLIENT.connect(options.build(), pausing(1000, null));
		for (int pauses = 1; pauses <= MESSAGES / 1000; pauses++) {
			int expected = (pauses - 1) * 1000 + 1;
			await().until(() -> this.received.size() == expected);
			await().during(Duration.ofMillis(50)).until(() -> connection.snapshot().paused());
			assertThat(this.received).hasSize(expected);
			assertThat(connection.snapshot().messagesReceived()).isEqualTo(expected);
			connection.resume();
		}
		await().until(() -> this.received.size() == MESSAGES);
		assertThat(this.received).containsExactly(texts());
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(10));
	}

	/**
	 * Pauses at the first of so many messages each.
	 */
	private WsListener pausing(int every, @Nullable CountDownLatch closed) {
		return new WsListener() {

			@Override
			public void onText(WsConnection connection, String text) {
				PauseIntegrationTests.this.received.add(text);
				if (Integer.parseInt(text) % every == 0) {
					connection.pause();
				}
			}

			@Override
			public void onClose(WsConnection connection, WsCloseEvent event) {
				PauseIntegrationTests.this.received.add("close " + event.status().code());
				if (closed != null) {
					closed.countDown();
				}
			}

		};
	}

	@Test
	void serverThatIsGoneDuringAPauseLosesNothingThatWasRead() throws InterruptedException {
		CountDownLatch closed = new CountDownLatch(1);
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept(Frames.join(
					IntStream.range(0, 100).mapToObj((i) -> Frames.text(Integer.toString(i))).toArray(byte[][]::new)));
			connection.readFrame();
			connection.reset();
		})) {
			WsConnection connection = CLIENT.connect(WsOptions.builder(server.uri())
				.pingInterval(Duration.ofMillis(50))
				.pingTimeout(Duration.ofMinutes(1))
				.reconnect(Reconnect.never())
				.build(), pausing(1000, closed));
			await().until(() -> connection.snapshot().paused());
			// The pause is never ended; pings find that the server is gone
			assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
			assertThat(this.received.get(0)).isEqualTo("0");
			assertThat(this.received.get(this.received.size() - 1)).isEqualTo("close 1006");
			assertThat(this.received).hasSize(101);
		}
	}

	@Test
	void serverThatClosedDuringAPauseIsHeardToTheEndOnResume() {
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept(Frames.join(Frames.text("0"), Frames.text("1"), Frames.text("2"), Frames.close(1001)));
			connection.readUntilClose();
		})) {
			WsConnection connection = CLIENT.connect(
					WsOptions.builder(server.uri()).pingInterval(Duration.ZERO).reconnect(Reconnect.never()).build(),
					pausing(1000, null));
			await().until(() -> connection.snapshot().paused());
			await().during(Duration.ofMillis(200)).until(() -> this.received.equals(List.of("0")));
			connection.resume();
			await().until(() -> connection.state() == WsState.CLOSED);
			assertThat(this.received).containsExactly("0", "1", "2", "close 1001");
		}
	}

}
