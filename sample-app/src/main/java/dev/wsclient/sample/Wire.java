package dev.wsclient.sample;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The network between a connection and the feed server: passes bytes on from a port of
 * its own, and can break in the ways that networks do. Safe for use by several threads.
 */
class Wire implements AutoCloseable {

	private static final Logger logger = LoggerFactory.getLogger(Wire.class);

	private static final int BUFFER_SIZE = 16 * 1024;

	/**
	 * How long a thread that takes connections may need to end.
	 */
	private static final int END_MILLIS = 5000;

	private final IntSupplier targetPort;

	private final int port;

	private final Set<Link> links = ConcurrentHashMap.newKeySet();

	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * Guarded by {@code lock}.
	 */
	private ServerSocket listening;

	/**
	 * Takes the connections; guarded by {@code lock}.
	 */
	private Thread accepting;

	/**
	 * The number of the newest refusal; guarded by {@code lock}.
	 */
	private int refusal;

	/**
	 * Creates a wire that takes connections on a free port.
	 * @param targetPort gives the port of the server once it is known
	 * @throws IOException if there is no free port
	 */
	Wire(IntSupplier targetPort) throws IOException {
		this.targetPort = targetPort;
		this.listening = listen(0);
		this.accepting = startAccepting(this.listening);
		this.port = this.listening.getLocalPort();
	}

	private static ServerSocket listen(int port) throws IOException {
		ServerSocket socket = new ServerSocket();
		socket.setReuseAddress(true);
		socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
		return socket;
	}

	private Thread startAccepting(ServerSocket socket) {
		return start("accept", () -> accept(socket));
	}

	int port() {
		return this.port;
	}

	/**
	 * Resets all sockets, without a closing handshake.
	 */
	void cut() {
		this.links.forEach(Link::reset);
	}

	/**
	 * Loses whatever is sent over the sockets there are, in both directions, and tells
	 * neither end.
	 */
	void goSilent() {
		this.links.forEach((link) -> link.silent = true);
	}

	/**
	 * Cuts, and takes no connection until {@link #accept(int)}.
	 * @return the number of this refusal
	 */
	int refuse() {
		int refusal = stopListening();
		cut();
		return refusal;
	}

	private int stopListening() {
		this.lock.lock();
		try {
			this.refusal++;
			this.listening.close();
			// The port is free only when no thread waits for a connection to it
			this.accepting.join(END_MILLIS);
			return this.refusal;
		}
		catch (IOException ex) {
			logger.warn("The port {} stays open", this.port, ex);
			return this.refusal;
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			return this.refusal;
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Takes connections again, unless a newer refusal holds.
	 * @param refusal the refusal to end
	 */
	void accept(int refusal) {
		this.lock.lock();
		try {
			if (refusal == this.refusal && this.listening.isClosed()) {
				this.listening = listen(this.port);
				this.accepting = startAccepting(this.listening);
			}
		}
		catch (IOException ex) {
			logger.warn("The port {} can't be opened again, so the feed stays away", this.port, ex);
		}
		finally {
			this.lock.unlock();
		}
	}

	@Override
	public void close() {
		refuse();
	}

	private void accept(ServerSocket socket) {
		while (!socket.isClosed()) {
			try {
				connect(socket.accept());
			}
			catch (IOException | IllegalStateException ex) {
				logger.debug("No connection, or none for now", ex);
			}
		}
	}

	private void connect(Socket client) throws IOException {
		try {
			Link link = new Link(client, new Socket(InetAddress.getLoopbackAddress(), this.targetPort.getAsInt()));
			this.links.add(link);
			start("out", () -> link.pump(link.client, link.server));
			start("in", () -> link.pump(link.server, link.client));
		}
		catch (IOException | IllegalStateException ex) {
			client.close();
			throw ex;
		}
	}

	private static Thread start(String name, Runnable task) {
		Thread thread = new Thread(task, "wire-" + name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	/**
	 * The two sockets of one connection.
	 */
	private class Link {

		private final Socket client;

		private final Socket server;

		private volatile boolean silent;

		Link(Socket client, Socket server) throws IOException {
			this.client = client;
			this.server = server;
			client.setTcpNoDelay(true);
			server.setTcpNoDelay(true);
		}

		void pump(Socket from, Socket to) {
			byte[] buffer = new byte[BUFFER_SIZE];
			try (from; to) {
				InputStream in = from.getInputStream();
				OutputStream out = to.getOutputStream();
				for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
					if (!this.silent) {
						out.write(buffer, 0, length);
					}
				}
			}
			catch (IOException ex) {
				logger.debug("A connection broke", ex);
			}
			Wire.this.links.remove(this);
		}

		void reset() {
			for (Socket socket : new Socket[] { this.client, this.server }) {
				try (socket) {
					// Closing then resets instead of saying good-bye
					socket.setSoLinger(true, 0);
				}
				catch (IOException ex) {
					logger.debug("A connection was gone already", ex);
				}
			}
		}

	}

}
