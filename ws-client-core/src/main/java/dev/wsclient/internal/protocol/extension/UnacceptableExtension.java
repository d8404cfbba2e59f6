package dev.wsclient.internal.protocol.extension;

import java.util.Objects;

/**
 * The server's answer to an {@link ExtensionOffer} is illegal, or demands what the client
 * can't do. The message tells what was expected and what was seen. No stack trace: the
 * fault is in the answer.
 *
 * @since 0.1.0
 */
public final class UnacceptableExtension extends RuntimeException {

	private final String section;

	UnacceptableExtension(String message, String section) {
		super(message, null, false, false);
		this.section = section;
	}

	/**
	 * Returns the rule that the answer broke.
	 * @return the specification and section
	 */
	public String section() {
		return this.section;
	}

	@Override
	public String getMessage() {
		return Objects.requireNonNull(super.getMessage());
	}

}
