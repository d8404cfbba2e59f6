package dev.wsclient.internal.transport.netty;

import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.handler.ssl.SslHandler;
import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.internal.protocol.extension.ExtensionOffer;
import dev.wsclient.internal.protocol.extension.PerMessageDeflateOffer;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.Outbound;
import dev.wsclient.internal.transport.Session;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.internal.transport.SessionHandler;
import dev.wsclient.options.Compression;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

/**
 * A session from its first step: resolves the name off the event loop, connects to one
 * address after the other, then leaves the channel to its {@link SessionChannelHandler}.
 */
final class NettySession implements Session {

	private final NettyTransport transport;

	private final NettyScheduler scheduler;

	private final WsHandshakeRequest request;

	private final WsOptions options;

	private final SessionHandler handler;

	private final List<String> refusals = new ArrayList<>();

	/**
	 * The channel being connected or in use.
	 */
	private @Nullable Channel channel;

	/**
	 * What the channel has at the end of its pipeline.
	 */
	private @Nullable SessionChannelHandler channelHandler;

	private boolean connected;

	private boolean ended;

	NettySession(NettyTransport transport, NettyScheduler scheduler, WsHandshakeRequest request, WsOptions options,
			SessionHandler handler) {
		this.transport = transport;
		this.scheduler = scheduler;
		this.request = request;
		this.options = options;
		this.handler = handler;
	}

	void start() {
		if (this.ended) {
			return;
		}
		Executor blocking = this.transport.blockingExecutor();
		try {
			blocking.execute(this::prepare);
		}
		catch (RejectedExecutionException ex) {
			fail("the client is closed", ex);
		}
	}

	/**
	 * Does what would block the event loop: resolves the name and loads TLS material.
	 * Runs on a thread for such work.
	 */
	private void prepare() {
		URI uri = this.request.uri();
		boolean secure = uri.getScheme().equalsIgnoreCase("wss");
		int port = (uri.getPort() != -1) ? uri.getPort() : (secure ? 443 : 80);
		String host = uri.getHost();
		try {
			InetAddress[] addresses = InetAddress.getAllByName(host);
			Tls tls = secure ? Tls.prepare(this.options, host, port, this.transport.blockingExecutor()) : null;
			this.scheduler.tryExecute(() -> connect(List.of(addresses), 0, port, tls));
		}
		catch (UnknownHostException ex) {
			this.scheduler.tryExecute(() -> fail("the name '" + host + "' can't be resolved", ex));
		}
		catch (RuntimeException ex) {
			this.scheduler.tryExecute(() -> fail("TLS can't be set up: " + ex.getMessage(), ex));
		}
	}

	private void connect(List<InetAddress> addresses, int next, int port, @Nullable Tls tls) {
		if (this.ended) {
			return;
		}
		InetSocketAddress address = new InetSocketAddress(addresses.get(next), port);
		boolean last = next + 1 == addresses.size();
		long total = this.options.connectTimeout().toMillis();
		// An address has its share of the time, so that a dead one leaves some for the
		// others; at the last one the connect deadline decides
		long timeout = last ? total * 2 : total / addresses.size();
		ChannelFuture future = new Bootstrap().group(this.scheduler.eventLoop())
			.channelFactory(() -> this.transport.io().channelFactory().get())
			.option(ChannelOption.TCP_NODELAY, true)
			.option(ChannelOption.SO_KEEPALIVE, true)
			.option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) Math.min(Math.max(timeout, 1), Integer.MAX_VALUE))
			.handler(new Initializer(tls))
			.connect(address);
		this.channel = future.channel();
		future.addListener((result) -> {
			if (result.isSuccess() || this.ended) {
				this.connected = result.isSuccess();
				return;
			}
			this.refusals.add(address.getAddress().getHostAddress() + " port " + port + ": " + reason(result.cause()));
			if (!last) {
				connect(addresses, next + 1, port, tls);
			}
			else {
				fail("no connection to " + String.join("; ", this.refusals), result.cause());
			}
		});
	}

	/**
	 * Netty repeats the address in its messages; only the reason is wanted.
	 */
	private static String reason(Throwable cause) {
		String message = (cause.getMessage() != null) ? cause.getMessage() : cause.getClass().getSimpleName();
		int address = message.indexOf(": ");
		return (address > 0 && cause instanceof ConnectException) ? message.substring(0, address) : message;
	}

	private void fail(String description, Throwable cause) {
		end(new SessionEnd(CloseStatus.ABNORMAL, Initiator.NETWORK, false, new Failure.Network(description, cause)));
	}

	private void end(SessionEnd end) {
		if (!this.ended) {
			this.ended = true;
			this.handler.onEnd(end);
		}
	}

	private SessionChannelHandler channelHandler() {
		if (this.channelHandler == null) {
			throw new IllegalStateException("there is no channel yet");
		}
		return this.channelHandler;
	}

	@Override
	public boolean isWritable() {
		return channelHandler().isWritable();
	}

	@Override
	public void write(Outbound message) {
		channelHandler().write(message);
	}

	@Override
	public void writePing(ByteBuffer payload) {
		channelHandler().writePing(payload);
	}

	@Override
	public void flush() {
		channelHandler().flush();
	}

	@Override
	public void setReading(boolean reading) {
		if (this.channel != null) {
			this.channel.config().setAutoRead(reading);
		}
	}

	@Override
	public void close(CloseStatus status) {
		channelHandler().close(status);
	}

	@Override
	public void abort(@Nullable Failure failure) {
		if (this.ended) {
			return;
		}
		if (this.connected) {
			channelHandler().abort(failure);
			return;
		}
		Channel channel = this.channel;
		end(new SessionEnd(CloseStatus.ABNORMAL, Initiator.CLIENT, false, failure));
		if (channel != null) {
			channel.close();
		}
	}

	/**
	 * Fills the pipeline of a new channel.
	 */
	private final class Initializer extends ChannelInitializer<Channel> {

		private final @Nullable Tls tls;

		Initializer(@Nullable Tls tls) {
			this.tls = tls;
		}

		@Override
		protected void initChannel(Channel channel) {
			if (this.tls != null) {
				SslHandler sslHandler = this.tls.newHandler();
				channel.pipeline().addLast(sslHandler);
			}
			NettySession session = NettySession.this;
			session.channelHandler = new SessionChannelHandler(session.scheduler, session.request, session.options,
					extensions(session.options.compression()), session.handler, session::end);
			channel.pipeline().addLast(session.channelHandler);
		}

		private static List<ExtensionOffer> extensions(Compression compression) {
			return compression.enabled() ? List.of(new PerMessageDeflateOffer(compression)) : List.of();
		}

	}

}
