package dev.wsclient.spring;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

import io.micrometer.observation.transport.Kind;
import io.micrometer.observation.transport.SenderContext;
import org.jspecify.annotations.Nullable;

/**
 * Context of the observation of one attempt to open a session. What is put into its
 * carrier becomes headers of the opening handshake.
 *
 * @since 0.1.0
 * @see WsObservationDocumentation#CONNECT
 */
public class WsConnectObservationContext extends SenderContext<Map<String, String>> {

	private final String client;

	private final int attempt;

	private Outcome outcome = Outcome.UNKNOWN;

	private @Nullable String uri;

	private @Nullable Integer statusCode;

	WsConnectObservationContext(String client, int attempt) {
		super((carrier, key, value) -> Objects.requireNonNull(carrier).put(key, value), Kind.CLIENT);
		this.client = client;
		this.attempt = attempt;
		setCarrier(new LinkedHashMap<>());
		setRemoteServiceName(client);
	}

	/**
	 * Returns the name of the connection.
	 * @return the name
	 */
	public String getClient() {
		return this.client;
	}

	/**
	 * Returns how many attempts the connection made before without becoming stable.
	 * @return 0 for the first
	 */
	public int getAttempt() {
		return this.attempt;
	}

	/**
	 * Returns how the attempt ended.
	 * @return the outcome
	 */
	public Outcome getOutcome() {
		return this.outcome;
	}

	/**
	 * Returns where the newest request of the attempt went.
	 * @return the server's URI without its query, or {@code null} before the end of the
	 * attempt
	 */
	public @Nullable String getUri() {
		return this.uri;
	}

	/**
	 * Returns the HTTP status of the server's answer.
	 * @return the status, or {@code null} if it gave none, or before the end of the
	 * attempt
	 */
	public @Nullable Integer getStatusCode() {
		return this.statusCode;
	}

	void finished(Outcome outcome, String uri, @Nullable Integer statusCode) {
		this.outcome = outcome;
		this.uri = uri;
		this.statusCode = statusCode;
	}

	/**
	 * How an attempt ends.
	 */
	public enum Outcome {

		/**
		 * It isn't over.
		 */
		UNKNOWN,

		/**
		 * A session is open.
		 */
		SUCCESS,

		/**
		 * There is an error.
		 */
		FAILURE,

		/**
		 * The application gave it up.
		 */
		CANCELLED

	}

}
