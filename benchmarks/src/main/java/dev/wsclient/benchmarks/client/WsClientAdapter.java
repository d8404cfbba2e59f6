package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.util.concurrent.TimeUnit;

import dev.wsclient.WsClient;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.WsMessage;
import dev.wsclient.options.Compression;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsTls;

/**
 * Ours.
 */
class WsClientAdapter implements BenchmarkClient {

	private final WsClient client = WsClient.create();

	private final Settings settings;

	WsClientAdapter(Settings settings) {
		this.settings = settings;
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		WsOptions.Builder options = WsOptions.builder(uri.toString());
		if (!this.settings.deflate()) {
			options.compression(Compression.disabled());
		}
		if (this.settings.certificate() != null) {
			options.tls(WsTls.defaults().withTrust(this.settings.certificate()));
		}
		WsConnection connection = this.client.connect(options.build(), new WsListener() {

			@Override
			public void onMessage(WsConnection connection, WsMessage message) {
				pass(message, receiver);
			}

			@Override
			public void onError(WsConnection connection, Throwable error) {
				receiver.onFailure(error);
			}

			@Override
			public void onClose(WsConnection connection, WsCloseEvent event) {
				receiver.onFailure(new IllegalStateException(event.toString()));
			}

		});
		connection.whenOpen().toCompletableFuture().get(10, TimeUnit.SECONDS);
		return new Connection() {

			@Override
			public void send(String text) {
				connection.send(text);
			}

			@Override
			public void close() {
				connection.close();
			}

		};
	}

	/**
	 * Passes a message on.
	 */
	void pass(WsMessage message, Receiver receiver) {
		if (message.isText()) {
			receiver.onText(message.text());
		}
		else {
			receiver.onBinary(message.payload().remaining());
		}
	}

	@Override
	public void close() {
		this.client.close();
	}

}
