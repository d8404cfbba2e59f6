package dev.wsclient.internal.transport.netty;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of {@link NameResolver}.
 */
class NameResolverTests {

	private final CountDownLatch answer = new CountDownLatch(1);

	private final AtomicInteger lookups = new AtomicInteger();

	private final NameResolver resolver = new NameResolver((host) -> {
		this.lookups.incrementAndGet();
		if (host.equals("slow")) {
			awaitAnswer();
		}
		if (host.equals("broken") && this.lookups.get() == 1) {
			throw new StackOverflowError();
		}
		if (host.equals("unknown")) {
			throw new UnknownHostException(host);
		}
		return new InetAddress[] { InetAddress.getLoopbackAddress() };
	});

	private void awaitAnswer() {
		try {
			this.answer.await();
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
		}
	}

	@AfterEach
	void shutdown() {
		this.resolver.shutdown();
	}

	@Test
	void eachAttemptIsLookedUpAgain() {
		for (int i = 1; i <= 3; i++) {
			assertThat(this.resolver.resolve("quick")).succeedsWithin(Duration.ofSeconds(5))
				.isEqualTo(List.of(InetAddress.getLoopbackAddress()));
			assertThat(this.lookups).hasValue(i);
		}
	}

	@Test
	void attemptsDuringALookupShareItAndOthersGoOn() {
		CompletableFuture<List<InetAddress>> first = this.resolver.resolve("slow");
		for (int i = 0; i < 100; i++) {
			assertThat(this.resolver.resolve("slow")).isSameAs(first);
		}
		assertThat(this.resolver.resolve("quick")).succeedsWithin(Duration.ofSeconds(5));
		assertThat(first).isNotDone();
		this.answer.countDown();
		assertThat(first).succeedsWithin(Duration.ofSeconds(5));
		await().untilAsserted(() -> assertThat(this.resolver.resolve("slow")).isNotSameAs(first));
	}

	@Test
	void unknownNameIsAnError() {
		assertThat(this.resolver.resolve("unknown")).failsWithin(Duration.ofSeconds(5))
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(UnknownHostException.class);
	}

	@Test
	void addressesNeedNoLookup() throws UnknownHostException {
		for (String address : List.of("192.0.2.1", "[2001:db8::1]", "::1")) {
			assertThat(this.resolver.resolve(address)).isCompletedWithValue(List.of(InetAddress.getByName(address)));
		}
		assertThat(this.lookups).hasValue(0);
	}

	@Test
	void lookupAfterOneThatBrokeIsMadeAnew() {
		assertThat(this.resolver.resolve("broken")).failsWithin(Duration.ofSeconds(5))
			.withThrowableThat()
			.withCauseInstanceOf(StackOverflowError.class);
		assertThat(this.resolver.resolve("broken")).succeedsWithin(Duration.ofSeconds(5));
	}

	@Test
	void nothingIsLookedUpAfterTheEnd() {
		this.resolver.shutdown();
		assertThat(this.resolver.resolve("quick")).failsWithin(Duration.ofSeconds(5))
			.withThrowableOfType(ExecutionException.class)
			.withCauseInstanceOf(RejectedExecutionException.class);
		assertThat(this.lookups).hasValue(0);
	}

}
