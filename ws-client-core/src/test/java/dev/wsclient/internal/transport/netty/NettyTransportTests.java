package dev.wsclient.internal.transport.netty;

import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;

import io.netty.channel.ChannelException;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;

import dev.wsclient.internal.time.LoopFuture;
import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.internal.time.Ticker;
import dev.wsclient.options.WsHandshakeRequest;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

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
	void socketThatCantBeHadFailsTheAttemptOnItsEventLoop() {
		IoTransport io = IoTransport.select();
		NettyTransport transport = new NettyTransport(1, InetAddress::getAllByName,
				new IoTransport("none", io.handlerFactory(), () -> {
					throw new ChannelException("too many open files");
				}, io.domainSockets(), io.socketSettings()));
		WsOptions options = WsOptions.builder("ws://127.0.0.1:1/").build();
		Scheduler scheduler = transport.nextScheduler();
		CompletableFuture<Thread> loop = new CompletableFuture<>();
		scheduler.execute(() -> loop.complete(Thread.currentThread()));
		RecordingHandler handler = new RecordingHandler();
		transport.open(scheduler, new WsHandshakeRequest(options.uri(), options.headers(), options.subprotocols()),
				options, handler);
		await().until(() -> handler.end != null);
		assertThat(handler.endThread).isSameAs(loop.join());
		assertThat(handler.failure()).asString().contains("too many open files");
		long start = Ticker.SYSTEM.nanos();
		assertThat(transport.shutdown(Duration.ofSeconds(20))).isTrue();
		assertThat(Duration.ofNanos(Ticker.SYSTEM.nanos() - start)).isLessThan(Duration.ofSeconds(15));
	}

	@Test
	void noLoopOfTheClientMayWait() {
		Scheduler first = this.transport.nextScheduler();
		assertThat(first.mustNotBlock()).isFalse();
		NettyTransport two = new NettyTransport(2);
		Scheduler one = two.nextScheduler();
		Scheduler other = two.nextScheduler();
		assertThat(other).isNotSameAs(one);
		CompletableFuture<Void> future = new LoopFuture<>(other);
		CompletableFuture<Throwable> thrown = new CompletableFuture<>();
		one.execute(() -> thrown.complete(catchThrowable(future::join)));
		assertThat(thrown).succeedsWithin(Duration.ofSeconds(5))
			.asInstanceOf(InstanceOfAssertFactories.THROWABLE)
			.isInstanceOf(IllegalStateException.class)
			.hasMessageContaining("event loop");
		assertThat(two.shutdown(Duration.ofSeconds(5))).isTrue();
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
