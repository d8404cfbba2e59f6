package dev.wsclient.internal.transport.netty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import java.util.stream.Stream;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

import dev.wsclient.WsClient;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsListener;
import dev.wsclient.WsState;
import dev.wsclient.internal.lifecycle.DefaultWsConnection;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Attempts that the user gives up in each of their phases, while the other side says
 * nothing: the end comes at once, and nothing of the attempt is left.
 */
class AbandonedAttemptIntegrationTests {

	private final List<AutoCloseable> resources = new ArrayList<>();

	private final CountDownLatch lookups = new CountDownLatch(1);

	private final CountDownLatch answer = new CountDownLatch(1);

	private final NettyTransport transport = new NettyTransport(1, this::lookUp);

	private final CompletableFuture<WsHandshakeRequest> supplied = new CompletableFuture<>();

	private InetAddress[] lookUp(String host) throws UnknownHostException {
		if (host.equals("slow.example")) {
			this.lookups.countDown();
			try {
				this.answer.await();
			}
			catch (InterruptedException ex) {
				throw new UnknownHostException(host);
			}
		}
		return InetAddress.getAllByName("127.0.0.1");
	}

	@AfterEach
	void release() throws Exception {
		this.answer.countDown();
		this.transport.shutdown(Duration.ofSeconds(5));
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	/**
	 * A server that says nothing, or not enough.
	 * @param says what it says when asked
	 * @return its port
	 */
	private int silent(String says) {
		ScriptedServer server = new ScriptedServer((connection) -> {
			if (!says.isEmpty()) {
				connection.readRequest();
				connection.write(says);
			}
			connection.stall();
		});
		this.resources.add(server);
		return server.port();
	}

	/**
	 * Listens where nobody accepts: Linux drops what would overflow the queue.
	 */
	private int blackHole() {
		try {
			ServerSocket full = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
			this.resources.add(full);
			for (int i = 0; i < 2; i++) {
				Socket socket = new Socket();
				this.resources.add(socket);
				socket.connect(full.getLocalSocketAddress(), 1_000);
			}
			return full.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	static Stream<Arguments> phases() {
		return Stream.of(
				phase("supplier",
						(test) -> WsOptions.builder("ws://127.0.0.1:1/")
							.handshakeSupplier((request, attempt) -> test.supplied)),
				phase("name", (test) -> WsOptions.builder("ws://slow.example:1/")),
				phase("TCP", (test) -> WsOptions.builder("ws://127.0.0.1:" + test.blackHole())),
				phase("HTTP proxy",
						(test) -> WsOptions.builder("ws://127.0.0.1:1/")
							.proxy(WsProxy.http("127.0.0.1", test.silent("")))),
				phase("SOCKS proxy",
						(test) -> WsOptions.builder("ws://127.0.0.1:1/")
							.proxy(WsProxy.socks5("127.0.0.1", test.silent("")))),
				phase("TLS", (test) -> WsOptions.builder("wss://127.0.0.1:" + test.silent(""))),
				phase("TLS behind a proxy",
						(test) -> WsOptions.builder("wss://feed.example/")
							.proxy(WsProxy.http("127.0.0.1", test.silent("HTTP/1.1 200 Go\r\n\r\n")))),
				phase("handshake", (test) -> WsOptions.builder("ws://127.0.0.1:" + test.silent(""))),
				phase("half an answer",
						(test) -> WsOptions.builder("ws://127.0.0.1:" + test.silent("HTTP/1.1 101 Sw"))),
				phase("body of a refusal", (test) -> WsOptions
					.builder("ws://127.0.0.1:" + test.silent("HTTP/1.1 503 No\r\nContent-Length: 9\r\n\r\n"))));
	}

	private static Arguments phase(String name, Function<AbandonedAttemptIntegrationTests, WsOptions.Builder> options) {
		return Arguments.of(name, options);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("phases")
	void closeEndsIt(String name, Function<AbandonedAttemptIntegrationTests, WsOptions.Builder> options) {
		DefaultWsConnection connection = begin(options);
		CompletableFuture<WsConnection> open = connection.whenOpen().toCompletableFuture();
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(2));
		assertEnded(connection, open);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("phases")
	void abortEndsIt(String name, Function<AbandonedAttemptIntegrationTests, WsOptions.Builder> options) {
		DefaultWsConnection connection = begin(options);
		CompletableFuture<WsConnection> open = connection.whenOpen().toCompletableFuture();
		connection.abort();
		await().until(() -> connection.state() == WsState.CLOSED);
		assertEnded(connection, open);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("phases")
	void reconnectBeginsAnew(String name, Function<AbandonedAttemptIntegrationTests, WsOptions.Builder> options) {
		DefaultWsConnection connection = begin(options);
		connection.reconnect(Duration.ofDays(1));
		await().until(() -> connection.state() == WsState.BACKOFF);
		connection.connect();
		await().until(() -> connection.state() == WsState.CONNECTING);
		CompletableFuture<WsConnection> open = connection.whenOpen().toCompletableFuture();
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(2));
		assertEnded(connection, open);
	}

	@ParameterizedTest(name = "{0}")
	@MethodSource("phases")
	void closeOfTheClientEndsIt(String name, Function<AbandonedAttemptIntegrationTests, WsOptions.Builder> options) {
		WsOptions built = options.apply(this).build();
		WsClient client = WsClient.create(1);
		this.resources.add(client);
		WsConnection connection = client.connect(built, new Remembering());
		// This client has the JDK look names up, which may take its time too
		await().until(() -> built.uri().getHost().equals("slow.example") || isUnderWay(built.uri().getHost()));
		CompletableFuture<WsConnection> open = connection.whenOpen().toCompletableFuture();
		long start = Ticker.SYSTEM.nanos();
		client.close();
		assertThat(Duration.ofNanos(Ticker.SYSTEM.nanos() - start)).isLessThan(Duration.ofSeconds(5));
		assertThat(connection.state()).isEqualTo(WsState.CLOSED);
		assertThat(open).isCompletedExceptionally();
		assertThat(connection.attributes()).doesNotContainKeys("opened", "closed");
	}

	private void assertEnded(DefaultWsConnection connection, CompletableFuture<WsConnection> open) {
		assertThat(connection.state()).isEqualTo(WsState.CLOSED);
		assertThat(open).isCompletedExceptionally();
		// What comes late belongs to nobody
		this.answer.countDown();
		this.supplied.complete(new WsHandshakeRequest(URI.create("ws://127.0.0.1:1/"), Map.of(), List.of()));
		long start = Ticker.SYSTEM.nanos();
		assertThat(this.transport.shutdown(Duration.ofSeconds(20))).isTrue();
		assertThat(Duration.ofNanos(Ticker.SYSTEM.nanos() - start)).isLessThan(Duration.ofSeconds(10));
		assertThat(connection.state()).isEqualTo(WsState.CLOSED);
		assertThat(connection.attributes()).doesNotContainKeys("opened", "closed");
	}

	private DefaultWsConnection begin(Function<AbandonedAttemptIntegrationTests, WsOptions.Builder> options) {
		WsOptions built = options.apply(this).build();
		DefaultWsConnection connection = new DefaultWsConnection(built, new Remembering(), this.transport,
				Ticker.SYSTEM, new Random(1), new OpenRegistry());
		connection.connect();
		await().until(() -> connection.state() == WsState.CONNECTING);
		await().until(() -> isUnderWay(built.uri().getHost()));
		return connection;
	}

	private boolean isUnderWay(String host) {
		if (host.equals("slow.example")) {
			return this.lookups.getCount() == 0;
		}
		return this.resources.stream()
			.filter(ScriptedServer.class::isInstance)
			.allMatch((server) -> !((ScriptedServer) server).connections().isEmpty());
	}

	/**
	 * Notes what must not happen.
	 */
	private static final class Remembering implements WsListener {

		@Override
		public void onOpen(WsConnection connection, WsHandshakeResponse response) {
			connection.attributes().put("opened", true);
		}

		@Override
		public void onClose(WsConnection connection, WsCloseEvent event) {
			connection.attributes().put("closed", true);
		}

	}

	/**
	 * A client that is open.
	 */
	private static final class OpenRegistry implements DefaultWsConnection.Registry {

		@Override
		public boolean mayConnect() {
			return true;
		}

		@Override
		public void onActive(WsConnection connection) {
		}

		@Override
		public void onClosed(WsConnection connection) {
		}

	}

}
