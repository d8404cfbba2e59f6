package dev.wsclient.internal.lifecycle;

import java.util.stream.Stream;

/**
 * Throwables that throw when they are asked for something.
 */
final class HostileThrowables {

	private HostileThrowables() {
	}

	static Stream<Throwable> all() {
		return Stream.of(new MessageThrows(), new MessageThrowsError(), new TextThrows(), new TextIsNull(),
				new CauseThrows(), new EndlessCauses(0), new OwnCause(), new TraceThrows(), new TraceHasNulls(),
				new SuppressesItself(), new HostileError());
	}

	/**
	 * Throws any throwable from where none is declared.
	 */
	@SuppressWarnings("unchecked")
	static <T extends Throwable> RuntimeException sneak(Throwable thrown) throws T {
		throw (T) thrown;
	}

	static final class MessageThrows extends RuntimeException {

		@Override
		public String getMessage() {
			throw new IllegalStateException("no message");
		}

	}

	static final class MessageThrowsError extends RuntimeException {

		@Override
		public String getLocalizedMessage() {
			throw new LinkageError("no message");
		}

		@Override
		public String getMessage() {
			throw new LinkageError("no message");
		}

	}

	static final class TextThrows extends RuntimeException {

		@Override
		public String toString() {
			throw this;
		}

		@Override
		public String getMessage() {
			throw this;
		}

	}

	@SuppressWarnings({ "NullAway", "OverrideThrowableToString", "ToStringReturnsNull" })
	static final class TextIsNull extends RuntimeException {

		@Override
		public String toString() {
			return null;
		}

	}

	static final class CauseThrows extends RuntimeException {

		@Override
		public synchronized Throwable getCause() {
			throw new UnsupportedOperationException("no cause");
		}

	}

	static final class EndlessCauses extends RuntimeException {

		private final int depth;

		EndlessCauses(int depth) {
			super("cause " + depth);
			this.depth = depth;
		}

		@Override
		public synchronized Throwable getCause() {
			return new EndlessCauses(this.depth + 1);
		}

	}

	static final class OwnCause extends RuntimeException {

		@Override
		public synchronized Throwable getCause() {
			return this;
		}

	}

	static final class TraceThrows extends RuntimeException {

		@Override
		public StackTraceElement[] getStackTrace() {
			throw new IllegalStateException("no trace");
		}

	}

	@SuppressWarnings("NullAway")
	static final class TraceHasNulls extends RuntimeException {

		@Override
		public StackTraceElement[] getStackTrace() {
			return new StackTraceElement[] { null };
		}

	}

	static final class SuppressesItself extends RuntimeException {

		SuppressesItself() {
			super("suppressing");
			RuntimeException other = new RuntimeException("other", this);
			addSuppressed(other);
		}

	}

	static final class HostileError extends Error {

		@Override
		public String getMessage() {
			throw new AssertionError("no message");
		}

		@Override
		public String toString() {
			throw new AssertionError("no text");
		}

		@Override
		public synchronized Throwable getCause() {
			throw new AssertionError("no cause");
		}

		@Override
		public StackTraceElement[] getStackTrace() {
			throw new AssertionError("no trace");
		}

	}

}
