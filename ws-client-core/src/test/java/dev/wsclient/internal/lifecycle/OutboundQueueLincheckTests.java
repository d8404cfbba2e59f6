package dev.wsclient.internal.lifecycle;

import java.nio.ByteBuffer;

import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import dev.wsclient.internal.transport.Outbound;

/**
 * In every order of their steps, senders and the event loop see the queue as if each call
 * were one step.
 */
class OutboundQueueLincheckTests {

	private static ModelCheckingOptions options() {
		return new ModelCheckingOptions().iterations(5)
			.invocationsPerIteration(100)
			.threads(2)
			.actorsPerThread(3)
			.actorsBefore(1)
			.actorsAfter(2);
	}

	@Test
	void queueIsLinearizable() {
		options().check(Plain.class);
	}

	@Test
	void evictingQueueIsLinearizable() {
		options().check(Evicting.class);
	}

	private static Outbound message(FakeScheduler scheduler, Outbound.Kind kind, int number) {
		Outbound message = Outbound.bytes(scheduler, kind, ByteBuffer.allocate(1));
		message.setAcceptedNanos(number);
		return message;
	}

	private static int number(@Nullable Outbound message) {
		return (message != null) ? (int) message.acceptedNanos() : Integer.MIN_VALUE;
	}

	/**
	 * Only the event loop takes.
	 */
	public static class Plain {

		private final FakeScheduler scheduler = new FakeScheduler();

		private final OutboundQueue queue = new OutboundQueue(this.scheduler, 100, 100, false);

		@Operation
		public void add(@Param(gen = IntGen.class) int number) {
			this.queue.add(message(this.scheduler, Outbound.Kind.BINARY, number));
		}

		@Operation
		public void addPing(@Param(gen = IntGen.class) int number) {
			this.queue.add(message(this.scheduler, Outbound.Kind.PING, number));
		}

		@Operation(nonParallelGroup = "loop")
		public int poll() {
			return number(this.queue.poll());
		}

		@Operation(nonParallelGroup = "loop")
		public int pollControl() {
			return number(this.queue.pollControl());
		}

		@Operation(nonParallelGroup = "loop")
		public int peek() {
			return number(this.queue.peek());
		}

	}

	/**
	 * Senders take too, to make room.
	 */
	public static class Evicting {

		private final FakeScheduler scheduler = new FakeScheduler();

		private final OutboundQueue queue = new OutboundQueue(this.scheduler, 100, 2, true);

		@Operation
		public boolean add(@Param(gen = IntGen.class) int number) {
			return this.queue.addInsteadOfOldest(message(this.scheduler, Outbound.Kind.BINARY, number));
		}

		@Operation(nonParallelGroup = "loop")
		public int poll() {
			return number(this.queue.poll());
		}

		@Operation(nonParallelGroup = "loop")
		public int takeEvicted() {
			return this.queue.takeEvicted().size();
		}

	}

}
