package dev.wsclient.testserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * An HTTP proxy that opens each tunnel asked for ({@code CONNECT}), for which every name
 * is this machine.
 */
public final class HttpTunnel implements AutoCloseable {

	private final ServerSocket listener;

	private final List<Socket> sockets = new CopyOnWriteArrayList<>();

	private final List<String> requests = new CopyOnWriteArrayList<>();

	/**
	 * Starts a proxy on a free port.
	 */
	public HttpTunnel() {
		try {
			this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start(this::accept);
	}

	private static void start(Task task) {
		Thread thread = new Thread(() -> {
			try {
				task.run();
			}
			catch (IOException ex) {
				// Closed
			}
		}, "http-tunnel");
		thread.setDaemon(true);
		thread.start();
	}

	private void accept() throws IOException {
		while (!this.listener.isClosed()) {
			Socket client = this.listener.accept();
			this.sockets.add(client);
			start(() -> open(client));
		}
	}

	private void open(Socket client) throws IOException {
		StringBuilder head = new StringBuilder();
		while (!head.toString().endsWith("\r\n\r\n")) {
			head.append((char) client.getInputStream().read());
		}
		String target = head.substring("CONNECT ".length(), head.indexOf(" HTTP/"));
		this.requests.add(target);
		Socket server = new Socket(InetAddress.getLoopbackAddress(),
				Integer.parseInt(target.substring(target.lastIndexOf(':') + 1)));
		this.sockets.add(server);
		client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
		start(() -> pump(server, client));
		pump(client, server);
	}

	private static void pump(Socket from, Socket to) throws IOException {
		try (from; to) {
			InputStream in = from.getInputStream();
			OutputStream out = to.getOutputStream();
			in.transferTo(out);
		}
	}

	public int port() {
		return this.listener.getLocalPort();
	}

	/**
	 * Returns what was asked for so far, such as {@code feed.example:443}.
	 * @return the targets in order
	 */
	public List<String> requests() {
		return this.requests;
	}

	@Override
	public void close() throws IOException {
		this.listener.close();
		for (Socket socket : this.sockets) {
			socket.close();
		}
	}

	/**
	 * What a thread does.
	 */
	@FunctionalInterface
	private interface Task {

		void run() throws IOException;

	}

}
