package dev.wsclient.spring;

/**
 * Surrounds one call of a handler method, from before its arguments are resolved until
 * its failure, if there is one, was taken care of. Called on the thread of the call.
 */
interface HandlerScope {

	/**
	 * Does nothing.
	 */
	HandlerScope NONE = new HandlerScope() {
	};

	/**
	 * The call failed.
	 * @param failure what the method threw, or why it could not be called
	 */
	default void failed(Throwable failure) {
	}

	/**
	 * The call is over.
	 */
	default void close() {
	}

}
