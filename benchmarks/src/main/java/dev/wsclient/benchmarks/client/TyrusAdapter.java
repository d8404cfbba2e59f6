package dev.wsclient.benchmarks.client;

import java.net.URI;
import java.nio.ByteBuffer;

import jakarta.websocket.ClientEndpointConfig;
import jakarta.websocket.CloseReason;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.Session;
import org.glassfish.tyrus.client.ClientManager;
import org.glassfish.tyrus.client.ClientProperties;
import org.glassfish.tyrus.client.SslEngineConfigurator;

/**
 * Tyrus on Grizzly, which it prefers.
 */
final class TyrusAdapter implements BenchmarkClient {

	private final ClientManager client = ClientManager.createClient();

	TyrusAdapter(Settings settings) {
		if (settings.deflate()) {
			throw new UnsupportedOperationException("Tyrus has no permessage-deflate of its own");
		}
		this.client.getProperties().put(ClientProperties.SHARED_CONTAINER, true);
		this.client.getProperties().put(ClientProperties.INCOMING_BUFFER_SIZE, MAX_MESSAGE_SIZE);
		this.client.setDefaultMaxTextMessageBufferSize(MAX_MESSAGE_SIZE);
		this.client.setDefaultMaxBinaryMessageBufferSize(MAX_MESSAGE_SIZE);
		if (settings.certificate() != null) {
			this.client.getProperties()
				.put(ClientProperties.SSL_ENGINE_CONFIGURATOR,
						new SslEngineConfigurator(TrustedServer.of(settings.certificate()).sslContext()));
		}
	}

	@Override
	public Connection connect(URI uri, Receiver receiver) throws Exception {
		Session session = this.client.connectToServer(new ReceivingEndpoint(receiver),
				ClientEndpointConfig.Builder.create().build(), uri);
		return new Connection() {

			@Override
			public void send(String text) {
				session.getAsyncRemote().sendText(text);
			}

			@Override
			public void close() throws Exception {
				session.close();
			}

		};
	}

	@Override
	public void close() {
		this.client.shutdown();
	}

	private static final class ReceivingEndpoint extends Endpoint {

		private final Receiver receiver;

		ReceivingEndpoint(Receiver receiver) {
			this.receiver = receiver;
		}

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			session.addMessageHandler(String.class, (MessageHandler.Whole<String>) this.receiver::onText);
			session.addMessageHandler(ByteBuffer.class,
					(MessageHandler.Whole<ByteBuffer>) (payload) -> this.receiver.onBinary(payload.remaining()));
		}

		@Override
		public void onClose(Session session, CloseReason reason) {
			this.receiver.onFailure(new IllegalStateException("closed: " + reason));
		}

		@Override
		public void onError(Session session, Throwable error) {
			this.receiver.onFailure(error);
		}

	}

}
