package dev.wsclient.benchmarks;

import java.time.Duration;

/**
 * How much is done to measure.
 *
 * @param window the CPU time of one look at the costs; with paced messages twice as much
 * time
 * @param maxWarmUp how many windows the costs may take to stop falling
 * @param measured how many windows are measured then
 * @param connections how many idle connections are opened
 */
record Effort(Duration window, int maxWarmUp, int measured, int connections) {

	/**
	 * Windows of warm-up in which the costs have to stop falling.
	 */
	static final int SETTLED_AFTER = 6;

	/**
	 * By how much costs have to fall to count as falling.
	 */
	static final double FALLING = 0.97;

	/**
	 * How many windows are measured unless told otherwise.
	 */
	static final int MEASURED = 5;

	/**
	 * Enough for figures.
	 */
	static final Effort FULL = new Effort(Duration.ofMillis(400), 40, MEASURED, 1000);

	/**
	 * Enough to see that all works.
	 */
	static final Effort SMOKE = new Effort(Duration.ofMillis(1), 0, 1, 2);

	Effort withMeasured(int windows) {
		return new Effort(this.window, this.maxWarmUp, windows, this.connections);
	}

}
