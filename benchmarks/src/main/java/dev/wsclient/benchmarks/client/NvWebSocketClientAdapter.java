package dev.wsclient.benchmarks.client;

import java.net.URI;

import com.neovisionaries.ws.client.WebSocket;
import com.neovisionaries.ws.client.WebSocketAdapter;
import com.neovisionaries.ws.client.WebSocketException;
import com.neovisionaries.ws.client.WebSocketExtension;
import com.neovisionaries.ws.client.WebSocketFactory;
import com.neovisionaries.ws.client.WebSocketFrame;
import org.jspecify.annotations.Nullable;

/**
 * nv-websocket-client, with its limit of queued frames as congestion control.
 */
final class NvWebSocketClientAdapter implements BenchmarkClient {

	private static final int FRAME_QUEUE_SIZE = 1024;

	private final WebSocketFactory factory = new WebSocketFactory();

	private final Settings settings;

	NvWebSocketClientAdapter(Settings settings) {
		this.settings = settings;
		if (settings.certificate() != null) {
			this.factory.setSSLContext(TrustedServer.of(settings.certificate()).sslContext());
		}
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		WebSocket webSocket = this.factory.createSocket(uri);
		webSocket.getConnectedSocket().setTcpNoDelay(true);
		webSocket.setFrameQueueSize(FRAME_QUEUE_SIZE);
		// Streams are flushed when their queue is empty, which is how to send many
		webSocket.setAutoFlush(!this.settings.batch());
		if (this.settings.deflate()) {
			webSocket.addExtension(WebSocketExtension.PERMESSAGE_DEFLATE);
		}
		webSocket.addListener(new Listener(receiver));
		webSocket.connect();
		return new Connection() {

			@Override
			public void send(String text) {
				webSocket.sendText(text);
			}

			@Override
			public void close() {
				webSocket.disconnect();
			}

		};
	}

	private static final class Listener extends WebSocketAdapter {

		private final Receiver receiver;

		Listener(Receiver receiver) {
			this.receiver = receiver;
		}

		@Override
		public void onTextMessage(WebSocket webSocket, String text) {
			this.receiver.onText(text);
		}

		@Override
		public void onBinaryMessage(WebSocket webSocket, byte[] bytes) {
			this.receiver.onBinary(bytes.length);
		}

		@Override
		public void onError(WebSocket webSocket, WebSocketException cause) {
			this.receiver.onFailure(cause);
		}

		@Override
		public void onDisconnected(WebSocket webSocket, @Nullable WebSocketFrame serverClose,
				@Nullable WebSocketFrame clientClose, boolean closedByServer) {
			this.receiver.onFailure(new IllegalStateException("closed"));
		}

	}

}
