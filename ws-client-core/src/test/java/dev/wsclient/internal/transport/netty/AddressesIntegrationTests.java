package dev.wsclient.internal.transport.netty;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Servers of several addresses. All of 127.0.0.0/8 is this machine on Linux, so that a
 * port may be dead at one address and alive at another.
 */
@EnabledOnOs(OS.LINUX)
class AddressesIntegrationTests {

	private final List<AutoCloseable> resources = new ArrayList<>();

	private final List<String> lookups = new CopyOnWriteArrayList<>();

	private volatile String[] addresses = {};

	private final NettyTransport transport = new NettyTransport(1, this::lookUp);

	private InetAddress[] lookUp(String host) throws UnknownHostException {
		this.lookups.add(host);
		List<InetAddress> found = new ArrayList<>();
		for (String address : this.addresses) {
			found.add(InetAddress.getByName(address));
		}
		return found.toArray(InetAddress[]::new);
	}

	@AfterEach
	void close() throws Exception {
		this.transport.shutdown(Duration.ofSeconds(5));
		for (AutoCloseable resource : this.resources) {
			resource.close();
		}
	}

	private ScriptedServer server() {
		ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			connection.readUntilEof();
		});
		this.resources.add(server);
		return server;
	}

	/**
	 * Listens where nobody accepts: Linux drops what would overflow the queue.
	 */
	private void blackHole(String address, int port) throws IOException {
		ServerSocket full = new ServerSocket(port, 1, InetAddress.getByName(address));
		this.resources.add(full);
		for (int i = 0; i < 2; i++) {
			Socket socket = new Socket();
			this.resources.add(socket);
			socket.connect(new InetSocketAddress(address, port), 1_000);
		}
	}

	private RecordingHandler open(int port, Duration connectTimeout) {
		RecordingHandler handler = new RecordingHandler();
		WsOptions options = WsOptions.builder("ws://feed.example:" + port).connectTimeout(connectTimeout).build();
		open(options, handler);
		return handler;
	}

	private void open(WsOptions options, RecordingHandler handler) {
		this.transport.open(this.transport.nextScheduler(),
				new WsHandshakeRequest(options.uri(), options.headers(), options.subprotocols()), options, handler);
	}

	@Test
	void deadFirstAddressCostsTheStaggerOnly() throws IOException {
		ScriptedServer server = server();
		blackHole("127.0.0.2", server.port());
		this.addresses = new String[] { "127.0.0.2", "127.0.0.1" };
		long start = Ticker.SYSTEM.nanos();
		RecordingHandler handler = open(server.port(), Duration.ofSeconds(10));
		await().until(() -> handler.response != null);
		assertThat(Duration.ofNanos(Ticker.SYSTEM.nanos() - start)).isBetween(Duration.ofMillis(240),
				Duration.ofSeconds(1));
		assertThat(this.lookups).containsExactly("feed.example");
		assertThat(server.connections()).hasSize(1);
	}

	@Test
	void refusingAddressesCostNothing() {
		ScriptedServer server = server();
		this.addresses = new String[] { "127.0.0.2", "::1", "127.0.0.3", "127.0.0.1" };
		long start = Ticker.SYSTEM.nanos();
		RecordingHandler handler = open(server.port(), Duration.ofSeconds(10));
		await().until(() -> handler.response != null);
		assertThat(Duration.ofNanos(Ticker.SYSTEM.nanos() - start)).isLessThan(Duration.ofMillis(900));
	}

	@Test
	void addressThatFailsBehindTcpIsTheLastOfTheNextAttempt() throws IOException {
		ScriptedServer server = server();
		ServerSocket broken = new ServerSocket(server.port(), 50, InetAddress.getByName("127.0.0.2"));
		this.resources.add(broken);
		Thread acceptor = new Thread(() -> {
			try {
				while (true) {
					broken.accept().close();
				}
			}
			catch (IOException ex) {
				// Closed
			}
		});
		acceptor.setDaemon(true);
		acceptor.start();
		this.addresses = new String[] { "127.0.0.2", "127.0.0.1" };
		RecordingHandler first = open(server.port(), Duration.ofSeconds(10));
		await().until(() -> first.end != null);
		assertThat(first.response).isNull();
		for (int i = 0; i < 2; i++) {
			RecordingHandler next = open(server.port(), Duration.ofSeconds(10));
			await().until(() -> next.response != null);
		}
	}

	@Test
	void onlyTheWinnerStaysConnected() throws IOException {
		ScriptedServer server = server();
		blackHole("127.0.0.2", server.port());
		this.addresses = new String[] { "127.0.0.2", "127.0.0.1", "127.0.0.1" };
		RecordingHandler handler = open(server.port(), Duration.ofSeconds(10));
		await().until(() -> handler.response != null);
		assertThat(server.connections()).hasSize(1);
	}

	@Test
	void everyAddressThatFailedIsNamed() {
		int port = server().port();
		this.resources.forEach((resource) -> ((ScriptedServer) resource).close());
		this.addresses = new String[] { "127.0.0.2", "127.0.0.3" };
		RecordingHandler handler = open(port, Duration.ofSeconds(10));
		await().until(() -> handler.end != null);
		assertThat(handler.failure()).isInstanceOfSatisfying(Failure.Network.class, (failure) -> {
			// The native transports add the system call
			assertThat(failure.description())
				.matches("no connection to 127.0.0.2 port %d: .*Connection refused; ".formatted(port)
						+ "127.0.0.3 port %d: .*Connection refused".formatted(port));
			assertThat(failure.cause()).isInstanceOf(IOException.class);
		});
	}

	@Test
	void localAddressPicksTheFamilyAndIsConnectedFrom() throws IOException {
		ScriptedServer server = server();
		this.addresses = new String[] { "::1", "127.0.0.1" };
		RecordingHandler handler = new RecordingHandler();
		WsOptions options = WsOptions.builder("ws://feed.example:" + server.port())
			.localAddress(new InetSocketAddress("127.0.0.9", 0))
			.build();
		open(options, handler);
		await().until(() -> handler.response != null);
		assertThat(server.connections().get(0).remoteAddress()).isEqualTo("127.0.0.9");
	}

	@Test
	void localAddressOfAnotherFamilyIsToldApart() {
		this.addresses = new String[] { "::1" };
		RecordingHandler handler = new RecordingHandler();
		WsOptions options = WsOptions.builder("ws://feed.example:1")
			.localAddress(new InetSocketAddress("127.0.0.9", 0))
			.build();
		open(options, handler);
		await().until(() -> handler.end != null);
		assertThat(handler.failure()).asString().contains("is of the family of the local address /127.0.0.9:0");
	}

}
