package dev.wsclient.spring;

import java.time.Duration;

/**
 * What is set for a connection besides the options that the core has.
 *
 * @param health when its health is down
 * @param startup what the start of the application does about it
 * @param startupLine describes it in the log
 * @param closeTimeout how long its closing handshake may take
 * @param handlerTarget what its handler methods must know of it
 */
record ConnectionSettings(HealthSettings health, StartupSettings startup, StartupLine startupLine,
		Duration closeTimeout, HandlerTarget handlerTarget) {

}
