package dev.wsclient.spring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ThreadWatch} with {@link LimitedExecutor}, whose time and threads are
 * turned by hand.
 */
@ExtendWith(OutputCaptureExtension.class)
class ThreadWatchTests {

	private final AtomicLong now = new AtomicLong(Long.MAX_VALUE - 3_000_000_000L);

	private final List<Runnable> threads = new ArrayList<>();

	private final List<String> ran = new ArrayList<>();

	private final ThreadWatch watch = new ThreadWatch(Thread::new, this.now::get);

	private boolean refuses;

	private LimitedExecutor executor(String client) {
		LimitedExecutor executor = new LimitedExecutor(client, (task) -> {
			if (this.refuses) {
				throw new RejectedExecutionException("full");
			}
			this.threads.add(task);
		}, 1, 1, this.now::get);
		this.watch.add(executor);
		return executor;
	}

	private void pass(Duration time) {
		this.now.addAndGet(time.toNanos());
		this.watch.check();
	}

	@Test
	void runThatIsLateIsHandedOverAgainEverMoreSeldomAndBeginsOnce() {
		LimitedExecutor executor = executor("feed");
		executor.execute(() -> this.ran.add("1"));
		for (int seconds = 1; seconds <= 100; seconds++) {
			pass(Duration.ofSeconds(1));
		}
		assertThat(this.threads).as("after 0, 1, 2, 4, 8, 16, 32 and 64 seconds").hasSize(8);
		List.copyOf(this.threads).forEach(Runnable::run);
		assertThat(this.ran).containsExactly("1");
		executor.execute(() -> this.ran.add("2"));
		this.threads.get(0).run();
		assertThat(this.ran).as("a late one is as good").containsExactly("1", "2");
		this.threads.forEach(Runnable::run);
		assertThat(this.ran).hasSize(2);
	}

	@Test
	void runThatNoThreadTakesIsHandedOverAgain(CapturedOutput output) {
		LimitedExecutor executor = executor("feed");
		this.refuses = true;
		executor.execute(() -> this.ran.add("1"));
		executor.execute(() -> this.ran.add("2"));
		pass(Duration.ofSeconds(1));
		assertThat(this.threads).isEmpty();
		assertThat(output).contains("Connection 'feed': no thread takes calls of its handlers");
		this.refuses = false;
		pass(Duration.ofSeconds(1));
		this.threads.remove(0).run();
		this.threads.remove(0).run();
		assertThat(this.ran).containsExactly("1", "2");
	}

	@Test
	void longWaitsAreToldOnceAMinuteWithTheNames(CapturedOutput output) {
		LimitedExecutor busy = executor("busy");
		List<LimitedExecutor> waiting = new ArrayList<>();
		for (int i = 10; i < 22; i++) {
			waiting.add(executor("feed" + i));
		}
		List<String> told = new ArrayList<>();
		busy.execute(() -> {
			waiting.forEach((each) -> each.execute(() -> this.ran.add(each.client())));
			for (int seconds : List.of(4, 1, 50, 10)) {
				pass(Duration.ofSeconds(seconds));
				told.add(output.toString());
			}
		});
		this.threads.remove(0).run();
		List.copyOf(this.threads).forEach(Runnable::run);
		assertThat(told.get(0)).doesNotContain("wait for a thread");
		assertThat(told.get(1))
			.contains(
					"[feed10, feed11, feed12, feed13, feed14, feed15, feed16, feed17, feed18, feed19] and 2 more wait")
			.contains("the longest for 5 s")
			.contains("[busy]");
		assertThat(told.get(2)).containsOnlyOnce("wait for a thread");
		assertThat(told.get(3)).contains("the longest for 65 s");
		assertThat(this.ran).hasSize(12);
		pass(Duration.ofMinutes(2));
		assertThat(output).doesNotContain("the longest for 185 s");
	}

	@Test
	void whatWaitsCanBeGivenOtherThreads() {
		LimitedExecutor executor = executor("feed");
		executor.execute(() -> this.ran.add("1"));
		this.watch.rescue(Runnable::run);
		assertThat(this.ran).containsExactly("1");
		this.watch.rescue(Runnable::run);
		this.threads.forEach(Runnable::run);
		assertThat(this.ran).hasSize(1);
	}

}
