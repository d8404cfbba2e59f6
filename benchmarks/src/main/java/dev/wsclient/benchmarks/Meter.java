package dev.wsclient.benchmarks;

import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;

/**
 * Reads what this process has used and done.
 */
final class Meter {

	private static final OperatingSystemMXBean process = (OperatingSystemMXBean) ManagementFactory
		.getOperatingSystemMXBean();

	private static final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private final LongSupplier messages;

	private final Runnable check;

	/**
	 * Creates a meter.
	 * @param messages tells how many messages were done
	 * @param check throws if something went wrong
	 */
	Meter(LongSupplier messages, Runnable check) {
		this.messages = messages;
		this.check = check;
	}

	Sample sample() {
		this.check.run();
		return new Sample(System.nanoTime(), process.getProcessCpuTime(), allocated(), this.messages.getAsLong());
	}

	private static long allocated() {
		long sum = 0;
		for (long bytes : threads.getThreadAllocatedBytes(threads.getAllThreadIds())) {
			sum += Math.max(bytes, 0);
		}
		return sum;
	}

	/**
	 * Waits.
	 * @param nanos how long
	 */
	void await(long nanos) {
		long end = System.nanoTime() + nanos;
		long left = nanos;
		while (left > 0) {
			LockSupport.parkNanos(this, left);
			this.check.run();
			left = end - System.nanoTime();
		}
	}

	/**
	 * What was used and done up to a moment.
	 *
	 * @param nanos the moment
	 * @param cpuNanos CPU time of all threads of the process
	 * @param allocatedBytes what its living threads allocated
	 * @param messages how many messages were done
	 */
	record Sample(long nanos, long cpuNanos, long allocatedBytes, long messages) {

		Sample since(Sample before) {
			return new Sample(this.nanos - before.nanos, this.cpuNanos - before.cpuNanos,
					this.allocatedBytes - before.allocatedBytes, this.messages - before.messages);
		}

		double cpuPerMessage() {
			return (double) this.cpuNanos / this.messages;
		}

		double allocatedPerMessage() {
			return (double) this.allocatedBytes / this.messages;
		}

		double messagesPerSecond() {
			return (double) this.messages * TimeUnit.SECONDS.toNanos(1) / this.nanos;
		}

	}

}
