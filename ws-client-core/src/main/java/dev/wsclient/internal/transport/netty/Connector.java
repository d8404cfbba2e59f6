package dev.wsclient.internal.transport.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

import javax.net.ssl.SSLPeerUnverifiedException;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import org.jspecify.annotations.Nullable;

import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.internal.time.Scheduler.Timer;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsProxy;
import dev.wsclient.options.WsTls;

/**
 * Makes one channel to a server, on which TLS is up if it has to be: resolves the name,
 * dials the addresses, goes through the proxy, shakes hands by TLS. Tells the result
 * once. Event loop only.
 */
final class Connector {

	/**
	 * As many bytes a read as lately came, at most twice what Netty would take: a busy
	 * feed costs half the system calls.
	 */
	private static final RecvByteBufAllocator READS = new AdaptiveRecvByteBufAllocator(64, 2048, 128 * 1024);

	private final NettyTransport transport;

	private final NettyScheduler scheduler;

	private final WsOptions options;

	private final Listener listener;

	private final String host;

	private final int port;

	private final boolean secure;

	/**
	 * The proxy, unless the server is reached without.
	 */
	private final @Nullable WsProxy proxy;

	/**
	 * The channels of this attempt that are not closed; just one when there is a winner.
	 */
	private final List<Channel> channels = new ArrayList<>();

	private final List<String> refusals = new ArrayList<>();

	private @Nullable AddressRace race;

	private @Nullable Tls tls;

	private @Nullable Timer deadline;

	private @Nullable Channel winner;

	/**
	 * Where the winner is connected to.
	 */
	private @Nullable SocketAddress peer;

	private @Nullable Throwable lastRefusal;

	/**
	 * Whether there is a way to the server, through the proxy if there is one.
	 */
	private boolean tunnelled;

	private boolean over;

	/**
	 * Creates a connector.
	 * @param transport what sessions share
	 * @param scheduler the event loop
	 * @param options how to connect
	 * @param request where to connect
	 * @param proxy the proxy on the way, or {@code null} for none
	 * @param listener hears the result
	 */
	Connector(NettyTransport transport, NettyScheduler scheduler, WsOptions options, WsHandshakeRequest request,
			@Nullable WsProxy proxy, Listener listener) {
		this.transport = transport;
		this.scheduler = scheduler;
		this.options = options;
		this.listener = listener;
		this.host = request.host();
		this.secure = request.uri().getScheme().equalsIgnoreCase("wss");
		this.port = request.port();
		this.proxy = proxy;
	}

	void start() {
		prepare().whenComplete(
				(prepared, error) -> this.scheduler.tryExecute(() -> guarded(() -> onPrepared(prepared, error))));
	}

	/**
	 * Runs a step of which no one is told if it throws: the attempt would wait for its
	 * deadline.
	 */
	private void guarded(Runnable step) {
		try {
			step.run();
		}
		catch (RuntimeException | Error ex) {
			fail("the attempt failed: " + ex, ex);
		}
	}

	/**
	 * Does what would block the event loop: resolves the name and loads TLS material.
	 */
	private CompletableFuture<Prepared> prepare() {
		CompletableFuture<List<InetAddress>> addresses = this.options.unixSocket().isPresent()
				? CompletableFuture.completedFuture(List.of())
				: this.transport.resolver().resolve((this.proxy != null) ? this.proxy.host() : this.host);
		return this.secure ? addresses.thenApplyAsync((found) -> new Prepared(found, prepareTls()),
				this.transport.blockingExecutor()) : addresses.thenApply((found) -> new Prepared(found, null));
	}

	private Tls prepareTls() {
		WsTls tls = this.options.tls();
		return new Tls(this.transport.tlsEngines().get(tls), tls, Tls.nameOf(tls, this.host), this.port,
				this.transport.blockingExecutor());
	}

	private void onPrepared(@Nullable Prepared prepared, @Nullable Throwable error) {
		if (this.over) {
			return;
		}
		if (prepared == null) {
			failPreparation(
					(error instanceof CompletionException && error.getCause() != null) ? error.getCause() : error);
			return;
		}
		this.tls = prepared.tls();
		Path path = this.options.unixSocket().orElse(null);
		if (path != null) {
			IoTransport io = this.transport.io();
			open(io.domainSockets().channelFactory(), io.domainSockets().addressFactory().apply(path), path.toString(),
					null);
		}
		else {
			dial(prepared.addresses());
		}
	}

	private void failPreparation(@Nullable Throwable error) {
		if (error instanceof UnknownHostException) {
			fail((this.proxy != null) ? "the name of the proxy '" + this.proxy.host() + "' can't be resolved"
					: "the name '" + this.host + "' can't be resolved", error);
		}
		else if (error instanceof RejectedExecutionException) {
			fail("the client is closed", error);
		}
		else {
			failTlsSetup(error);
		}
	}

