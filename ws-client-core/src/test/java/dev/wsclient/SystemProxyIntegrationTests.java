package dev.wsclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.ServerSocket;
import java.net.SocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.HttpTunnel;
import dev.wsclient.testserver.NettyServer;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.SocksServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * The JDK's proxy selector is asked before each attempt, and obeyed.
 */
class SystemProxyIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(20);

	private static final Certificates CERTIFICATES = new Certificates();

	private static final WsClient CLIENT = WsClient.create();

	private final @Nullable ProxySelector original = ProxySelector.getDefault();

	private final RecordingListener listener = new RecordingListener();

	private final RecordingSelector selector = new RecordingSelector();

	private final List<AutoCloseable> resources = new ArrayList<>();

	@AfterAll
	static void closeClient() {
		CLIENT.close();
	}

	@AfterEach
	void close() throws Exception {
		ProxySelector.setDefault(this.original);
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	private <T extends AutoCloseable> T keep(T resource) {
		this.resources.add(resource);
		return resource;
	}

	private NettyServer server(boolean secure) {
		NettyServer server = keep(secure ? new NettyServer(CERTIFICATES.serverContext(CERTIFICATES.issue("localhost")))
				: new NettyServer());
		server.start();
		return server;
	}

	private WsConnection connect(String uri) {
		return connect(WsOptions.builder(uri).reconnect(Reconnect.never()));
	}

	private WsConnection connect(WsOptions.Builder options) {
		ProxySelector.setDefault(this.selector);
		WsConnection connection = CLIENT.connect(
				options.proxy(WsProxy.system()).tls(WsTls.defaults().withTrust(CERTIFICATES.trusted())).build(),
				this.listener);
		this.resources.add(0, connection::abort);
		return connection;
	}

	private WsException awaitError() {
		await().atMost(PATIENCE).until(() -> !this.listener.errors.isEmpty());
		return (WsException) this.listener.errors.get(0);
	}

	private static InetSocketAddress local(int port) {
		return InetSocketAddress.createUnresolved("127.0.0.1", port);
	}

	private static Proxy http(int port) {
		return new Proxy(Proxy.Type.HTTP, local(port));
	}

	private static int closedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void httpProxyIsTakenForTheUriThatASelectorKnows(boolean secure) {
		NettyServer server = server(secure);
		HttpTunnel proxy = keep(new HttpTunnel());
		this.selector.answer = () -> List.of(http(proxy.port()));
		String uri = server.uri().replace("ws://", secure ? "wss://" : "ws://");
		assertThat(connect(uri).whenOpen()).succeedsWithin(PATIENCE);
		int port = URI.create(uri).getPort();
		assertThat(this.selector.asked)
			.containsExactly(URI.create((secure ? "https" : "http") + "://localhost:" + port + "/"));
		assertThat(proxy.requests()).containsExactly("localhost:" + port);
		assertThat(this.selector.threads).noneMatch((name) -> name.startsWith("ws-client-loop"));
	}

	@Test
	void socksProxyIsTaken() {
		NettyServer server = server(false);
		SocksServer proxy = keep(new SocksServer(null, null));
		this.selector.answer = () -> List.of(new Proxy(Proxy.Type.SOCKS, local(proxy.port())));
		assertThat(connect(server.uri()).whenOpen()).succeedsWithin(PATIENCE);
		assertThat(proxy.requests()).hasSize(1);
	}

	static Stream<Supplier<@Nullable List<Proxy>>> direct() {
		return Stream.of(() -> List.of(Proxy.NO_PROXY), List::of, () -> null);
	}

	@ParameterizedTest
	@MethodSource("direct")
	void answerWithoutAProxyLeadsStraightToTheServer(Supplier<@Nullable List<Proxy>> answer) {
		this.selector.answer = answer;
		assertThat(connect(server(false).uri()).whenOpen()).succeedsWithin(PATIENCE);
		assertThat(this.selector.asked).hasSize(1);
	}

	@Test
	void noSelectorLeadsStraightToTheServer() {
		NettyServer server = server(false);
		WsOptions options = WsOptions.builder(server.uri()).proxy(WsProxy.system()).build();
		ProxySelector.setDefault(null);
		WsConnection connection = CLIENT.connect(options, this.listener);
		this.resources.add(0, connection::abort);
		assertThat(connection.whenOpen()).succeedsWithin(PATIENCE);
	}

	@Test
	void proxiesAreTriedInOrderAndTheSelectorIsToldOfThoseThatFail() throws IOException {
		NettyServer server = server(false);
		int closed = closedPort();
		ScriptedServer broken = keep(new ScriptedServer((connection) -> connection.readRequest()));
		HttpTunnel proxy = keep(new HttpTunnel());
		this.selector.answer = () -> List.of(http(closed), http(broken.port()), http(proxy.port()));
		assertThat(connect(server.uri()).whenOpen()).succeedsWithin(PATIENCE);
		assertThat(proxy.requests()).hasSize(1);
		await().untilAsserted(
				() -> assertThat(this.selector.failed).containsExactlyInAnyOrder(local(closed), local(broken.port())));
		assertThat(this.listener.errors).isEmpty();
	}

	@Test
	void directMayFollowAProxyThatFails() throws IOException {
		int closed = closedPort();
		this.selector.answer = () -> List.of(http(closed), Proxy.NO_PROXY);
		assertThat(connect(server(false).uri()).whenOpen()).succeedsWithin(PATIENCE);
	}

	@Test
	void attemptFailsIfAllProxiesDo() throws IOException {
		int first = closedPort();
		int second = closedPort();
		this.selector.answer = () -> List.of(http(first), http(second));
		connect(server(false).uri());
		assertThat(awaitError()).isInstanceOf(WsConnectException.class)
			.hasMessageContaining("port " + first)
			.hasMessageContaining("port " + second);
		await().untilAsserted(() -> assertThat(this.selector.failed).hasSize(2));
	}

	@Test
	void selectorThatThrowsFailsTheAttemptOnly() {
		this.selector.answer = () -> {
			if (this.selector.asked.size() == 1) {
				throw new IllegalStateException("no policy yet");
			}
			return List.of(Proxy.NO_PROXY);
		};
		this.selector.failing = true;
		WsConnection connection = connect(WsOptions.builder(server(false).uri())
			.reconnect(Reconnect.exponential(Duration.ofMillis(1), Duration.ofMillis(1))));
		assertThat(awaitError()).hasMessageContaining("ProxySelector failed").hasMessageContaining("no policy yet");
		assertThat(awaitError().phase()).isEqualTo(Phase.PROXY);
		assertThat(connection.whenOpen()).succeedsWithin(PATIENCE);
	}

	@Test
	void proxyWithoutPortFailsTheAttempt() {
		this.selector.answer = () -> List.of(http(0));
		connect(server(false).uri());
		assertThat(awaitError()).hasMessageContaining("ProxySelector failed")
			.hasMessageContaining("proxy port must be in 1 to 65535, was 0");
	}

	@Test
	void selectorThatHangsMissesTheDeadlineOnly() throws Exception {
		CountDownLatch release = new CountDownLatch(1);
		this.resources.add(release::countDown);
		this.selector.answer = () -> {
			try {
				release.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
			return List.of();
		};
		connect(WsOptions.builder(server(false).uri())
			.connectTimeout(Duration.ofMillis(300))
			.reconnect(Reconnect.never()));
		assertThat(awaitError()).isInstanceOf(WsTimeoutException.class);
	}

	@Test
	void hostsWithoutProxyAreNotAskedFor() {
		NettyServer server = server(false);
		ProxySelector.setDefault(this.selector);
		this.selector.answer = () -> {
			throw new IllegalStateException("asked");
		};
		WsConnection connection = CLIENT.connect(
				WsOptions.builder(server.uri()).proxy(WsProxy.system().withNonProxyHosts("localhost")).build(),
				this.listener);
		this.resources.add(0, connection::abort);
		assertThat(connection.whenOpen()).succeedsWithin(PATIENCE);
		assertThat(this.selector.asked).isEmpty();
	}

	/**
	 * Answers as the test says.
	 */
	private static final class RecordingSelector extends ProxySelector {

		private final List<URI> asked = new CopyOnWriteArrayList<>();

		private final List<String> threads = new CopyOnWriteArrayList<>();

		private final List<SocketAddress> failed = new CopyOnWriteArrayList<>();

		private volatile Supplier<@Nullable List<Proxy>> answer = List::of;

		private volatile boolean failing;

		@Override
		@SuppressWarnings("NullAway") // an application's selector may do so
		public List<Proxy> select(URI uri) {
			if (uri.getScheme().equals("socket")) {
				// The JDK's own sockets ask too, such as those of the test's servers
				return List.of(Proxy.NO_PROXY);
			}
			this.asked.add(uri);
			this.threads.add(Thread.currentThread().getName());
			return this.answer.get();
		}

		@Override
		public void connectFailed(URI uri, SocketAddress address, IOException cause) {
			this.failed.add(address);
			if (this.failing) {
				throw new IllegalStateException("broken");
			}
		}

	}

}
