package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;

import dev.wsclient.spring.properties.DispatchMode;

/**
 * How the messages of a connection are handed to its handlers.
 *
 * @param mode the mode
 * @param concurrency how many messages are handled at the same time, if the mode handles
 * several
 * @param key finds the key of a message, if the mode or conflation needs one
 * @param conflate whether a newer message replaces one that waits, if the mode lets
 * messages wait in order
 */
record DispatchSettings(DispatchMode mode, int concurrency, MessageKey key, boolean conflate) {

	/** That of the application's task executor, unless it is configured. */
	private static final int DEFAULT_CONCURRENCY = 8;

	static final DispatchSettings DEFAULTS = new DispatchSettings(DispatchMode.SERIAL, DEFAULT_CONCURRENCY,
			MessageKey.NONE, false);

	DispatchSettings withMode(DispatchMode mode) {
		return new DispatchSettings(mode, this.concurrency, this.key, this.conflate);
	}

	DispatchSettings withConcurrency(int concurrency) {
		if (concurrency < 1) {
			throw new IllegalArgumentException("it must be at least 1, was " + concurrency);
		}
		return new DispatchSettings(this.mode, concurrency, this.key, this.conflate);
	}

	DispatchSettings withKey(MessageKey key) {
		return new DispatchSettings(this.mode, this.concurrency, key, this.conflate);
	}

	DispatchSettings withConflate(boolean conflate) {
		return new DispatchSettings(this.mode, this.concurrency, this.key, conflate);
	}

	/**
	 * Whether messages are conflated.
	 * @return {@code false} also where the mode does not allow for it
	 */
	boolean conflates() {
		return this.conflate && (this.mode == DispatchMode.SERIAL || this.mode == DispatchMode.KEYED);
	}

	/**
	 * Returns what finds the key of a message.
	 * @return the key, {@link MessageKey#NONE} where none is needed
	 */
	MessageKey effectiveKey() {
		return (this.mode == DispatchMode.KEYED || conflates()) ? this.key : MessageKey.NONE;
	}

	/**
	 * Makes the lanes.
	 * @param executors makes what runs them
	 * @return the lanes, or {@code null} if messages are handled by the thread that
	 * brings them
	 */
	@Nullable Lanes lanes(LimitedExecutor.Factory executors) {
		return switch (this.mode) {
			case SERIAL -> conflates() ? Lanes.ordered(1, executors) : null;
			case KEYED -> Lanes.ordered(this.concurrency, executors);
			case CONCURRENT -> Lanes.concurrent(this.concurrency, executors);
			case EVENT_LOOP -> null;
		};
	}

}
