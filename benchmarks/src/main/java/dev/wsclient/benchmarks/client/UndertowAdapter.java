package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

import io.undertow.connector.ByteBufferPool;
import io.undertow.protocols.ssl.UndertowXnioSsl;
import io.undertow.server.DefaultByteBufferPool;
import io.undertow.websockets.WebSocketExtension;
import io.undertow.websockets.client.WebSocketClient;
import io.undertow.websockets.client.WebSocketClientNegotiation;
import io.undertow.websockets.core.AbstractReceiveListener;
import io.undertow.websockets.core.BufferedBinaryMessage;
import io.undertow.websockets.core.BufferedTextMessage;
import io.undertow.websockets.core.StreamSourceFrameChannel;
import io.undertow.websockets.core.WebSocketChannel;
import io.undertow.websockets.core.WebSockets;
import io.undertow.websockets.extensions.PerMessageDeflateHandshake;
import org.xnio.IoFuture;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Pooled;
import org.xnio.Sequence;
import org.xnio.Xnio;
import org.xnio.XnioWorker;

/**
 * Undertow's client.
 */
final class UndertowAdapter implements BenchmarkClient {

	private static final int BUFFER_SIZE = 16 * 1024;

	/**
	 * With TLS 1.3 its client doesn't get beyond the ServerHello (seen with 2.4.4).
	 */
	private static final OptionMap TLS = OptionMap.create(Options.SSL_ENABLED_PROTOCOLS, Sequence.of("TLSv1.2"));

	private final Settings settings;

	private final XnioWorker worker;

	private final ByteBufferPool pool = new DefaultByteBufferPool(true, BUFFER_SIZE);

	UndertowAdapter(Settings settings) throws Exception {
		this.settings = settings;
		this.worker = Xnio.getInstance()
			.createWorker(OptionMap.builder()
				.set(Options.WORKER_IO_THREADS, Runtime.getRuntime().availableProcessors())
				.set(Options.TCP_NODELAY, true)
				.set(Options.THREAD_DAEMON, true)
				.getMap());
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		WebSocketClient.ConnectionBuilder builder = WebSocketClient.connectionBuilder(this.worker, this.pool, uri);
		if (this.settings.certificate() != null) {
			builder.setOptionMap(TLS);
			builder.setSsl(new UndertowXnioSsl(Xnio.getInstance(), TLS,
					TrustedServer.of(this.settings.certificate()).sslContext()));
		}
		if (this.settings.deflate()) {
			builder.setClientNegotiation(new WebSocketClientNegotiation(List.of(),
					List.of(new WebSocketExtension("permessage-deflate", List.of()))));
			builder.setClientExtensions(Set.of(new PerMessageDeflateHandshake(true)));
		}
		IoFuture<WebSocketChannel> future = builder.connect();
		if (future.await(10, TimeUnit.SECONDS) != IoFuture.Status.DONE) {
			throw new IllegalStateException("no connection to " + uri, future.getException());
		}
		WebSocketChannel channel = future.get();
		channel.getReceiveSetter().set(new Listener(receiver));
		channel.addCloseTask((closed) -> receiver.onFailure(new IllegalStateException("closed")));
		channel.resumeReceives();
		return new Connection() {

			@Override
			public void send(String text) {
				WebSockets.sendText(text, channel, null);
			}

			@Override
			public void close() throws Exception {
				channel.close();
			}

		};
	}

	@Override
	public void close() {
		this.worker.shutdown();
	}

	private static final class Listener extends AbstractReceiveListener {

		private final Receiver receiver;

		Listener(Receiver receiver) {
			this.receiver = receiver;
		}

		@Override
		protected long getMaxTextBufferSize() {
			return MAX_MESSAGE_SIZE;
		}

		@Override
		protected long getMaxBinaryBufferSize() {
			return MAX_MESSAGE_SIZE;
		}

		@Override
		protected void onFullTextMessage(WebSocketChannel channel, BufferedTextMessage message) {
			this.receiver.onText(message.getData());
		}

		@SuppressWarnings("deprecation") // the buffers have a type that is on its way out
		@Override
		protected void onFullBinaryMessage(WebSocketChannel channel, BufferedBinaryMessage message) {
			try (Pooled<java.nio.ByteBuffer[]> payload = message.getData()) {
				int size = 0;
				for (java.nio.ByteBuffer buffer : payload.getResource()) {
					size += buffer.remaining();
				}
				this.receiver.onBinary(size);
			}
		}

		@Override
		protected void onClose(WebSocketChannel channel, StreamSourceFrameChannel frame) throws java.io.IOException {
			this.receiver.onFailure(new IllegalStateException("closed"));
			super.onClose(channel, frame);
		}

		@Override
		protected void onError(WebSocketChannel channel, Throwable error) {
			this.receiver.onFailure(error);
		}

	}

}
