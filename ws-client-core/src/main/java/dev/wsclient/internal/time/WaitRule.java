package dev.wsclient.internal.time;

import org.jspecify.annotations.Nullable;

/**
 * Knows the threads on which a wait would never end.
 */
@FunctionalInterface
public interface WaitRule {

	/**
	 * Says why the calling thread must not wait. Any thread.
	 * @return the reason and what to do instead, or {@code null} if it may wait
	 */
	@Nullable String objection();

}
