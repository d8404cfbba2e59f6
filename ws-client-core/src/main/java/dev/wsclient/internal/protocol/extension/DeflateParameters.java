package dev.wsclient.internal.protocol.extension;

/**
 * What client and server agreed on for permessage-deflate.
 *
 * @param agreement the answer as the server gave it
 * @param serverNoContextTakeover whether the server forgets each message
 * @param clientNoContextTakeover whether the client forgets each message
 * @param serverWindowBits how far back the server refers, as a power of two
 * @param clientWindowBits how far back the client refers, as a power of two
 */
record DeflateParameters(String agreement, boolean serverNoContextTakeover, boolean clientNoContextTakeover,
		int serverWindowBits, int clientWindowBits) {

}
