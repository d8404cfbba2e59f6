package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.WebSocket;
import okhttp3.WebSocketListener;
import okio.ByteString;
import org.jspecify.annotations.Nullable;

/**
 * OkHttp.
 */
final class OkHttpAdapter implements BenchmarkClient {

	private final OkHttpClient client;

	OkHttpAdapter(Settings settings) {
		OkHttpClient.Builder builder = new OkHttpClient.Builder();
		if (settings.certificate() != null) {
			TrustedServer trusted = TrustedServer.of(settings.certificate());
			builder.sslSocketFactory(trusted.sslContext().getSocketFactory(), trusted.trustManager());
		}
		this.client = builder.build();
		// A WebSocket counts as a running request, of which 64 are the default
		this.client.dispatcher().setMaxRequests(Integer.MAX_VALUE);
		this.client.dispatcher().setMaxRequestsPerHost(Integer.MAX_VALUE);
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		CompletableFuture<WebSocket> opened = new CompletableFuture<>();
		this.client.newWebSocket(new Request.Builder().url(uri.toString()).build(), new Listener(receiver, opened));
		WebSocket webSocket = opened.get(10, TimeUnit.SECONDS);
		return new Connection() {

			@Override
			public void send(String text) {
				if (!webSocket.send(text)) {
					throw new IllegalStateException("the queue is full, or the connection closed");
				}
			}

			@Override
			public void close() {
				webSocket.close(1000, null);
			}

		};
	}

	@Override
	public void close() {
		this.client.dispatcher().executorService().shutdown();
		this.client.connectionPool().evictAll();
	}

	private static final class Listener extends WebSocketListener {

		private final Receiver receiver;

		private final CompletableFuture<WebSocket> opened;

		Listener(Receiver receiver, CompletableFuture<WebSocket> opened) {
			this.receiver = receiver;
			this.opened = opened;
		}

		@Override
		public void onOpen(WebSocket webSocket, Response response) {
			this.opened.complete(webSocket);
		}

		@Override
		public void onMessage(WebSocket webSocket, String text) {
			this.receiver.onText(text);
		}

		@Override
		public void onMessage(WebSocket webSocket, ByteString bytes) {
			this.receiver.onBinary(bytes.size());
		}

		@Override
		public void onClosed(WebSocket webSocket, int code, String reason) {
			this.receiver.onFailure(new IllegalStateException("closed: " + code));
		}

		@Override
		public void onFailure(WebSocket webSocket, Throwable error, @Nullable Response response) {
			this.opened.completeExceptionally(error);
			this.receiver.onFailure(error);
		}

	}

}
