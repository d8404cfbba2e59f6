package dev.wsclient;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

import io.netty.handler.codec.http.HttpRequest;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.littleshoot.proxy.HttpFilters;
import org.littleshoot.proxy.HttpFiltersAdapter;
import org.littleshoot.proxy.HttpFiltersSourceAdapter;
import org.littleshoot.proxy.HttpProxyServer;
import org.littleshoot.proxy.HttpProxyServerBootstrap;
import org.littleshoot.proxy.ProxyAuthenticator;
import org.littleshoot.proxy.impl.DefaultHttpProxyServer;

import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.NettyServer;
import dev.wsclient.testserver.ScriptedServer;
import dev.wsclient.testserver.SocksServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Through proxies to a server whose name only the proxies know. The HTTP proxy is
 * LittleProxy, those for SOCKS are made of Netty's codecs.
 */
class ProxyIntegrationTests {

	private static final String HOST = "feed.example";

	private static final Certificates CERTIFICATES = new Certificates();

	private static final WsClient CLIENT = WsClient.create();

	private static final Reconnect SLOW = Reconnect.exponential(Duration.ofMinutes(1), Duration.ofMinutes(1))
		.withJitter(0);

	private final RecordingListener listener = new RecordingListener();

	private final List<AutoCloseable> resources = new ArrayList<>();

	private final List<HttpRequest> httpRequests = new CopyOnWriteArrayList<>();

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

	private NettyServer server(boolean secure) {
		NettyServer server = secure ? new NettyServer(CERTIFICATES.serverContext(CERTIFICATES.issue(HOST)))
				: new NettyServer();
		server.start();
		this.resources.add(server);
		return server;
	}

	private WsProxy httpProxy(@Nullable String credentials) {
		HttpProxyServerBootstrap bootstrap = DefaultHttpProxyServer.bootstrap()
			.withPort(0)
			.withServerResolver((host, port) -> new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
			.withFiltersSource(new HttpFiltersSourceAdapter() {

				@Override
				public HttpFilters filterRequest(HttpRequest request) {
					ProxyIntegrationTests.this.httpRequests.add(request);
					return new HttpFiltersAdapter(request);
				}

			});
		if (credentials != null) {
			bootstrap.withProxyAuthenticator(new ProxyAuthenticator() {

				@Override
				public boolean authenticate(String username, String password) {
					return credentials.equals(username + ":" + password);
				}

				@Override
				public String getRealm() {
					return "test";
				}

			});
		}
		HttpProxyServer proxy = bootstrap.start();
		this.resources.add(proxy::abort);
		return WsProxy.http("127.0.0.1", proxy.getListenAddress().getPort());
	}

	private SocksServer socksProxy(@Nullable String username, @Nullable String password) {
		SocksServer proxy = new SocksServer(username, password);
		this.resources.add(proxy);
		return proxy;
	}

	private WsProxy proxy(WsProxy.Type type) {
		return switch (type) {
			case HTTP -> httpProxy(null);
			case SOCKS5 -> WsProxy.socks5("127.0.0.1", socksProxy(null, null).port());
			case SOCKS4A -> WsProxy.socks4a("127.0.0.1", socksProxy(null, null).port());
			case SYSTEM -> WsProxy.system();
		};
	}

	private WsOptions.Builder options(NettyServer server, boolean secure, WsProxy proxy) {
		return WsOptions.builder(server.uri().replace("ws://localhost", (secure ? "wss://" : "ws://") + HOST))
			.tls(WsTls.defaults().withTrust(CERTIFICATES.trusted()))
			.proxy(proxy)
			.reconnect(SLOW);
	}

	private WsConnection connect(WsOptions.Builder options) {
		WsConnection connection = CLIENT.connect(options.build(), this.listener);
		this.resources.add(0, connection::abort);
		return connection;
	}

	private void expectEcho(WsOptions.Builder options) {
		WsConnection connection = connect(options);
		String large = "x".repeat(100_000);
		connection.send("hello");
		connection.send(large);
		await().untilAsserted(() -> assertThat(this.listener.texts()).containsExactly("hello", large));
		assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(5));
		assertThat(this.listener.errors).isEmpty();
		assertThat(this.listener.calls).containsExactly("connect", "open", "close");
	}

