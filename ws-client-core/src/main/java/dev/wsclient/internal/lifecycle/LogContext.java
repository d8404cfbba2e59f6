package dev.wsclient.internal.lifecycle;

import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

import dev.wsclient.WsConnection;

/**
 * Writes lines of the log with the connection's name in SLF4J's MDC, under
 * {@code ws.client}, so that a search by the name finds these lines together with those
 * that users write.
 */
final class LogContext {

	private static final String KEY = "ws.client";

	private LogContext() {
	}

	/**
	 * Writes lines. On an event loop that calls a listener there may be a name already,
	 * which comes back.
	 * @param connection the connection they are about
	 * @param lines writes them
	 */
	static void log(WsConnection connection, Runnable lines) {
		String outer = replace(connection.name());
		try {
			lines.run();
		}
		finally {
			replace(outer);
		}
	}

	/**
	 * Sets the name or, without one, removes it.
	 * @return the name that was there before, or {@code null}
	 */
	private static @Nullable String replace(@Nullable String name) {
		try {
			String outer = MDC.get(KEY);
			if (name != null) {
				MDC.put(KEY, name);
			}
			else {
				MDC.remove(KEY);
			}
			return outer;
		}
		// The backend may be the application's; the line is worth more than its context
		catch (Throwable ex) {
			return null;
		}
	}

}
