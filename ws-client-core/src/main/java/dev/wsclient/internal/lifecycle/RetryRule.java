package dev.wsclient.internal.lifecycle;

import java.util.Set;

import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.SessionEnd;

/**
 * Which ends may heal. Everything may, except where the server says that <em>we</em> are
 * wrong: then the same attempt would fail again.
 */
final class RetryRule {

	/**
	 * Received close codes that blame this client: protocol error, unacceptable data,
	 * invalid payload, policy, too big, missing extension.
	 */
	private static final Set<Integer> BLAMING_CODES = Set.of(1002, 1003, 1007, 1008, 1009, 1010);

	/**
	 * Client errors that pass: request timeout, misdirected request, too early, too many
	 * requests.
	 */
	private static final Set<Integer> PASSING_STATUS = Set.of(408, 421, 425, 429);

	private RetryRule() {
	}

	static boolean mayHeal(SessionEnd end) {
		if (end.failure() instanceof Failure.Handshake handshake) {
			return mayHeal(handshake.statusCode());
		}
		if (end.failure() instanceof Failure.Proxy proxy) {
			return mayHeal(proxy.statusCode());
		}
		return end.initiator() != Initiator.SERVER || !BLAMING_CODES.contains(end.status().code());
	}

	private static boolean mayHeal(int status) {
		return status < 400 || status >= 500 || PASSING_STATUS.contains(status);
	}

	/**
	 * Whether the server asks to come back later: 1012 service restart, 1013 try again
	 * later.
	 */
	static boolean isRestart(SessionEnd end) {
		int code = end.status().code();
		return end.initiator() == Initiator.SERVER && (code == 1012 || code == 1013);
	}

	/**
	 * Says why an end is final and how to go on.
	 */
	static String advice(SessionEnd end) {
		if (end.failure() instanceof Failure.Handshake handshake) {
			return "the server refused this client with status " + handshake.statusCode()
					+ "; mend URL, headers or credentials, then call connect()";
		}
		if (end.failure() instanceof Failure.Proxy proxy) {
			return "the proxy refused this client with status " + proxy.statusCode()
					+ "; mend its address or credentials, then call connect()";
		}
		return "the server closed with " + end.status()
				+ ", which blames this client; mend what it sends, then call connect()";
	}

}
