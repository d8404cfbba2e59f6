package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsConnection;
import dev.wsclient.WsHandshakeResponse;
import dev.wsclient.WsMessage;

/**
 * What a handler method is called for. Besides the connection one component is set: the
 * one that belongs to the annotation.
 *
 * @param connection the connection
 * @param message the message for {@link OnWsMessage}, valid during the call
 * @param handshakeResponse the server's answer for {@link OnWsOpen}
 * @param closeEvent how the session ended for {@link OnWsClose}
 * @param error what failed for {@link OnWsError}
 * @since 0.1.0
 * @see WsArgumentResolver
 */
public record WsHandlerEvent(WsConnection connection, @Nullable WsMessage message,
		@Nullable WsHandshakeResponse handshakeResponse, @Nullable WsCloseEvent closeEvent, @Nullable Throwable error) {

	static WsHandlerEvent message(WsConnection connection, WsMessage message) {
		return new WsHandlerEvent(connection, message, null, null, null);
	}

	static WsHandlerEvent open(WsConnection connection, WsHandshakeResponse response) {
		return new WsHandlerEvent(connection, null, response, null, null);
	}

	static WsHandlerEvent close(WsConnection connection, WsCloseEvent event) {
		return new WsHandlerEvent(connection, null, null, event, null);
	}

	static WsHandlerEvent error(WsConnection connection, Throwable error) {
		return new WsHandlerEvent(connection, null, null, null, error);
	}

	/**
	 * Names the connection only: a message may hold secrets.
	 */
	@Override
	public String toString() {
		return "WsHandlerEvent[connection=" + this.connection.name() + "]";
	}

}
