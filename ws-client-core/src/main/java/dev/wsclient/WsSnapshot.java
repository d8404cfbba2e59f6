package dev.wsclient;

import java.time.Duration;
import java.time.Instant;

import org.jspecify.annotations.Nullable;

/**
 * The figures of a connection at one moment; holds no secrets and nothing but JSON
 * friendly values. Counters run since the connection was created.
 *
 * @param name the connection's name
 * @param uri the server's URI without its query
 * @param state the state
 * @param since when the state was entered
 * @param sessionId the id of the newest session as it stands in the log, or {@code null}
 * before the first
 * @param localAddress this end of the session, or {@code null} without a session
 * @param remoteAddress the other end of the session, which may be a proxy, or
 * {@code null} without a session
 * @param sessions how many sessions were opened
 * @param attempts how many reconnect attempts were made since the connection was last
 * stable
 * @param nextAttempt when the next attempt starts, or {@code null} if none is scheduled
 * @param refusedSince since when the server refuses this client, so that attempts follow
 * by the slow lane of the reconnect policy, or {@code null} if it does not or a session
 * is open
 * @param lastError the text of the newest error, or {@code null}
 * @param lastClose the newest session's close status, or {@code null}
 * @param roundTrip the newest ping's round trip, or {@code null}
 * @param lastReceived when bytes last arrived, or {@code null}
 * @param lastMessage when a message last arrived, or {@code null}
 * @param messagesReceived how many messages arrived
 * @param messagesSent how many messages were written to the socket
 * @param bytesReceived how many bytes of payload arrived in messages
 * @param bytesSent how many bytes of payload were written to the socket in messages
 * @param queuedMessages how many accepted messages wait for being written
 * @param queuedBytes how many bytes of payload wait for being written
 * @param paused whether the socket is not being read
 * @param waitingCalls how many calls of the listener wait for its executor
 * @since 0.1.0
 */
public record WsSnapshot(String name, String uri, WsState state, Instant since, @Nullable String sessionId,
		@Nullable String localAddress, @Nullable String remoteAddress, long sessions, int attempts,
		@Nullable Instant nextAttempt, @Nullable Instant refusedSince, @Nullable String lastError,
		@Nullable CloseStatus lastClose, @Nullable Duration roundTrip, @Nullable Instant lastReceived,
		@Nullable Instant lastMessage, long messagesReceived, long messagesSent, long bytesReceived, long bytesSent,
		int queuedMessages, long queuedBytes, boolean paused, int waitingCalls) {

}
