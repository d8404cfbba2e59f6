package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

import org.java_websocket.client.WebSocketClient;
import org.java_websocket.drafts.Draft;
import org.java_websocket.drafts.Draft_6455;
import org.java_websocket.extensions.permessage_deflate.PerMessageDeflateExtension;
import org.java_websocket.handshake.ServerHandshake;

/**
 * Java-WebSocket.
 */
final class JavaWebSocketAdapter implements BenchmarkClient {

	private final Settings settings;

	JavaWebSocketAdapter(Settings settings) {
		this.settings = settings;
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		Draft draft = this.settings.deflate() ? new Draft_6455(new PerMessageDeflateExtension()) : new Draft_6455();
		Client client = new Client(uri, draft, receiver);
		if (this.settings.certificate() != null) {
			client.setSocketFactory(TrustedServer.of(this.settings.certificate()).sslContext().getSocketFactory());
		}
		client.setTcpNoDelay(true);
		if (!client.connectBlocking(10, TimeUnit.SECONDS)) {
			throw new IllegalStateException("no connection to " + uri);
		}
		return new Connection() {

			@Override
			public void send(String text) {
				client.send(text);
			}

			@Override
			public void close() {
				client.close();
			}

		};
	}

	private static final class Client extends WebSocketClient {

		private final Receiver receiver;

		Client(URI uri, Draft draft, Receiver receiver) {
			super(uri, draft);
			this.receiver = receiver;
		}

		@Override
		public void onOpen(ServerHandshake handshake) {
		}

		@Override
		public void onMessage(String text) {
			this.receiver.onText(text);
		}

		@Override
		public void onMessage(ByteBuffer bytes) {
			this.receiver.onBinary(bytes.remaining());
		}

		@Override
		public void onClose(int code, String reason, boolean remote) {
			this.receiver.onFailure(new IllegalStateException("closed: " + code + " " + reason));
		}

		@Override
		public void onError(Exception ex) {
			this.receiver.onFailure(ex);
		}

	}

}
