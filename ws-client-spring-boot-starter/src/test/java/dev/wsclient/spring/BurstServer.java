package dev.wsclient.spring;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.function.IntFunction;

/**
 * A server that writes text messages as fast as the socket takes them, and answers the
 * client's Close frame. It speaks just enough of RFC 6455, so that a million messages
 * cost little.
 */
final class BurstServer implements AutoCloseable {

	private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());

	private final int count;

	private final IntFunction<String> messages;

	private final boolean answersClose;

	BurstServer(int count, IntFunction<String> messages) throws IOException {
		this(count, messages, true);
	}

	private BurstServer(int count, IntFunction<String> messages, boolean answersClose) throws IOException {
		this.count = count;
		this.messages = messages;
		this.answersClose = answersClose;
		Thread thread = new Thread(this::serve, "burst-server");
		thread.setDaemon(true);
		thread.start();
	}

	/**
	 * Starts a server that sends nothing and never answers a Close frame.
	 * @return the server
	 * @throws IOException if it can't listen
	 */
	static BurstServer mute() throws IOException {
		return new BurstServer(0, Integer::toString, false);
	}

	String url() {
		return "ws://localhost:" + this.socket.getLocalPort() + "/";
	}

	private void serve() {
		try (Socket client = this.socket.accept();
				OutputStream out = new BufferedOutputStream(client.getOutputStream(), 65536)) {
			handshake(client.getInputStream(), out);
			for (int i = 0; i < this.count; i++) {
				writeText(out, this.messages.apply(i));
			}
			out.flush();
			awaitClose(client.getInputStream());
			if (!this.answersClose) {
				client.getInputStream().transferTo(OutputStream.nullOutputStream());
				return;
			}
			// Close, 1001
			out.write(new byte[] { (byte) 0x88, 2, 3, (byte) 0xe9 });
		}
		catch (IOException ex) {
			if (!this.socket.isClosed()) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	private static void handshake(InputStream in, OutputStream out) throws IOException {
		BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.US_ASCII), 1);
		String key = "";
		String line = reader.readLine();
		while (!line.isEmpty()) {
			if (line.regionMatches(true, 0, "Sec-WebSocket-Key:", 0, 18)) {
				key = line.substring(18).strip();
			}
			line = reader.readLine();
		}
		out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
				+ "Sec-WebSocket-Accept: " + accept(key) + "\r\n\r\n")
			.getBytes(StandardCharsets.US_ASCII));
	}

	private static String accept(String key) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-1")
				.digest((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(StandardCharsets.US_ASCII));
			return Base64.getEncoder().encodeToString(digest);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private static void writeText(OutputStream out, String text) throws IOException {
		byte[] payload = text.getBytes(StandardCharsets.UTF_8);
		out.write(0x81);
		if (payload.length < 126) {
			out.write(payload.length);
		}
		else {
			out.write(126);
			out.write(payload.length >> 8);
			out.write(payload.length);
		}
		out.write(payload);
	}

	/**
	 * Skips what the client sends until its Close frame; its frames are short and masked.
	 */
	private static void awaitClose(InputStream in) throws IOException {
		int first = in.read();
		while (first != -1) {
			int length = in.read() & 0x7f;
			in.skipNBytes(4L + length);
			if ((first & 0xf) == 8) {
				return;
			}
			first = in.read();
		}
	}

	@Override
	public void close() throws IOException {
		this.socket.close();
	}

}
