package dev.wsclient.internal.lifecycle;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.internal.transport.Session;

/**
 * What a snapshot shows besides the state. Written on the event loop only, read anywhere.
 */
final class ConnectionFigures {

	private final AtomicLong messagesReceived = new AtomicLong();

	private final AtomicLong messagesSent = new AtomicLong();

	private final AtomicLong bytesReceived = new AtomicLong();

	private final AtomicLong bytesSent = new AtomicLong();

	/**
	 * When the newest message was read, in nanoseconds of the ticker.
	 */
	private final AtomicLong lastMessageNanos = new AtomicLong();

	/**
	 * Where the newest request went, without its query.
	 */
	volatile String uri;

	volatile long sessions;

	volatile @Nullable String sessionId;

	volatile int attempts;

	volatile @Nullable Instant nextAttempt;

	volatile @Nullable String lastError;

	volatile @Nullable CloseStatus lastClose;

	volatile @Nullable Duration roundTrip;

	volatile boolean everRead;

	volatile boolean paused;

	/**
	 * The session while it is open, for its addresses.
	 */
	volatile @Nullable Session session;

	ConnectionFigures(String uri) {
		this.uri = uri;
	}

	void messageReceived(long size, long nanos) {
		add(this.messagesReceived, 1);
		add(this.bytesReceived, size);
		this.lastMessageNanos.lazySet(nanos);
	}

	void messageSent(long size) {
		add(this.messagesSent, 1);
		add(this.bytesSent, size);
	}

	/**
	 * One writer, so no atomic addition is needed, only that readers see whole values.
	 */
	private static void add(AtomicLong counter, long delta) {
		counter.lazySet(counter.getPlain() + delta);
	}

	@Nullable String localAddress() {
		Session session = this.session;
		return (session != null) ? describe(session.localAddress()) : null;
	}

	@Nullable String remoteAddress() {
		Session session = this.session;
		return (session != null) ? describe(session.remoteAddress()) : null;
	}

	private static @Nullable String describe(@Nullable SocketAddress address) {
		if (address instanceof InetSocketAddress inet && inet.getAddress() != null) {
			String host = inet.getAddress().getHostAddress();
			return ((inet.getAddress() instanceof Inet6Address) ? "[" + host + "]" : host) + ":" + inet.getPort();
		}
		return (address != null) ? address.toString() : null;
	}

	/**
	 * Returns when a message was last read, in nanoseconds of the ticker; meaningless
	 * before the first.
	 */
	long lastMessageNanos() {
		return this.lastMessageNanos.get();
	}

	long messagesReceived() {
		return this.messagesReceived.get();
	}

	long messagesSent() {
		return this.messagesSent.get();
	}

	long bytesReceived() {
		return this.bytesReceived.get();
	}

	long bytesSent() {
		return this.bytesSent.get();
	}

}
