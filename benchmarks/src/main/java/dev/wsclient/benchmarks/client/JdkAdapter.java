package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

import org.jspecify.annotations.Nullable;

/**
 * {@code java.net.http.WebSocket}: a send may begin when the one before is complete, and
 * parts of a message are put together by the listener.
 */
final class JdkAdapter implements BenchmarkClient {

	private final HttpClient client;

	JdkAdapter(Settings settings) {
		if (settings.deflate()) {
			throw new UnsupportedOperationException("The JDK's client has no permessage-deflate");
		}
		HttpClient.Builder builder = HttpClient.newBuilder();
		if (settings.certificate() != null) {
			builder.sslContext(TrustedServer.of(settings.certificate()).sslContext());
		}
		this.client = builder.build();
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		WebSocket webSocket = this.client.newWebSocketBuilder()
			.buildAsync(uri, new Listener(receiver))
			.get(10, TimeUnit.SECONDS);
		return new Connection() {

			private CompletableFuture<WebSocket> last = CompletableFuture.completedFuture(webSocket);

			@Override
			public void send(String text) {
				this.last = this.last.isDone() ? webSocket.sendText(text, true)
						: this.last.thenCompose((sent) -> sent.sendText(text, true));
			}

			@Override
			public void close() {
				this.last.thenCompose((sent) -> sent.sendClose(WebSocket.NORMAL_CLOSURE, ""));
			}

		};
	}

	private static final class Listener implements WebSocket.Listener {

		private final Receiver receiver;

		private final StringBuilder text = new StringBuilder();

		private int size;

		Listener(Receiver receiver) {
			this.receiver = receiver;
		}

		@Override
		public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
			if (last && this.text.isEmpty()) {
				this.receiver.onText(data.toString());
			}
			else {
				this.text.append(data);
				if (last) {
					this.receiver.onText(this.text.toString());
					this.text.setLength(0);
				}
			}
			webSocket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
			this.size += data.remaining();
			if (last) {
				this.receiver.onBinary(this.size);
				this.size = 0;
			}
			webSocket.request(1);
			return null;
		}

		@Override
		public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
			this.receiver.onFailure(new IllegalStateException("closed: " + statusCode));
			return null;
		}

		@Override
		public void onError(WebSocket webSocket, Throwable error) {
			this.receiver.onFailure(error);
		}

	}

}
