package dev.wsclient.internal.listener;

/**
 * A listener that goes on after its call returned, on threads of its own, and knows them.
 */
@FunctionalInterface
public interface CallScope {

	/**
	 * Whether the calling thread runs a part of a call. Any thread.
	 * @return {@code true} if what comes after the call waits for this thread
	 */
	boolean isInCall();

}
