package dev.wsclient.internal.transport;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

/**
 * Opens sessions: the port through which the life cycle reaches the network.
 */
public interface Transport {

	/**
	 * Picks the event loop for a new connection.
	 * @return the event loop, for all sessions of that connection
	 */
	Scheduler nextScheduler();

	/**
	 * Starts to open a session. Called on the connection's event loop; nothing reaches
	 * the handler before this method returns.
	 * @param scheduler the connection's event loop
	 * @param request where to connect and what to ask for
	 * @param options how to connect
	 * @param handler hears what happens
	 * @return the session, not open yet
	 */
	Session open(Scheduler scheduler, WsHandshakeRequest request, WsOptions options, SessionHandler handler);

}
