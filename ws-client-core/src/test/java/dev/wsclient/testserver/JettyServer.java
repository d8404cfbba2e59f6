package dev.wsclient.testserver;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerUpgradeRequest;
import org.eclipse.jetty.websocket.server.ServerUpgradeResponse;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * Jetty with a programmatic endpoint.
 */
public final class JettyServer extends TestServer {

	private @Nullable Server server;

	@Override
	int listen(int port) throws Exception {
		Server server = new Server(new QueuedThreadPool(20));
		ServerConnector connector = new ServerConnector(server, 1, 1);
		connector.setHost("127.0.0.1");
		connector.setPort(port);
		server.addConnector(connector);
		ContextHandler context = new ContextHandler("/");
		context.setHandler(WebSocketUpgradeHandler.from(server, context, (container) -> {
			container.setMaxTextMessageSize(MAX_STREAMED_SIZE);
			container.setMaxBinaryMessageSize(MAX_STREAMED_SIZE);
			container.addMapping("/ws", (request, response, callback) -> newSession(request, response));
		}));
		server.setHandler(context);
		server.setStopTimeout(0);
		server.start();
		this.server = server;
		return connector.getLocalPort();
	}

	private JettySession newSession(ServerUpgradeRequest request, ServerUpgradeResponse response) {
		if (request.getSubProtocols().contains(SUBPROTOCOL)) {
			response.setAcceptedSubProtocol(SUBPROTOCOL);
		}
		JettySession session = new JettySession(this);
		request.getHeaders()
			.getFieldNamesCollection()
			.forEach((name) -> session.gotHeader(name, request.getHeaders().getValuesList(name)));
		return session;
	}

	@Override
	public void stop() {
		if (this.server == null) {
			return;
		}
		try {
			this.server.stop();
			this.server = null;
		}
		catch (Exception ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * One session. Public because Jetty calls it by method handles.
	 */
	public static final class JettySession extends ServerSession implements Session.Listener.AutoDemanding {

		private final JettyServer server;

		private @Nullable Session session;

		JettySession(JettyServer server) {
			this.server = server;
		}

		@Override
		public void onWebSocketOpen(Session session) {
			this.session = session;
			this.server.opened(this);
		}

		@Override
		public void onWebSocketText(String text) {
			gotText(text);
		}

		@Override
		public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
			gotBinary(bytes(payload));
			callback.succeed();
		}

		@Override
		public void onWebSocketPing(ByteBuffer payload) {
			session().sendPong(ByteBuffer.wrap(bytes(payload)), Callback.NOOP);
		}

		@Override
		public void onWebSocketPong(ByteBuffer payload) {
			gotPong(bytes(payload));
		}

		private static byte[] bytes(ByteBuffer payload) {
			byte[] bytes = new byte[payload.remaining()];
			payload.get(bytes);
			return bytes;
		}

		@Override
		public void onWebSocketError(Throwable cause) {
			// Broken connections are what many tests are about
		}

		@Override
		public void onWebSocketClose(int code, String reason, Callback callback) {
			gotClose(code, reason);
			callback.succeed();
		}

		@Override
		public void sendText(String text) {
			session().sendText(text, Callback.NOOP);
		}

		@Override
		public void sendBinary(byte[] payload) {
			session().sendBinary(ByteBuffer.wrap(payload), Callback.NOOP);
		}

		@Override
		public void sendPing(String payload) {
			session().sendPing(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
		}

		@Override
		public void sendFragment(String text, boolean first, boolean last) {
			session().sendPartialText(text, last, Callback.NOOP);
		}

		@Override
		public void close(int code, String reason) {
			session().close(code, reason, Callback.NOOP);
		}

		private Session session() {
			if (this.session == null) {
				throw new IllegalStateException("not open");
			}
			return this.session;
		}

	}

}
