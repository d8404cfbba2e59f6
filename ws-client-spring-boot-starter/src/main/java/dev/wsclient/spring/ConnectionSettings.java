package dev.wsclient.spring;

import dev.wsclient.spring.properties.ShutdownMode;

/**
 * What is set for a connection besides the options that the core has.
 *
 * @param health when its health is down
 * @param startup what the start of the application does about it
 * @param startupLine describes it in the log
 * @param shutdown what becomes of its messages when the application stops
 * @param handlerTarget what its handler methods must know of it
 */
record ConnectionSettings(HealthSettings health, StartupSettings startup, StartupLine startupLine,
		ShutdownMode shutdown, HandlerTarget handlerTarget) {

}
