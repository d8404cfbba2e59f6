package dev.wsclient.leak;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the extension would see a leak.
 */
class LeakDetectionExtensionTests {

	@Test
	void everyBufferIsWatched() {
		assertThat(ResourceLeakDetector.getLevel()).isEqualTo(ResourceLeakDetector.Level.PARANOID);
	}

	@Test
	void leakedBufferIsReportedWithItsUses() throws InterruptedException {
		leak();
		assertThat(LeakDetectionExtension.collectReports()).singleElement().asString().contains("leak(", "#1");
	}

	private static void leak() {
		ByteBuf buffer = PooledByteBufAllocator.DEFAULT.directBuffer();
		buffer.touch();
	}

	@Test
	void releasedBufferIsNotReported() throws InterruptedException {
		PooledByteBufAllocator.DEFAULT.directBuffer().release();
		assertThat(LeakDetectionExtension.collectReports()).isEmpty();
	}

}
