package dev.wsclient.internal.transport.netty;

import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.EventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.util.concurrent.DefaultThreadFactory;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.internal.transport.Session;
import dev.wsclient.internal.transport.SessionHandler;
import dev.wsclient.internal.transport.Transport;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

/**
 * Sessions on Netty's channels. Owns the event loops, and the few threads that do what
 * would block them.
 */
public final class NettyTransport implements Transport {

	/**
	 * What blocks here is work of the processors, such as the check of certificates.
	 */
	private static final int BLOCKING_THREADS = 8;

	private final IoTransport io;

	private final MultiThreadIoEventLoopGroup eventLoops;

	private final SecureRandom random = new SecureRandom();

	private final Map<EventLoop, NettyScheduler> schedulers = new ConcurrentHashMap<>();

	private final ThreadPoolExecutor blockingExecutor;

	private final NameResolver resolver;

	private final SystemProxies systemProxies = new SystemProxies();

	private final FailedAddresses failedAddresses = new FailedAddresses(Ticker.SYSTEM);

	private final TlsEngines.Cache tlsEngines = new TlsEngines.Cache();

	private final AtomicInteger channels = new AtomicInteger();

	/**
	 * One for all channels, so that an idle one takes no memory for it.
	 */
	private final ChannelFutureListener onChannelClosed = (future) -> countDown();

	private final CompletableFuture<Void> allClosed = new CompletableFuture<>();

	private volatile boolean ending;

	public NettyTransport(int eventLoops) {
		this(eventLoops, InetAddress::getAllByName);
	}

	NettyTransport(int eventLoops, NameResolver.Lookup lookup) {
		this(eventLoops, lookup, IoTransport.select());
	}

	NettyTransport(int eventLoops, NameResolver.Lookup lookup, IoTransport io) {
		this.io = io;
		this.resolver = new NameResolver(lookup);
		this.eventLoops = new MultiThreadIoEventLoopGroup(eventLoops, new DefaultThreadFactory("ws-client-loop"),
				this.io.handlerFactory());
		this.blockingExecutor = new ThreadPoolExecutor(BLOCKING_THREADS, BLOCKING_THREADS, 10, TimeUnit.SECONDS,
				new LinkedBlockingQueue<>(), new DefaultThreadFactory("ws-client-blocking", true));
		this.blockingExecutor.allowCoreThreadTimeOut(true);
	}

	@Override
	public Scheduler nextScheduler() {
		return this.schedulers.computeIfAbsent(this.eventLoops.next(),
				(eventLoop) -> new NettyScheduler(eventLoop, this.random));
	}

	@Override
	public Session open(Scheduler scheduler, WsHandshakeRequest request, WsOptions options, SessionHandler handler) {
		NettySession session = new NettySession(this, (NettyScheduler) scheduler, options, handler);
		scheduler.execute(() -> session.start(request));
		return session;
	}

	IoTransport io() {
		return this.io;
	}

	ExecutorService blockingExecutor() {
		return this.blockingExecutor;
	}

	NameResolver resolver() {
		return this.resolver;
	}

	SystemProxies systemProxies() {
		return this.systemProxies;
	}

	FailedAddresses failedAddresses() {
		return this.failedAddresses;
	}

	TlsEngines.Cache tlsEngines() {
		return this.tlsEngines;
	}

	/**
	 * Takes note of a channel until it is closed.
	 */
	void watch(Channel channel) {
		this.channels.incrementAndGet();
		channel.closeFuture().addListener(this.onChannelClosed);
	}

	private void countDown() {
		if (this.channels.decrementAndGet() == 0 && this.ending) {
			this.allClosed.complete(null);
		}
	}

	/**
	 * Whether the calling thread is one of the event loops.
	 * @return {@code true} on an event loop
	 */
	public boolean inEventLoop() {
		return this.schedulers.values().stream().anyMatch(Scheduler::inEventLoop);
	}

	/**
	 * Ends the event loops and waits for them. All sessions are over, but a channel on
	 * which TLS is up or coming up takes a moment to close, and an event loop that ends
	 * meanwhile would leave its buffers behind.
	 * @param timeout how long to wait for channels, and then for tasks that still run
	 * @return whether all ended; one that user code blocks can't
	 */
	public boolean shutdown(Duration timeout) {
		awaitChannels(timeout);
		this.resolver.shutdown();
		this.systemProxies.shutdown();
		this.blockingExecutor.shutdownNow();
		return this.eventLoops.shutdownGracefully(0, timeout.toMillis(), TimeUnit.MILLISECONDS)
			.awaitUninterruptibly(timeout.toMillis());
	}

	private void awaitChannels(Duration timeout) {
		this.ending = true;
		if (this.channels.get() == 0) {
			return;
		}
		try {
			this.allClosed.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
		}
		catch (TimeoutException | ExecutionException ex) {
			// The event loops close what is left
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

}
