package dev.wsclient;

import java.lang.management.ManagementFactory;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;

/**
 * What this process takes at one moment.
 *
 * @param threads the threads that live
 * @param heap the bytes of the heap that are in use after a collection
 * @param direct the bytes of direct memory that Netty holds
 * @param descriptors the open file descriptors, 0 if the system doesn't tell
 */
record Resources(int threads, long heap, long direct, long descriptors) {

	private static final int COLLECTIONS = 3;

	static Resources now() {
		for (int i = 0; i < COLLECTIONS; i++) {
			collectGarbage();
		}
		return new Resources(ManagementFactory.getThreadMXBean().getThreadCount(),
				ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed(), MeasuredClient.directMemory(),
				openDescriptors());
	}

	private static void collectGarbage() {
		ReferenceQueue<Object> queue = new ReferenceQueue<>();
		WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
		System.gc();
		try {
			if (!canary.equals(queue.remove(5_000))) {
				throw new IllegalStateException("the garbage collector doesn't run");
			}
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	static long openDescriptors() {
		return (systemBean() instanceof UnixOperatingSystemMXBean unix) ? unix.getOpenFileDescriptorCount() : 0;
	}

	/**
	 * Returns how many file descriptors this process may open.
	 */
	static long maxDescriptors() {
		return (systemBean() instanceof UnixOperatingSystemMXBean unix) ? unix.getMaxFileDescriptorCount()
				: Long.MAX_VALUE;
	}

	private static OperatingSystemMXBean systemBean() {
		return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
	}

}
