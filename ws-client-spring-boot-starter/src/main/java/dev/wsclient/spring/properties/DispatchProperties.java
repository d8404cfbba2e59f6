package dev.wsclient.spring.properties;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

/**
 * Calls of handler methods.
 *
 * @since 0.1.0
 */
public class DispatchProperties {

	/**
	 * Where handler methods are called with messages, and in what order.
	 */
	private @Nullable DispatchMode mode;

	/**
	 * Number of messages that may be handled at the same time in mode keyed or
	 * concurrent; 8 unless set.
	 */
	private @Nullable Integer concurrency;

	/**
	 * What messages have in common that must be handled in order (keyed) or replace one
	 * another (conflate): a path into their JSON such as $.symbol, or an expression
	 * (SpEL) such as json.symbol. Messages without it are in order among themselves.
	 */
	private @Nullable String key;

	/**
	 * Whether a message replaces an older one that still waits, if both have the same key
	 * and go to the same methods. Replaced messages are counted.
	 */
	private @Nullable Boolean conflate;

	/**
	 * Number of messages and other events that may wait or be handled before the socket
	 * is not read; it is read again when half of them are done.
	 */
	private @Nullable Integer queue;

	/**
	 * Size of messages that may wait or be handled before the socket is not read; it is
	 * read again when half of it is done. In bytes if no unit is given.
	 */
	private @Nullable DataSize queueBytes;

	public @Nullable DispatchMode getMode() {
		return this.mode;
	}

	public void setMode(@Nullable DispatchMode mode) {
		this.mode = mode;
	}

	public @Nullable Integer getConcurrency() {
		return this.concurrency;
	}

	public void setConcurrency(@Nullable Integer concurrency) {
		this.concurrency = concurrency;
	}

	public @Nullable String getKey() {
		return this.key;
	}

	public void setKey(@Nullable String key) {
		this.key = key;
	}

	public @Nullable Boolean getConflate() {
		return this.conflate;
	}

	public void setConflate(@Nullable Boolean conflate) {
		this.conflate = conflate;
	}

	public @Nullable Integer getQueue() {
		return this.queue;
	}

	public void setQueue(@Nullable Integer queue) {
		this.queue = queue;
	}

	public @Nullable DataSize getQueueBytes() {
		return this.queueBytes;
	}

	public void setQueueBytes(@Nullable DataSize queueBytes) {
		this.queueBytes = queueBytes;
	}

}
