package dev.wsclient.options;

/**
 * What becomes of messages while there is no open session. Before the first session
 * messages always wait, bounded by the send buffer.
 *
 * @since 0.1.0
 */
public enum OfflinePolicy {

	/**
	 * They fail at once as not accepted; those that wait when a session breaks are
	 * dropped.
	 */
	FAIL,

	/**
	 * They wait for the next session, bounded by the send buffer.
	 */
	BUFFER

}
