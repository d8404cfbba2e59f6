package dev.wsclient.internal.lifecycle;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.internal.transport.SessionEnd;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.Reconnect.EndClass;

/**
 * Which class an end belongs to by default. Everything heals, except where the server or
 * a proxy says that <em>this client</em> is wrong: then the same attempt would probably
 * fail again.
 */
final class RetryRule {

	/**
	 * How long after a session a refusal of the same server looks like a rolling
	 * deployment, not like a mistake of this client.
	 */
	static final Duration DEPLOYMENT_TIME = Duration.ofMinutes(10);

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

	/**
	 * Answers whose {@code Retry-After} counts although they heal.
	 */
	private static final Set<Integer> BUSY_STATUS = Set.of(429, 503);

	private RetryRule() {
	}

	/**
	 * Classifies an end.
	 * @param stable whether the session that ended was stable
	 * @param acceptedBefore whether the server accepted this client a short time ago
	 */
	static EndClass classify(SessionEnd end, Reconnect policy, boolean stable, boolean acceptedBefore) {
		Refusal refusal = Refusal.of(end);
		if (refusal != null) {
			return classify(refusal.status(), policy, acceptedBefore);
		}
		if (end.initiator() != Initiator.SERVER) {
			return EndClass.HEALS;
		}
		int code = end.status().code();
		if (policy.stopOn().contains(code)) {
			return EndClass.STOPPED;
		}
		return (!stable && BLAMING_CODES.contains(code)) ? EndClass.REFUSED : EndClass.HEALS;
	}

	private static EndClass classify(int status, Reconnect policy, boolean acceptedBefore) {
		if (policy.stopOn().contains(status)) {
			return EndClass.STOPPED;
		}
		boolean refused = status >= 400 && status < 500 && !PASSING_STATUS.contains(status);
		return (refused && !acceptedBefore) ? EndClass.REFUSED : EndClass.HEALS;
	}

	/**
	 * Returns how long an end asks to wait, zero if it does not.
	 */
	static Duration retryAfter(SessionEnd end, EndClass endClass, Instant now) {
		Refusal refusal = Refusal.of(end);
		return (refusal != null && (endClass == EndClass.REFUSED || BUSY_STATUS.contains(refusal.status())))
				? RetryAfter.of(refusal.headers(), now) : Duration.ZERO;
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
	 * Says who refuses this client and what to change.
	 * @param names how the user knows the options
	 */
	static String advice(SessionEnd end, UnaryOperator<String> names) {
		if (end.failure() instanceof Failure.Proxy proxy) {
			return "the proxy refused this client with status " + proxy.statusCode() + "; check " + names.apply("proxy")
					+ ", its address and credentials";
		}
		if (end.failure() instanceof Failure.Handshake handshake) {
			return "the server refused this client with status " + handshake.statusCode() + "; check "
					+ names.apply("url") + ", " + names.apply("headers") + " and the credentials";
		}
		if (end.initiator() == Initiator.SERVER && BLAMING_CODES.contains(end.status().code())) {
			return "the server closed with " + end.status()
					+ ", which blames this client; check the credentials and what is sent first, such as "
					+ names.apply("onOpenMessages");
		}
		return names.apply("reconnect retryDecision") + " takes this end for a refusal";
	}

	/**
	 * Says what stops the connection.
	 * @param names how the user knows the options
	 */
	static String stop(SessionEnd end, EndClass byDefault, UnaryOperator<String> names) {
		if (byDefault != EndClass.STOPPED) {
			return names.apply("reconnect retryDecision") + " is against another attempt";
		}
		Refusal refusal = Refusal.of(end);
		String what = (refusal != null) ? "status " + refusal.status() : "close code " + end.status().code();
		return names.apply("reconnect stopOn") + " lists the " + what;
	}

	/**
	 * The HTTP answer of a server or proxy that is no acceptance.
	 *
	 * @param status its status, 0 if it was not HTTP
	 * @param headers its header fields
	 */
	private record Refusal(int status, HttpHeaders headers) {

		static @Nullable Refusal of(SessionEnd end) {
			if (end.failure() instanceof Failure.Handshake handshake) {
				return new Refusal(handshake.statusCode(), handshake.headers());
			}
			return (end.failure() instanceof Failure.Proxy proxy) ? new Refusal(proxy.statusCode(), proxy.headers())
					: null;
		}

	}

}
