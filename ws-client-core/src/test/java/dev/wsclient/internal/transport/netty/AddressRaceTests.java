package dev.wsclient.internal.transport.netty;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;

import dev.wsclient.internal.lifecycle.FakeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link AddressRace}.
 */
class AddressRaceTests {

	private final FakeScheduler scheduler = new FakeScheduler();

	private final List<String> dialled = new ArrayList<>();

	private static InetAddress address(String literal) {
		try {
			return InetAddress.getByName(literal);
		}
		catch (UnknownHostException ex) {
			throw new IllegalArgumentException(ex);
		}
	}

	private static List<InetAddress> addresses(String... literals) {
		return Stream.of(literals).map(AddressRaceTests::address).toList();
	}

	private AddressRace race(String... literals) {
		return new AddressRace(addresses(literals), this.scheduler, new AddressRace.Dialler() {

			@Override
			public void dial(InetAddress address) {
				AddressRaceTests.this.dialled.add(address.getHostAddress());
			}

			@Override
			public void onAllFailed() {
				AddressRaceTests.this.dialled.add("failed");
			}

		});
	}

	@Test
	void familiesTakeTurnsBeginningWithTheFirst() {
		assertThat(AddressRace.interleave(addresses("::1", "::2", "::3", "10.0.0.1", "10.0.0.2")))
			.isEqualTo(addresses("::1", "10.0.0.1", "::2", "10.0.0.2", "::3"));
		assertThat(AddressRace.interleave(addresses("10.0.0.1", "10.0.0.2", "::1")))
			.isEqualTo(addresses("10.0.0.1", "::1", "10.0.0.2"));
		assertThat(AddressRace.interleave(addresses("10.0.0.1"))).isEqualTo(addresses("10.0.0.1"));
	}

	@Test
	void nextAddressIsDialledAfterTheStagger() {
		race("10.0.0.1", "10.0.0.2", "10.0.0.3").start();
		assertThat(this.dialled).containsExactly("10.0.0.1");
		this.scheduler.advance(Duration.ofMillis(249));
		assertThat(this.dialled).hasSize(1);
		this.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.dialled).containsExactly("10.0.0.1", "10.0.0.2");
		this.scheduler.advance(Duration.ofMillis(250));
		assertThat(this.dialled).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3");
		assertThat(this.scheduler.pendingTimers()).isEmpty();
	}

	@Test
	void nextAddressIsDialledAtOnceWhenOneFails() {
		AddressRace race = race("10.0.0.1", "10.0.0.2", "10.0.0.3");
		race.start();
		this.scheduler.advance(Duration.ofMillis(100));
		race.onFailed();
		assertThat(this.dialled).containsExactly("10.0.0.1", "10.0.0.2");
		this.scheduler.advance(Duration.ofMillis(249));
		assertThat(this.dialled).hasSize(2);
		this.scheduler.advance(Duration.ofMillis(1));
		assertThat(this.dialled).hasSize(3);
	}

	@Test
	void failureIsToldWhenTheLastOneFailed() {
		AddressRace race = race("10.0.0.1", "10.0.0.2");
		race.start();
		this.scheduler.advance(Duration.ofMillis(250));
		race.onFailed();
		assertThat(this.dialled).doesNotContain("failed");
		race.onFailed();
		assertThat(this.dialled).containsExactly("10.0.0.1", "10.0.0.2", "failed");
	}

	@Test
	void addressesThatFailWhileTheyAreDialledAreAllTried() {
		AddressRace[] race = new AddressRace[1];
		race[0] = new AddressRace(addresses("10.0.0.1", "10.0.0.2", "10.0.0.3"), this.scheduler,
				new AddressRace.Dialler() {

					@Override
					public void dial(InetAddress address) {
						AddressRaceTests.this.dialled.add(address.getHostAddress());
						race[0].onFailed();
					}

					@Override
					public void onAllFailed() {
						AddressRaceTests.this.dialled.add("failed");
					}

				});
		race[0].start();
		assertThat(this.dialled).containsExactly("10.0.0.1", "10.0.0.2", "10.0.0.3", "failed");
		assertThat(this.scheduler.pendingTimers()).isEmpty();
	}

	@Test
	void nothingFollowsTheEnd() {
		AddressRace race = race("10.0.0.1", "10.0.0.2", "10.0.0.3");
		race.start();
		this.scheduler.advance(Duration.ofMillis(250));
		race.stop();
		assertThat(this.scheduler.pendingTimers()).isEmpty();
		race.onFailed();
		race.onFailed();
		assertThat(this.dialled).containsExactly("10.0.0.1", "10.0.0.2");
	}

}
