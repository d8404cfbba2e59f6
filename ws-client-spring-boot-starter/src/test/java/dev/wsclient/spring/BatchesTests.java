package dev.wsclient.spring;

import java.lang.reflect.Method;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.core.annotation.MergedAnnotation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

/**
 * Tests for {@link Batches}, whose executor and timers are turned by hand.
 */
class BatchesTests {

	private final FakeWsConnection connection = new FakeWsConnection("ticker");

	private final CallGate gate = new CallGate();

	private final Deque<Runnable> tasks = new ArrayDeque<>();

	private final List<Batch> handedOut = new ArrayList<>();

	private final List<FakeWsMessage> messages = new ArrayList<>();

	private final AtomicInteger replaced = new AtomicInteger();

	private final HandlerMethod handler = handler(3);

	private Batches batches = batches(1024, 1024);

	private Batches batches(int backlog, long backlogBytes) {
		return new Batches(this.tasks::add, new BacklogShare(backlog, backlogBytes), this.gate, this.handedOut::add,
				this.replaced::incrementAndGet);
	}

	private static HandlerMethod handler(int size) {
		Method method = Object.class.getMethods()[0];
		return new HandlerMethod(
				new HandlerDefinition(HandlerKind.MESSAGE, new Object(), Object.class, method, method,
						MergedAnnotation.missing(), 0),
				List.of(), MessageRoute.NONE, null, FailurePolicy.LOG, new BatchLimits(size, Duration.ofSeconds(2)));
	}

	private void add(HandlerMethod handler, int lane, @Nullable Object key, String text) {
		FakeWsMessage message = FakeWsMessage.text(text);
		this.messages.add(message);
		this.batches.add(handler, lane, key, WsHandlerEvent.message(this.connection, null, message));
	}

	private void add(String... texts) {
		Arrays.stream(texts).forEach((text) -> add(this.handler, 0, null, text));
	}

	private List<String> handedOut() {
		return this.handedOut.stream().map(BatchesTests::texts).toList();
	}

	private static String texts(Batch batch) {
		return String.join(" ",
				batch.events().stream().map((event) -> Objects.requireNonNull(event.message()).text()).toList());
	}

	private void runTasks() {
		while (!this.tasks.isEmpty()) {
			this.tasks.remove().run();
		}
	}

	@Test
	void batchIsHandedOutWhenItIsComplete() {
		add("1", "2");
		assertThat(this.handedOut).isEmpty();
		add("3", "4");
		assertThat(handedOut()).containsExactly("1 2 3");
		assertThat(this.connection.timers).as("that of the first batch is taken back").hasSize(1);
		assertThat(this.messages).allMatch((message) -> message.released == 0);
		this.batches.finished(this.handedOut.get(0));
		assertThat(this.messages).extracting((message) -> message.released).containsExactly(1, 1, 1, 0);
	}

	@Test
	void batchIsHandedOutOnTheExecutorWhenItsTimeIsUp() {
		add("1", "2");
		assertThat(this.connection.delays).as("time begins with the first message")
			.containsExactly(Duration.ofSeconds(2));
		this.connection.timers.get(0).run();
		assertThat(this.handedOut).as("not by the thread of the timer").isEmpty();
		runTasks();
		assertThat(handedOut()).containsExactly("1 2");
	}

	@Test
	void timeOfAnEarlierBatchDoesNotEndALaterOne() {
		add("1");
		Runnable late = this.connection.timers.get(0);
		add("2", "3", "4");
		late.run();
		runTasks();
		assertThat(handedOut()).containsExactly("1 2 3");
	}

	@Test
	void eachMethodAndLaneHasItsBatchesAndAllAreHandedOutTogether() {
		HandlerMethod other = handler(3);
		add(this.handler, 0, null, "1");
		add(this.handler, 1, null, "2");
		add(other, 1, null, "3");
		add(this.handler, 1, null, "4");
		this.batches.handOut();
		assertThat(handedOut()).containsExactly("1", "2 4", "3");
		assertThat(this.handedOut).extracting(Batch::id)
			.containsExactly(new Batch.Id(this.handler, 0), new Batch.Id(this.handler, 1), new Batch.Id(other, 1));
		this.batches.handOut();
		assertThat(this.handedOut).hasSize(3);
	}

