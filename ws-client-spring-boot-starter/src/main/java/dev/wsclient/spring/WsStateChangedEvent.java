package dev.wsclient.spring;

import dev.wsclient.WsConnection;
import dev.wsclient.WsStateChange;

/**
 * Published to the application's event listeners when the state of a connection changed,
 * where its handlers are called and in order with them.
 *
 * @param connection the connection
 * @param change the old and the new state
 * @since 0.1.0
 */
public record WsStateChangedEvent(WsConnection connection, WsStateChange change) {

}
