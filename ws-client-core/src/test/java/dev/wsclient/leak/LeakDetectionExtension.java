package dev.wsclient.leak;

import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import io.netty.util.ResourceLeakDetectorFactory;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test class during which Netty's leak detector saw a buffer that was collected
 * without being released. Found by JUnit through the service loader, before any buffer is
 * made. Does nothing if no buffer was ever made.
 */
public final class LeakDetectionExtension implements AfterAllCallback {

	private static final Queue<String> REPORTS = new ConcurrentLinkedQueue<>();

	/**
	 * A collection may leave some references to the next one.
	 */
	private static final int COLLECTIONS = 2;

	private static volatile boolean used;

	static {
		ResourceLeakDetectorFactory.setResourceLeakDetectorFactory(new Factory());
	}

	@Override
	public void afterAll(ExtensionContext context) throws InterruptedException {
		if (!used || context.getRequiredTestClass().getEnclosingClass() != null) {
			return;
		}
		List<String> reports = collectReports();
		if (!reports.isEmpty()) {
			throw new AssertionError(reports.size() + " kinds of leaks of buffers: " + String.join("\n", reports));
		}
	}

	/**
	 * Provokes the reports on all buffers that leaked so far, and forgets them.
	 */
	static List<String> collectReports() throws InterruptedException {
		for (int i = 0; i < COLLECTIONS; i++) {
			collectGarbage();
			// The detector looks for leaks when it begins to watch another buffer
			PooledByteBufAllocator.DEFAULT.directBuffer().release();
		}
		List<String> reports = new ArrayList<>();
		String report = REPORTS.poll();
		while (report != null) {
			reports.add(report);
			report = REPORTS.poll();
		}
		return reports;
	}

	private static void collectGarbage() throws InterruptedException {
		ReferenceQueue<Object> queue = new ReferenceQueue<>();
		WeakReference<Object> canary = new WeakReference<>(new Object(), queue);
		System.gc();
		if (!canary.equals(queue.remove(5_000))) {
			throw new IllegalStateException("the garbage collector doesn't run");
		}
	}

	/**
	 * Makes detectors that tell this extension.
	 */
	private static final class Factory extends ResourceLeakDetectorFactory {

		@Override
		@SuppressWarnings("deprecation") // the only method the factory must have
		public <T> ResourceLeakDetector<T> newResourceLeakDetector(Class<T> resource, int samplingInterval,
				long maxActive) {
			used = true;
			return new RecordingDetector<>(resource, samplingInterval);
		}

	}

	/**
	 * Records the reports.
	 *
	 * @param <T> the type of the resource
	 */
	private static final class RecordingDetector<T> extends ResourceLeakDetector<T> {

		RecordingDetector(Class<T> resource, int samplingInterval) {
			super(resource, samplingInterval);
		}

		@Override
		protected boolean needReport() {
			return true;
		}

		@Override
		protected void reportTracedLeak(String resourceType, String records) {
			REPORTS.add(resourceType + records);
		}

		@Override
		protected void reportUntracedLeak(String resourceType) {
			REPORTS.add(resourceType);
		}

	}

}
