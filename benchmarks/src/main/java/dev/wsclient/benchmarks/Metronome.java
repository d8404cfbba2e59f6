package dev.wsclient.benchmarks;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

import dev.wsclient.benchmarks.client.BenchmarkClient.Connection;

/**
 * Sends messages at a fixed rate and times their way to and fro from when they were due,
 * so that a slow one also counts for those it holds up (no coordinated omission).
 */
final class Metronome extends Traffic {

	/**
	 * Timers fire late by about as much; the rest of the time is spun away.
	 */
	private static final long TIMER_SLACK_NANOS = TimeUnit.MICROSECONDS.toNanos(80);

	private static final int DIGITS = 19;

	private final long intervalNanos;

	private final String padding;

	/**
	 * Recorded by one thread at a time, read by another.
	 */
	private final SingleWriterRecorder times = new SingleWriterRecorder(TimeUnit.MINUTES.toNanos(1), 3);

	/**
	 * Creates a metronome.
	 * @param rate how many messages a second
	 * @param size the bytes of a message
	 */
	Metronome(int rate, int size) {
		super(null, size);
		this.intervalNanos = TimeUnit.SECONDS.toNanos(1) / rate;
		this.padding = " ".repeat(size - DIGITS);
	}

	@Override
	void start(Connection connection) {
		Thread thread = new Thread(() -> run(connection), "metronome");
		thread.setDaemon(true);
		thread.start();
	}

	private void run(Connection connection) {
		try {
			for (long due = System.nanoTime(); !isDone(); due += this.intervalNanos) {
				awaitTime(due);
				connection.send(digits(due) + this.padding);
			}
		}
		catch (Exception ex) {
			onFailure(ex);
		}
	}

	private static String digits(long nanos) {
		String digits = Long.toString(nanos);
		return "0".repeat(DIGITS - digits.length()) + digits;
	}

	private static void awaitTime(long due) {
		long left = due - System.nanoTime();
		if (left > TIMER_SLACK_NANOS) {
			LockSupport.parkNanos(left - TIMER_SLACK_NANOS);
		}
		while (System.nanoTime() < due) {
			Thread.onSpinWait();
		}
	}

	@Override
	public void onText(String text) {
		super.onText(text);
		long due = Long.parseLong(text.substring(0, DIGITS));
		this.times.recordValue(System.nanoTime() - due);
	}

	/**
	 * Forgets what was timed so far.
	 */
	void reset() {
		this.times.reset();
	}

	/**
	 * Returns what was timed, in nanoseconds, and forgets it.
	 */
	Histogram times() {
		return this.times.getIntervalHistogram();
	}

}
