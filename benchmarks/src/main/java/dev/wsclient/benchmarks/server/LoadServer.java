package dev.wsclient.benchmarks.server;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.pkitesting.CertificateBuilder;
import io.netty.pkitesting.X509Bundle;
import org.jspecify.annotations.Nullable;

/**
 * Serves what the path of a request asks for, on one thread, from frames that were built
 * before: {@code /blast/text/64}, {@code /blast/binary/1048576},
 * {@code /blast/utf8/1024}, {@code /deflate/takeover/293},
 * {@code /deflate/no-takeover/293}, {@code /echo}, {@code /sink/1024} (tells its count
 * after so many messages), {@code /idle}, {@code /trickle/1000/20000} (so many
 * connections, so many messages a second).
 */
public final class LoadServer implements AutoCloseable {

	private static final int BACKLOG = 4096;

	private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

	private final Map<String, ByteBuf> chunks = new HashMap<>();

	private final Trickle trickle = new Trickle(singleFrame());

	private final X509Bundle certificate;

	private final Channel plain;

	private final Channel tls;

	/**
	 * Starts a server on two ports of its choice.
	 * @throws Exception if there is no port or no certificate to be had
	 */
	public LoadServer() throws Exception {
		this.certificate = new CertificateBuilder().subject("CN=localhost")
			.setIsCertificateAuthority(true)
			.addSanDnsName("localhost")
			.buildSelfSigned();
		SslContext sslContext = SslContextBuilder.forServer(this.certificate.toKeyManagerFactory()).build();
		this.plain = bind(null);
		this.tls = bind(sslContext);
	}

	private static ByteBuf singleFrame() {
		ByteBuf frame = Unpooled.directBuffer();
		Blast.writeFrame(frame, 0x81, Payload.ASCII.text(64, 0).getBytes(StandardCharsets.US_ASCII));
		return Unpooled.unreleasableBuffer(frame);
	}

	private Channel bind(@Nullable SslContext sslContext) throws InterruptedException {
		return new ServerBootstrap().group(this.group)
			.channel(NioServerSocketChannel.class)
			.option(ChannelOption.SO_BACKLOG, BACKLOG)
			.childOption(ChannelOption.TCP_NODELAY, true)
			.childHandler(new ChannelInitializer<Channel>() {

				@Override
				protected void initChannel(Channel channel) {
					if (sslContext != null) {
						channel.pipeline().addLast(sslContext.newHandler(channel.alloc()));
					}
					channel.pipeline().addLast(new HandshakeHandler(LoadServer.this::serve));
				}

			})
			.bind("127.0.0.1", 0)
			.sync()
			.channel();
	}

	/**
	 * Returns the port without TLS.
	 * @return the port
	 */
	public int port() {
		return ((InetSocketAddress) this.plain.localAddress()).getPort();
	}

	/**
	 * Returns the port with TLS.
	 * @return the port
	 */
	public int tlsPort() {
		return ((InetSocketAddress) this.tls.localAddress()).getPort();
	}

	/**
	 * Writes the certificate that clients have to trust, as PEM.
	 * @param file where to
	 * @throws IOException if it can't be written
	 */
	public void writeCertificate(Path file) throws IOException {
		try {
			String body = Base64.getMimeEncoder().encodeToString(this.certificate.getCertificate().getEncoded());
			Files.writeString(file, "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
		}
		catch (CertificateEncodingException ex) {
			throw new IOException(ex);
		}
	}

	private void serve(Channel channel, String path) {
		List<String> parts = List.of(path.substring(1).split("/", -1));
		switch (parts.get(0)) {
			case "blast", "deflate" -> channel.pipeline()
				.addLast(new FrameHandler.Blaster(this.chunks.computeIfAbsent(path, (key) -> chunk(parts))));
			case "echo" -> channel.pipeline().addLast(new FrameHandler.Echo());
			case "sink" -> channel.pipeline().addLast(new FrameHandler.Sink(Integer.parseInt(parts.get(1))));
			case "idle" -> channel.pipeline().addLast(new FrameHandler());
			case "trickle" -> {
				channel.pipeline().addLast(new FrameHandler());
				channel.closeFuture().addListener((future) -> this.trickle.leave(channel));
				this.trickle.join(channel, Integer.parseInt(parts.get(1)), Long.parseLong(parts.get(2)));
			}
			default -> throw new IllegalArgumentException("There is nothing at " + path);
		}
	}

	private static ByteBuf chunk(List<String> parts) {
		int size = Integer.parseInt(parts.get(2));
		return switch (parts.get(0) + "/" + parts.get(1)) {
			case "blast/text" -> Blast.text(Payload.ASCII, size);
			case "blast/utf8" -> Blast.text(Payload.UTF8, size);
			case "blast/json" -> Blast.text(Payload.JSON, size);
			case "blast/binary" -> Blast.binary(size);
			case "deflate/takeover" -> Blast.deflated(Payload.JSON, size, true);
			case "deflate/no-takeover" -> Blast.deflated(Payload.JSON, size, false);
			default -> throw new IllegalArgumentException("There is nothing at " + parts);
		};
	}

	@Override
	public void close() {
		this.group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
	}

	/**
	 * Starts a server that runs until its standard input ends, and prints its ports.
	 * @param args the file the certificate is written to
	 * @throws Exception if it can't start
	 */
	public static void main(String[] args) throws Exception {
		try (LoadServer server = new LoadServer()) {
			server.writeCertificate(Path.of(args[0]));
			System.out.println(server.port() + " " + server.tlsPort());
			int read = System.in.read();
			while (read >= 0) {
				read = System.in.read();
			}
		}
	}

}
