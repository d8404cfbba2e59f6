package dev.wsclient.testserver;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

import jakarta.servlet.ServletContext;
import jakarta.servlet.ServletException;
import jakarta.websocket.CloseReason;
import jakarta.websocket.DeploymentException;
import jakarta.websocket.Endpoint;
import jakarta.websocket.EndpointConfig;
import jakarta.websocket.HandshakeResponse;
import jakarta.websocket.MessageHandler;
import jakarta.websocket.PongMessage;
import jakarta.websocket.Session;
import jakarta.websocket.server.HandshakeRequest;
import jakarta.websocket.server.ServerContainer;
import jakarta.websocket.server.ServerEndpointConfig;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.servlets.DefaultServlet;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.websocket.server.WsSci;
import org.jspecify.annotations.Nullable;

/**
 * Tomcat with a Jakarta endpoint.
 */
public final class TomcatServer extends TestServer {

	private @Nullable Tomcat tomcat;

	@Override
	int listen(int port) throws IOException, LifecycleException {
		Path directory = Files.createTempDirectory("tomcat");
		directory.toFile().deleteOnExit();
		Tomcat tomcat = new Tomcat();
		tomcat.setSilent(true);
		tomcat.setBaseDir(directory.toString());
		tomcat.setPort(port);
		tomcat.getConnector().setProperty("address", "127.0.0.1");
		Context context = tomcat.addContext("", null);
		Tomcat.addServlet(context, "default", new DefaultServlet()).addMapping("/");
		context.addServletContainerInitializer(new WsSci(), null);
		context.addServletContainerInitializer((classes, servletContext) -> addEndpoint(servletContext), null);
		tomcat.start();
		this.tomcat = tomcat;
		return tomcat.getConnector().getLocalPort();
	}

	private void addEndpoint(ServletContext servletContext) throws ServletException {
		ServerContainer container = (ServerContainer) servletContext.getAttribute(ServerContainer.class.getName());
		try {
			container.addEndpoint(ServerEndpointConfig.Builder.create(EchoEndpoint.class, "/ws")
				.subprotocols(List.of(SUBPROTOCOL))
				.configurator(new Configurator(this))
				.build());
		}
		catch (DeploymentException ex) {
			throw new ServletException(ex);
		}
	}

	@Override
	public void stop() {
		if (this.tomcat == null) {
			return;
		}
		try {
			this.tomcat.stop();
			this.tomcat.destroy();
			this.tomcat = null;
		}
		catch (LifecycleException ex) {
			throw new IllegalStateException(ex);
		}
	}

	/**
	 * Makes endpoints that know the server and the request.
	 */
	private static final class Configurator extends ServerEndpointConfig.Configurator {

		private final TomcatServer server;

		private volatile Map<String, List<String>> headers = Map.of();

		Configurator(TomcatServer server) {
			this.server = server;
		}

		@Override
		public void modifyHandshake(ServerEndpointConfig config, HandshakeRequest request, HandshakeResponse response) {
			this.headers = request.getHeaders();
		}

		@Override
		public <T> T getEndpointInstance(Class<T> type) {
			return type.cast(new EchoEndpoint(this.server, this.headers));
		}

	}

	/**
	 * The endpoint of one session.
	 */
	private static final class EchoEndpoint extends Endpoint {

		private final TomcatServer server;

		private final Map<String, List<String>> headers;

		private @Nullable TomcatSession session;

		EchoEndpoint(TomcatServer server, Map<String, List<String>> headers) {
			this.server = server;
			this.headers = headers;
		}

		@Override
		public void onOpen(Session session, EndpointConfig config) {
			session.setMaxTextMessageBufferSize(MAX_MESSAGE_SIZE);
			session.setMaxBinaryMessageBufferSize(MAX_MESSAGE_SIZE);
			TomcatSession serverSession = new TomcatSession(session);
			this.headers.forEach(serverSession::gotHeader);
			this.session = serverSession;
			session.addMessageHandler(String.class, (MessageHandler.Whole<String>) serverSession::gotText);
			session.addMessageHandler(byte[].class, (MessageHandler.Whole<byte[]>) serverSession::gotBinary);
			session.addMessageHandler(PongMessage.class, (MessageHandler.Whole<PongMessage>) (pong) -> {
				byte[] payload = new byte[pong.getApplicationData().remaining()];
				pong.getApplicationData().get(payload);
				serverSession.gotPong(payload);
			});
			this.server.opened(serverSession);
		}

		@Override
		public void onClose(Session session, CloseReason reason) {
			if (this.session != null) {
				this.session.gotClose(reason.getCloseCode().getCode(), reason.getReasonPhrase());
			}
		}

		@Override
		public void onError(Session session, Throwable error) {
			// Broken connections are what many tests are about
		}

	}

	/**
	 * One session.
	 */
	private static final class TomcatSession extends ServerSession {

		private final Session session;

		TomcatSession(Session session) {
			this.session = session;
		}

		@Override
		public void sendText(String text) {
			send(() -> this.session.getBasicRemote().sendText(text));
		}

		@Override
		public void sendBinary(byte[] payload) {
			send(() -> this.session.getBasicRemote().sendBinary(ByteBuffer.wrap(payload)));
		}

		@Override
		public void sendPing(String payload) {
			send(() -> this.session.getBasicRemote()
				.sendPing(ByteBuffer.wrap(payload.getBytes(StandardCharsets.UTF_8))));
		}

		@Override
		public void sendFragment(String text, boolean first, boolean last) {
			send(() -> this.session.getBasicRemote().sendText(text, last));
		}

		@Override
		public void close(int code, String reason) {
			send(() -> this.session.close(new CloseReason(CloseReason.CloseCodes.getCloseCode(code), reason)));
		}

		private static void send(Sending sending) {
			try {
				sending.run();
			}
			catch (IOException ex) {
				throw new IllegalStateException(ex);
			}
		}

	}

	/**
	 * Sends something.
	 */
	private interface Sending {

		void run() throws IOException;

	}

}
