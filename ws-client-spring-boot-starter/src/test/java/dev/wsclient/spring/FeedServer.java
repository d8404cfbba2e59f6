package dev.wsclient.spring;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.BinaryWebSocketFrame;
import io.netty.handler.codec.http.websocketx.CloseWebSocketFrame;
import io.netty.handler.codec.http.websocketx.PingWebSocketFrame;
import io.netty.handler.codec.http.websocketx.TextWebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.WebSocketServerCompressionHandler;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;

/**
 * A feed on one of three real servers: greets each session with a trade, a plain text,
 * bytes and a ping, remembers what it receives, and ends a session that asks for it.
 */
abstract class FeedServer implements AutoCloseable {

	static final String TRADE = "{\"type\":\"trade\",\"symbol\":\"X\",\"price\":5}";

	static final String PLAIN = "plain";

	static final byte[] BYTES = "bytes".getBytes(StandardCharsets.UTF_8);

	static final byte[] PING = "are you there".getBytes(StandardCharsets.UTF_8);

	/** Ends the session with 1001. */
	static final String CUT = "cut";

	/** Begins a text whose rest is to be sent back. */
	static final String ECHO = "echo ";

	/** Asks for {@value #BURST_COUNT} messages of {@value #BURST_KEYS} keys. */
	static final String BURST = "burst";

	static final int BURST_COUNT = 400;

	static final int BURST_KEYS = 4;

	final List<String> received = new CopyOnWriteArrayList<>();

	abstract String url();

	@Override
	public abstract void close();

	void receive(String text, Peer peer) throws IOException {
		this.received.add(text);
		if (text.equals(CUT)) {
			peer.close();
		}
		else if (text.equals(BURST)) {
			for (int i = 0; i < BURST_COUNT; i++) {
				peer.send("{\"type\":\"burst\",\"key\":\"k" + (i % BURST_KEYS) + "\",\"number\":" + (i / BURST_KEYS)
						+ "}");
			}
		}
		else if (text.startsWith(ECHO)) {
			peer.send(text.substring(ECHO.length()));
		}
	}

	void receive(ByteBuffer payload) {
		this.received.add("binary " + StandardCharsets.UTF_8.decode(payload));
	}

	static FeedServer jetty() {
		return new FeedServer() {

			private final JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

				@Override
				public void onOpen(Session session) {
					session.sendText(TRADE, Callback.NOOP);
					session.sendText(PLAIN, Callback.NOOP);
					session.sendBinary(ByteBuffer.wrap(BYTES), Callback.NOOP);
					session.sendPing(ByteBuffer.wrap(PING), Callback.NOOP);
				}

				@Override
				public void onText(Session session, String text) {
					receiveFrom(session, text);
				}

				@Override
				public void onBinary(Session session, ByteBuffer payload) {
					receive(payload);
				}

			});

			private void receiveFrom(Session session, String text) {
				try {
					receive(text, new Peer() {

						@Override
						public void send(String reply) {
							session.sendText(reply, Callback.NOOP);
						}

						@Override
						public void close() {
							session.close(1001, "bye", Callback.NOOP);
						}

					});
				}
				catch (IOException ex) {
					throw new UncheckedIOException(ex);
				}
			}

			@Override
			String url() {
				return this.server.url();
			}

