package dev.wsclient;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Every host that can be reached is a host of a URL.
 */
class HostsIntegrationTests {

	private final RecordingListener listener = new RecordingListener();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	@ParameterizedTest
	@CsvSource({ "ws://my_service/, my_service:80, my_service", "ws://my_service:81/x, my_service:81, my_service:81",
			"ws://b\u00fccher.example/, xn--bcher-kva.example:80, xn--bcher-kva.example",
			"ws://\u4f8b\u3048\u3002\u30c6\u30b9\u30c8:82/, xn--r8jz45g.xn--zckzah:82, xn--r8jz45g.xn--zckzah:82",
			"'ws://[fe80::1%25lo]:83/', '[fe80::1]:83', '[fe80::1]:83'" })
	void proxyAndServerAreToldTheHost(String url, String destination, String host) {
		try (ScriptedServer proxy = new ScriptedServer((connection) -> {
			this.requests.add(connection.readRequest());
			connection.write("HTTP/1.1 200 OK\r\n\r\n");
			this.requests.add(connection.readRequest());
			connection.write(Frames.join(connection.acceptance(), Frames.text("welcome")));
			connection.readUntilEof();
		}); WsClient client = WsClient.create()) {
			WsConnection connection = client
				.connect(WsOptions.builder(url).proxy(WsProxy.http("localhost", proxy.port())).build(), this.listener);
			await().until(() -> this.listener.texts().contains("welcome"));
			assertThat(this.requests.get(0).replace("0:0:0:0:0:0:1", ":1")).startsWith("CONNECT " + destination + " ");
			assertThat(this.requests.get(1)).contains("\r\nHost: " + host + "\r\n");
			connection.abort();
		}
	}

	@Test
	void zoneLeadsToTheInterfaceAndIsNotSent() throws Exception {
		Inet6Address address = scoped();
		Assumptions.assumeTrue(address != null, "no IPv6 address with a zone");
		Objects.requireNonNull(address);
		String zone = address.getScopedInterface().getName();
		Assumptions.assumeTrue(zone.matches("[A-Za-z0-9_.]+"));
		String bare = address.getHostAddress().replaceFirst("%.*", "");
		try (ServerSocket server = new ServerSocket(0, 1, address); WsClient client = WsClient.create()) {
			server.setSoTimeout(30_000);
			WsConnection connection = client.connect(
					WsOptions.builder("ws://[" + bare + "%25" + zone + "]:" + server.getLocalPort() + "/").build(),
					this.listener);
			try (Socket socket = server.accept()) {
				StringBuilder request = new StringBuilder();
				while (request.indexOf("\r\n\r\n") < 0) {
					request.append((char) socket.getInputStream().read());
				}
				assertThat(request.toString()).contains("\r\nHost: [" + bare + "]:" + server.getLocalPort() + "\r\n");
				socket.getOutputStream()
					.write("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n".getBytes(StandardCharsets.ISO_8859_1));
				await().until(() -> !this.listener.errors.isEmpty());
			}
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(30));
		}
	}

	private static @Nullable Inet6Address scoped() throws Exception {
		return NetworkInterface.networkInterfaces()
			.flatMap(NetworkInterface::inetAddresses)
			.filter((address) -> address instanceof Inet6Address && address.isLinkLocalAddress())
			.map(Inet6Address.class::cast)
			.filter((address) -> address.getScopedInterface() != null && canListen(address))
			.findFirst()
			.orElse(null);
	}

	private static boolean canListen(InetAddress address) {
		try (ServerSocket socket = new ServerSocket(0, 1, address)) {
			return socket.isBound();
		}
		catch (Exception ex) {
			return false;
		}
	}

}