	@Test
	void allAreHandedOutWhenTheyTakeHalfOfTheBacklog() {
		this.batches = batches(8, 1024);
		for (int lane = 0; lane < 4; lane++) {
			assertThat(this.handedOut).isEmpty();
			add(this.handler, lane, null, "x");
		}
		assertThat(this.handedOut).hasSize(4);
		add("1", "2");
		assertThat(this.handedOut).as("what was handed out does not count").hasSize(4);
	}

	@Test
	void allAreHandedOutWhenTheyTakeHalfOfItsBytes() {
		this.batches = batches(1024, 20);
		add("12345", "1234");
		assertThat(this.handedOut).isEmpty();
		add(this.handler, 1, null, "x");
		assertThat(handedOut()).containsExactly("12345 1234", "x");
	}

	@Test
	void newerMessageTakesThePlaceOfOneWithTheSameKey() {
		add(this.handler, 0, "a", "a1");
		add(this.handler, 0, "b", "b1");
		add(this.handler, 0, "a", "a2");
		assertThat(this.messages).extracting((message) -> message.released).containsExactly(1, 0, 0);
		assertThat(this.replaced).hasValue(1);
		add("1");
		assertThat(handedOut()).containsExactly("b1 a2 1");
		this.batches.finished(this.handedOut.get(0));
		assertThat(this.messages).allMatch((message) -> message.released == 1);
	}

	@Test
	void messageThatGaveWayTakesNothingOfTheBacklog() {
		this.batches = batches(6, 20);
		for (int i = 0; i < 100; i++) {
			add(this.handler, 0, "a", "12345");
			add(this.handler, 1, "b", "123");
		}
		assertThat(this.handedOut).as("two messages of eight bytes are kept").isEmpty();
		add(this.handler, 2, null, "12");
		assertThat(this.handedOut).as("with a third they take half of the bytes").hasSize(3);
	}

	@Test
	void messageWhoseKeyFailsLeavesNoTrace() {
		Object key = new Object() {

			@Override
			public int hashCode() {
				throw new IllegalStateException("no hash code");
			}

		};
		assertThatIllegalStateException().isThrownBy(() -> add(this.handler, 0, key, "1"));
		assertThat(this.messages).extracting((message) -> message.released).containsExactly(1);
		assertThat(this.gate.expectedWork()).isZero();
		add("1", "2");
		assertThat(this.connection.timers).as("the batch has its time").hasSize(1);
	}

	@Test
	void stopWaitsForWhatWasCollectedAndRefusesWhatComesLater() {
		add("1", "2");
		CompletableFuture<Void> idle = this.gate.close();
		add("3");
		add(this.handler, 1, null, "4");
		this.batches.handOut();
		assertThat(handedOut()).containsExactly("1 2");
		assertThat(this.gate.takeRefused()).isEqualTo(2);
		assertThat(this.gate.enterBatch(this.handler, 2)).as("it was begun").isTrue();
		this.gate.exit(this.handler);
		assertThat(idle).isNotDone();
		this.batches.finished(this.handedOut.get(0));
		assertThat(idle).isDone();
	}

	@Test
	void batchThatWaitsWhenHandlersAreInterruptedIsRefused() {
		this.gate.close();
		this.gate.interrupt();
		assertThat(this.gate.enterBatch(this.handler, 7)).isFalse();
		assertThat(this.gate.takeRefused()).isEqualTo(7);
		this.gate.open();
		assertThat(this.gate.enterBatch(this.handler, 7)).isTrue();
		this.gate.exit(this.handler);
	}

	@Test
	void nothingIsCollectedWhenNoTimerCanBeStarted() {
		this.connection.clientClosed = true;
		add("1", "2");
		assertThat(handedOut()).containsExactly("1", "2");
	}

}
