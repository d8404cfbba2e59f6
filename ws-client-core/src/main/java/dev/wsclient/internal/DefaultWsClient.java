package dev.wsclient.internal;

import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsClient;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.internal.lifecycle.DefaultWsConnection;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.netty.NettyTransport;
import dev.wsclient.options.WsOptions;

/**
 * Our only client.
 */
public final class DefaultWsClient implements WsClient {

	private static final Logger logger = LoggerFactory.getLogger(DefaultWsClient.class);

	/**
	 * How long tasks on the event loops may take to end.
	 */
	private static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(5);

	/**
	 * What is added to the longest close timeout: the connections keep it themselves.
	 */
	private static final Duration CLOSE_GRACE = Duration.ofSeconds(1);

	private final NettyTransport transport;

	private final Random random = new Random();

	private final Map<WsConnection, Duration> active = new ConcurrentHashMap<>();

	private final AtomicBoolean closed = new AtomicBoolean();

	private volatile boolean suspended;

	private final CountDownLatch ended = new CountDownLatch(1);

	/**
	 * Creates a client.
	 * @param eventLoops how many event loops its connections share
	 */
	public DefaultWsClient(int eventLoops) {
		if (eventLoops < 1) {
			throw new IllegalArgumentException("eventLoops must be at least 1, was " + eventLoops);
		}
		this.transport = new NettyTransport(eventLoops);
	}

	@Override
	public WsConnection connection(WsOptions options, WsListener listener) {
		checkOpen();
		Registry registry = new Registry(options.closeTimeout());
		WsConnection connection = new DefaultWsConnection(options, listener, this.transport, Ticker.SYSTEM, this.random,
				registry);
		// Also before it connects: it may accept messages, whose senders are to hear of
		// the client's end
		registry.onActive(connection);
		if (this.closed.get()) {
			// Closed meanwhile, perhaps without this connection
			registry.onClosed(connection);
			checkOpen();
		}
		return connection;
	}

	private void checkOpen() {
		if (this.closed.get()) {
			throw new IllegalStateException("The WsClient is closed; create another");
		}
	}

	@Override
	public void suspend() {
		this.suspended = true;
	}

	@Override
	public void resume() {
		this.suspended = false;
	}

	@Override
	public void close() {
		if (this.transport.inEventLoop()) {
			throw new IllegalStateException("WsClient.close() waits for the event loops and so can't run on one");
		}
		if (this.closed.compareAndSet(false, true)) {
			closeConnections(Map.copyOf(this.active));
			if (!this.transport.shutdown(SHUTDOWN_TIMEOUT)) {
				logger.warn("Closing the client: an event loop still runs after {}, a listener seems to block it",
						SHUTDOWN_TIMEOUT);
			}
			this.ended.countDown();
		}
		else {
			awaitEnd();
		}
	}

	/**
	 * Another thread is closing the client.
	 */
	private void awaitEnd() {
		try {
			this.ended.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	private void closeConnections(Map<WsConnection, Duration> connections) {
		CompletableFuture<?>[] closes = connections.keySet()
			.stream()
			.map((connection) -> connection.close(CloseStatus.GOING_AWAY).toCompletableFuture())
			.toArray(CompletableFuture[]::new);
		Duration longest = connections.values().stream().max(Duration::compareTo).orElse(Duration.ZERO);
		try {
			CompletableFuture.allOf(closes).get(longest.plus(CLOSE_GRACE).toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException ex) {
			logger.warn("Closing the client: listeners of some connections still run after {}", longest);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
		catch (ExecutionException ex) {
			throw new IllegalStateException("A close never fails", ex);
		}
	}

	/**
	 * Keeps account of one connection.
	 */
	private final class Registry implements DefaultWsConnection.Registry {

		private final Duration closeTimeout;

		Registry(Duration closeTimeout) {
			this.closeTimeout = closeTimeout;
		}

		@Override
		public boolean mayConnect() {
			return !DefaultWsClient.this.closed.get() && !DefaultWsClient.this.suspended;
		}

		@Override
		public void onActive(WsConnection connection) {
			DefaultWsClient.this.active.put(connection, this.closeTimeout);
		}

		@Override
		public void onClosed(WsConnection connection) {
			DefaultWsClient.this.active.remove(connection);
		}

	}

}
