package dev.wsclient.options;

/**
 * When keep-alive pings are sent.
 *
 * @since 0.1.0
 */
public enum PingMode {

	/**
	 * When the {@linkplain WsOptions#pingInterval() interval} passed without a sign of
	 * life: what a busy connection needs least of all is pings.
	 */
	IDLE,

	/**
	 * Each interval, whatever arrives: for servers and gateways that want to see pings,
	 * and for a round trip that is measured on busy connections too.
	 */
	ALWAYS

}
