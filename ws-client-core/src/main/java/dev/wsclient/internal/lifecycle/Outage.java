package dev.wsclient.internal.lifecycle;

import java.time.Duration;

/**
 * The time without a session that the user did not ask for, and the attempts in it. Event
 * loop only.
 */
final class Outage {

	private boolean running;

	private long sinceNanos;

	private int attempts;

	void onSessionLost(long nowNanos) {
		start(nowNanos);
	}

	/**
	 * An attempt failed.
	 * @param startNanos when it started
	 */
	void onAttemptFailed(long startNanos) {
		start(startNanos);
		this.attempts++;
	}

	private void start(long nanos) {
		if (!this.running) {
			this.running = true;
			this.sinceNanos = nanos;
		}
	}

	/**
	 * A session is open again, or none is wanted.
	 */
	void onEnd() {
		this.running = false;
		this.attempts = 0;
	}

	/**
	 * Describes the outage that a session ends.
	 * @return the text, empty if there was none
	 */
	String text(long nowNanos) {
		if (!this.running) {
			return "";
		}
		int attempts = this.attempts + 1;
		return ", outage of " + NextStep.text(Duration.ofNanos(nowNanos - this.sinceNanos)) + ", " + attempts
				+ ((attempts == 1) ? " attempt" : " attempts");
	}

}
