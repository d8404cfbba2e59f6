package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.WebSocketUpgradeHandler;
import org.jspecify.annotations.Nullable;

/**
 * A real WebSocket server that plays a {@link Script} with each session.
 */
public final class JettyWsServer implements AutoCloseable {

	/** Close events of all sessions, as {@code code reason}. */
	final List<String> closes = new CopyOnWriteArrayList<>();

	/** Headers of all opening handshakes. */
	final List<Map<String, List<String>>> handshakes = new CopyOnWriteArrayList<>();

	private final List<Session> sessions = new CopyOnWriteArrayList<>();

	private final Server server = new Server();

	private final ServerConnector connector;

	private volatile Script script;

	/** Whether a token may come in; others get 401. */
	volatile Predicate<@Nullable String> authorizes = (token) -> true;

	JettyWsServer(Script script) {
		this(script, null);
	}

	/**
	 * Starts a server.
	 * @param script what it does
	 * @param tls its TLS, or {@code null} for none
	 */
	JettyWsServer(Script script, SslContextFactory.@Nullable Server tls) {
		this.script = script;
		this.connector = (tls != null) ? new ServerConnector(this.server, tls) : new ServerConnector(this.server);
		this.server.addConnector(this.connector);
		this.server.setHandler(WebSocketUpgradeHandler.from(this.server, (container) -> {
			container.setMaxTextMessageSize(1024 * 1024);
			container.addMapping("/*", (request, response, callback) -> {
				this.handshakes.add(Map.copyOf(request.getHeaders()
					.stream()
					.collect(Collectors.toMap((field) -> field.getName(), (field) -> List.of(field.getValue()),
							(one, other) -> one))));
				if (!this.authorizes.test(request.getHeaders().get("Authorization"))) {
					Response.writeError(request, response, callback, 401);
					return null;
				}
				return new Endpoint();
			});
		}));
		start(0);
	}

	private void start(int port) {
		this.connector.setPort(port);
		try {
			this.server.start();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Jetty does not start", ex);
		}
	}

	String url() {
		return "ws://localhost:" + this.connector.getLocalPort() + "/feed?key=hush";
	}

	/**
	 * Stops listening and cuts all connections, until {@link #restart()}.
	 */
	void stop() {
		int port = this.connector.getLocalPort();
		try {
			this.server.stop();
		}
		catch (Exception ex) {
			throw new IllegalStateException("Jetty does not stop", ex);
		}
		this.connector.setPort(port);
	}

	void restart() {
		start(this.connector.getPort());
	}

	void script(Script script) {
		this.script = script;
	}

	void eachSession(Consumer<Session> action) {
		this.sessions.forEach(action);
	}

	@Override
	public void close() {
		stop();
	}

	/**
	 * What the server does.
	 */
	interface Script {

		/**
		 * A session opened.
		 * @param session the session
		 */
		default void onOpen(Session session) {
		}

		/**
		 * A text message arrived.
		 * @param session the session
		 * @param text the text
		 */
		default void onText(Session session, String text) {
		}

		/**
		 * A binary message arrived.
		 * @param session the session
		 * @param payload the payload
		 */
		default void onBinary(Session session, ByteBuffer payload) {
		}

	}

	/**
	 * One session.
	 */
	public final class Endpoint implements Session.Listener.AutoDemanding {

		private @Nullable Session session;

		@Override
		public void onWebSocketOpen(Session session) {
			this.session = session;
			JettyWsServer.this.sessions.add(session);
			JettyWsServer.this.script.onOpen(session);
		}

		@Override
		public void onWebSocketText(String message) {
			JettyWsServer.this.script.onText(session(), message);
		}

		@Override
		public void onWebSocketBinary(ByteBuffer payload, Callback callback) {
			JettyWsServer.this.script.onBinary(session(), payload);
			callback.succeed();
		}

		@Override
		public void onWebSocketClose(int statusCode, String reason, Callback callback) {
			JettyWsServer.this.sessions.remove(session());
			JettyWsServer.this.closes.add((statusCode + " " + ((reason != null) ? reason : "")).strip());
			callback.succeed();
		}

		private Session session() {
			return Objects.requireNonNull(this.session);
		}

	}

}
