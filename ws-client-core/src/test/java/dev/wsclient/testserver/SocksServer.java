package dev.wsclient.testserver;

import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.socksx.SocksMessage;
import io.netty.handler.codec.socksx.SocksPortUnificationServerHandler;
import io.netty.handler.codec.socksx.v4.DefaultSocks4CommandResponse;
import io.netty.handler.codec.socksx.v4.Socks4CommandRequest;
import io.netty.handler.codec.socksx.v4.Socks4CommandStatus;
import io.netty.handler.codec.socksx.v5.DefaultSocks5CommandResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5InitialResponse;
import io.netty.handler.codec.socksx.v5.DefaultSocks5PasswordAuthResponse;
import io.netty.handler.codec.socksx.v5.Socks5AddressType;
import io.netty.handler.codec.socksx.v5.Socks5AuthMethod;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequest;
import io.netty.handler.codec.socksx.v5.Socks5CommandRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5CommandStatus;
import io.netty.handler.codec.socksx.v5.Socks5InitialRequest;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequest;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthRequestDecoder;
import io.netty.handler.codec.socksx.v5.Socks5PasswordAuthStatus;
import io.netty.util.concurrent.DefaultThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * A SOCKS proxy of both versions, made of Netty's codecs, for which every name is this
 * machine.
 */
public final class SocksServer implements AutoCloseable {

	private final @Nullable String username;

	private final @Nullable String password;

	private final List<String> requests = new CopyOnWriteArrayList<>();

	private final MultiThreadIoEventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1,
			new DefaultThreadFactory("socks-server"), NioIoHandler.newFactory());

	private final Channel listener;

	/**
	 * Starts a proxy on a free port.
	 * @param username who is let in, or {@code null} for all
	 * @param password the user's password in SOCKS 5
	 */
	public SocksServer(@Nullable String username, @Nullable String password) {
		this.username = username;
		this.password = password;
		this.listener = new ServerBootstrap().group(this.eventLoops)
			.channel(NioServerSocketChannel.class)
			.childHandler(new ChannelInitializer<>() {

				@Override
				protected void initChannel(Channel channel) {
					channel.pipeline().addLast(new SocksPortUnificationServerHandler(), new Negotiation());
				}

			})
			.bind("127.0.0.1", 0)
			.syncUninterruptibly()
			.channel();
	}

	public int port() {
		return ((InetSocketAddress) this.listener.localAddress()).getPort();
	}

	/**
	 * Returns what was asked for so far, such as {@code 5 DOMAIN feed.example:80}.
	 * @return the requests in order
	 */
	public List<String> requests() {
		return this.requests;
	}

	@Override
	public void close() {
		this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
	}

	/**
	 * Speaks SOCKS until the way is open.
	 */
	private final class Negotiation extends SimpleChannelInboundHandler<SocksMessage> {

		@Override
		protected void channelRead0(ChannelHandlerContext context, SocksMessage message) {
			SocksServer server = SocksServer.this;
			if (message instanceof Socks5InitialRequest) {
				boolean open = server.username == null;
				context.pipeline()
					.addFirst(open ? new Socks5CommandRequestDecoder() : new Socks5PasswordAuthRequestDecoder());
				context.writeAndFlush(
						new DefaultSocks5InitialResponse(open ? Socks5AuthMethod.NO_AUTH : Socks5AuthMethod.PASSWORD));
			}
			else if (message instanceof Socks5PasswordAuthRequest credentials) {
				boolean good = credentials.username().equals(server.username)
						&& credentials.password().equals(server.password);
				context.pipeline().addFirst(new Socks5CommandRequestDecoder());
				context.writeAndFlush(new DefaultSocks5PasswordAuthResponse(
						good ? Socks5PasswordAuthStatus.SUCCESS : Socks5PasswordAuthStatus.FAILURE));
			}
			else if (message instanceof Socks5CommandRequest request) {
				server.requests.add("5 " + request.dstAddrType() + " " + request.dstAddr() + ":" + request.dstPort());
				connect(context, request.dstPort(),
						new DefaultSocks5CommandResponse(Socks5CommandStatus.SUCCESS, Socks5AddressType.IPv4,
								"127.0.0.1", 1),
						new DefaultSocks5CommandResponse(Socks5CommandStatus.CONNECTION_REFUSED,
								Socks5AddressType.IPv4));
			}
			else if (message instanceof Socks4CommandRequest request) {
				server.requests.add("4 " + request.dstAddr() + ":" + request.dstPort());
				if (server.username != null && !server.username.equals(request.userId())) {
					context.writeAndFlush(new DefaultSocks4CommandResponse(Socks4CommandStatus.IDENTD_AUTH_FAILURE));
					return;
				}
				connect(context, request.dstPort(), new DefaultSocks4CommandResponse(Socks4CommandStatus.SUCCESS),
						new DefaultSocks4CommandResponse(Socks4CommandStatus.REJECTED_OR_FAILED));
			}
		}

		private void connect(ChannelHandlerContext context, int port, SocksMessage success, SocksMessage failure) {
			Channel client = context.channel();
			ChannelFuture connected = new Bootstrap().group(client.eventLoop())
				.channel(NioSocketChannel.class)
				.handler(new Relay(client))
				.connect("127.0.0.1", port);
			connected.addListener((result) -> {
				if (!result.isSuccess()) {
					context.writeAndFlush(failure);
					return;
				}
				context.writeAndFlush(success).addListener((written) -> {
					for (ChannelHandler handler : List.copyOf(client.pipeline().toMap().values())) {
						client.pipeline().remove(handler);
					}
					client.pipeline().addLast(new Relay(connected.channel()));
				});
			});
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

	/**
	 * Passes bytes on to the other channel.
	 */
	private static final class Relay extends ChannelInboundHandlerAdapter {

		private final Channel other;

		Relay(Channel other) {
			this.other = other;
		}

		@Override
		public void channelRead(ChannelHandlerContext context, Object message) {
			this.other.writeAndFlush(message);
		}

		@Override
		public void channelWritabilityChanged(ChannelHandlerContext context) {
			this.other.config().setAutoRead(context.channel().isWritable());
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			this.other.close();
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

}
