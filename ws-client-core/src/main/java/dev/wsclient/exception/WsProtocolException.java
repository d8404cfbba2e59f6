package dev.wsclient.exception;

/**
 * The server broke the WebSocket protocol or a limit of this client; the session was
 * failed (RFC 6455, section 7.1.7).
 *
 * @since 0.1.0
 */
public class WsProtocolException extends WsException {

	private final int closeCode;

	private final String section;

	/**
	 * Creates an error.
	 * @param context where it happened
	 * @param description what was expected and what was seen
	 * @param closeCode the close code the server was told
	 * @param section the rule, such as {@code RFC 6455, 5.2}
	 */
	public WsProtocolException(ErrorContext context, String description, int closeCode, String section) {
		super(context, description + " (" + section + ")", null);
		this.closeCode = closeCode;
		this.section = section;
	}

	/**
	 * Returns the close code the server was told.
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

}
