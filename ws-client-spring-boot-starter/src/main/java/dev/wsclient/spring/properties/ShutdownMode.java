package dev.wsclient.spring.properties;

/**
 * What becomes of received messages that wait for their handlers when the application
 * stops.
 *
 * @since 0.1.0
 */
public enum ShutdownMode {

	/**
	 * They are handled first, within spring.lifecycle.timeout-per-shutdown-phase.
	 */
	DRAIN,

	/**
	 * They are dropped, counted and logged; handlers that run finish.
	 */
	DROP

}
