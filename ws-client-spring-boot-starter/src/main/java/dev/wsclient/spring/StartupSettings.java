package dev.wsclient.spring;

import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What the start of the application does about a connection.
 *
 * @param autoStart whether it connects
 * @param failFastAfter how long it waits for the connection to open before it fails, or
 * {@code null} if it doesn't wait
 */
record StartupSettings(boolean autoStart, @Nullable Duration failFastAfter) {

	static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(30);

}