			@Override
			public void close() {
				this.server.close();
			}

		};
	}

	static FeedServer tomcat() throws Exception {
		return new TomcatFeedServer();
	}

	static FeedServer netty() throws Exception {
		return new NettyFeedServer();
	}

	/**
	 * The client at the other end of a session.
	 */
	interface Peer {

		/**
		 * Sends a text.
		 * @param text the text
		 * @throws IOException if that fails
		 */
		void send(String text) throws IOException;

		/**
		 * Ends the session with 1001.
		 * @throws IOException if that fails
		 */
		void close() throws IOException;

	}

	/**
	 * On Tomcat, by the Jakarta WebSocket API.
	 */
	private static final class TomcatFeedServer extends FeedServer {

		private final Tomcat tomcat = new Tomcat();

		TomcatFeedServer() throws Exception {
			this.tomcat.setBaseDir(System.getProperty("java.io.tmpdir"));
			this.tomcat.setPort(0);
			Context context = this.tomcat.addContext("", null);
			Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
			context.addServletContainerInitializer(new WsSci(), null);
			context.addServletContainerInitializer((classes, servletContext) -> {
				ServerContainer container = (ServerContainer) servletContext
					.getAttribute(ServerContainer.class.getName());
				try {
					container.addEndpoint(ServerEndpointConfig.Builder.create(FeedEndpoint.class, "/feed")
						.configurator(new ServerEndpointConfig.Configurator() {

							@Override
							public <T> T getEndpointInstance(Class<T> type) {
								return type.cast(new FeedEndpoint(TomcatFeedServer.this));
							}

						})
						.build());
				}
				catch (DeploymentException ex) {
					throw new IllegalStateException(ex);
				}
			}, null);
			this.tomcat.getConnector();
			this.tomcat.start();
		}

		@Override
		String url() {
			return "ws://localhost:" + this.tomcat.getConnector().getLocalPort() + "/feed";
		}

		@Override
		public void close() {
			try {
				this.tomcat.stop();
				this.tomcat.destroy();
			}
			catch (LifecycleException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/**
	 * One session on Tomcat.
	 */
	private static final class FeedEndpoint extends Endpoint {

		private final FeedServer server;

		FeedEndpoint(FeedServer server) {
			this.server = server;
		}

		@Override
		public void onOpen(jakarta.websocket.Session session, EndpointConfig config) {
			session.addMessageHandler(String.class, (MessageHandler.Whole<String>) (text) -> receive(session, text));
			session.addMessageHandler(ByteBuffer.class,
					(MessageHandler.Whole<ByteBuffer>) (payload) -> this.server.receive(payload));
			try {
				session.getBasicRemote().sendText(TRADE);
				session.getBasicRemote().sendText(PLAIN);
				session.getBasicRemote().sendBinary(ByteBuffer.wrap(BYTES));
				session.getBasicRemote().sendPing(ByteBuffer.wrap(PING));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

		private void receive(jakarta.websocket.Session session, String text) {
			try {
				this.server.receive(text, new Peer() {

					@Override
					public void send(String reply) throws IOException {
						session.getBasicRemote().sendText(reply);
					}

					@Override
					public void close() throws IOException {
						session.close(new CloseReason(CloseReason.CloseCodes.GOING_AWAY, "bye"));
					}

				});
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}

	}

	/**
	 * On Netty.
	 */
	private static final class NettyFeedServer extends FeedServer {

		private final MultiThreadIoEventLoopGroup eventLoops = new MultiThreadIoEventLoopGroup(1,
				NioIoHandler.newFactory());

		private final Channel channel;

		NettyFeedServer() throws InterruptedException {
			this.channel = new ServerBootstrap().group(this.eventLoops)
				.channel(NioServerSocketChannel.class)
				.childHandler(new ChannelInitializer<>() {

					@Override
					protected void initChannel(Channel child) {
						child.pipeline()
							.addLast(new HttpServerCodec(), new HttpObjectAggregator(65_536),
									new WebSocketServerCompressionHandler(0),
									new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
										.websocketPath("/feed")
										.checkStartsWith(true)
										.allowExtensions(true)
										.build()),
									new FeedHandler(NettyFeedServer.this));
					}

				})
				.bind("localhost", 0)
				.sync()
				.channel();
		}

		@Override
		String url() {
			return "ws://localhost:" + ((InetSocketAddress) this.channel.localAddress()).getPort() + "/feed";
		}

		@Override
		public void close() {
			this.eventLoops.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
		}

	}

	/**
	 * One session on Netty.
	 */
	private static final class FeedHandler extends SimpleChannelInboundHandler<WebSocketFrame> {

		private final FeedServer server;

		FeedHandler(FeedServer server) {
			this.server = server;
		}

		@Override
		public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
			if (event instanceof WebSocketServerProtocolHandler.HandshakeComplete) {
				ctx.write(new TextWebSocketFrame(TRADE));
				ctx.write(new TextWebSocketFrame(PLAIN));
				ctx.write(new BinaryWebSocketFrame(Unpooled.wrappedBuffer(BYTES)));
				ctx.writeAndFlush(new PingWebSocketFrame(Unpooled.wrappedBuffer(PING)));
			}
		}

		@Override
		protected void channelRead0(ChannelHandlerContext ctx, WebSocketFrame frame) throws IOException {
			if (frame instanceof TextWebSocketFrame text) {
				this.server.receive(text.text(), new Peer() {

					@Override
					public void send(String reply) {
						ctx.writeAndFlush(new TextWebSocketFrame(reply));
					}

					@Override
					public void close() {
						ctx.writeAndFlush(new CloseWebSocketFrame(1001, "bye"));
					}

				});
			}
			else if (frame instanceof BinaryWebSocketFrame binary) {
				this.server.receive(binary.content().nioBuffer());
			}
		}

	}

}
