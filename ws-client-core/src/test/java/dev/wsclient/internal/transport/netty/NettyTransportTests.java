package dev.wsclient.internal.transport.netty;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The end of the event loops.
 */
class NettyTransportTests {

	private final NettyTransport transport = new NettyTransport(1);

	@Test
	void shutdownWaitsForTheEventLoops() {
		this.transport.nextScheduler().execute(() -> {
		});
		assertThat(this.transport.shutdown(Duration.ofSeconds(5))).isTrue();
	}

	@Test
	void shutdownIsBoundedWhenUserCodeBlocksAnEventLoop() {
		CountDownLatch blocked = new CountDownLatch(1);
		this.transport.nextScheduler().execute(() -> {
			try {
				blocked.await();
			}
			catch (InterruptedException ex) {
				Thread.currentThread().interrupt();
			}
		});
		assertThat(this.transport.shutdown(Duration.ofMillis(50))).isFalse();
		blocked.countDown();
		assertThat(this.transport.shutdown(Duration.ofSeconds(5))).isTrue();
	}

}
