package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.core.retry.RetryPolicy;
import org.springframework.util.backoff.BackOffExecution;

import dev.wsclient.spring.properties.ErrorStrategy;

/**
 * What follows when a handler method fails.
 *
 * @param strategy the strategy
 * @param retryPolicy when to call it again, or {@code null} for not at all
 * @param recoverer called after the last retry, or {@code null} for nothing
 */
record FailurePolicy(ErrorStrategy strategy, @Nullable RetryPolicy retryPolicy,
		@Nullable WsHandlerRecoverer recoverer) {

	/** That of methods for which nothing follows. */
	static final FailurePolicy LOG = new FailurePolicy(ErrorStrategy.LOG, null, null);

	/**
	 * Begins to count the retries of one call.
	 * @return the retries, or {@code null} if there are none
	 */
	@Nullable Retries retries() {
		return (this.retryPolicy != null) ? new Retries(this.retryPolicy) : null;
	}

	/**
	 * The retries of one call.
	 */
	static final class Retries {

		static final long NONE = BackOffExecution.STOP;

		private final RetryPolicy policy;

		private @Nullable BackOffExecution backOff;

		private Retries(RetryPolicy policy) {
			this.policy = policy;
		}

		/**
		 * Decides on the next retry.
		 * @param failure why the call failed
		 * @return how many milliseconds to wait for it, or {@link #NONE}
		 */
		long next(Throwable failure) {
			if (!this.policy.shouldRetry(failure)) {
				return NONE;
			}
			if (this.backOff == null) {
				this.backOff = this.policy.getBackOff().start();
			}
			return this.backOff.nextBackOff();
		}

	}

}
