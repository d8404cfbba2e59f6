package dev.wsclient.spring;

/**
 * Gives connections bearer tokens.
 */
interface BearerTokens {

	/**
	 * Makes what puts a token into the opening handshakes of connections.
	 * @param registrationId names whom to ask for a token
	 * @return the customizer
	 * @throws IllegalArgumentException if nobody of that name gives tokens
	 */
	WsHandshakeCustomizer customizer(String registrationId);

}
