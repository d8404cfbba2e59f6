package dev.wsclient.testserver;

import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

/**
 * What the bad network does to a plain echo server.
 */
class FaultProxyIntegrationTests {

	private final ServerSocket server = listen();

	private final FaultProxy proxy = new FaultProxy(this.server.getLocalPort());

	private static ServerSocket listen() {
		try {
			return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new IllegalStateException(ex);
		}
	}

	@BeforeEach
	void echo() {
		Thread acceptor = new Thread(() -> {
			while (!this.server.isClosed()) {
				try {
					Socket socket = this.server.accept();
					Thread echo = new Thread(() -> echo(socket), "echo");
					echo.setDaemon(true);
					echo.start();
				}
				catch (IOException ex) {
					// Closed
				}
			}
		}, "echo-acceptor");
		acceptor.setDaemon(true);
		acceptor.start();
	}

	private static void echo(Socket socket) {
		try (socket) {
			socket.getInputStream().transferTo(socket.getOutputStream());
		}
		catch (IOException ex) {
			// The client went away
		}
	}

	@AfterEach
	void close() throws IOException {
		this.proxy.close();
		this.server.close();
	}

	private Socket connect() throws IOException {
		Socket socket = new Socket(InetAddress.getLoopbackAddress(), this.proxy.port());
		socket.setSoTimeout(5_000);
		return socket;
	}

	private static String echoOf(Socket socket, String text) throws IOException {
		socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
		return new String(socket.getInputStream().readNBytes(text.length()), StandardCharsets.US_ASCII);
	}

	@Test
	void passesBytesAndTheEndOn() throws IOException {
		try (Socket socket = connect()) {
			assertThat(echoOf(socket, "hello")).isEqualTo("hello");
			assertThat(this.proxy.links()).isOne();
			socket.shutdownOutput();
			assertThat(socket.getInputStream().read()).isEqualTo(-1);
		}
		await().until(() -> this.proxy.links() == 0);
		assertThat(this.proxy.accepted()).isOne();
	}

	@Test
	void resets() throws IOException {
		try (Socket socket = connect()) {
			echoOf(socket, "hello");
			this.proxy.reset();
			assertThatExceptionOfType(SocketException.class).isThrownBy(() -> socket.getInputStream().read())
				.withMessageContaining("reset");
		}
	}

	@Test
	void cutsInOrder() throws IOException {
		try (Socket socket = connect()) {
			echoOf(socket, "hello");
			this.proxy.cut();
			assertThat(socket.getInputStream().read()).isEqualTo(-1);
		}
	}

	@Test
	void cutsAfterSoManyBytes() throws IOException {
		this.proxy.cutAfter(Long.MAX_VALUE, 3);
		try (Socket socket = connect()) {
			socket.getOutputStream().write("hello".getBytes(StandardCharsets.US_ASCII));
			InputStream in = socket.getInputStream();
			assertThat(new String(in.readNBytes(3), StandardCharsets.US_ASCII)).isEqualTo("hel");
			assertThatExceptionOfType(SocketException.class).isThrownBy(in::read);
		}
	}

	@Test
	void stallsAndGoesOnWithoutLoss() throws IOException {
		try (Socket socket = connect()) {
			echoOf(socket, "hello");
			this.proxy.stall();
			socket.getOutputStream().write("late".getBytes(StandardCharsets.US_ASCII));
			socket.setSoTimeout(100);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> socket.getInputStream().read());
			this.proxy.forward();
			socket.setSoTimeout(5_000);
			assertThat(new String(socket.getInputStream().readNBytes(4), StandardCharsets.US_ASCII)).isEqualTo("late");
		}
	}

	@Test
	void swallowsForGood() throws IOException {
		try (Socket socket = connect(); Socket other = connect()) {
			echoOf(socket, "hello");
			echoOf(other, "hello");
			this.proxy.swallow();
			socket.getOutputStream().write("gone".getBytes(StandardCharsets.US_ASCII));
			this.proxy.forward();
			socket.getOutputStream().write("gone".getBytes(StandardCharsets.US_ASCII));
			socket.setSoTimeout(100);
			assertThatExceptionOfType(SocketTimeoutException.class).isThrownBy(() -> socket.getInputStream().read());
			try (Socket fresh = connect()) {
				assertThat(echoOf(fresh, "hello")).isEqualTo("hello");
			}
		}
	}

	@Test
	void refusesAndAcceptsAgain() throws IOException {
		this.proxy.refuse();
		assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
		this.proxy.forward();
		try (Socket socket = connect()) {
			assertThat(echoOf(socket, "hello")).isEqualTo("hello");
		}
	}

	@Test
	void dripsAndDelays() throws IOException {
		try (Socket socket = connect()) {
			this.proxy.drip(Duration.ofMillis(1));
			assertThat(echoOf(socket, "hello")).isEqualTo("hello");
			this.proxy.delay(Duration.ofMillis(100));
			long start = System.nanoTime();
			assertThat(echoOf(socket, "hello")).isEqualTo("hello");
			assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(150));
		}
	}

}
