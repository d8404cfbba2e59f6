package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.util.concurrent.TimeUnit;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocket;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import io.vertx.core.net.PemTrustOptions;

/**
 * Vert.x.
 */
final class VertxAdapter implements BenchmarkClient {

	private static final int MAX_CONNECTIONS = 100_000;

	private final Vertx vertx = Vertx.vertx();

	private final WebSocketClient client;

	private final Settings settings;

	VertxAdapter(Settings settings) {
		this.settings = settings;
		WebSocketClientOptions options = new WebSocketClientOptions().setMaxFrameSize(MAX_MESSAGE_SIZE)
			.setMaxMessageSize(MAX_MESSAGE_SIZE)
			.setMaxConnections(MAX_CONNECTIONS)
			.setTryUsePerMessageCompression(settings.deflate());
		if (settings.certificate() != null) {
			options.setSsl(true).setTrustOptions(new PemTrustOptions().addCertPath(settings.certificate().toString()));
		}
		this.client = this.vertx.createWebSocketClient(options);
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		WebSocket webSocket = this.client
			.connect(new WebSocketConnectOptions().setHost(uri.getHost())
				.setPort(uri.getPort())
				.setURI(uri.getPath())
				.setSsl(this.settings.certificate() != null))
			.map((connected) -> {
				connected.textMessageHandler(receiver::onText);
				connected.binaryMessageHandler((payload) -> receiver.onBinary(payload.length()));
				connected.exceptionHandler(receiver::onFailure);
				connected.closeHandler((end) -> receiver.onFailure(new IllegalStateException("closed")));
				return connected;
			})
			.toCompletionStage()
			.toCompletableFuture()
			.get(10, TimeUnit.SECONDS);
		return new Connection() {

			@Override
			public void send(String text) {
				webSocket.writeTextMessage(text);
			}

			@Override
			public void close() {
				webSocket.close();
			}

		};
	}

	@Override
	public void close() {
		this.vertx.close();
	}

}
