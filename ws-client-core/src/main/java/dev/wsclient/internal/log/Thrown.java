package dev.wsclient.internal.log;

import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionException;

import org.jspecify.annotations.Nullable;

/**
 * Asks throwables for their texts and causes, which is code of the application that may
 * throw itself.
 */
public final class Thrown {

	/**
	 * How many throwables one may consist of to be printed.
	 */
	private static final int MAX_PRINTED = 200;

	private Thrown() {
	}

	/**
	 * Returns what a throwable says of itself.
	 * @param thrown the throwable
	 * @return its {@code toString()}, or the name of its class if that throws or is
	 * {@code null}
	 */
	public static String describe(Throwable thrown) {
		try {
			return Objects.requireNonNull(thrown.toString());
		}
		// Also an Error
		catch (Throwable ex) {
			return thrown.getClass().getName();
		}
	}

	/**
	 * Returns the message of a throwable.
	 * @param thrown the throwable
	 * @return its message, or {@code null} if it has none; the name of its class if that
	 * throws
	 */
	public static @Nullable String message(Throwable thrown) {
		try {
			return thrown.getMessage();
		}
		// Also an Error
		catch (Throwable ex) {
			return thrown.getClass().getName();
		}
	}

	/**
	 * Returns the cause of a throwable.
	 * @param thrown the throwable
	 * @return its cause, or {@code null} if it has none or throws
	 */
	public static @Nullable Throwable cause(Throwable thrown) {
		try {
			return thrown.getCause();
		}
		// Also an Error
		catch (Throwable ex) {
			return null;
		}
	}

	/**
	 * Returns what a stage failed with, without the {@link CompletionException} that it
	 * may be wrapped in.
	 * @param thrown what a stage gave
	 * @return the failure
	 */
	public static Throwable unwrap(Throwable thrown) {
		Throwable cause = (thrown instanceof CompletionException) ? cause(thrown) : null;
		return (cause != null) ? cause : thrown;
	}

	/**
	 * Whether a throwable has an end, with all that caused it and that it suppresses.
	 * @param thrown the throwable
	 * @return {@code false} if there is too much to print, or it throws
	 */
	static boolean isBounded(Throwable thrown) {
		try {
			Set<Throwable> found = Collections.newSetFromMap(new IdentityHashMap<>());
			collect(thrown, found);
			return found.size() <= MAX_PRINTED;
		}
		// Also an Error
		catch (Throwable ex) {
			return false;
		}
	}

	private static void collect(@Nullable Throwable thrown, Set<Throwable> found) {
		if (thrown != null && found.size() <= MAX_PRINTED && found.add(thrown)) {
			collect(thrown.getCause(), found);
			for (Throwable suppressed : thrown.getSuppressed()) {
				collect(suppressed, found);
			}
		}
	}

	/**
	 * Returns a throwable that stands in for one that can't be printed.
	 * @param thrown that one
	 * @return one with its text and stack trace, as far as it gives them
	 */
	static Throwable printable(Throwable thrown) {
		Throwable printable = new UnprintableException(describe(thrown) + " (it can't be printed as it is)");
		printable.setStackTrace(stackTrace(thrown));
		return printable;
	}

	private static StackTraceElement[] stackTrace(Throwable thrown) {
		try {
			return Arrays.stream(thrown.getStackTrace()).filter(Objects::nonNull).toArray(StackTraceElement[]::new);
		}
		// Also an Error
		catch (Throwable ex) {
			return new StackTraceElement[0];
		}
	}

	/**
	 * Stands in for a throwable that can't be printed.
	 */
	private static final class UnprintableException extends RuntimeException {

		private static final long serialVersionUID = 1;

		UnprintableException(String message) {
			super(message);
		}

	}

}
