package dev.wsclient.options;

/**
 * What becomes of a message that finds the send buffer full while messages wait for a
 * session. With an open session such a message is not accepted, whatever this says.
 *
 * @since 0.1.0
 */
public enum WhenFull {

	/**
	 * It fails as not accepted.
	 */
	FAIL,

	/**
	 * The messages that wait longest are dropped to make room for it.
	 */
	DROP_OLDEST,

	/**
	 * It is dropped.
	 */
	DROP_NEWEST

}
