package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketClientHandshakerFactory;
import io.netty.handler.codec.http.websocketx.WebSocketClientProtocolHandler;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrameAggregator;
import io.netty.handler.codec.http.websocketx.WebSocketVersion;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketClientCompressionHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Netty's own handshaker, frame codec and aggregator, as in its examples.
 */
final class NettyAdapter implements BenchmarkClient {

	private static final int MAX_RESPONSE_SIZE = 8192;

	private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(NioIoHandler.newFactory());

	private final Settings settings;

	private final @Nullable SslContext sslContext;

	NettyAdapter(Settings settings) throws Exception {
		this.settings = settings;
		this.sslContext = (settings.certificate() != null)
				? SslContextBuilder.forClient().trustManager(settings.certificate().toFile()).build() : null;
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		CompletableFuture<Channel> opened = new CompletableFuture<>();
		WebSocketClientProtocolHandler protocol = new WebSocketClientProtocolHandler(
				WebSocketClientHandshakerFactory.newHandshaker(uri, WebSocketVersion.V13, null, this.settings.deflate(),
						new DefaultHttpHeaders(), MAX_MESSAGE_SIZE));
		new Bootstrap().group(this.group).channel(NioSocketChannel.class).handler(new ChannelInitializer<Channel>() {

			@Override
			protected void initChannel(Channel channel) {
				ChannelPipeline pipeline = channel.pipeline();
				SslContext sslContext = NettyAdapter.this.sslContext;
				if (sslContext != null) {
					pipeline.addLast(sslContext.newHandler(channel.alloc(), uri.getHost(), uri.getPort()));
				}
				pipeline.addLast(new HttpClientCodec(), new HttpObjectAggregator(MAX_RESPONSE_SIZE));
				if (NettyAdapter.this.settings.deflate()) {
					pipeline.addLast(new WebSocketClientCompressionHandler(MAX_MESSAGE_SIZE));
				}
				pipeline.addLast(protocol, new WebSocketFrameAggregator(MAX_MESSAGE_SIZE),
						new Handler(receiver, opened));
			}

		}).connect(uri.getHost(), uri.getPort()).sync();
		Channel channel = opened.get(10, TimeUnit.SECONDS);
		return new Connection() {

			@Override
			public void send(String text) {
				channel.writeAndFlush(new TextWebSocketFrame(text));
			}

			@Override
			public void close() {
				channel.writeAndFlush(new CloseWebSocketFrame());
			}

		};
	}

	@Override
	public void close() {
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	private static final class Handler extends SimpleChannelInboundHandler<WebSocketFrame> {

		private final Receiver receiver;

		private final CompletableFuture<Channel> opened;

		Handler(Receiver receiver, CompletableFuture<Channel> opened) {
			this.receiver = receiver;
			this.opened = opened;
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext context, Object event) {
			if (event == WebSocketClientProtocolHandler.ClientHandshakeStateEvent.HANDSHAKE_COMPLETE) {
				this.opened.complete(context.channel());
			}
		}

		@Override
		protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
			if (frame instanceof TextWebSocketFrame text) {
				this.receiver.onText(text.text());
			}
			else if (frame instanceof BinaryWebSocketFrame) {
				this.receiver.onBinary(frame.content().readableBytes());
			}
		}

		@Override
		public void channelInactive(ChannelHandlerContext context) {
			this.receiver.onFailure(new IllegalStateException("closed"));
		}

		@Override
		public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
			this.opened.completeExceptionally(cause);
			this.receiver.onFailure(cause);
			context.close();
		}

	}

}
