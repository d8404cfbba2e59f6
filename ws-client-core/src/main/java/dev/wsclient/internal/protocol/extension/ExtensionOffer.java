package dev.wsclient.internal.protocol.extension;

/**
 * An extension the client would like to use: what it says in
 * {@code Sec-WebSocket-Extensions}, and what it makes of the answer
 * (<a href="https://www.rfc-editor.org/rfc/rfc6455#section-9.1">RFC 6455, section
 * 9.1</a>). Immutable.
 *
 * @since 0.1.0
 */
public interface ExtensionOffer {

	/**
	 * Returns the name of the extension.
	 * @return a token
	 */
	String name();

	/**
	 * Returns the offer.
	 * @return name and parameters
	 */
	String text();

	/**
	 * Turns the answer into an extension for one session. Takes no memory that had to be
	 * released.
	 * @param answer what the server says about this extension
	 * @return the extension as agreed on
	 * @throws UnacceptableExtension if the answer is illegal or can't be honoured
	 */
	Extension accept(ExtensionAnswer answer);

}
