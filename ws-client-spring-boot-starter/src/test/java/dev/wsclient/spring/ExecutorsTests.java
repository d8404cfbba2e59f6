package dev.wsclient.spring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link DispatchExecutor}, {@link LimitedExecutor} and {@link LogThrottle}.
 */
@ExtendWith(OutputCaptureExtension.class)
class ExecutorsTests {

	private final List<String> ran = new ArrayList<>();

	private DispatchExecutor executor(boolean refuse, boolean active) {
		return new DispatchExecutor((task) -> {
			if (refuse) {
				throw new RejectedExecutionException("full");
			}
			this.ran.add("application");
		}, false, (task) -> this.ran.add("own"), (task) -> this.ran.add("waiting"), new OwnThreads("test-", null),
				() -> active);
	}

	@Test
	void tasksGoToTheApplicationUntilItStops() {
		DispatchExecutor executor = executor(false, true);
		executor.execute(() -> {
		});
		executor.stopping();
		executor.execute(() -> {
		});
		executor.starting();
		executor.execute(() -> {
		});
		assertThat(this.ran).containsExactly("application", "own", "application");
	}

	@Test
	void refusedTasksRunOnOwnThreadsAndAreLoggedOnce(CapturedOutput output) {
		DispatchExecutor executor = executor(true, true);
		executor.execute(() -> {
		});
		executor.execute(() -> {
		});
		assertThat(this.ran).containsExactly("own", "own");
		assertThat(output).containsOnlyOnce("refuses calls of WebSocket handlers");
	}

	@Test
	void refusalWhileTheContextClosesIsNormal(CapturedOutput output) {
		executor(true, false).execute(() -> {
		});
		assertThat(this.ran).containsExactly("own");
		assertThat(output).doesNotContain("refuses");
	}

	private static LimitedExecutor serial(Executor delegate) {
		return new LimitedExecutor("ticker", delegate, 1, 1);
	}

	@Test
	void serialTasksGiveTheThreadBack() {
		Queue<Runnable> submitted = new ArrayDeque<>();
		LimitedExecutor executor = serial(submitted::add);
		executor.execute(() -> this.ran.add("1"));
		executor.execute(() -> this.ran.add("2"));
		assertThat(submitted).hasSize(1);
		submitted.remove().run();
		assertThat(this.ran).containsExactly("1");
		assertThat(submitted).hasSize(1);
		submitted.remove().run();
		assertThat(this.ran).containsExactly("1", "2");
		assertThat(submitted).isEmpty();
	}

	@Test
	void serialTasksGoOnAfterOneThatThrows(CapturedOutput output) {
		LimitedExecutor executor = serial(Runnable::run);
		executor.execute(() -> {
			throw new IllegalStateException("broken");
		});
		executor.execute(() -> this.ran.add("next"));
		assertThat(this.ran).containsExactly("next");
		assertThat(output).contains("broken");
	}

	@Test
	void serialTasksOfManyThreadsRunOneAtATimeAndInOrderOfEach() throws Exception {
		ExecutorService pool = Executors.newFixedThreadPool(4);
		LimitedExecutor executor = serial(pool);
		int perThread = 5_000;
		CountDownLatch done = new CountDownLatch(2 * perThread);
		int[][] next = new int[2][1];
		List<String> wrong = new ArrayList<>();
		Thread[] threads = new Thread[2];
		for (int t = 0; t < 2; t++) {
			int thread = t;
			threads[t] = new Thread(() -> {
				for (int i = 0; i < perThread; i++) {
					int number = i;
					executor.execute(() -> {
						if (next[thread][0]++ != number) {
							wrong.add(thread + ":" + number);
						}
						done.countDown();
					});
				}
			});
			threads[t].start();
		}
		assertThat(done.await(10, TimeUnit.SECONDS)).isTrue();
		assertThat(wrong).isEmpty();
		pool.shutdown();
	}

	@Test
	void tasksRunWithinTheLimitAndBeginInOrder() {
		Queue<Runnable> submitted = new ArrayDeque<>();
		LimitedExecutor executor = new LimitedExecutor("ticker", submitted::add, 2, 2);
		for (int i = 1; i <= 5; i++) {
			String number = String.valueOf(i);
			executor.execute(() -> this.ran.add(number));
		}
		assertThat(submitted).hasSize(2);
		submitted.remove().run();
		assertThat(this.ran).containsExactly("1", "2");
		assertThat(submitted).as("a turn of two tasks is over, others are left").hasSize(2);
		submitted.remove().run();
		submitted.remove().run();
		assertThat(this.ran).containsExactly("1", "2", "3", "4", "5");
		executor.execute(() -> this.ran.add("6"));
		submitted.forEach(Runnable::run);
		assertThat(this.ran).endsWith("6").hasSize(6);
	}

	@Test
	void oneLineAMinuteWithTheCountSince() {
		AtomicLong now = new AtomicLong(Long.MAX_VALUE);
		LogThrottle throttle = new LogThrottle(now::get);
		assertThat(throttle.count()).isOne();
		assertThat(throttle.count()).isZero();
		now.addAndGet(TimeUnit.SECONDS.toNanos(59));
		assertThat(throttle.count()).isZero();
		now.addAndGet(TimeUnit.SECONDS.toNanos(1));
		assertThat(throttle.count()).isEqualTo(3);
		assertThat(throttle.count()).isZero();
	}

}
