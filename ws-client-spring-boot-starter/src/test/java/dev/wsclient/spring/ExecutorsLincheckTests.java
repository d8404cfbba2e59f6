package dev.wsclient.spring;

import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The lock-free parts of the dispatch in every order of their threads' steps: no task is
 * lost, whoever waits for idle lanes is called, and a gate that is closed tells when
 * nothing runs.
 */
class ExecutorsLincheckTests {

	@ParameterizedTest
	@ValueSource(classes = { OneAtATime.class, TwoAtATime.class, IdleLanes.class, ClosingGate.class })
	void nothingIsLostInAnyOrderOfSteps(Class<?> part) {
		new ModelCheckingOptions().threads(2)
			.actorsPerThread(2)
			.actorsBefore(1)
			.actorsAfter(0)
			.iterations(8)
			.invocationsPerIteration(200)
			.minimizeFailedScenario(false)
			.check(part);
	}

	/**
	 * An executor whose threads are turned by operations.
	 */
	public abstract static class Limited {

		private final Queue<Runnable> threads = new ConcurrentLinkedQueue<>();

		private final AtomicInteger added = new AtomicInteger();

		private final AtomicInteger ran = new AtomicInteger();

		private final LimitedExecutor executor;

		Limited(int limit) {
			this.executor = new LimitedExecutor("feed", this.threads::add, limit, 1, () -> 1);
		}

		@Operation
		public void add() {
			this.added.incrementAndGet();
			this.executor.execute(this.ran::incrementAndGet);
		}

		@Operation
		public void turn() {
			Runnable run = this.threads.poll();
			if (run != null) {
				run.run();
				// A thread that comes twice does nothing
				run.run();
			}
		}

		@Validate
		public void allRan() {
			for (int i = 0; i < 10; i++) {
				turn();
			}
			if (this.ran.get() != this.added.get()) {
				throw new IllegalStateException(this.added + " tasks, " + this.ran + " ran");
			}
		}

	}

	/**
	 * An executor of one task at a time.
	 */
	public static class OneAtATime extends Limited {

		public OneAtATime() {
			super(1);
		}

	}

	/**
	 * An executor of two tasks at a time.
	 */
	public static class TwoAtATime extends Limited {

		public TwoAtATime() {
			super(2);
		}

	}

	/**
	 * Lanes that one thread gives messages, and waits for.
	 */
	public static class IdleLanes {

		private final Queue<Runnable> threads = new ConcurrentLinkedQueue<>();

		private final Lanes lanes = Lanes.ordered(2,
				(limit, turn) -> new LimitedExecutor("feed", this.threads::add, limit, turn, () -> 1));

		private final AtomicInteger unfinished = new AtomicInteger();

		private final AtomicInteger waiting = new AtomicInteger();

		private volatile @Nullable String wrong;

		@Operation(nonParallelGroup = "core")
		public void add() {
			if (this.waiting.get() == 0) {
				this.lanes.execute(this.unfinished.incrementAndGet() % 2, this.unfinished::decrementAndGet);
			}
		}

		@Operation(nonParallelGroup = "core")
		public void await() {
			if (this.waiting.compareAndSet(0, 1)) {
				this.lanes.whenIdle(() -> {
					if (this.unfinished.get() != 0 || !this.waiting.compareAndSet(1, 0)) {
						this.wrong = "called too early, or twice";
					}
				});
			}
		}

		@Operation
		public void turn() {
			Runnable run = this.threads.poll();
			if (run != null) {
				run.run();
			}
		}

		@Validate
		public void allWereCalled() {
			for (int i = 0; i < 10; i++) {
				turn();
			}
			if (this.wrong != null || this.waiting.get() != 0 || !this.lanes.isIdle()) {
				throw new IllegalStateException("waiting " + this.waiting + ", " + this.wrong);
			}
		}

	}

	/**
	 * A gate that is closed while calls and other work go on.
	 */
	public static class ClosingGate {

		private final CallGate gate = new CallGate();

		private final AtomicInteger working = new AtomicInteger();

		private volatile @Nullable CompletableFuture<Void> idle;

		@Operation
		public void call() {
			this.gate.enter("a call");
			this.gate.exit("a call");
		}

		@Operation
		public void work() {
			if (this.gate.beginWork()) {
				this.working.incrementAndGet();
				CompletableFuture<Void> idle = this.idle;
				boolean tooEarly = idle != null && idle.isDone();
				this.working.decrementAndGet();
				this.gate.workDone();
				if (tooEarly) {
					throw new IllegalStateException("idle while there is work");
				}
			}
		}

		@Operation(nonParallelGroup = "stop")
		public void close() {
			if (this.idle == null) {
				this.idle = this.gate.close();
			}
		}

		@Validate
		public void closedMeansIdle() {
			CompletableFuture<Void> idle = this.idle;
			if (idle != null && !idle.isDone()) {
				throw new IllegalStateException("nobody is told");
			}
		}

	}

}
