package dev.wsclient.internal.lifecycle;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

import dev.wsclient.WsConnection;
import dev.wsclient.WsListener;
import dev.wsclient.options.WsOptions;

/**
 * The listener's calls with all interleavings of a few events: none is lost, made twice,
 * out of order or beside another, and what waits for them runs once behind them.
 */
public class ListenerCallsConcurrencyTests {

	private static final WsListener LISTENER = new WsListener() {
	};

	private final FakeScheduler scheduler = new FakeScheduler();

	private final Queue<Runnable> executor = new ConcurrentLinkedQueue<>();

	private final ListenerCalls calls = new ListenerCalls(new ConnectionFixture().connection,
			WsOptions.builder("ws://h").executor(this.executor::add).build(), LISTENER, this.scheduler, this.scheduler,
			(full) -> {
			});

	private final Queue<WsConnection.Hold> holds = new ConcurrentLinkedQueue<>();

	private final List<Integer> made = new ArrayList<>();

	private final AtomicInteger running = new AtomicInteger();

	private final AtomicInteger tasks = new AtomicInteger();

	private volatile boolean overlapped;

	private int number;

	private int afterwards;

	@Operation(nonParallelGroup = "loop")
	public void call() {
		int call = this.number++;
		this.calls.call("onConnect", (listener) -> {
			this.overlapped |= this.running.getAndIncrement() != 0;
			this.made.add(call);
			this.running.decrementAndGet();
		});
	}

	@Operation(nonParallelGroup = "loop")
	public void afterwards() {
		this.afterwards++;
		this.calls.afterwards(this.tasks::incrementAndGet);
	}

	@Operation
	public void execute() {
		Runnable task = this.executor.poll();
		if (task != null) {
			task.run();
		}
	}

	@Operation
	public void hold() {
		this.holds.add(this.calls.hold());
	}

	@Operation
	public void release() {
		WsConnection.Hold hold = this.holds.poll();
		if (hold != null) {
			hold.release();
		}
	}

	@Validate
	public void allCallsAreMadeInOrder() {
		while (!this.holds.isEmpty()) {
			release();
		}
		while (!this.executor.isEmpty()) {
			execute();
		}
		boolean inOrder = this.made.size() == this.number;
		for (int i = 0; inOrder && i < this.number; i++) {
			inOrder = this.made.get(i) == i;
		}
		if (!inOrder || this.overlapped || this.tasks.get() != this.afterwards) {
			throw new IllegalStateException("made " + this.made + " of " + this.number + ", " + this.tasks
					+ " tasks of " + this.afterwards + (this.overlapped ? ", two at a time" : ""));
		}
	}

	@Test
	void callsAreMadeOnceOneAtATimeAndInOrder() {
		new ModelCheckingOptions().iterations(8)
			.invocationsPerIteration(150)
			.threads(2)
			.actorsPerThread(3)
			.actorsBefore(2)
			.actorsAfter(0)
			.sequentialSpecification(Anything.class)
			.check(ListenerCallsConcurrencyTests.class);
	}

	/**
	 * Results don't matter: all operations return nothing.
	 */
	public static class Anything {

		public void call() {
		}

		public void afterwards() {
		}

		public void execute() {
		}

		public void hold() {
		}

		public void release() {
		}

	}

}
