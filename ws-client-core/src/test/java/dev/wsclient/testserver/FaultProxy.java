package dev.wsclient.testserver;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/**
 * A bad network on a loopback port: passes bytes on to a server, and does to them what a
 * test asks for. A fault counts for the links there are and for new ones, until
 * {@link #forward()}.
 */
public final class FaultProxy implements AutoCloseable {

	private static final int CHUNK = 8 * 1024;

	private final InetSocketAddress target;

	private final int port;

	private final List<Link> links = new CopyOnWriteArrayList<>();

	private final List<Long> acceptTimes = new CopyOnWriteArrayList<>();

	private final ReentrantLock lock = new ReentrantLock();

	private final Condition changed = this.lock.newCondition();

	private Mode mode = Mode.FORWARD;

	private Duration pause = Duration.ZERO;

	private volatile long cutToServer = Long.MAX_VALUE;

	private volatile long cutToClient = Long.MAX_VALUE;

	private volatile @Nullable ServerSocket listener;

	private volatile @Nullable Thread acceptor;

	private volatile boolean closed;

	/**
	 * Starts a proxy in front of a server on this machine.
	 * @param targetPort the server's port
	 */
	public FaultProxy(int targetPort) {
		this.target = new InetSocketAddress(InetAddress.getLoopbackAddress(), targetPort);
		this.port = listen(0);
	}

	/**
	 * Starts a proxy in front of a server on this machine.
	 * @param uri the server's URI
	 */
	public FaultProxy(String uri) {
		this(URI.create(uri).getPort());
	}

	public int port() {
		return this.port;
	}

	/**
	 * Returns a server's URI with this proxy's port.
	 * @param uri the URI
	 * @return the URI through this proxy
	 */
	public String through(String uri) {
		return uri.replace(":" + URI.create(uri).getPort(), ":" + this.port);
	}

	/**
	 * Returns how many connections were accepted so far.
	 * @return the number
	 */
	public int accepted() {
		return this.acceptTimes.size();
	}

	/**
	 * Returns when connections were accepted, also those to a server that is down, as
	 * {@link System#nanoTime} tells.
	 * @return the times in order
	 */
	public List<Long> acceptTimes() {
		return List.copyOf(this.acceptTimes);
	}

	/**
	 * Returns how many connections there are.
	 * @return the number
	 */
	public int links() {
		return this.links.size();
	}

	// Faults

	/**
	 * Passes bytes on again, and accepts connections.
	 */
	public void forward() {
		this.cutToServer = Long.MAX_VALUE;
		this.cutToClient = Long.MAX_VALUE;
		set(Mode.FORWARD, Duration.ZERO);
		if (this.listener == null) {
			listen(this.port);
		}
	}

	/**
	 * Takes no more bytes from either side until {@link #forward()}; none is lost.
	 */
	public void stall() {
		set(Mode.STALL, Duration.ZERO);
	}

	/**
	 * Makes connections half-open: what either side says is swallowed, its end too. Such
	 * a link stays dead.
	 */
	public void swallow() {
		set(Mode.SWALLOW, Duration.ZERO);
		this.links.forEach(Link::swallow);
	}

	/**
	 * Passes each byte on by itself.
	 * @param pause how long to wait before each
	 */
	public void drip(Duration pause) {
		set(Mode.DRIP, pause);
	}

	/**
	 * Passes bytes on late.
	 * @param delay how long those read together wait
	 */
	public void delay(Duration delay) {
		set(Mode.FORWARD, delay);
	}

	/**
	 * Resets each link after so many bytes, counted from its beginning.
	 * @param toServer how many of the client's bytes reach the server
	 * @param toClient how many of the server's bytes reach the client
	 */
	public void cutAfter(long toServer, long toClient) {
		this.cutToServer = toServer;
		this.cutToClient = toClient;
	}

	/**
	 * Resets all links there are.
	 */
	public void reset() {
		this.links.forEach((link) -> link.end(true));
	}

	/**
	 * Ends all links there are in order, as if both sides had closed.
	 */
	public void cut() {
		this.links.forEach((link) -> link.end(false));
	}

