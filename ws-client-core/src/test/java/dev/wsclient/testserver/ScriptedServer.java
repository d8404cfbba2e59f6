package dev.wsclient.testserver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A raw socket server that does what no real one would: each accepted connection runs a
 * script on a thread of its own. The first connection runs the first script, and so on;
 * all after the last one repeat it.
 */
public final class ScriptedServer implements AutoCloseable {

	private final List<Script> scripts;

	private final ServerSocket listener;

	private final List<ScriptedConnection> connections = new CopyOnWriteArrayList<>();

	private final List<Throwable> failures = new CopyOnWriteArrayList<>();

	private final List<Thread> threads = new ArrayList<>();

	private final CountDownLatch closed = new CountDownLatch(1);

	/**
	 * Starts a server on a free port.
	 * @param scripts what the connections do, at least one
	 */
	public ScriptedServer(Script... scripts) {
		this(0, scripts);
	}

	/**
	 * Starts a server.
	 * @param port the port, or 0 for a free one
	 * @param scripts what the connections do, at least one
	 */
	public ScriptedServer(int port, Script... scripts) {
		this.scripts = List.of(scripts);
		try {
			this.listener = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		start("scripted-server", this::accept);
	}

	private synchronized void start(String name, Runnable task) {
		Thread thread = new Thread(task, name);
		thread.setDaemon(true);
		this.threads.add(thread);
		thread.start();
	}

	private void accept() {
		while (!this.listener.isClosed()) {
			try {
				Socket socket = this.listener.accept();
				socket.setTcpNoDelay(true);
				ScriptedConnection connection = new ScriptedConnection(socket, this.closed);
				Script script = this.scripts.get(Math.min(this.connections.size(), this.scripts.size() - 1));
				this.connections.add(connection);
				start("scripted-connection", () -> run(script, connection));
			}
			catch (IOException ex) {
				// Closed
			}
		}
	}

	private void run(Script script, ScriptedConnection connection) {
		try (connection) {
			script.run(connection);
		}
		catch (IOException ex) {
			// The client went away; tests look at the client
		}
		catch (Exception | AssertionError ex) {
			this.failures.add(ex);
		}
	}

	public int port() {
		return this.listener.getLocalPort();
	}

	public String uri() {
		return "ws://localhost:" + port() + "/";
	}

	/**
	 * Returns the connections accepted so far.
	 * @return the connections in order
	 */
	public List<ScriptedConnection> connections() {
		return this.connections;
	}

	@Override
	public synchronized void close() {
		this.closed.countDown();
		try {
			this.listener.close();
			for (ScriptedConnection connection : this.connections) {
				connection.close();
			}
			for (Thread thread : this.threads) {
				thread.join(2_000);
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		if (!this.failures.isEmpty()) {
			throw new AssertionError("A script failed", this.failures.get(0));
		}
	}

	/**
	 * What happens on one connection. The connection is closed when it returns.
	 */
	@FunctionalInterface
	public interface Script {

		/**
		 * Runs the script.
		 * @param connection the connection
		 * @throws Exception if it fails; an {@link IOException} is ignored
		 */
		void run(ScriptedConnection connection) throws Exception;

	}

}
