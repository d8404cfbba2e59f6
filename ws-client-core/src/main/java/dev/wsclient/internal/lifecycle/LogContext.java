package dev.wsclient.internal.lifecycle;

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
		String outer = MDC.get(KEY);
		MDC.put(KEY, connection.name());
		try {
			lines.run();
		}
		finally {
			if (outer != null) {
				MDC.put(KEY, outer);
			}
			else {
				MDC.remove(KEY);
			}
		}
	}

}
