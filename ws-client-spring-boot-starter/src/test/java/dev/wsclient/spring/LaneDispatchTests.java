package dev.wsclient.spring;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link LaneDispatch} and {@link Lanes}, whose threads are turned by hand.
 */
class LaneDispatchTests {

	private final Deque<Runnable> threads = new ArrayDeque<>();

	private final List<String> handled = new ArrayList<>();

	private final AtomicInteger replaced = new AtomicInteger();

	private final List<FakeWsMessage> messages = new ArrayList<>();

	private LaneDispatch dispatch(Lanes lanes, boolean conflate) {
		return new LaneDispatch(lanes, LaneDispatchTests::key, conflate,
				(delivery) -> this.handled.add(text(delivery.event())), this.replaced::incrementAndGet,
				(event, failure) -> this.handled.add("failed " + failure.getMessage()));
	}

	private static String text(WsHandlerEvent event) {
		return (event.message() != null) ? event.message().text() : "";
	}

	/**
	 * What stands in front of the number; a message of a number only has none.
	 */
	private static @Nullable String key(WsHandlerEvent event) {
		String key = text(event).replaceAll("[0-9]", "");
		if (key.equals("!")) {
			throw new IllegalStateException("no key");
		}
		return key.isEmpty() ? null : key;
	}

	private Lanes ordered(int count) {
		return Lanes.ordered(count, (limit, turn) -> new LimitedExecutor("ticker", this.threads::add, limit, turn));
	}

	private void accept(LaneDispatch dispatch, String... texts) {
		for (String text : texts) {
			FakeWsMessage message = FakeWsMessage.text(text);
			this.messages.add(message);
			WsHandlerEvent event = WsHandlerEvent.message(new FakeWsConnection("ticker"), null, message);
			dispatch.accept(new Delivery(event, List.of(), message), dispatch.key(event));
		}
	}

	private void runAll() {
		while (!this.threads.isEmpty()) {
			this.threads.remove().run();
		}
	}

	@Test
	void eachKeyIsInOrderAndEveryPlaceGivenBackOnce() {
		LaneDispatch dispatch = dispatch(ordered(2), false);
		accept(dispatch, "a1", "b1", "a2", "b2", "7", "8");
		assertThat(this.threads).as("one thread for each lane").hasSize(2);
		assertThat(this.messages).allMatch((message) -> message.released == 0);
		runAll();
		assertThat(this.handled).containsSubsequence("a1", "a2")
			.containsSubsequence("b1", "b2")
			.containsSubsequence("7", "8")
			.hasSize(6);
		assertThat(this.messages).allMatch((message) -> message.released == 1);
	}

	@Test
	void messageWhoseKeyCannotBeFoundIsHandledAsOneWithout() {
		LaneDispatch dispatch = dispatch(ordered(4), true);
		accept(dispatch, "!1", "!2", "3");
		runAll();
		assertThat(this.handled).containsExactly("failed no key", "failed no key", "!1", "!2", "3");
	}

	@Test
	void keyWhoseOwnMethodsFailIsNone() {
		Object key = new Object() {

			@Override
			public int hashCode() {
				throw new StackOverflowError("no hash code");
			}

		};
		LaneDispatch dispatch = new LaneDispatch(ordered(4), (event) -> key, true,
				(delivery) -> this.handled.add(text(delivery.event())), this.replaced::incrementAndGet,
				(event, failure) -> this.handled.add("failed " + failure.getMessage()));
		accept(dispatch, "1", "2");
		runAll();
		assertThat(this.handled).containsExactly("failed no hash code", "failed no hash code", "1", "2");
		assertThat(this.messages).allMatch((message) -> message.released == 1);
	}

	@Test
	void placeIsGivenBackAlsoAfterAnError() {
		LaneDispatch dispatch = new LaneDispatch(ordered(1), MessageKey.NONE, false, (delivery) -> {
			throw new IllegalStateException("broken");
		}, () -> {
		}, (event, failure) -> {
		});
		accept(dispatch, "a1", "a2");
		runAll();
		assertThat(this.messages).allMatch((message) -> message.released == 1);
		assertThat(dispatch.lanes().isIdle()).isTrue();
	}

	@Test
	void newerMessageTakesThePlaceOfTheOneThatWaits() {
		LaneDispatch dispatch = dispatch(ordered(1), true);
		accept(dispatch, "a1", "b1", "a2", "a3", "1", "2");
		assertThat(this.replaced).hasValue(2);
		assertThat(this.messages).extracting((message) -> message.released).containsExactly(1, 0, 1, 0, 0, 0);
		runAll();
		assertThat(this.handled).containsExactly("a3", "b1", "1", "2");
		accept(dispatch, "a4");
		runAll();
		assertThat(this.handled).endsWith("a4");
		assertThat(this.replaced).hasValue(2);
		assertThat(this.messages).allMatch((message) -> message.released == 1);
	}

	@Test
	void whoWaitsForIdleLanesIsCalledOnceAfterTheLastMessage() {
		LaneDispatch dispatch = dispatch(ordered(3), false);
		AtomicInteger idle = new AtomicInteger();
		dispatch.lanes().whenIdle(idle::incrementAndGet);
		assertThat(idle).hasValue(1);
		accept(dispatch, "a1", "b1", "c1");
		assertThat(dispatch.lanes().isIdle()).isFalse();
		dispatch.lanes().whenIdle(() -> {
			assertThat(this.handled).hasSize(3);
			idle.incrementAndGet();
		});
		while (!this.threads.isEmpty()) {
			assertThat(idle).hasValue(1);
			this.threads.remove().run();
		}
		assertThat(idle).hasValue(2);
	}

	@Test
	void lanesAreReachedByAnyKey() {
		Lanes lanes = ordered(8);
		assertThat(lanes.of(null)).isZero();
		for (int i = 0; i < 1_000; i++) {
			assertThat(lanes.of("key" + i)).isBetween(0, 7).isEqualTo(lanes.of("key" + i));
		}
		assertThat(IntStream.range(0, 100).map((i) -> lanes.of("key" + i)).distinct().count()).isEqualTo(8);
	}

	@Test
	void similarKeysAreSpreadOverAllLanes() {
		Lanes lanes = ordered(32);
		assertThat(lanesOf(lanes, (i) -> "k" + i)).hasSizeGreaterThan(28);
		assertThat(lanesOf(lanes, (i) -> String.format("SYM%03d", i))).hasSizeGreaterThan(28);
		assertThat(lanesOf(lanes, (i) -> i * 1024)).hasSizeGreaterThan(28);
	}

	/**
	 * A hundred keys at random would miss one or two of 32 lanes.
	 */
	private static Set<Integer> lanesOf(Lanes lanes, IntFunction<Object> key) {
		return IntStream.range(0, 100).mapToObj(key).map(lanes::of).collect(Collectors.toSet());
	}

}
