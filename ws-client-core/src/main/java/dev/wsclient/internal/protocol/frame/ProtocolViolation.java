package dev.wsclient.internal.protocol.frame;

import java.util.Objects;

import dev.wsclient.CloseStatus;

/**
 * The peer broke the protocol or a limit of ours: the session has to be failed
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-7.1.7">RFC 6455, section
 * 7.1.7</a>). The message tells what was expected and what was seen. No stack trace: the
 * fault is in the bytes.
 *
 * @since 0.1.0
 */
public final class ProtocolViolation extends RuntimeException {

	/**
	 * What a Close frame has left beside the code.
	 */
	private static final int MAX_REASON_LENGTH = 123;

	private final int closeCode;

	private final String section;

	/**
	 * Creates a violation.
	 * @param closeCode the close code to tell the peer
	 * @param section the rule, such as {@code RFC 6455, 5.2}
	 * @param message what was expected and what was seen
	 */
	public ProtocolViolation(int closeCode, String section, String message) {
		super(message, null, false, false);
		this.closeCode = closeCode;
		this.section = section;
	}

	/**
	 * Returns the close code to tell the peer.
	 * @return the code, such as 1002, 1007 or 1009
	 */
	public int closeCode() {
		return this.closeCode;
	}

	/**
	 * Returns the rule that was broken.
	 * @return the specification and section
	 */
	public String section() {
		return this.section;
	}

	/**
	 * Returns the status to tell the peer: the code, and the message as far as it fits.
	 * @return the status
	 */
	public CloseStatus closeStatus() {
		String message = getMessage();
		StringBuilder reason = new StringBuilder();
		for (int i = 0; i < message.length() && i < MAX_REASON_LENGTH; i++) {
			char c = message.charAt(i);
			reason.append((c < 0x80) ? c : '?');
		}
		return new CloseStatus(this.closeCode, reason.toString());
	}

	@Override
	public String getMessage() {
		return Objects.requireNonNull(super.getMessage());
	}

}
