package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import dev.wsclient.internal.transport.Outbound;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Order and account of the outbound queue.
 */
class OutboundQueueTests {

	private final FakeScheduler scheduler = new FakeScheduler();

	private final OutboundQueue queue = new OutboundQueue(this.scheduler, 10, 3, false);

	@Test
	void emptyQueueHasNothing() {
		assertThat(this.queue.poll()).isNull();
		assertThat(this.queue.poll()).isNull();
	}

	@Test
	void messagesComeOutInOrder() {
		for (int round = 0; round < 3; round++) {
			Outbound[] messages = { text("a"), text("b"), text("c") };
			Arrays.stream(messages).forEach(this.queue::add);
			assertThat(messages).allMatch((message) -> this.queue.poll() == message);
			assertThat(this.queue.poll()).isNull();
		}
	}

	@Test
	void messagesMayComeWhileOthersGo() {
		List<Outbound> in = new ArrayList<>();
		List<Outbound> out = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			in.add(text("x"));
			in.add(text("y"));
			this.queue.add(in.get(2 * i));
			this.queue.add(in.get(2 * i + 1));
			out.add(this.queue.poll());
		}
		for (int i = 0; i < 20; i++) {
			out.add(this.queue.poll());
		}
		assertThat(out).isEqualTo(in);
		assertThat(this.queue.poll()).isNull();
	}

	@Test
	void controlFramesMayPassMessagesWhichKeepTheirOrder() {
		Outbound ping = Outbound.bytes(this.scheduler, Outbound.Kind.PING, ByteBuffer.allocate(0));
		List<Outbound> messages = List.of(text("a"), text("b"), text("c"));
		this.queue.add(messages.get(0));
		this.queue.add(messages.get(1));
		this.queue.add(ping);
		this.queue.add(messages.get(2));
		assertThat(this.queue.pollControl()).isSameAs(ping);
		assertThat(this.queue.pollControl()).isNull();
		assertThat(this.queue.peek()).isSameAs(messages.get(0));
		assertThat(messages).allMatch((message) -> this.queue.poll() == message);
		assertThat(this.queue.poll()).isNull();
		assertThat(this.queue.peek()).isNull();
	}

	@Test
	void bytesAreBounded() {
		assertThat(this.queue.reserve(text("1234567890"))).isTrue();
		assertThat(this.queue.reserve(text("1"))).isFalse();
		assertThat(this.queue.bytes()).isEqualTo(10);
		assertThat(this.queue.count()).isEqualTo(1);
		assertThat(this.queue.fullness()).isEqualTo("10 of 10 bytes and 1 of 3 messages wait");
	}

	@Test
	void bytesAreThoseOfUtf8() {
		assertThat(this.queue.reserve(text("\u20ac\u20ac\u20ac"))).isTrue();
		assertThat(this.queue.bytes()).isEqualTo(9);
		assertThat(this.queue.reserve(text("\u00e4"))).isFalse();
	}

	@Test
	void countIsBoundedAndARefusalTakesNoRoom() {
		for (int i = 0; i < 3; i++) {
			assertThat(this.queue.reserve(text(""))).isTrue();
		}
		assertThat(this.queue.reserve(text("1"))).isFalse();
		assertThat(this.queue.bytes()).isZero();
		assertThat(this.queue.count()).isEqualTo(3);
	}

	@Test
	void chargedMessagesCountBeyondTheBound() {
		Outbound message = text("12345678901");
		this.queue.charge(message);
		assertThat(this.queue.bytes()).isEqualTo(11);
		assertThat(this.queue.reserve(text(""))).isFalse();
		this.queue.release(message);
		assertThat(this.queue.bytes()).isZero();
		assertThat(this.queue.count()).isZero();
	}

	@Test
	void halfEmptyRegardsBytesAndCount() {
		Outbound five = text("12345");
		this.queue.charge(five);
		assertThat(this.queue.isHalfEmpty()).isTrue();
		Outbound empty = text("");
		this.queue.charge(empty);
		assertThat(this.queue.isHalfEmpty()).isFalse();
		this.queue.release(five);
		this.queue.charge(text("123456"));
		this.queue.release(empty);
		assertThat(this.queue.isHalfEmpty()).isFalse();
	}

	@Test
	@Timeout(60)
	void producersOnManyThreadsLoseNothing() throws InterruptedException {
		int producers = 8;
		int each = 5_000;
		OutboundQueue bounded = new OutboundQueue(this.scheduler, 16 * 1024, 1024, false);
		ExecutorService threads = Executors.newFixedThreadPool(producers);
		for (int producer = 0; producer < producers; producer++) {
			int number = producer;
			threads.execute(() -> produce(bounded, number, each));
		}
		int[] next = new int[producers];
		for (int taken = 0; taken < producers * each;) {
			Outbound message = bounded.poll();
			if (message == null) {
				Thread.onSpinWait();
				continue;
			}
			String[] parts = new String(message.utf8(), StandardCharsets.UTF_8).split(":", 2);
			assertThat(Integer.parseInt(parts[1])).isEqualTo(next[Integer.parseInt(parts[0])]++);
			// A producer that is refused gives back what it took for a moment
			assertThat(bounded.count()).isBetween(1, 1024 + producers);
			bounded.release(message);
			taken++;
		}
		threads.shutdown();
		assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
		assertThat(next).containsOnly(each);
		assertThat(bounded.poll()).isNull();
		assertThat(bounded.bytes()).isZero();
		assertThat(bounded.count()).isZero();
	}

	private void produce(OutboundQueue bounded, int producer, int messages) {
		for (int i = 0; i < messages; i++) {
			Outbound message = text(producer + ":" + i);
			while (!bounded.reserve(message)) {
				Thread.onSpinWait();
			}
			bounded.add(message);
		}
	}

	private Outbound text(String text) {
		return Outbound.text(this.scheduler, text);
	}

}
