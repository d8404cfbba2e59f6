package dev.wsclient;

/**
 * Where a {@link WsConnection} is in its life.
 *
 * <pre>
 * IDLE -&gt; CONNECTING -&gt; OPEN -&gt; CLOSING -&gt; CLOSED
 *           ^    |        |        |
 *           |    v        v        |
 *           +- BACKOFF &lt;--+--------+
 * </pre>
 *
 * {@link #CLOSED} is left only by an explicit {@link WsConnection#connect()} or
 * {@link WsConnection#reconnect(java.time.Duration)}.
 *
 * @since 0.1.0
 */
public enum WsState {

	/**
	 * Created and never connected.
	 */
	IDLE,

	/**
	 * An attempt is under way: name resolution, TCP, TLS, opening handshake.
	 */
	CONNECTING,

	/**
	 * The opening handshake succeeded; messages flow.
	 */
	OPEN,

	/**
	 * The closing handshake is under way.
	 */
	CLOSING,

	/**
	 * No session, and the next attempt is scheduled.
	 */
	BACKOFF,

	/**
	 * No session, and none will be attempted until asked for.
	 */
	CLOSED

}
