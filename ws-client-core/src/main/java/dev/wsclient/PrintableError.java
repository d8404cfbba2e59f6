package dev.wsclient;

import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

/**
 * Stands in for an error whose message is more than text.
 */
final class PrintableError extends Exception {

	private static final int MAX_LENGTH = 2000;

	/**
	 * Of a longer chain of causes, or one that has no end, the rest is left out.
	 */
	private static final int MAX_CAUSES = 20;

	private PrintableError(Throwable error, @Nullable Throwable cause) {
		super(text(error), cause, false, true);
		setStackTrace(error.getStackTrace());
	}

	static Throwable of(Throwable error) {
		return isPrintable(error, 0) ? error : copy(error, 0);
	}

	private static boolean isPrintable(Throwable error, int depth) {
		try {
			String message = error.getMessage();
			Throwable cause = error.getCause();
			return depth < MAX_CAUSES && (message == null || PrintableText.of(message).equals(message))
					&& (cause == null || isPrintable(cause, depth + 1))
					&& Stream.of(error.getSuppressed()).allMatch((each) -> isPrintable(each, depth + 1));
		}
		// Of user code, as all that an exception overrides
		catch (Throwable ex) {
			return false;
		}
	}

	private static PrintableError copy(Throwable error, int depth) {
		Throwable cause = cause(error);
		return new PrintableError(error, (cause != null && depth < MAX_CAUSES) ? copy(cause, depth + 1) : null);
	}

	private static @Nullable Throwable cause(Throwable error) {
		try {
			return error.getCause();
		}
		catch (Throwable ex) {
			return null;
		}
	}

	private static String text(Throwable error) {
		String name = error.getClass().getName();
		try {
			String message = error.getMessage();
			return (message != null) ? name + ": " + PrintableText.of(message, MAX_LENGTH) : name;
		}
		catch (Throwable ex) {
			return name + " (its message can't be told: " + ex.getClass().getName() + ")";
		}
	}

}
