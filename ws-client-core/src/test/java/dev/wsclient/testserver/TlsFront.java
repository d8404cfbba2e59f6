package dev.wsclient.testserver;

import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;

/**
 * TLS in front of a server without: when that one ends what it sends, the client gets a
 * {@code close_notify}, and never the end of TCP. So do servers that keep the other
 * direction open, and gateways that end TLS for others.
 */
public final class TlsFront implements AutoCloseable {

	private final SSLContext sslContext;

	private final String protocol;

	private final int target;

	private final boolean endsAtOnce;

	private final MultiThreadIoEventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("tls-front"), NioIoHandler.newFactory());

	private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	private final int port;

	/**
	 * Starts a front on a free port.
	 * @param sslContext its TLS context
	 * @param protocol the version of TLS it speaks
	 * @param target the port of the server behind it
	 */
	public TlsFront(SSLContext sslContext, String protocol, int target) {
		this(sslContext, protocol, target, false);
	}

	/**
	 * Starts a front that ends TLS as soon as it is up.
	 * @param sslContext its TLS context
	 * @param protocol the version of TLS it speaks
	 */
	public TlsFront(SSLContext sslContext, String protocol) {
		this(sslContext, protocol, 0, true);
	}

	private TlsFront(SSLContext sslContext, String protocol, int target, boolean endsAtOnce) {
		this.sslContext = sslContext;
		this.protocol = protocol;
		this.target = target;
		this.endsAtOnce = endsAtOnce;
		Channel listener = new ServerBootstrap().group(this.eventLoops)
			.channel(NioServerSocketChannel.class)
			.childHandler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					accept(channel);
				}

			})
			.bind("127.0.0.1", 0)
			.syncUninterruptibly()
			.channel();
		this.channels.add(listener);
		this.port = ((InetSocketAddress) listener.localAddress()).getPort();
	}

	private void accept(Channel client) {
		this.channels.add(client);
		SSLEngine engine = this.sslContext.createSSLEngine();
		engine.setUseClientMode(false);
		engine.setEnabledProtocols(new String[] { this.protocol });
		SslHandler tls = new SslHandler(engine);
		client.pipeline().addLast(tls);
		if (this.endsAtOnce) {
			client.pipeline().addLast(new EndsAtOnce(tls));
			return;
		}
		client.config().setAutoRead(false);
		ChannelFuture server = new Bootstrap().group(client.eventLoop())
			.channel(NioSocketChannel.class)
			.option(ChannelOption.ALLOW_HALF_CLOSURE, true)
			.handler(new ToClient(client, tls))
			.connect("127.0.0.1", this.target);
		client.pipeline().addLast(new ToServer(server.channel()));
		server.addListener((connected) -> client.config().setAutoRead(true));
	}

	public int port() {
		return this.port;
	}

	public String uri() {
		return "wss://localhost:" + this.port + "/";
	}

	@Override
	public void close() {
		this.channels.close().syncUninterruptibly();
		this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
	}

	/**
	 * Ends TLS when it is up.
	 */
	private static final class EndsAtOnce extends ChannelInboundHandlerAdapter {

		private final SslHandler tls;

		EndsAtOnce(SslHandler tls) {
			this.tls = tls;
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof SslHandshakeCompletionEvent) {
				this.tls.closeOutbound();
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			// The client writes to an end that is closed
		}

	}

	/**
	 * Passes on what the client sends.
	 */
	private static final class ToServer extends ChannelInboundHandlerAdapter {

		private final Channel server;

		ToServer(Channel server) {
			this.server = server;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			this.server.writeAndFlush(message);
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			this.server.close();
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			// As if the rest had been lost on the way
		}

	}

	/**
	 * Passes on what the server sends, and its end as an end of TLS.
	 */
	private static final class ToClient extends ChannelInboundHandlerAdapter {

		private final Channel client;

		private final SslHandler tls;

		ToClient(Channel client, SslHandler tls) {
			this.client = client;
			this.tls = tls;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			this.client.writeAndFlush(message);
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof ChannelInputShutdownEvent) {
				this.tls.closeOutbound();
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			if (this.client.isActive()) {
				this.tls.closeOutbound();
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

}
