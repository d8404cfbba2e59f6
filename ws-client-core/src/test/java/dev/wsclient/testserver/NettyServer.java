package dev.wsclient.testserver;

import java.net.InetSocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

import javax.net.ssl.ExtendedSSLSession;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.ChannelMatchers;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerDomainSocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.ContinuationWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PongWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler.HandshakeComplete;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import org.jspecify.annotations.Nullable;

/**
 * Netty's own WebSocket server, with TLS if it is given a context.
 */
public final class NettyServer extends TestServer {

	private final @Nullable SSLContext sslContext;

	private boolean needsClientCertificate;

	private boolean compresses;

	private @Nullable Path unixSocket;

	private @Nullable MultiThreadIoEventLoopGroup eventLoops;

	/**
	 * Closed before the event loop: one that ends at once may leave sockets open.
	 */
	private final ChannelGroup channels = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE);

	private final Queue<Long> acceptTimes = new ConcurrentLinkedQueue<>();

	private volatile @Nullable String serverName;

	/**
	 * Creates a server without TLS.
	 */
	public NettyServer() {
		this(null);
	}

	/**
	 * Creates a server.
	 * @param sslContext its TLS context, or {@code null} for none
	 */
	public NettyServer(@Nullable SSLContext sslContext) {
		this.sslContext = sslContext;
	}

	/**
	 * Lets in clients with a certificate only.
	 * @return this server
	 */
	public NettyServer needClientCertificate() {
		this.needsClientCertificate = true;
		return this;
	}

	/**
	 * Accepts the client's offer to compress.
	 * @return this server
	 */
	public NettyServer compress() {
		this.compresses = true;
		return this;
	}

	/**
	 * Listens on a unix domain socket and on no port.
	 * @param path the path of the socket
	 * @return this server
	 */
	public NettyServer listenOn(Path path) {
		this.unixSocket = path;
		return this;
	}

	/**
	 * Returns the name that the newest TLS client asked for.
	 * @return the SNI name, or {@code null}
	 */
	public @Nullable String serverName() {
		return this.serverName;
	}

	/**
	 * Returns when connections were accepted, as {@link System#nanoTime} tells.
	 * @return the times in order
	 */
	public List<Long> acceptTimes() {
		return List.copyOf(this.acceptTimes);
	}

	/**
	 * Ends all TCP connections there are, and goes on to listen.
	 */
	public void cut() {
		this.channels.close(ChannelMatchers.isNonServerChannel()).syncUninterruptibly();
	}

	@Override
	int listen(int port) throws InterruptedException {
		MultiThreadIoEventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1,
				new DefaultThreadFactory("test-server"), NioIoHandler.newFactory());
		this.eventLoops = eventLoops;
		ServerBootstrap bootstrap = new ServerBootstrap().group(eventLoops).childHandler(new Initializer());
		if (this.unixSocket != null) {
			ChannelFuture bound = bootstrap.channel(NioServerDomainSocketChannel.class)
				.bind(UnixDomainSocketAddress.of(this.unixSocket))
				.sync();
			this.channels.add(bound.channel());
			return 80;
		}
		ChannelFuture bound = bootstrap.channel(NioServerSocketChannel.class).bind("127.0.0.1", port).sync();
		this.channels.add(bound.channel());
		return ((InetSocketAddress) bound.channel().localAddress()).getPort();
	}

	@Override
	public void stop() {
		this.channels.close().syncUninterruptibly();
		if (this.eventLoops != null) {
			this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
			this.eventLoops = null;
		}
	}

	/**
	 * Fills the pipelines of accepted channels.
	 */
	private final class Initializer extends ChannelInitializer<Channel> {

		@Override
		protected void initChannel(Channel channel) {
			NettyServer.this.acceptTimes.add(System.nanoTime());
			NettyServer.this.channels.add(channel);
			if (NettyServer.this.sslContext != null) {
				SSLEngine engine = NettyServer.this.sslContext.createSSLEngine();
				engine.setUseClientMode(false);
				engine.setNeedClientAuth(NettyServer.this.needsClientCertificate);
				channel.pipeline().addLast(new SslHandler(engine));
			}
			channel.pipeline().addLast(new HttpServerCodec(), new HttpObjectAggregator(65_536));
			if (NettyServer.this.compresses) {
				channel.pipeline().addLast(new WebSocketServerCompressionHandler(MAX_MESSAGE_SIZE));
			}
			channel.pipeline()
				.addLast(new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
					.websocketPath("/ws")
					.subprotocols(SUBPROTOCOL)
					.maxFramePayloadLength(MAX_MESSAGE_SIZE)
					.handleCloseFrames(false)
					.dropPongFrames(false)
					.allowExtensions(NettyServer.this.compresses)
					.build()), new EchoHandler(NettyServer.this));
		}

	}

	/**
	 * The end of a pipeline.
	 */
	private static final class EchoHandler extends SimpleChannelInboundHandler<WebSocketFrame> {

		private final NettyServer server;

		private @Nullable NettySession session;

		EchoHandler(NettyServer server) {
			this.server = server;
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event instanceof HandshakeComplete handshake) {
				NettySession session = new NettySession(context.channel());
				handshake.requestHeaders()
					.names()
					.forEach((name) -> session.gotHeader(name, handshake.requestHeaders().getAll(name)));
				this.session = session;
				this.server.serverName = serverName(context);
				this.server.opened(session);
			}
		}

		private static @Nullable String serverName(ChannelHandlerContext context) {
			SslHandler tls = context.pipeline().get(SslHandler.class);
			if (tls == null) {
				return null;
			}
			return ((ExtendedSSLSession) tls.engine().getSession()).getRequestedServerNames()
				.stream()
				.map((name) -> new String(name.getEncoded(), StandardCharsets.US_ASCII))
				.findFirst()
				.orElse(null);
		}

		@Override
		protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
			NettySession session = this.session;
			if (session == null) {
				throw new IllegalStateException("not open");
			}
			if (frame instanceof TextWebSocketFrame text) {
				session.gotText(text.text());
			}
			else if (frame instanceof BinaryWebSocketFrame) {
				session.gotBinary(ByteBufUtil.getBytes(frame.content()));
			}
			else if (frame instanceof PongWebSocketFrame) {
				session.gotPong(ByteBufUtil.getBytes(frame.content()));
			}
			else if (frame instanceof CloseWebSocketFrame close) {
				session.gotClose(close.statusCode(), close.reasonText());
				context.writeAndFlush(new CloseWebSocketFrame(close.statusCode(), close.reasonText()))
					.addListener(ChannelFutureListener.CLOSE);
			}
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			context.close();
		}

	}

	/**
	 * One session.
	 */
	private static final class NettySession extends ServerSession {

		private final Channel channel;

		NettySession(Channel channel) {
			this.channel = channel;
		}

		@Override
		public void sendText(String text) {
			this.channel.writeAndFlush(new TextWebSocketFrame(text));
		}

		@Override
		public void sendBinary(byte[] payload) {
			this.channel.writeAndFlush(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(payload)));
		}

		@Override
		public void sendPing(String payload) {
			this.channel.writeAndFlush(
					new PingWebSocketFrame(Unpooled.wrappedBuffer(payload.getBytes(StandardCharsets.UTF_8))));
		}

		@Override
		public void sendFragment(String text, boolean first, boolean last) {
			this.channel.writeAndFlush(
					first ? new TextWebSocketFrame(last, 0, text) : new ContinuationWebSocketFrame(last, 0, text));
		}

		@Override
		public void close(int code, String reason) {
			this.channel.writeAndFlush(new CloseWebSocketFrame(code, reason));
		}

	}

}
