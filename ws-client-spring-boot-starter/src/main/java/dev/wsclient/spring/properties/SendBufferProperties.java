package dev.wsclient.spring.properties;

import java.time.Duration;

import org.jspecify.annotations.Nullable;
import org.springframework.util.unit.DataSize;

import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.WhenFull;

/**
 * Messages that wait.
 *
 * @since 0.1.0
 */
public class SendBufferProperties {

	/**
	 * Payload that may wait for being written; a message that does not fit is not
	 * accepted. In bytes if no unit is given.
	 */
	private @Nullable DataSize maxSize;

	/**
	 * Number of messages that may wait for being written.
	 */
	private @Nullable Integer maxCount;

	/**
	 * What becomes of messages while there is no session.
	 */
	private @Nullable OfflinePolicy offline;

	/**
	 * Time that a message waits for a session; then it expires. Unlimited if zero. In
	 * milliseconds if no unit is given.
	 */
	private @Nullable Duration offlineTtl;

	/**
	 * What becomes of a message that finds the buffer full while there is no session.
	 */
	private @Nullable WhenFull whenFull;

	public @Nullable DataSize getMaxSize() {
		return this.maxSize;
	}

	public void setMaxSize(@Nullable DataSize maxSize) {
		this.maxSize = maxSize;
	}

	public @Nullable Integer getMaxCount() {
		return this.maxCount;
	}

	public void setMaxCount(@Nullable Integer maxCount) {
		this.maxCount = maxCount;
	}

	public @Nullable OfflinePolicy getOffline() {
		return this.offline;
	}

	public void setOffline(@Nullable OfflinePolicy offline) {
		this.offline = offline;
	}

	public @Nullable Duration getOfflineTtl() {
		return this.offlineTtl;
	}

	public void setOfflineTtl(@Nullable Duration offlineTtl) {
		this.offlineTtl = offlineTtl;
	}

	public @Nullable WhenFull getWhenFull() {
		return this.whenFull;
	}

	public void setWhenFull(@Nullable WhenFull whenFull) {
		this.whenFull = whenFull;
	}

}
