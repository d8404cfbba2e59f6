package dev.wsclient.spring;

import java.util.concurrent.CompletionStage;

import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsHandshakeSupplier;

/**
 * Changes what an attempt asks for in its opening handshake: a fresh token, a signed URL,
 * a node that a directory names. Beans of this type are called in order, for each attempt
 * of each connection, the first with what the options ask for, each next one with what
 * the one before gave. A supplier of the options, and the token of {@code oauth2}, come
 * before them.
 * <p>
 * Called on the connection's event loop or by the thread that completed the stage before,
 * and must not block: what takes time runs elsewhere and completes the stage. The time
 * allowed is the connect timeout. A stage that fails, or an exception, fails the attempt;
 * the next one asks again.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface WsHandshakeCustomizer {

	/**
	 * Changes the request of an attempt.
	 * @param name the name of the connection, as in {@code ws.clients.<name>}
	 * @param request the request so far
	 * @param attempt which attempt it is for; if its
	 * {@link WsHandshakeSupplier.Attempt#credentialsRefused() credentials were refused},
	 * those that were kept are to be renewed
	 * @return a stage with the request to make, or with the same for no change
	 */
	CompletionStage<WsHandshakeRequest> customize(String name, WsHandshakeRequest request,
			WsHandshakeSupplier.Attempt attempt);

}