	/**
	 * Refuses connections until {@link #forward()}; the links there are stay.
	 */
	public void refuse() {
		ServerSocket listener = this.listener;
		Thread acceptor = this.acceptor;
		this.listener = null;
		closeQuietly(listener);
		try {
			// The port is free only when nobody waits at it any more
			if (acceptor != null) {
				acceptor.join();
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void set(Mode mode, Duration pause) {
		this.lock.lock();
		try {
			this.mode = mode;
			this.pause = pause;
			this.changed.signalAll();
		}
		finally {
			this.lock.unlock();
		}
	}

	private Duration pause() {
		this.lock.lock();
		try {
			return this.pause;
		}
		finally {
			this.lock.unlock();
		}
	}

	// Links

	private int listen(int port) {
		try {
			ServerSocket listener = new ServerSocket();
			listener.setReuseAddress(true);
			listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1024);
			this.listener = listener;
			this.acceptor = start("fault-proxy", () -> accept(listener));
			return listener.getLocalPort();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Thread start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		thread.start();
		return thread;
	}

	private void accept(ServerSocket listener) {
		while (!listener.isClosed()) {
			Socket client = null;
			try {
				client = listener.accept();
				this.acceptTimes.add(System.nanoTime());
				Socket server = new Socket(this.target.getAddress(), this.target.getPort());
				client.setTcpNoDelay(true);
				server.setTcpNoDelay(true);
				open(new Link(client, server));
			}
			catch (IOException ex) {
				// Closed, or the server is down
				closeQuietly(client);
			}
		}
	}

	private void open(Link link) {
		this.links.add(link);
		this.lock.lock();
		try {
			link.dead = this.mode == Mode.SWALLOW;
		}
		finally {
			this.lock.unlock();
		}
		start("fault-proxy-to-server", () -> link.pump(link.client, link.server, true));
		start("fault-proxy-to-client", () -> link.pump(link.server, link.client, false));
		if (this.closed) {
			link.end(true);
		}
	}

	private static void closeQuietly(@Nullable AutoCloseable resource) {
		try {
			if (resource != null) {
				resource.close();
			}
		}
		catch (Exception ex) {
			// It is gone
		}
	}

	@Override
	public void close() {
		this.closed = true;
		refuse();
		reset();
		set(Mode.FORWARD, Duration.ZERO);
	}

	/**
	 * What happens to bytes.
	 */
	private enum Mode {

		FORWARD, STALL, SWALLOW, DRIP

	}

	/**
	 * A client's connection and the one to the server.
	 */
	private final class Link {

		private final Socket client;

		private final Socket server;

		private volatile boolean dead;

		private volatile boolean ended;

		Link(Socket client, Socket server) {
			this.client = client;
			this.server = server;
		}

		void swallow() {
			this.dead = true;
		}

		void pump(Socket from, Socket to, boolean toServer) {
			byte[] chunk = new byte[CHUNK];
			long passed = 0;
			try {
				InputStream in = from.getInputStream();
				OutputStream out = to.getOutputStream();
				int read = in.read(chunk);
				while (read >= 0) {
					passed = pass(chunk, read, out, passed, toServer);
					read = in.read(chunk);
				}
				if (!this.dead) {
					awaitTurn(Duration.ZERO);
					to.shutdownOutput();
				}
				if (from.isOutputShutdown() && !this.dead) {
					end(false);
				}
			}
			catch (IOException ex) {
				if (!this.dead) {
					end(true);
				}
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		}

		private long pass(byte[] chunk, int length, OutputStream out, long before, boolean toServer)
				throws IOException, InterruptedException {
			long passed = before;
			int offset = 0;
			while (offset < length && !this.dead) {
				boolean drip = awaitTurn(FaultProxy.this.pause());
				long limit = toServer ? FaultProxy.this.cutToServer : FaultProxy.this.cutToClient;
				int size = (int) Math.min(drip ? 1 : length - offset, Math.max(0, limit - passed));
				if (!this.dead) {
					out.write(chunk, offset, size);
				}
				offset += size;
				passed += size;
				if (passed >= limit) {
					throw new IOException("cut");
				}
			}
			return passed;
		}

		/**
		 * Waits for the pause, and until bytes may pass.
		 * @return whether they pass one by one
		 */
		private boolean awaitTurn(Duration pause) throws InterruptedException {
			FaultProxy proxy = FaultProxy.this;
			proxy.lock.lock();
			try {
				long left = pause.toNanos();
				while (!this.ended && left > 0) {
					left = proxy.changed.awaitNanos(left);
				}
				while (!this.ended && proxy.mode == Mode.STALL) {
					proxy.changed.await(1, TimeUnit.SECONDS);
				}
				return proxy.mode == Mode.DRIP;
			}
			finally {
				proxy.lock.unlock();
			}
		}

		void end(boolean reset) {
			this.ended = true;
			FaultProxy.this.links.remove(this);
			for (Socket socket : List.of(this.client, this.server)) {
				try {
					if (reset) {
						socket.setSoLinger(true, 0);
					}
				}
				catch (IOException ex) {
					// Closed
				}
				closeQuietly(socket);
			}
		}

	}

}