	private void failTlsSetup(@Nullable Throwable error) {
		this.listener.onStep(Phase.TLS);
		fail("TLS can't be set up: " + ((error != null) ? error.getMessage() : ""), error);
	}

	// TCP

	private void dial(List<InetAddress> addresses) {
		InetAddress local = this.options.localAddress().map(InetSocketAddress::getAddress).orElse(null);
		List<InetAddress> dialable = addresses.stream()
			.filter((address) -> local == null || local.isAnyLocalAddress() || address.getClass() == local.getClass())
			.toList();
		int dialledPort = (this.proxy != null) ? this.proxy.port() : this.port;
		if (dialable.isEmpty()) {
			fail("none of the addresses " + addresses + " is of the family of the local address "
					+ this.options.localAddress().orElseThrow(), null);
			return;
		}
		this.race = new AddressRace(this.transport.failedAddresses().order(dialable, dialledPort), this.scheduler,
				new Dialler());
		this.race.start();
	}

	/**
	 * Opens a channel, connected at once or later.
	 * @param factory makes the channel
	 * @param remote where to, as the proxy is to hear of it if there is one
	 * @param name what to call the other end if it can't be reached
	 * @param tunnel the way through a proxy, or {@code null}
	 */
	private void open(Supplier<? extends Channel> factory, SocketAddress remote, String name, @Nullable Tunnel tunnel) {
		Bootstrap bootstrap = new Bootstrap().group(this.scheduler.eventLoop())
			.channelFactory(factory::get)
			.disableResolver()
			// The connect deadline is for all addresses
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
			.option(ChannelOption.RECVBUF_ALLOCATOR, READS)
			.handler(new Initializer(tunnel));
		ChannelFuture future = this.options.localAddress().isPresent()
				? bootstrap.connect(remote, this.options.localAddress().get()) : bootstrap.connect(remote);
		Channel channel = future.channel();
		if (future.isDone()) {
			// Also if there was no channel to be had, as with too many open files
			onDialled(channel, name, tunnel, future.cause());
			return;
		}
		this.channels.add(channel);
		future.addListener((result) -> guarded(() -> onDialled(channel, name, tunnel, result.cause())));
	}

	private void onDialled(Channel channel, String name, @Nullable Tunnel tunnel, @Nullable Throwable cause) {
		if (this.over || this.winner != null) {
			if (cause == null) {
				channel.close();
			}
		}
		else if (cause == null) {
			win(channel, tunnel);
		}
		else {
			this.channels.remove(channel);
			this.refusals.add(name + ": " + reason(cause));
			this.lastRefusal = cause;
			if (this.race != null) {
				this.race.onFailed();
			}
			else {
				failRefused();
			}
		}
	}

	/**
	 * Netty repeats the address in its messages; only the reason is wanted.
	 */
	private static String reason(Throwable cause) {
		String message = (cause.getMessage() != null) ? cause.getMessage() : cause.getClass().getSimpleName();
		int address = message.lastIndexOf(": ");
		return (address > 0 && message.indexOf('/', address) > 0) ? message.substring(0, address) : message;
	}

	private void failRefused() {
		fail("no connection to " + ((this.proxy != null) ? "the proxy " : "") + String.join("; ", this.refusals),
				this.lastRefusal);
	}

	private void win(Channel channel, @Nullable Tunnel tunnel) {
		this.winner = channel;
		this.peer = channel.remoteAddress();
		if (this.race != null) {
			this.race.stop();
		}
		this.channels.remove(channel);
		closeChannels();
		this.channels.add(channel);
		if (tunnel == null || this.proxy == null) {
			onTunnelled(channel);
			return;
		}
		this.listener.onStep(Phase.PROXY);
		arm(Deadline.PROXY, this.proxy.timeout());
		tunnel.whenOpen((cause) -> guarded(() -> onTunnel(channel, tunnel, cause)));
	}

	// The proxy

	private void onTunnel(Channel channel, Tunnel tunnel, @Nullable Throwable cause) {
		if (this.over) {
			return;
		}
		disarm();
		if (cause != null) {
			fail(tunnel.failureOf(cause));
		}
		else {
			tunnel.removeFrom(channel.pipeline());
			onTunnelled(channel);
		}
	}

	// TLS

	private void onTunnelled(Channel channel) {
		this.tunnelled = true;
		Tls tls = this.tls;
		if (tls == null) {
			succeed(channel);
			return;
		}
		SslHandler sslHandler;
		try {
			sslHandler = tls.newHandler(channel.alloc());
		}
		catch (RuntimeException ex) {
			failTlsSetup(ex);
			return;
		}
		this.listener.onStep(Phase.TLS);
		arm(Deadline.TLS, tls.options().handshakeTimeout());
		channel.pipeline().addFirst(sslHandler);
	}

