package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;

/**
 * What a handler method is called for. Besides the connection only that is set which
 * belongs to the annotation.
 *
 * @param connection the connection
 * @param message the message for {@link OnWsMessage}, valid during the call
 * @param handshakeResponse the server's answer for {@link OnWsOpen}
 * @param closeEvent how the session ended for {@link OnWsClose}
 * @param error what failed for {@link OnWsError}
 * @param controlPayload the payload for {@link OnWsPing} and {@link OnWsPong}, read-only,
 * valid during the call
 * @param attempt the number of the coming attempt for {@link OnWsReconnecting}
 * @param delay how long it is until then
 * @since 0.1.0
 * @see WsArgumentResolver
 */
public record WsHandlerEvent(WsConnection connection, @Nullable WsMessage message,
		@Nullable WsHandshakeResponse handshakeResponse, @Nullable WsCloseEvent closeEvent, @Nullable Throwable error,
		@Nullable ByteBuffer controlPayload, @Nullable Integer attempt, @Nullable Duration delay) {

	static WsHandlerEvent plain(WsConnection connection) {
		return new WsHandlerEvent(connection, null, null, null, null, null, null, null);
	}

	static WsHandlerEvent message(WsConnection connection, WsMessage message) {
		return new WsHandlerEvent(connection, message, null, null, null, null, null, null);
	}

	static WsHandlerEvent open(WsConnection connection, WsHandshakeResponse response) {
		return new WsHandlerEvent(connection, null, response, null, null, null, null, null);
	}

	static WsHandlerEvent close(WsConnection connection, WsCloseEvent event) {
		return new WsHandlerEvent(connection, null, null, event, null, null, null, null);
	}

	static WsHandlerEvent error(WsConnection connection, Throwable error) {
		return new WsHandlerEvent(connection, null, null, null, error, null, null, null);
	}

	static WsHandlerEvent control(WsConnection connection, ByteBuffer payload) {
		return new WsHandlerEvent(connection, null, null, null, null, payload, null, null);
	}

	static WsHandlerEvent reconnecting(WsConnection connection, int attempt, Duration delay) {
		return new WsHandlerEvent(connection, null, null, null, null, null, attempt, delay);
	}

	/**
	 * Names the connection only: a message may hold secrets.
	 */
	@Override
	public String toString() {
		return "WsHandlerEvent[connection=" + this.connection.name() + "]";
	}

}
