package dev.wsclient;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

import dev.wsclient.options.OfflinePolicy;
import dev.wsclient.options.Reconnect;
import dev.wsclient.options.WsOptions;
import dev.wsclient.options.WsTls;
import dev.wsclient.testserver.Certificates;
import dev.wsclient.testserver.FaultProxy;
import dev.wsclient.testserver.NettyServer;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Eight threads call real connections at random while a proxy cuts them; then the client
 * is closed in the middle of it. Nothing hangs, nothing is told twice.
 */
class ConcurrentCallsIntegrationTests {

	private static final int THREADS = 8;

	private static final Duration TIME = Duration.ofSeconds(3);

	private final Queue<CompletableFuture<?>> stages = new ConcurrentLinkedQueue<>();

	private void await(CompletionStage<?> stage) {
		this.stages.add(stage.toCompletableFuture());
	}

	@Test
	void anyCallIsLegalAtAnyTimeAndTheClientMayBeClosedMeanwhile() throws InterruptedException {
		Certificates certificates = new Certificates();
		List<Story> stories = new ArrayList<>();
		Queue<Throwable> thrown = new ConcurrentLinkedQueue<>();
		try (NettyServer plain = new NettyServer();
				NettyServer tls = new NettyServer(certificates.serverContext(certificates.issue("localhost")))) {
			plain.start();
			tls.start();
			WsClient client = WsClient.create(2);
			try (FaultProxy plainProxy = new FaultProxy(plain.uri()); FaultProxy tlsProxy = new FaultProxy(tls.uri())) {
				for (int i = 0; i < 4; i++) {
					String uri = (i % 2 == 0) ? plainProxy.through(plain.uri())
							: tlsProxy.through(tls.uri()).replace("ws:", "wss:");
					stories.add(new Story(client,
							WsOptions.builder(uri)
								.tls(WsTls.defaults().withTrust(certificates.trusted()))
								.offlinePolicy((i < 2) ? OfflinePolicy.BUFFER : OfflinePolicy.FAIL)
								.sendBufferCount(100)
								.reconnect(Reconnect.exponential(Duration.ofMillis(5), Duration.ofMillis(50)))
								.build()));
				}
				ScheduledExecutorService threads = Executors.newScheduledThreadPool(THREADS);
				for (int i = 0; i < THREADS; i++) {
					Random random = new Random(i);
					threads.scheduleWithFixedDelay(
							() -> call(stories.get(random.nextInt(stories.size())).connection, random, thrown), 0, 500,
							TimeUnit.MICROSECONDS);
				}
				threads.scheduleWithFixedDelay(() -> {
					plainProxy.reset();
					tlsProxy.cut();
				}, 50, 50, TimeUnit.MILLISECONDS);
				// At least so long, and until enough happened for the test to mean
				// something
				Awaitility.await().pollDelay(TIME).atMost(TIME.plusSeconds(60)).until(() -> opens(stories) > 10);
				// They go on meanwhile
				client.close();
				threads.shutdown();
				assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
			}
			finally {
				client.close();
			}
		}
		assertThat(thrown).isEmpty();
		assertThat(this.stages).hasSizeGreaterThan(100).allMatch(CompletableFuture::isDone);
		stories.forEach(Story::check);
	}

	private static int opens(List<Story> stories) {
		return stories.stream().mapToInt((story) -> story.opens.get()).sum();
	}

	private void call(WsConnection connection, Random random, Queue<Throwable> thrown) {
		try {
			call(connection, random);
		}
		catch (Throwable ex) {
			thrown.add(ex);
		}
	}

	private void call(WsConnection connection, Random random) {
		switch (random.nextInt(16)) {
			case 0, 1, 2, 3 -> connection.connect();
			case 4 -> connection.reconnect(Duration.ofMillis(random.nextInt(20)));
			case 5 -> connection.cancelReconnect();
			case 6 -> await(connection.close());
			case 7 -> connection.abort();
			case 8 -> connection.pause();
			case 9 -> connection.resume();
			case 10 -> await(connection.whenOpen());
			case 11 -> await(connection.ping(ByteBuffer.allocate(4)));
			case 12 -> await(connection.closeAfter("last"));
			default -> await(connection.send("message"));
		}
	}

	/**
	 * What a listener heard.
	 */
	private static final class Story implements WsListener {

		private final WsConnection connection;

		private final AtomicInteger opens = new AtomicInteger();

		private final AtomicInteger closes = new AtomicInteger();

		private final Queue<WsStateChange> changes = new ConcurrentLinkedQueue<>();

		Story(WsClient client, WsOptions options) {
			this.connection = client.connection(options, this);
		}

		@Override
		public void onOpen(WsConnection connection, WsHandshakeResponse response) {
			this.opens.incrementAndGet();
		}

		@Override
		public void onClose(WsConnection connection, WsCloseEvent event) {
			this.closes.incrementAndGet();
		}

		@Override
		public void onStateChange(WsConnection connection, WsStateChange change) {
			this.changes.add(change);
		}

		void check() {
			assertThat(this.connection.state()).isEqualTo(WsState.CLOSED);
			assertThat(this.closes.get()).isEqualTo(this.opens.get());
			WsState at = WsState.IDLE;
			for (WsStateChange change : this.changes) {
				assertThat(change.from()).isEqualTo(at);
				at = change.to();
			}
			assertThat(at).isEqualTo(WsState.CLOSED);
			assertThat(this.connection.snapshot().queuedMessages()).isZero();
		}

	}

}
