package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.core.annotation.MergedAnnotation;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link CallGate}.
 */
@Timeout(30)
class CallGateTests {

	private final CallGate gate = new CallGate();

	private final HandlerMethod message = handler(HandlerKind.MESSAGE);

	private final HandlerMethod close = handler(HandlerKind.CLOSE);

	private static HandlerMethod handler(HandlerKind kind) {
		Method method = Object.class.getMethods()[0];
		return new HandlerMethod(
				new HandlerDefinition(kind, new Object(), Object.class, method, method, MergedAnnotation.missing(), 0),
				List.of(), MessageRoute.NONE, null, FailurePolicy.LOG, null);
	}

	@BeforeEach
	void callRunsAndEnds() {
		assertThat(this.gate.enter(this.message)).isTrue();
		this.gate.exit(this.message);
	}

	@Test
	void closedGateRefusesMessagesAndCountsThem() {
		assertThat(this.gate.close()).isDone();
		assertThat(this.gate.enter(this.message)).isFalse();
		assertThat(this.gate.admit()).isFalse();
		assertThat(this.gate.takeRefused()).isEqualTo(2);
		assertThat(this.gate.takeRefused()).as("since the last time").isZero();
	}

	@Test
	void closedGateLetsOtherEventsPass() {
		this.gate.close();
		assertThat(this.gate.enter(this.close)).isTrue();
		this.gate.exit(this.close);
		assertThat(this.gate.takeRefused()).isZero();
	}

	@Test
	void gateThatIsOpenedAgainLetsMessagesPass() {
		this.gate.close();
		this.gate.open();
		assertThat(this.gate.enter(this.message)).isTrue();
		assertThat(this.gate.admit()).isTrue();
		assertThat(this.gate.beginWork()).isTrue();
		assertThat(this.gate.takeRefused()).isZero();
	}

	@Test
	void closeWaitsForTheCallThatRuns() {
		this.gate.enter(this.message);
		CompletableFuture<Void> idle = this.gate.close();
		assertThat(idle).isNotDone();
		this.gate.exit(this.message);
		assertThat(idle).isDone();
	}

	@Test
	void innerCallIsPartOfTheOuterOne() {
		this.gate.enter(this.message);
		CompletableFuture<Void> idle = this.gate.close();
		assertThat(this.gate.enter(this.message)).as("what a call that runs leads to").isTrue();
		this.gate.exit(this.close);
		assertThat(idle).as("the outer one runs").isNotDone();
		this.gate.exit(this.message);
		assertThat(idle).isDone();
	}

	@Test
	void closeWaitsForWorkAndRefusesMoreOfIt() {
		assertThat(this.gate.beginWork()).isTrue();
		this.gate.workExpected();
		CompletableFuture<Void> idle = this.gate.close();
		assertThat(this.gate.beginWork()).isFalse();
		this.gate.workDone();
		assertThat(idle).isNotDone();
		assertThat(this.gate.expectedWork()).isOne();
		this.gate.workDone();
		assertThat(idle).isDone();
	}

	@Test
	void callThatClosesTheGateItselfIsNotWaitedFor() {
		assertThat(this.gate.excuseCaller()).as("no call").isFalse();
		this.gate.enter(this.message);
		assertThat(this.gate.excuseCaller()).isTrue();
		assertThat(this.gate.close()).isDone();
		assertThat(this.gate.interrupt()).isEmpty();
		this.gate.exit(this.message);
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
	}

	@Test
	void batchIsRefusedOnlyWhenCallsAreInterrupted() {
		this.gate.close();
		assertThat(this.gate.enterBatch(this.message, 7)).isTrue();
		this.gate.exit(this.message);
		this.gate.interrupt();
		assertThat(this.gate.enterBatch(this.message, 7)).isFalse();
		assertThat(this.gate.takeRefused()).isEqualTo(7);
	}

	@Test
	void interruptHitsTheCallThatRunsAndNothingBehindIt() throws InterruptedException {
		Call call = new Call(this.gate, this.message);
		CompletableFuture<Void> idle = this.gate.close();
		assertThat(this.gate.interrupt()).containsExactly(this.message.toString());
		call.assertInterrupted();
		assertThat(idle).isDone();
	}

	@Test
	void callsOnSeveralThreadsAreAllWaitedForAndInterrupted() throws InterruptedException {
		this.gate.enter(this.message);
		List<Call> calls = List.of(new Call(this.gate, this.close), new Call(this.gate, this.message));
		CompletableFuture<Void> idle = this.gate.close();
		this.gate.exit(this.message);
		this.gate.enter("another call");
		assertThat(this.gate.interrupt()).containsExactlyInAnyOrder("another call", this.close.toString(),
				this.message.toString());
		// Else waiting for the other threads would throw
		assertThat(Thread.interrupted()).as("this thread's call").isTrue();
		for (Call call : calls) {
			call.assertInterrupted();
		}
		assertThat(idle).as("the last one runs").isNotDone();
		Thread.currentThread().interrupt();
		this.gate.exit("another call");
		assertThat(Thread.currentThread().isInterrupted()).isFalse();
		assertThat(idle).isDone();
	}

	@Test
	void innerCallIsPartOfTheOuterOneBesideAnotherThread() throws InterruptedException {
		this.gate.enter(this.message);
		Thread thread = new Thread(() -> {
			this.gate.enter(this.message);
			this.gate.enter(this.close);
			this.gate.exit(this.close);
			assertThat(this.gate.excuseCaller()).as("the outer one").isTrue();
			assertThat(this.gate.excuseCaller()).isFalse();
		});
		AtomicReference<Throwable> failure = new AtomicReference<>();
		thread.setUncaughtExceptionHandler((failed, ex) -> failure.set(ex));
		thread.start();
		thread.join();
		assertThat(failure).hasNullValue();
		CompletableFuture<Void> idle = this.gate.close();
		assertThat(idle).isNotDone();
		this.gate.exit(this.message);
		assertThat(idle).isDone();
	}

	/**
	 * A call on a thread of its own that ends when it is interrupted.
	 */
	private static final class Call {

		private final AtomicBoolean interruptedAfterwards = new AtomicBoolean(true);

		private final Thread thread;

		Call(CallGate gate, HandlerMethod method) throws InterruptedException {
			CountDownLatch entered = new CountDownLatch(1);
			this.thread = new Thread(() -> {
				gate.enter(method);
				entered.countDown();
				while (!Thread.currentThread().isInterrupted()) {
					Thread.onSpinWait();
				}
				gate.exit(method);
				this.interruptedAfterwards.set(Thread.currentThread().isInterrupted());
			});
			this.thread.start();
			entered.await();
		}

		void assertInterrupted() throws InterruptedException {
			this.thread.join();
			assertThat(this.interruptedAfterwards).isFalse();
		}

	}

}
