package dev.wsclient.spring;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.actuate.endpoint.Access;
import org.springframework.boot.actuate.endpoint.InvalidEndpointRequestException;
import org.springframework.boot.actuate.endpoint.OperationResponseBody;
import org.springframework.boot.actuate.endpoint.annotation.Endpoint;
import org.springframework.boot.actuate.endpoint.annotation.ReadOperation;
import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;

import dev.wsclient.WsConnection;
import dev.wsclient.WsSnapshot;
import dev.wsclient.WsState;

/**
 * {@link Endpoint} {@code wsclients}: what the connections do, and, if its access is
 * {@code unrestricted}, telling them what to do. It shows no secrets: URLs without their
 * query, no headers, no messages.
 *
 * @since 0.1.0
 */
@Endpoint(id = "wsclients", defaultAccess = Access.READ_ONLY)
public class WsClientsEndpoint {

	/**
	 * What the write operation answers with. The web extension must say the same to take
	 * the place of the operation, which returns nothing by itself.
	 */
	static final String JSON = "application/json";

	private final WsConnections connections;

	/**
	 * Creates the endpoint.
	 * @param connections the connections
	 */
	public WsClientsEndpoint(WsConnections connections) {
		this.connections = connections;
	}

	/**
	 * Describes all connections.
	 * @return the descriptions
	 */
	@ReadOperation
	public ClientsDescriptor clients() {
		Map<String, ClientDescriptor> clients = new LinkedHashMap<>();
		this.connections.asMap().forEach((name, connection) -> {
			ClientDescriptor descriptor = describe(connection);
			if (descriptor != null) {
				clients.put(name, descriptor);
			}
		});
		return new ClientsDescriptor(clients);
	}

	/**
	 * Describes a connection.
	 * @param name its name
	 * @return the description, or {@code null} if there is no such connection
	 */
	@ReadOperation
	public @Nullable ClientDescriptor client(@Selector String name) {
		WsConnection connection = this.connections.asMap().get(name);
		return (connection != null) ? describe(connection) : null;
	}

	/**
	 * Tells a connection what to do, and doesn't wait until it is done.
	 * @param name its name
	 * @param action what to do
	 */
	@WriteOperation(produces = JSON)
	public void act(@Selector String name, Action action) {
		WsConnection connection = this.connections.asMap().get(name);
		if (connection == null) {
			throw new InvalidEndpointRequestException("There is no connection '" + name + "'",
					"There is no such connection; known are " + this.connections.names());
		}
		switch (action) {
			case CONNECT -> connection.connect();
			case DISCONNECT -> connection.close();
			case RECONNECT -> connection.reconnect(Duration.ZERO);
			case PAUSE -> connection.pause();
			case RESUME -> connection.resume();
		}
	}

	/**
	 * Describes a connection.
	 * @return the description, or {@code null} for a mock, which tells nothing
	 */
	private static @Nullable ClientDescriptor describe(WsConnection connection) {
		@Nullable WsSnapshot snapshot = connection.snapshot();
		if (snapshot == null) {
			return null;
		}
		return new ClientDescriptor(snapshot.state(), snapshot.uri(), snapshot.localAddress(), snapshot.remoteAddress(),
				snapshot.since(), snapshot.sessionId(), snapshot.sessions(), snapshot.attempts(),
				snapshot.nextAttempt(), snapshot.refusedSince(), snapshot.lastError(),
				(snapshot.lastClose() != null) ? snapshot.lastClose().toString() : null, snapshot.roundTrip(),
				snapshot.lastReceived(), snapshot.lastMessage(), snapshot.messagesReceived(), snapshot.messagesSent(),
				snapshot.bytesReceived(), snapshot.bytesSent(), snapshot.queuedMessages(), snapshot.queuedBytes(),
				snapshot.waitingCalls(), snapshot.paused());
	}

	/**
	 * What a connection can be told.
	 */
	public enum Action {

		/**
		 * Connect if there is no session, without waiting any longer for the next
		 * attempt.
		 */
		CONNECT,

		/**
		 * Close for good.
		 */
		DISCONNECT,

		/**
		 * Replace the session by another one.
		 */
		RECONNECT,

		/**
		 * Read nothing from the socket.
		 */
		PAUSE,

		/**
		 * Read on.
		 */
		RESUME

	}

	/**
	 * Describes all connections.
	 *
	 * @param clients the descriptions by the names of the connections
	 */
	public record ClientsDescriptor(Map<String, ClientDescriptor> clients) implements OperationResponseBody {

	}

	/**
	 * Describes a connection.
	 *
	 * @param state the state
	 * @param uri the server's URI without its query
	 * @param localAddress this end of the session, or {@code null} without a session
	 * @param remoteAddress the other end of the session, which may be a proxy, or
	 * {@code null} without a session
	 * @param since when the state was entered
	 * @param session the id of the newest session, or {@code null} before the first
	 * @param sessions how many sessions were opened
	 * @param attempts how many reconnect attempts were made since the connection was last
	 * stable
	 * @param nextAttempt when the next attempt starts, or {@code null}
	 * @param refusedSince since when the server refuses this client, or {@code null} if
	 * it does not
	 * @param lastError the text of the newest error, or {@code null}
	 * @param lastClose the newest session's close status, or {@code null}
	 * @param roundTrip the newest ping's round trip, or {@code null}
	 * @param lastReceived when bytes last arrived, or {@code null}
	 * @param lastMessage when a message last arrived, or {@code null}
	 * @param messagesReceived how many messages arrived
	 * @param messagesSent how many messages were written
	 * @param bytesReceived how many bytes of payload arrived
	 * @param bytesSent how many bytes of payload were written
	 * @param queuedMessages how many messages wait for being written
	 * @param queuedBytes how many bytes of payload wait for being written
	 * @param waitingCalls how many calls of handlers wait for their executor
	 * @param paused whether the socket is not being read
	 */
	public record ClientDescriptor(WsState state, String uri, @Nullable String localAddress,
			@Nullable String remoteAddress, Instant since, @Nullable String session, long sessions, int attempts,
			@Nullable Instant nextAttempt, @Nullable Instant refusedSince, @Nullable String lastError,
			@Nullable String lastClose, @Nullable Duration roundTrip, @Nullable Instant lastReceived,
			@Nullable Instant lastMessage, long messagesReceived, long messagesSent, long bytesReceived, long bytesSent,
			int queuedMessages, long queuedBytes, int waitingCalls, boolean paused) implements OperationResponseBody {

	}

}
