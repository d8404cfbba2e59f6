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
	 * Where handler methods are called.
	 */
	private @Nullable DispatchMode mode;

	/**
	 * Number of calls that may wait for the executor before the socket is not read.
	 */
	private @Nullable Integer queue;

	/**
	 * Size of messages that may wait for the executor before the socket is not read.
	 */
	private @Nullable DataSize queueBytes;

	public @Nullable DispatchMode getMode() {
		return this.mode;
	}

	public void setMode(@Nullable DispatchMode mode) {
		this.mode = mode;
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
