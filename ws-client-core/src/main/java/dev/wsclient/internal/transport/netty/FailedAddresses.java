package dev.wsclient.internal.transport.netty;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

import dev.wsclient.internal.time.Ticker;

/**
 * Addresses that took a TCP connection and then did not make a session of it: for a while
 * they are dialled after the others of their name (RFC 8305, section 4, lets history
 * order them). Those that don't even take TCP need no memory, the race passes them by.
 * Safe for use by several threads.
 */
final class FailedAddresses {

	static final Duration REST = Duration.ofMinutes(1);

	private static final int MAX_ADDRESSES = 1024;

	private final Ticker ticker;

	private final ReentrantLock lock = new ReentrantLock();

	/**
	 * When each address failed; the eldest first.
	 */
	private final Map<InetSocketAddress, Long> failedNanos = new LinkedHashMap<>();

	FailedAddresses(Ticker ticker) {
		this.ticker = ticker;
	}

	void add(InetSocketAddress address) {
		this.lock.lock();
		try {
			this.failedNanos.remove(address);
			this.failedNanos.put(address, this.ticker.nanos());
			if (this.failedNanos.size() > MAX_ADDRESSES) {
				this.failedNanos.remove(this.failedNanos.keySet().iterator().next());
			}
		}
		finally {
			this.lock.unlock();
		}
	}

	/**
	 * Puts those last that failed, the one that failed first before the others.
	 */
	List<InetAddress> order(List<InetAddress> addresses, int port) {
		long now = this.ticker.nanos();
		List<InetAddress> ordered = new ArrayList<>(addresses);
		this.lock.lock();
		try {
			this.failedNanos.values().removeIf((nanos) -> now - nanos >= REST.toNanos());
			if (!this.failedNanos.isEmpty()) {
				ordered.sort(Comparator.comparingLong((address) -> restLeft(address, port, now)));
			}
		}
		finally {
			this.lock.unlock();
		}
		return ordered;
	}

	private long restLeft(InetAddress address, int port, long now) {
		@Nullable Long nanos = this.failedNanos.get(new InetSocketAddress(address, port));
		return (nanos != null) ? REST.toNanos() - (now - nanos) : 0;
	}

}
