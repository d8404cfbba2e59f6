package dev.wsclient;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.codec.http.websocketx.WebSocketDecoderConfig;
import io.netty.handler.codec.http.websocketx.WebSocketFrame;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolConfig;
import io.netty.handler.codec.http.websocketx.WebSocketServerProtocolHandler;
import io.netty.handler.codec.http.websocketx.extensions.WebSocketServerExtensionHandler;
import io.netty.handler.codec.http.websocketx.extensions.compression.PerMessageDeflateServerExtensionHandshaker;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.options.Compression;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of permessage-deflate against servers whose deflate is not ours.
 */
class CompressionIntegrationTests {

	private static final int[] SIZES = { 0, 1, 16, 64, 256, 1024, 4096, 8192, 16_384, 32_768, 65_536, 131_072 };

	private final WsClient client = WsClient.create();

	private final List<AutoCloseable> servers = new ArrayList<>();

	private final BlockingQueue<WsMessage> received = new LinkedBlockingQueue<>();

	private final BlockingQueue<WsHandshakeResponse> opened = new LinkedBlockingQueue<>();

	@AfterEach
	void stop() throws Exception {
		this.client.close();
		for (AutoCloseable server : this.servers) {
			server.close();
		}
	}

	static List<Compression> compressions() {
		List<Compression> all = new ArrayList<>();
		for (Integer clientBits : new Integer[] { null, 9, 12, 15 }) {
			for (boolean forgets : new boolean[] { false, true }) {
				all.add(Compression.defaults()
					.withMinSize(0)
					.withClientMaxWindowBits(clientBits)
					.withClientNoContextTakeover(forgets)
					.withServerNoContextTakeover(forgets));
			}
		}
		return all;
	}

	@ParameterizedTest
	@MethodSource("compressions")
	void nettyEchoesAllSizes(Compression compression) throws Exception {
		echoAllSizes(startNetty(15), compression, 3);
	}

	@ParameterizedTest
	@MethodSource("compressions")
	void nettyThatBoundsBothWindowsEchoesAllSizes(Compression compression) throws Exception {
		echoAllSizes(startNetty(10), compression.withServerMaxWindowBits(11), 1);
	}

	@ParameterizedTest
	@ValueSource(ints = { 9, 10, 12, 13, 14, 15 })
	void nettyKeepsToTheWindowItIsGiven(int bits) throws Exception {
		echoAllSizes(startNetty(bits), Compression.defaults().withMinSize(0).withServerMaxWindowBits(bits), 2);
	}

	@ParameterizedTest
	@MethodSource("compressions")
	void jettyEchoesAllSizes(Compression compression) throws Exception {
		echoAllSizes(startJetty(), compression, 3);
	}

	@Test
	void smallMessagesAndThoseThatOptOutAreSentAsTheyAre() throws Exception {
		WsConnection connection = connect(startNetty(15), Compression.defaults());
		connection.send("x".repeat(100));
		connection.sendUncompressed("y".repeat(5000));
		connection.sendUncompressed(ByteBuffer.allocate(5000));
		connection.send("z".repeat(5000));
		assertThat(take().text()).isEqualTo("x".repeat(100));
		assertThat(take().text()).isEqualTo("y".repeat(5000));
		assertThat(take().size()).isEqualTo(5000);
		assertThat(take().text()).isEqualTo("z".repeat(5000));
	}

	@Test
	void jettyThatIgnoresADemandIsRefusedByName() throws Exception {
		WsOptions options = options(startJetty(), Compression.defaults().withServerMaxWindowBits(9)).toBuilder()
			.reconnect(Reconnect.never())
			.build();
		assertThat(this.client.connect(options, new Echoes()).whenOpen().toCompletableFuture())
			.failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingRootCause()
			.withMessageContaining("server_max_window_bits must be at most 9 as it was demanded, but was absent");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '|', value = { "mux | has no parameter 'mux'",
			"client_max_window_bits=16 | client_max_window_bits must be an integer in 8 to 15",
			"client_max_window_bits | client_max_window_bits must be an integer in 8 to 15",
			"server_no_context_takeover; server_no_context_takeover | server_no_context_takeover must be at most once" })
	void answerThatCantBeHonouredIsRefusedByName(String answer, String reason) {
		ScriptedServer server = new ScriptedServer((connection) -> {
			connection.readRequest();
			connection.write(connection.acceptance("Sec-WebSocket-Extensions: permessage-deflate; " + answer));
			connection.readUntilEof();
		});
		this.servers.add(server);
		WsOptions options = options(server.port(), Compression.defaults()).toBuilder()
			.reconnect(Reconnect.never())
			.build();
		assertThat(this.client.connect(options, new Echoes()).whenOpen().toCompletableFuture())
			.failsWithin(Duration.ofSeconds(10))
			.withThrowableThat()
			.havingRootCause()
			.isInstanceOf(WsHandshakeException.class)
			.withMessageContaining(reason);
	}

	@Test
	void withoutCompressionNothingIsOffered() throws Exception {
		connect(startNetty(15), Compression.disabled());
		assertThat(this.opened.remove().extensions()).isEmpty();
	}

