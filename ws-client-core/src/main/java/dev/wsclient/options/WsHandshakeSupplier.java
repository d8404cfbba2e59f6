package dev.wsclient.options;

import java.util.concurrent.CompletionStage;

import org.jspecify.annotations.Nullable;

import dev.wsclient.exception.WsException;

/**
 * Computes what the opening handshake asks for, anew for each attempt: a fresh token, a
 * signed URL, a node that a directory names.
 * <p>
 * Called on the connection's event loop, where it must not block: what takes time runs
 * elsewhere and completes the stage, on any thread. The time allowed is the connect
 * timeout. A stage that fails, or an exception, fails the attempt; the next one asks
 * again.
 *
 * @since 0.1.0
 */
@FunctionalInterface
public interface WsHandshakeSupplier {

	/**
	 * Computes the request of an attempt.
	 * @param request what the options ask for
	 * @param attempt which attempt it is for
	 * @return a stage with the request to make
	 */
	CompletionStage<WsHandshakeRequest> supply(WsHandshakeRequest request, Attempt attempt);

	/**
	 * An attempt to open a session.
	 *
	 * @param number how many attempts were made before since the connection was last
	 * stable
	 * @param credentialsRefused whether the server just answered 401 to this attempt's
	 * first request: credentials that were kept are to be renewed, and the handshake is
	 * tried once more
	 * @param lastEnd how the last attempt, request or session ended:
	 * {@link dev.wsclient.exception.WsHandshakeException} with status, headers and
	 * {@linkplain dev.wsclient.exception.WsHandshakeException#challenges() challenges} if
	 * the server refused, or a proxy, {@link dev.wsclient.exception.WsClosedException}
	 * with close code and reason if the session was closed, or another error of the
	 * family; {@code null} for the first attempt, and after one that the user gave up
	 */
	record Attempt(int number, boolean credentialsRefused, @Nullable WsException lastEnd) {

	}

}
