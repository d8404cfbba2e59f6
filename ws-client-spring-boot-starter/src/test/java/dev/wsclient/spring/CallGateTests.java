package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

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
	void interruptHitsTheCallsThatRunAndNothingBehindThem() throws InterruptedException {
		CountDownLatch entered = new CountDownLatch(1);
		AtomicBoolean interrupted = new AtomicBoolean();
		AtomicBoolean interruptedAfterwards = new AtomicBoolean();
		Thread thread = new Thread(() -> {
			this.gate.enter(this.message);
			entered.countDown();
			while (!Thread.currentThread().isInterrupted()) {
				Thread.onSpinWait();
			}
			interrupted.set(true);
			this.gate.exit(this.message);
			interruptedAfterwards.set(Thread.currentThread().isInterrupted());
		});
		thread.start();
		entered.await();
		CompletableFuture<Void> idle = this.gate.close();
		assertThat(this.gate.interrupt()).isEqualTo(List.of(this.message.toString()));
		thread.join();
		assertThat(interrupted).isTrue();
		assertThat(interruptedAfterwards).isFalse();
		assertThat(idle).isDone();
	}

}
