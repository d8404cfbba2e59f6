package dev.wsclient;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import com.sun.management.ThreadMXBean;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;

import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;

/**
 * A client in a JVM of its own that measures what its sessions cost, one after the other.
 * Each one answers the first message, which tells the server to go on, and ends in an
 * error. The figures are printed as properties: of each session and of the process.
 */
public final class MeasuredClient {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final Properties figures = new Properties();

	private final WsClient client;

	private final WsOptions options;

	/**
	 * The most direct memory that was seen.
	 */
	private volatile long directPeak;

	private MeasuredClient(WsClient client, WsOptions options) {
		this.client = client;
		this.options = options;
	}

	/**
	 * Runs the client.
	 * @param args the server's URI, the largest message, how many sessions
	 * @throws Exception if a session does not end
	 */
	public static void main(String[] args) throws Exception {
		try (WsClient client = WsClient.create()) {
			WsOptions options = WsOptions.builder(args[0])
				.maxMessageSize(Integer.parseInt(args[1]))
				.reconnect(Reconnect.never())
				.build();
			MeasuredClient measured = new MeasuredClient(client, options);
			measured.run(Integer.parseInt(args[2]));
			measured.figures.store(System.out, null);
		}
	}

	private void run(int sessions) throws Exception {
		Thread watch = new Thread(this::watchDirectMemory);
		watch.setDaemon(true);
		watch.start();
		for (int i = 0; i < sessions; i++) {
			Session session = new Session();
			this.client.connect(this.options, session);
			if (!session.closed.await(20, TimeUnit.SECONDS)) {
				throw new IllegalStateException("Session " + i + " goes on");
			}
			put(i + ".error", session.error);
			put(i + ".messages", session.messages);
			put(i + ".allocated", session.allocated);
			put(i + ".direct", directMemory());
			put(i + ".resident", residentMemory());
		}
		put("direct.peak", this.directPeak);
	}

	private void put(String name, Object value) {
		this.figures.setProperty(name, String.valueOf(value));
	}

	private void watchDirectMemory() {
		while (true) {
			this.directPeak = Math.max(this.directPeak, directMemory());
			LockSupport.parkNanos(100_000);
		}
	}

	/**
	 * Returns how much direct memory Netty holds for buffers.
	 */
	static long directMemory() {
		return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
	}

	/**
	 * Returns how much of this process is in memory, or 0 if the system doesn't tell.
	 */
	static long residentMemory() throws IOException {
		Path status = Path.of("/proc/self/status");
		if (!Files.exists(status)) {
			return 0;
		}
		String line = Files.readAllLines(status)
			.stream()
			.filter((each) -> each.startsWith("VmRSS:"))
			.findFirst()
			.orElse("0");
		return Long.parseLong(line.replaceAll("\\D", "")) * 1024;
	}

	/**
	 * Counts from the first message on what the event loop allocates in the heap.
	 */
	private static final class Session implements WsListener {

		private final CountDownLatch closed = new CountDownLatch(1);

		private long allocatedBefore;

		private long allocated;

		private int messages;

		private String error = "";

		@Override
		public void onMessage(WsConnection connection, WsMessage message) {
			this.messages++;
			if (this.messages == 1) {
				connection.send("go on");
				this.allocatedBefore = allocatedBytes();
			}
		}

		@Override
		public void onError(WsConnection connection, Throwable error) {
			this.allocated = allocatedBytes() - this.allocatedBefore;
			this.error = error.toString();
		}

		@Override
		public void onClose(WsConnection connection, WsCloseEvent event) {
			this.closed.countDown();
		}

		private static long allocatedBytes() {
			return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
		}

	}

}
