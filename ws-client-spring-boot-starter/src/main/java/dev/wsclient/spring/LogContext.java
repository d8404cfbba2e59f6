package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import dev.wsclient.WsConnection;

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
	 * @param connection the connection
	 * @return the name that was there before, for {@link #exit(String)}
	 */
	static @Nullable String enter(WsConnection connection) {
		String outer = MDC.get(KEY);
		MDC.put(KEY, connection.name());
		return outer;
	}

	/**
	 * Leaves the context.
	 * @param outer the name that was there before, or {@code null}
	 */
	static void exit(@Nullable String outer) {
		if (outer == null) {
			MDC.remove(KEY);
		}
		else {
			MDC.put(KEY, outer);
		}
	}

}
