package dev.wsclient.internal.transport.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;

import org.junit.jupiter.api.Test;

import dev.wsclient.internal.lifecycle.FakeScheduler;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests of {@link FailedAddresses}.
 */
class FailedAddressesTests {

	private final FakeScheduler clock = new FakeScheduler();

	private final FailedAddresses failed = new FailedAddresses(this.clock);

	private final InetAddress a = address("192.0.2.1");

	private final InetAddress b = address("192.0.2.2");

	private final InetAddress c = address("2001:db8::1");

	private static InetAddress address(String text) {
		try {
			return InetAddress.getByName(text);
		}
		catch (UnknownHostException ex) {
			throw new IllegalStateException(ex);
		}
	}

	private List<InetAddress> order() {
		return this.failed.order(List.of(this.a, this.b, this.c), 443);
	}

	private void fail(InetAddress address) {
		this.failed.add(new InetSocketAddress(address, 443));
		this.clock.advance(Duration.ofSeconds(1));
	}

	@Test
	void othersKeepTheirOrder() {
		assertThat(order()).containsExactly(this.a, this.b, this.c);
	}

	@Test
	void failedAddressIsTheLastForAWhile() {
		fail(this.a);
		assertThat(order()).containsExactly(this.b, this.c, this.a);
		this.clock.advance(FailedAddresses.REST);
		assertThat(order()).containsExactly(this.a, this.b, this.c);
	}

	@Test
	void ofSeveralTheOneThatFailedFirstComesFirst() {
		fail(this.a);
		fail(this.b);
		fail(this.a);
		assertThat(order()).containsExactly(this.c, this.b, this.a);
	}

	@Test
	void otherPortIsAnotherServer() {
		this.failed.add(new InetSocketAddress(this.a, 80));
		assertThat(order()).containsExactly(this.a, this.b, this.c);
	}

	@Test
	void memoryIsBounded() {
		fail(this.a);
		for (int port = 1000; port < 3000; port++) {
			this.failed.add(new InetSocketAddress(this.a, port));
		}
		assertThat(order()).containsExactly(this.a, this.b, this.c);
		assertThat(this.failed.order(List.of(this.a, this.b), 2999)).containsExactly(this.b, this.a);
	}

}
