package dev.wsclient.spring;

import org.slf4j.Logger;
import org.slf4j.event.Level;

import dev.wsclient.PrintableText;

/**
 * Logs what code of the application threw. The exception's own methods are code of the
 * application too, and so are appenders: what they throw ends here.
 */
final class SafeLog {

	private SafeLog() {
	}

	/**
	 * Logs a line with an exception, or with its class if it can't be printed.
	 * @param logger the logger
	 * @param level the level
	 * @param text the line, not a format
	 * @param thrown the exception
	 */
	static void log(Logger logger, Level level, String text, Throwable thrown) {
		try {
			logger.atLevel(level).setCause(PrintableText.of(thrown)).log(text);
		}
		catch (Throwable ex) {
			logWithoutTrace(logger, level, text, thrown, ex);
		}
	}

	private static void logWithoutTrace(Logger logger, Level level, String text, Throwable thrown, Throwable reason) {
		try {
			logger.atLevel(level)
				.log(text + ": " + thrown.getClass().getName() + ", which can't be printed because of a "
						+ reason.getClass().getName());
		}
		catch (Throwable ex) {
			// The log itself fails: nothing is left to tell it with
		}
	}

}
