package dev.wsclient;

import java.nio.charset.StandardCharsets;
import java.util.Objects;

/**
 * Close code and reason of a session
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-7.4">RFC 6455, section
 * 7.4</a>).
 *
 * @param code the close code, 1000 to 4999
 * @param reason the reason, at most 123 bytes as UTF-8, may be empty
 * @since 0.1.0
 */
public record CloseStatus(int code, String reason) {

	/**
	 * 1000: the purpose of the connection is fulfilled.
	 */
	public static final CloseStatus NORMAL = new CloseStatus(1000, "");

	/**
	 * 1001: the endpoint goes away, for example an application that shuts down.
	 */
	public static final CloseStatus GOING_AWAY = new CloseStatus(1001, "");

	/**
	 * 1002: the peer broke the protocol.
	 */
	public static final CloseStatus PROTOCOL_ERROR = new CloseStatus(1002, "");

	/**
	 * 1003: a kind of data that the endpoint can't accept.
	 */
	public static final CloseStatus UNSUPPORTED_DATA = new CloseStatus(1003, "");

	/**
	 * 1005: the peer's Close frame carried no code. Never sent.
	 */
	public static final CloseStatus NO_STATUS = new CloseStatus(1005, "");

	/**
	 * 1006: the connection ended without a Close frame. Never sent.
	 */
	public static final CloseStatus ABNORMAL = new CloseStatus(1006, "");

	/**
	 * 1007: data that doesn't fit the message's type, such as text that is not UTF-8.
	 */
	public static final CloseStatus INVALID_PAYLOAD = new CloseStatus(1007, "");

	/**
	 * 1008: a message that breaks the endpoint's policy.
	 */
	public static final CloseStatus POLICY_VIOLATION = new CloseStatus(1008, "");

	/**
	 * 1009: a message too big to process.
	 */
	public static final CloseStatus MESSAGE_TOO_BIG = new CloseStatus(1009, "");

	/**
	 * 1011: an unexpected condition kept the endpoint from going on.
	 */
	public static final CloseStatus INTERNAL_ERROR = new CloseStatus(1011, "");

	private static final int MAX_REASON_BYTES = 123;

	/**
	 * Creates a status.
	 * @throws IllegalArgumentException if the code is not in 1000 to 4999 or the reason
	 * is longer than 123 bytes as UTF-8
	 */
	public CloseStatus {
		Objects.requireNonNull(reason, "reason");
		if (code < 1000 || code > 4999) {
			throw new IllegalArgumentException("Close code must be in 1000 to 4999 (RFC 6455, 7.4), was " + code);
		}
		int length = reason.getBytes(StandardCharsets.UTF_8).length;
		if (length > MAX_REASON_BYTES) {
			throw new IllegalArgumentException("Close reason must be at most " + MAX_REASON_BYTES
					+ " bytes as UTF-8 (RFC 6455, 5.5), was " + length + " bytes");
		}
	}

	/**
	 * Returns this code with another reason.
	 * @param reason the reason, at most 123 bytes as UTF-8
	 * @return the status
	 * @throws IllegalArgumentException if the reason is too long
	 */
	public CloseStatus withReason(String reason) {
		return new CloseStatus(this.code, reason);
	}

	/**
	 * Whether an endpoint may send this code in a Close frame (RFC 6455, section 7.4.1
	 * and 7.4.2).
	 * @return {@code true} for 1000-1003, 1007-1014 and 3000-4999
	 */
	public boolean isSendable() {
		return isSendable(this.code);
	}

	/**
	 * Whether a code may stand in a Close frame (RFC 6455, section 7.4.1 and 7.4.2, and
	 * the IANA registry).
	 * @param code the close code
	 * @return {@code true} for 1000-1003, 1007-1014 and 3000-4999
	 */
	public static boolean isSendable(int code) {
		return (code >= 1000 && code <= 1003) || (code >= 1007 && code <= 1014) || (code >= 3000 && code <= 4999);
	}

	/**
	 * Returns code and reason for people: what in the reason, which may come from the
	 * server, is more than text is escaped as by {@link PrintableText}.
	 */
	@Override
	public String toString() {
		return this.reason.isEmpty() ? Integer.toString(this.code)
				: this.code + " (" + PrintableText.of(this.reason) + ")";
	}

}
