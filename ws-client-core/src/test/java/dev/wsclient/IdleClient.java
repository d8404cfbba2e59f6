package dev.wsclient;

import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

import dev.wsclient.options.WsOptions;

/**
 * A client in a JVM of its own that opens many connections on two event loops, lets them
 * rest, and measures what they cost. Tells that they are open by {@code open}, and prints
 * the figures as properties when it read a line: each connection then sent a message and
 * got its echo.
 */
public final class IdleClient {

	/**
	 * How many connections are dialled at a time, less than a server's backlog.
	 */
	private static final int DIALLED = 100;

	private final Semaphore dialled = new Semaphore(DIALLED);

	private final Semaphore echoes = new Semaphore(0);

	private IdleClient() {
	}

	/**
	 * Runs the client.
	 * @param args the server's URI, how many connections
	 * @throws Exception if they don't open
	 */
	public static void main(String[] args) throws Exception {
		new IdleClient().run(args[0], Integer.parseInt(args[1]));
	}

	private void run(String uri, int count) throws Exception {
		try (WsClient client = WsClient.create(2)) {
			WsOptions options = WsOptions.builder(uri).build();
			List<WsConnection> connections = new ArrayList<>(count);
			// Loads classes, and takes what is there once
			open(client, options, DIALLED, connections);
			Resources before = Resources.now();
			long residentBefore = MeasuredClient.residentMemory();
			open(client, options, count - DIALLED, connections);
			Resources after = Resources.now();
			long residentAfter = MeasuredClient.residentMemory();
			System.out.println("open");
			if (System.in.read() < 0) {
				throw new IllegalStateException("the test is gone");
			}
			Properties figures = new Properties();
			int measured = count - DIALLED;
			put(figures, "heap", (after.heap() - before.heap()) / measured);
			put(figures, "resident", (residentAfter - residentBefore) / measured);
			put(figures, "direct", (after.direct() - before.direct()) / measured);
			put(figures, "buffers", jdkBuffers());
			put(figures, "threads", after.threads() - before.threads());
			connections.forEach((connection) -> connection.send("still there"));
			if (!this.echoes.tryAcquire(count, 60, TimeUnit.SECONDS)) {
				throw new IllegalStateException("only " + this.echoes.availablePermits() + " echoes");
			}
			put(figures, "echoes", count);
			connections.forEach(WsConnection::abort);
			figures.store(System.out, null);
		}
	}

	private static void put(Properties figures, String name, long value) {
		figures.setProperty(name, String.valueOf(value));
	}

	private static long jdkBuffers() {
		return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)
			.stream()
			.mapToLong(BufferPoolMXBean::getMemoryUsed)
			.sum();
	}

	private void open(WsClient client, WsOptions options, int count, List<WsConnection> connections)
			throws InterruptedException {
		for (int i = 0; i < count; i++) {
			this.dialled.acquire();
			connections.add(client.connect(options, new WsListener() {

				@Override
				public void onOpen(WsConnection connection, WsHandshakeResponse response) {
					IdleClient.this.dialled.release();
				}

				@Override
				public void onText(WsConnection connection, String text) {
					IdleClient.this.echoes.release();
				}

			}));
		}
		this.dialled.acquire(DIALLED);
		this.dialled.release(DIALLED);
	}

}
