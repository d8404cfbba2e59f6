package dev.wsclient;

import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Flow;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.zip.CRC32;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

import dev.wsclient.options.WsOptions;
import dev.wsclient.testserver.FaultProxy;
import dev.wsclient.testserver.Frames;
import dev.wsclient.testserver.JettyServer;
import dev.wsclient.testserver.NettyServer;
import dev.wsclient.testserver.ScriptedConnection.Frame;
import dev.wsclient.testserver.ScriptedServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Large messages in pieces, and many messages to those who take them slowly: all of it
 * arrives, and little of it is in memory.
 */
class StreamingIntegrationTests {

	private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

	private static final int MEBIBYTE = 1024 * 1024;

	private static final int FRAGMENT = 64 * 1024;

	private static final int FRAGMENTS = 20 * MEBIBYTE / FRAGMENT;

	private static final WsClient CLIENT = WsClient.create();

	@AfterAll
	static void closeClient() {
		CLIENT.close();
	}

	@Test
	void streamedMessageComesBackFromJettyInPieces() {
		try (JettyServer server = new JettyServer()) {
			server.start();
			Pieces pieces = new Pieces();
			WsConnection connection = CLIENT.connect(WsOptions.builder(server.uri()).streaming(true).build(), pieces);
			await().until(connection::isOpen);
			Fragments fragments = new Fragments();
			assertThat(connection.send(WsMessage.Type.BINARY, fragments)).succeedsWithin(Duration.ofSeconds(20));
			assertThat(pieces.complete).succeedsWithin(Duration.ofSeconds(20));
			assertThat(pieces.size).isEqualTo(20 * MEBIBYTE);
			assertThat(pieces.checksum.getValue()).isEqualTo(fragments.checksum.getValue());
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(6));
		}
	}

	@Test
	void pingsGoBetweenTheFragments() {
		List<Integer> opcodes = new CopyOnWriteArrayList<>();
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			Frame frame = connection.readFrame();
			while (frame.opcode() != 8) {
				opcodes.add(frame.opcode());
				frame = connection.readFrame();
			}
			connection.write(Frames.close(1000));
		})) {
			WsConnection connection = CLIENT.connect(WsOptions.builder(server.uri()).build(), new RecordingListener());
			await().until(connection::isOpen);
			Fragments fragments = new Fragments();
			fragments.onRequest = (number) -> {
				if (number % 100 == 50) {
					connection.ping(ByteBuffer.allocate(1));
				}
			};
			CompletableFuture<Void> streamed = connection.send(WsMessage.Type.BINARY, fragments).toCompletableFuture();
			assertThat(connection.send("behind")).succeedsWithin(Duration.ofSeconds(20));
			assertThat(streamed).isCompleted();
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(6));
			assertThat(opcodes.stream().filter((opcode) -> opcode == 9)).hasSize(FRAGMENTS / 100);
			assertThat(opcodes).startsWith(2, 0).endsWith(0, 1).doesNotContain(8);
			assertThat(opcodes.lastIndexOf(9)).isLessThan(opcodes.lastIndexOf(0));
		}
	}

	@Test
	void messageReceivedInPiecesIsNeverInMemory() {
		byte[] chunk = new byte[FRAGMENT];
		try (ScriptedServer server = new ScriptedServer((connection) -> {
			connection.accept();
			connection.readFrame();
			connection.write(Frames.header(0x82, 20 * MEBIBYTE));
			for (int i = 0; i < FRAGMENTS; i++) {
				connection.write(chunk);
			}
			connection.write(Frames.close(connection.readUntilClose()));
		})) {
			Pieces pieces = new Pieces();
			WsConnection connection = CLIENT.connect(
					WsOptions.builder(server.uri()).streaming(true).maxFrameSize(Integer.MAX_VALUE).build(), pieces);
			await().until(connection::isOpen);
			long directBefore = MeasuredClient.directMemory();
			connection.send("go");
			assertThat(pieces.complete).succeedsWithin(Duration.ofSeconds(20));
			assertThat(pieces.size).isEqualTo(20 * MEBIBYTE);
			System.out.printf("20 MiB in pieces: %d KiB of heap, %d KiB direct%n", pieces.allocated / 1024,
					(MeasuredClient.directMemory() - directBefore) / 1024);
			// Garbage included, and each piece recorded by the leak detector
			assertThat(pieces.allocated).isLessThan(10 * MEBIBYTE);
			assertThat(MeasuredClient.directMemory() - directBefore).isLessThan(4 * MEBIBYTE);
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(6));
		}
	}

	@Test
	void pipeToASlowTargetLosesNothing() {
		int messages = 2000;
		List<String> arrived = new CopyOnWriteArrayList<>();
		try (ScriptedServer source = source(messages); NettyServer target = new NettyServer()) {
			target.passTextsTo((session) -> (text) -> arrived.add(text.substring(0, 8)));
			target.start();
			try (FaultProxy slow = new FaultProxy(target.uri())) {
				WsConnection to = CLIENT.connect(WsOptions.builder(slow.through(target.uri())).build(),
						new RecordingListener());
				WsConnection from = CLIENT.connect(WsOptions.builder(source.uri()).build(), new RecordingListener() {

					@Override
					public void onMessage(WsConnection connection, WsMessage message) {
						// The pipe has them
					}

				});
				await().until(() -> to.isOpen() && from.isOpen());
				slow.stall();
				Resources before = Resources.now();
				CompletableFuture<Void> done = from.pipeTo(to).toCompletableFuture();
				from.send("go");
				// The buffers of the sockets fill first
				await().until(() -> from.snapshot().paused() && to.snapshot().queuedBytes() > 200_000);
				await().during(Duration.ofMillis(300)).until(() -> from.snapshot().paused());
				Resources during = Resources.now();
				assertThat(to.snapshot().queuedBytes()).isLessThan(MEBIBYTE);
				assertThat(during.heap() - before.heap()).isLessThan(8 * MEBIBYTE);
				assertThat(during.direct() - before.direct()).isLessThan(8 * MEBIBYTE);
				System.out.printf("32 MiB piped: %d KiB of heap, %d KiB direct%n",
						(during.heap() - before.heap()) / 1024, (during.direct() - before.direct()) / 1024);
				slow.forward();
				await().until(() -> arrived.size() == messages);
				assertThat(arrived).isSorted().doesNotHaveDuplicates();
				assertThat(from.close()).succeedsWithin(Duration.ofSeconds(6));
				assertThat(done).succeedsWithin(Duration.ofSeconds(5));
				to.abort();
			}
		}
	}

	@Test
	void subscriberThatAsksSlowlyGetsAll() {
		int messages = 2000;
		List<String> arrived = new CopyOnWriteArrayList<>();
		Semaphore completed = new Semaphore(0);
		CompletableFuture<Flow.Subscription> subscription = new CompletableFuture<>();
		try (ScriptedServer source = source(messages)) {
			WsConnection connection = CLIENT.connect(WsOptions.builder(source.uri()).build(), new WsListener() {
			});
			await().until(connection::isOpen);
			connection.messages().subscribe(new Flow.Subscriber<>() {

				@Override
				public void onSubscribe(Flow.Subscription asked) {
					subscription.complete(asked);
				}

				@Override
				public void onNext(WsMessage message) {
					arrived.add(message.text().substring(0, 8));
				}

				@Override
				public void onError(Throwable error) {
					subscription.completeExceptionally(error);
				}

				@Override
				public void onComplete() {
					completed.release();
				}

			});
			connection.send("go");
			Flow.Subscription asked = subscription.join();
			for (int i = 1; i <= messages / 100; i++) {
				int expected = i * 100;
				asked.request(100);
				await().pollInterval(Duration.ofMillis(2)).until(() -> arrived.size() >= expected);
				assertThat(arrived).hasSize(expected);
			}
			assertThat(arrived).isSorted().doesNotHaveDuplicates();
			// The server's Close frame is read only while there is demand
			asked.request(1);
			assertThat(connection.close()).succeedsWithin(Duration.ofSeconds(6));
			await().until(() -> completed.tryAcquire());
		}
	}

	private static ScriptedServer source(int messages) {
		String padding = "x".repeat(16 * 1024);
		return new ScriptedServer((connection) -> {
			connection.accept();
			connection.readFrame();
			for (int i = 0; i < messages; i++) {
				connection.write(Frames.text("%08d".formatted(i) + padding));
			}
			connection.write(Frames.close(connection.readUntilClose()));
		});
	}

	/**
	 * Receives a message in pieces.
	 */
	private static final class Pieces implements WsListener {

		private final CompletableFuture<Void> complete = new CompletableFuture<>();

		private final CRC32 checksum = new CRC32();

		private long size;

		private long allocated;

		@Override
		public void onFragment(WsConnection connection, WsFragment fragment) {
			long now = THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
			if (fragment.first()) {
				this.allocated = -now;
			}
			this.size += fragment.payload().remaining();
			this.checksum.update(fragment.payload());
			if (fragment.last()) {
				this.allocated += now;
				this.complete.complete(null);
			}
		}

	}

	/**
	 * Publishes 20 MiB of random bytes, each fragment made when it is requested.
	 */
	private static final class Fragments implements Flow.Publisher<ByteBuffer> {

		private final CRC32 checksum = new CRC32();

		private final Random random = new Random(1);

		private final AtomicInteger requested = new AtomicInteger();

		private volatile IntConsumer onRequest = (number) -> {
		};

		@Override
		public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
			subscriber.onSubscribe(new Flow.Subscription() {

				@Override
				public void request(long count) {
					int number = Fragments.this.requested.getAndIncrement();
					Fragments.this.onRequest.accept(number);
					if (number < FRAGMENTS) {
						byte[] fragment = new byte[FRAGMENT];
						Fragments.this.random.nextBytes(fragment);
						Fragments.this.checksum.update(fragment);
						subscriber.onNext(ByteBuffer.wrap(fragment));
					}
					else {
						subscriber.onComplete();
					}
				}

				@Override
				public void cancel() {
					// Nothing is under way
				}

			});
		}

	}

}
