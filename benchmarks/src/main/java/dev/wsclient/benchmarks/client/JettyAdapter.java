package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.client.ClientUpgradeRequest;
import org.eclipse.jetty.websocket.client.WebSocketClient;
import org.jspecify.annotations.Nullable;

/**
 * Jetty's client.
 */
final class JettyAdapter implements BenchmarkClient {

	private final WebSocketClient client;

	private final Settings settings;

	JettyAdapter(Settings settings) throws Exception {
		this.settings = settings;
		HttpClient httpClient = new HttpClient();
		if (settings.certificate() != null) {
			SslContextFactory.Client ssl = new SslContextFactory.Client();
			ssl.setSslContext(TrustedServer.of(settings.certificate()).sslContext());
			httpClient.setSslContextFactory(ssl);
		}
		this.client = new WebSocketClient(httpClient);
		this.client.setMaxTextMessageSize(MAX_MESSAGE_SIZE);
		this.client.setMaxBinaryMessageSize(MAX_MESSAGE_SIZE);
		this.client.start();
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		ClientUpgradeRequest request = new ClientUpgradeRequest(uri);
		if (this.settings.deflate()) {
			request.addExtensions("permessage-deflate");
		}
		// The future of connect() may wait until the server makes a pause
		CompletableFuture<Session> opened = new CompletableFuture<>();
		this.client.connect(new Endpoint(receiver, opened), request);
		Session session = opened.get(10, TimeUnit.SECONDS);
		return new Connection() {

			@Override
			public void send(String text) {
				session.sendText(text, Callback.NOOP);
			}

			@Override
			public void close() {
				session.close();
			}

		};
	}

	@Override
	public void close() throws Exception {
		this.client.stop();
	}

	/**
	 * The endpoint, public for Jetty's reflection.
	 */
	public static final class Endpoint implements Session.Listener.AutoDemanding {

		private final Receiver receiver;

		private final CompletableFuture<Session> opened;

		Endpoint(Receiver receiver, CompletableFuture<Session> opened) {
			this.receiver = receiver;
			this.opened = opened;
		}

		@Override
		public void onWebSocketOpen(Session session) {
			this.opened.complete(session);
		}

		@Override
		public void onWebSocketText(String text) {
			this.receiver.onText(text);
		}

		@Override
		public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
			this.receiver.onBinary(payload.remaining());
			callback.succeed();
		}

		@Override
		public void onWebSocketClose(int statusCode, @Nullable String reason, Callback callback) {
			this.receiver.onFailure(new IllegalStateException("closed: " + statusCode));
			callback.succeed();
		}

		@Override
		public void onWebSocketError(Throwable cause) {
			this.opened.completeExceptionally(cause);
			this.receiver.onFailure(cause);
		}

	}

}
