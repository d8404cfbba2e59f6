package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

import dev.wsclient.internal.time.Scheduler;
import dev.wsclient.options.WsOptions;

/**
 * The backlog with all interleavings of a few calls: the socket is not left unread when
 * half of the backlog is done.
 */
public class BacklogConcurrencyTests {

	private final Queue<Runnable> loop = new ConcurrentLinkedQueue<>();

	private final Backlog backlog = new Backlog(WsOptions.builder("ws://h").executorBacklog(2).build(), new Loop(),
			(full) -> this.full = full);

	private volatile boolean full;

	@Operation(nonParallelGroup = "loop")
	public void add() {
		this.backlog.add(1);
		this.backlog.check();
	}

	@Operation(nonParallelGroup = "loop")
	public void runLoop() {
		Runnable task = this.loop.poll();
		if (task != null) {
			task.run();
		}
	}

	@Operation
	public void remove() {
		this.backlog.remove(1);
	}

	@Validate
	public void isReadWhenHalfIsDone() {
		Runnable task = this.loop.poll();
		while (task != null) {
			task.run();
			task = this.loop.poll();
		}
		if (this.full && this.backlog.size() <= 1) {
			throw new IllegalStateException("the socket is not read though only " + this.backlog.size() + " wait");
		}
	}

	@Test
	void readingGoesOnWhenHalfOfTheBacklogIsDone() {
		new ModelCheckingOptions().iterations(5)
			.invocationsPerIteration(100)
			.threads(2)
			.actorsPerThread(3)
			.actorsBefore(1)
			.actorsAfter(0)
			.sequentialSpecification(Anything.class)
			.check(BacklogConcurrencyTests.class);
	}

	/**
	 * Results don't matter: all operations return nothing.
	 */
	public static class Anything {

		public void add() {
		}

		public void runLoop() {
		}

		public void remove() {
		}

	}

	private final class Loop implements Scheduler {

		@Override
		public boolean inEventLoop() {
			return false;
		}

		@Override
		public void execute(Runnable task) {
			BacklogConcurrencyTests.this.loop.add(task);
		}

		@Override
		public Timer schedule(Runnable task, Duration delay) {
			throw new UnsupportedOperationException();
		}

		@Override
		public Timer schedule(Runnable task, Duration delay, Runnable atShutdown) {
			throw new UnsupportedOperationException();
		}

	}

}
