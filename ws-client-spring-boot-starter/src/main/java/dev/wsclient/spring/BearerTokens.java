package dev.wsclient.spring;

/**
 * Gives connections bearer tokens.
 */
interface BearerTokens {

	/**
	 * Makes what puts a token into the opening handshakes of a connection.
	 * @param registrationId names whom to ask for a token
	 * @param client the name of the connection
	 * @return the source of the token
	 * @throws IllegalArgumentException if no one of that name gives tokens
	 * @throws IllegalStateException if there is no OAuth2 client
	 */
	Source source(String registrationId, String client);

	/**
	 * Puts the token of one connection into its opening handshakes.
	 */
	interface Source extends WsHandshakeCustomizer {

		/**
		 * Forgets the token: the connection is not to come back. Does not block.
		 */
		void forget();

	}

}