	private void onTls(Channel channel, @Nullable Throwable cause) {
		if (cause instanceof ClosedChannelException) {
			fail("the server closed the TCP connection before TLS was up", cause);
		}
		else if (cause != null) {
			failTls(cause);
		}
		else {
			verify(channel);
		}
	}

	private void verify(Channel channel) {
		try {
			Objects.requireNonNull(this.tls).verify(channel.pipeline().get(SslHandler.class).engine().getSession());
			succeed(channel);
		}
		catch (SSLPeerUnverifiedException ex) {
			failTls(ex);
		}
	}

	private void failTls(Throwable cause) {
		fail(TlsFailure.describe(cause, Objects.requireNonNull(this.tls).name()), cause);
	}

	// The end

	private void succeed(Channel channel) {
		this.over = true;
		disarm();
		this.channels.clear();
		channel.pipeline().remove(Steps.class);
		this.listener.onConnected(channel);
	}

	private void fail(String description, @Nullable Throwable cause) {
		fail(new Failure.Network(description, cause));
	}

	private void fail(Failure failure) {
		if (!this.over) {
			cancel();
			this.listener.onFailed(failure, this.tunnelled);
		}
	}

	/**
	 * Ends the attempt without a result. Does nothing after the result.
	 */
	void cancel() {
		if (!this.over) {
			this.over = true;
			disarm();
			if (this.race != null) {
				this.race.stop();
			}
			closeChannels();
		}
	}

	/**
	 * Returns the address that took the TCP connection.
	 * @return the address, or {@code null} if none did
	 */
	@Nullable SocketAddress peer() {
		return this.peer;
	}

	private void closeChannels() {
		List<Channel> channels = List.copyOf(this.channels);
		this.channels.clear();
		channels.forEach(Channel::close);
	}

	private void arm(Deadline deadline, Duration timeout) {
		this.deadline = this.scheduler.schedule(() -> fail(new Failure.Timeout(deadline, timeout)), timeout);
	}

	private void disarm() {
		if (this.deadline != null) {
			this.deadline.cancel();
			this.deadline = null;
		}
	}

	/**
	 * Hears how connecting goes on. Called on the event loop.
	 */
	interface Listener {

		/**
		 * A step after TCP begins.
		 * @param step the proxy or TLS
		 */
		void onStep(Phase step);

		/**
		 * The channel is connected, and TLS is up if it has to be.
		 * @param channel the channel, with nothing else in its pipeline
		 */
		void onConnected(Channel channel);

		/**
		 * There is no channel.
		 * @param failure why
		 * @param reachedServer whether there was a way to the server, through the proxy
		 * if there is one
		 */
		void onFailed(Failure failure, boolean reachedServer);

	}

	/**
	 * What is known before the first address is dialled.
	 *
	 * @param addresses the addresses of the server or proxy
	 * @param tls TLS, or {@code null} for none
	 */
	private record Prepared(List<InetAddress> addresses, @Nullable Tls tls) {

	}

	/**
	 * Dials for the race.
	 */
	private final class Dialler implements AddressRace.Dialler {

		@Override
		public void dial(InetAddress address) {
			Connector connector = Connector.this;
			WsProxy proxy = connector.proxy;
			InetSocketAddress peer = new InetSocketAddress(address, (proxy != null) ? proxy.port() : connector.port);
			String name = address.getHostAddress() + " port " + peer.getPort();
			Supplier<? extends Channel> sockets = connector.transport.io().channelFactory();
			if (proxy != null) {
				open(sockets, Tunnel.destination(connector.host, connector.port), name, new Tunnel(proxy, peer));
			}
			else {
				open(sockets, peer, name, null);
			}
		}

		@Override
		public void onAllFailed() {
			failRefused();
		}

	}

	/**
	 * Fills the pipeline of a new channel.
	 */
	private final class Initializer extends ChannelInitializer<Channel> {

		private final @Nullable Tunnel tunnel;

		Initializer(@Nullable Tunnel tunnel) {
			this.tunnel = tunnel;
		}

		@Override
		protected void initChannel(Channel channel) {
			Connector.this.transport.watch(channel);
			Connector.this.transport.io().socketSettings().apply(channel, Connector.this.options);
			if (this.tunnel != null) {
				this.tunnel.addTo(channel.pipeline());
			}
			channel.pipeline().addLast(new Steps());
		}

	}

	/**
	 * Hears what happens to the channel meanwhile.
	 */
	private final class Steps extends ChannelInboundHandlerAdapter {

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof SslHandshakeCompletionEvent completion) {
				onTls(context.channel(), completion.cause());
			}
			else if (event instanceof SslCloseCompletionEvent end && end.isSuccess()) {
				fail("the server ended TLS (close_notify) before it was up", null);
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			if (context.channel().equals(Connector.this.winner)) {
				fail("the connection broke: " + cause.getMessage(), cause);
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			if (context.channel().equals(Connector.this.winner)) {
				fail("the connection was closed before it could be used", null);
			}
		}

	}

}