	private void echoAllSizes(int port, Compression compression, int rounds) throws Exception {
		WsConnection connection = connect(port, compression);
		assertThat(this.opened.remove().extensions()).singleElement()
			.asString()
			.startsWith("permessage-deflate")
			.contains(compression.serverNoContextTakeover() ? "server_no_context_takeover" : "");
		Random random = new Random(7692);
		for (int round = 0; round < rounds; round++) {
			for (int size : SIZES) {
				byte[] payload = payload(random, size);
				connection.send(payload);
				assertThat(take().bytes()).isEqualTo(payload);
				String text = "\u20acuro ".repeat(size / 6);
				connection.send(text);
				assertThat(take().text()).isEqualTo(text);
			}
		}
	}

	// Noise and repetitions
	private static byte[] payload(Random random, int size) {
		byte[] payload = new byte[size];
		random.nextBytes(payload);
		for (int i = 0; i < size; i += 100) {
			int length = Math.min(random.nextInt(90), size - i);
			System.arraycopy(payload, random.nextInt(i + 1), payload, i, length);
		}
		return payload;
	}

	private WsMessage take() throws InterruptedException {
		WsMessage message = this.received.poll(10, TimeUnit.SECONDS);
		assertThat(message).as("an echo").isNotNull();
		return message;
	}

	private WsConnection connect(int port, Compression compression) throws Exception {
		WsConnection connection = this.client.connect(
				WsOptions.builder("ws://127.0.0.1:" + port + "/ws").compression(compression).build(), new Echoes());
		return connection.whenOpen().toCompletableFuture().get(10, TimeUnit.SECONDS);
	}

	private static WsOptions options(int port, Compression compression) {
		return WsOptions.builder("ws://127.0.0.1:" + port + "/ws").compression(compression).build();
	}

	private int startNetty(int windowBits) throws InterruptedException {
		MultiThreadIoEventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
		this.servers.add(() -> loops.shutdownGracefully(0, 5, TimeUnit.SECONDS).sync());
		Channel channel = new ServerBootstrap().group(loops)
			.channel(NioServerSocketChannel.class)
			.childHandler(new NettyPipeline(windowBits))
			.bind("127.0.0.1", 0)
			.sync()
			.channel();
		return ((InetSocketAddress) channel.localAddress()).getPort();
	}

	private int startJetty() throws Exception {
		Server server = new Server();
		ServerConnector connector = new ServerConnector(server, 1, 1);
		connector.setHost("127.0.0.1");
		server.addConnector(connector);
		ContextHandler context = new ContextHandler("/");
		context.setHandler(WebSocketUpgradeHandler.from(server, context, (container) -> {
			container.setMaxTextMessageSize(1 << 20);
			container.setMaxBinaryMessageSize(1 << 20);
			container.addMapping("/ws", (request, response, callback) -> new JettyEcho());
		}));
		server.setHandler(context);
		server.setStopTimeout(Duration.ZERO.toMillis());
		server.start();
		this.servers.add(server::stop);
		return connector.getLocalPort();
	}

	/**
	 * Keeps what comes.
	 */
	private final class Echoes implements WsListener {

		@Override
		public void onOpen(WsConnection connection, WsHandshakeResponse response) {
			CompressionIntegrationTests.this.opened.add(response);
		}

		@Override
		public void onMessage(WsConnection connection, WsMessage message) {
			CompressionIntegrationTests.this.received.add(message.copy());
		}

	}

	/**
	 * Netty's server with its compression, all parameters allowed.
	 */
	private static final class NettyPipeline extends ChannelInitializer<Channel> {

		private final int windowBits;

		NettyPipeline(int windowBits) {
			this.windowBits = windowBits;
		}

		@Override
		protected void initChannel(Channel channel) {
			channel.pipeline()
				.addLast(new HttpServerCodec(), new HttpObjectAggregator(65_536),
						new WebSocketServerExtensionHandler(new PerMessageDeflateServerExtensionHandshaker(6, true,
								this.windowBits, true, false, 0)),
						new WebSocketServerProtocolHandler(WebSocketServerProtocolConfig.newBuilder()
							.websocketPath("/ws")
							.decoderConfig(WebSocketDecoderConfig.newBuilder()
								.allowExtensions(true)
								.maxFramePayloadLength(1 << 20)
								.build())
							.build()),
						new NettyEcho());
		}

	}

	/**
	 * Sends back what comes.
	 */
	private static final class NettyEcho extends SimpleChannelInboundHandler<WebSocketFrame> {

		@Override
		protected void channelRead0(ChannelHandlerContext context, WebSocketFrame frame) {
			context.writeAndFlush(frame.retain());
		}

	}

	/**
	 * Sends back what comes. Public because Jetty calls it by method handles.
	 */
	public static final class JettyEcho extends Session.Listener.AbstractAutoDemanding {

		@Override
		public void onWebSocketText(String text) {
			getSession().sendText(text, Callback.NOOP);
		}

		@Override
		public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
			byte[] bytes = new byte[payload.remaining()];
			payload.get(bytes);
			callback.succeed();
			getSession().sendBinary(ByteBuffer.wrap(Arrays.copyOf(bytes, bytes.length)), Callback.NOOP);
		}

	}

}