	private WsException expectRefusal(WsOptions.Builder options, WsState stateAfter) {
		WsConnection connection = connect(options);
		await().until(() -> connection.state() == stateAfter);
		await().until(() -> this.listener.errors.size() == 1);
		WsException error = (WsException) this.listener.errors.get(0);
		assertThat(error.phase()).isEqualTo(Phase.PROXY);
		assertThat(this.listener.calls).doesNotContain("connect", "open");
		return error;
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SYSTEM")
	void plainServerIsReached(WsProxy.Type type) {
		expectEcho(options(server(false), false, proxy(type)));
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SYSTEM")
	void secureServerIsReachedAndVerified(WsProxy.Type type) {
		NettyServer server = server(true);
		expectEcho(options(server, true, proxy(type)));
		assertThat(server.serverName()).isEqualTo(HOST);
	}

	@Test
	void httpProxyGetsTheNameAndAloneTheCredentials() {
		NettyServer server = server(false);
		expectEcho(options(server, false, httpProxy("user:pass w\u00f6rd").withCredentials("user", "pass w\u00f6rd")));
		HttpRequest request = this.httpRequests.get(0);
		assertThat(request.method().name()).isEqualTo("CONNECT");
		assertThat(request.uri()).startsWith(HOST + ":");
		assertThat(server.session(1).headers("Proxy-Authorization")).isEmpty();
	}

	@Test
	void socks5ProxyGetsTheNameAndTheCredentials() {
		NettyServer server = server(false);
		SocksServer proxy = socksProxy("user", "password");
		expectEcho(
				options(server, false, WsProxy.socks5("localhost", proxy.port()).withCredentials("user", "password")));
		assertThat(proxy.requests()).singleElement().asString().startsWith("5 DOMAIN(3) " + HOST + ":");
	}

	@Test
	void socks4aProxyGetsTheNameAndTheUser() {
		NettyServer server = server(false);
		SocksServer proxy = socksProxy("user", null);
		expectEcho(options(server, false, WsProxy.socks4a("localhost", proxy.port()).withCredentials("user", null)));
		assertThat(proxy.requests()).singleElement().asString().startsWith("4 " + HOST + ":");
	}

	@Test
	void addressesAreSentAsSuch() {
		NettyServer server = server(false);
		SocksServer proxy = socksProxy(null, null);
		expectEcho(WsOptions.builder(server.uri().replace("localhost", "127.0.0.1"))
			.proxy(WsProxy.socks5("127.0.0.1", proxy.port())));
		assertThat(proxy.requests()).singleElement().asString().startsWith("5 IPv4(1) 127.0.0.1:");
	}

	@Test
	void nonProxyHostsAreReachedWithout() {
		NettyServer server = server(false);
		WsProxy dead = WsProxy.http("nowhere.invalid", 1).withNonProxyHosts("*.example", "local*");
		expectEcho(WsOptions.builder(server.uri()).proxy(dead));
	}

	@Test
	void missingCredentialsAreFinal() {
		WsException error = expectRefusal(options(server(false), false, httpProxy("user:password")), WsState.BACKOFF);
		assertThat(error).isInstanceOfSatisfying(WsHandshakeException.class, (refusal) -> {
			assertThat(refusal.statusCode()).isEqualTo(407);
			assertThat(refusal.headers().firstValue("proxy-authenticate")).isPresent();
		}).hasMessageContaining("refused with status 407; it wants credentials: set them in WsProxy");
	}

	@Test
	void wrongCredentialsAreFinalAndNotRepeated() {
		WsException error = expectRefusal(
				options(server(false), false, httpProxy("user:password").withCredentials("user", "s3cr3t")),
				WsState.BACKOFF);
		assertThat(error).hasMessageContaining("407; it doesn't accept the credentials of WsProxy")
			.hasMessageNotContaining("s3cr3t");
	}

	@Test
	void addressesOfIpVersion6AreSentAsSuch() {
		NettyServer server = server(false);
		SocksServer proxy = socksProxy(null, null);
		expectEcho(WsOptions.builder(server.uri().replace("localhost", "[::1]"))
			.proxy(WsProxy.socks5("127.0.0.1", proxy.port())));
		assertThat(proxy.requests()).singleElement().asString().startsWith("5 IPv6(4) ::1:");
	}

	@Test
	void socks4aGetsAnAddressOfIpVersion6AsAName() {
		NettyServer server = server(false);
		SocksServer proxy = socksProxy(null, null);
		expectEcho(WsOptions.builder(server.uri().replace("localhost", "[::1]"))
			.proxy(WsProxy.socks4a("127.0.0.1", proxy.port())));
		assertThat(proxy.requests()).singleElement().asString().startsWith("4 0:0:0:0:0:0:0:1:");
	}

	@Test
	void serverThatASocksProxyDoesntReachIsTold() throws IOException {
		WsProxy proxy = WsProxy.socks5("127.0.0.1", socksProxy(null, null).port());
		WsOptions.Builder options = WsOptions.builder("ws://" + HOST + ":" + closedPort()).proxy(proxy).reconnect(SLOW);
		assertThat(expectRefusal(options, WsState.BACKOFF)).isInstanceOf(WsConnectException.class)
			.hasMessageContaining("CONNECTION_REFUSED");
	}

	@ParameterizedTest
	@EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "SYSTEM")
	void proxyThatTalksGarbageIsTold(WsProxy.Type type) {
		ScriptedServer garbage = new ScriptedServer((connection) -> {
			connection.write("\u0001\u0002 any old garbage\r\n\r\n".repeat(10));
			connection.stall();
		});
		this.resources.add(garbage);
		int port = garbage.port();
		WsProxy proxy = switch (type) {
			case HTTP -> WsProxy.http("127.0.0.1", port);
			case SOCKS5 -> WsProxy.socks5("127.0.0.1", port);
			case SOCKS4A -> WsProxy.socks4a("127.0.0.1", port);
			case SYSTEM -> WsProxy.system();
		};
		WsException error = expectRefusal(options(server(false), true, proxy), WsState.BACKOFF);
		assertThat(error).isInstanceOf(WsConnectException.class)
			.hasMessageContaining("the proxy " + type.name().toLowerCase(Locale.ROOT) + "://127.0.0.1:" + port
					+ " did not open the way to the server: ");
	}

	@Test
	void refusalOfSocksIsTold() {
		WsProxy proxy = WsProxy.socks5("127.0.0.1", socksProxy("user", "password").port())
			.withCredentials("user", "s3cr3t");
		WsException error = expectRefusal(options(server(false), false, proxy), WsState.BACKOFF);
		assertThat(error).isInstanceOf(WsConnectException.class)
			.hasMessageContaining("the proxy socks5://127.0.0.1:" + proxy.port()
					+ " did not open the way to the server: authStatus: FAILURE")
			.hasMessageNotContaining("s3cr3t");
	}

	@Test
	void deadServerBehindAProxyIsTold() throws IOException {
		WsOptions.Builder options = WsOptions.builder("ws://" + HOST + ":" + closedPort())
			.proxy(httpProxy(null))
			.reconnect(SLOW);
		assertThat(expectRefusal(options, WsState.BACKOFF)).isInstanceOfSatisfying(WsHandshakeException.class,
				(refusal) -> assertThat(refusal.statusCode()).isEqualTo(502));
	}

	private static int closedPort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	@Test
	void refusalWithoutEndIsToldAtOnce() {
		ScriptedServer proxy = new ScriptedServer((connection) -> {
			connection.readRequest();
			connection.write("HTTP/1.1 403 No\r\nContent-Length: 100\r\n\r\nstart");
			connection.stall();
		});
		this.resources.add(proxy);
		WsException error = expectRefusal(options(server(false), false, WsProxy.http("127.0.0.1", proxy.port())),
				WsState.BACKOFF);
		assertThat(error).hasMessageContaining("refused with status 403");
	}

	@Test
	void proxyThatHangsUpIsTold() {
		ScriptedServer proxy = new ScriptedServer((connection) -> connection.readRequest());
		this.resources.add(proxy);
		WsException error = expectRefusal(options(server(false), false, WsProxy.http("127.0.0.1", proxy.port())),
				WsState.BACKOFF);
		assertThat(error).isInstanceOf(WsConnectException.class).hasMessageContaining("did not open the way");
	}

	@Test
	void unknownProxyIsTold() {
		WsConnection connection = connect(options(server(false), false, WsProxy.http("nowhere.invalid", 1)));
		await().until(() -> connection.state() == WsState.BACKOFF);
		await().untilAsserted(() -> assertThat(this.listener.errors.get(0))
			.hasMessageContaining("the name of the proxy 'nowhere.invalid' can't be resolved"));
	}

	@Test
	void refusingProxyIsTold() throws IOException {
		int port = closedPort();
		WsConnection connection = connect(
				WsOptions.builder("ws://" + HOST).proxy(WsProxy.http("127.0.0.1", port)).reconnect(SLOW));
		await().until(() -> connection.state() == WsState.BACKOFF);
		await().untilAsserted(() -> assertThat(this.listener.errors.get(0))
			.hasMessageContaining("no connection to the proxy 127.0.0.1 port " + port + ": ")
			.hasMessageContaining("Connection refused"));
	}

}
