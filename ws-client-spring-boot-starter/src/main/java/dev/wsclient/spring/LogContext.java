package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * Puts the name of a connection into the log context (SLF4J's MDC) of the thread that
 * calls code of the application for it, so that all lines logged by that code tell the
 * connection. What was there before comes back.
 */
final class LogContext {

	static final String KEY = "ws.client";

	private LogContext() {
	}

	/**
	 * Enters the context of a connection.
	 * @param client the name of the connection
	 * @return the name that was there before, for {@link #exit(String, String)}
	 */
	static @Nullable String enter(String client) {
		try {
			String outer = MDC.get(KEY);
			if (!client.equals(outer)) {
				MDC.put(KEY, client);
			}
			return outer;
		}
		// An adapter of the application's: lines without the name are better than no call
		catch (RuntimeException ex) {
			return null;
		}
	}

	/**
	 * Leaves the context.
	 * @param client the name of the connection
	 * @param outer the name that was there before, or {@code null}
	 */
	static void exit(String client, @Nullable String outer) {
		try {
			if (outer == null) {
				MDC.remove(KEY);
			}
			else if (!outer.equals(client)) {
				MDC.put(KEY, outer);
			}
		}
		catch (RuntimeException ex) {
			// As above
		}
	}

}
