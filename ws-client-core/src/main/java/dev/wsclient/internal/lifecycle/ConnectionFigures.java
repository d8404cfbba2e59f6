package dev.wsclient.internal.lifecycle;

import java.net.Inet6Address;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;
import dev.wsclient.internal.transport.Session;

/**
 * What a snapshot shows besides the state. Written on the event loop only, read anywhere.
 */
final class ConnectionFigures {

	private static final AtomicLongFieldUpdater<ConnectionFigures> MESSAGES_RECEIVED = AtomicLongFieldUpdater
		.newUpdater(ConnectionFigures.class, "messagesReceived");

	private static final AtomicLongFieldUpdater<ConnectionFigures> MESSAGES_SENT = AtomicLongFieldUpdater
		.newUpdater(ConnectionFigures.class, "messagesSent");

	private static final AtomicLongFieldUpdater<ConnectionFigures> BYTES_RECEIVED = AtomicLongFieldUpdater
		.newUpdater(ConnectionFigures.class, "bytesReceived");

	private static final AtomicLongFieldUpdater<ConnectionFigures> BYTES_SENT = AtomicLongFieldUpdater
		.newUpdater(ConnectionFigures.class, "bytesSent");

	private static final AtomicLongFieldUpdater<ConnectionFigures> LAST_MESSAGE_NANOS = AtomicLongFieldUpdater
		.newUpdater(ConnectionFigures.class, "lastMessageNanos");

	final String name;

	private volatile long messagesReceived;

	private volatile long messagesSent;

	private volatile long bytesReceived;

	private volatile long bytesSent;

	/**
	 * When the newest message was read, in nanoseconds of the ticker.
	 */
	private volatile long lastMessageNanos;

	/**
	 * Where the newest request went, without its query.
	 */
	volatile String uri;

	volatile long sessions;

	volatile int attempts;

	volatile @Nullable Instant nextAttempt;

	/**
	 * Since when the server refuses this client, without a stable session between.
	 */
	volatile @Nullable Instant refusedSince;

	volatile @Nullable String lastError;

	volatile @Nullable CloseStatus lastClose;

	volatile @Nullable Duration roundTrip;

	volatile boolean everRead;

	volatile boolean paused;

	/**
	 * The session while it is open, for its addresses.
	 */
	volatile @Nullable Session session;

	ConnectionFigures(String name, String uri) {
		this.name = name;
		this.uri = uri;
	}

	// One writer, so no atomic addition is needed, only that readers see whole values
	void messageReceived(long size, long nanos) {
		MESSAGES_RECEIVED.lazySet(this, this.messagesReceived + 1);
		BYTES_RECEIVED.lazySet(this, this.bytesReceived + size);
		LAST_MESSAGE_NANOS.lazySet(this, nanos);
	}

	void messageSent(long size) {
		MESSAGES_SENT.lazySet(this, this.messagesSent + 1);
		BYTES_SENT.lazySet(this, this.bytesSent + size);
	}

	/**
	 * Returns the id of the newest session.
	 * @return the id, or {@code null} before the first
	 */
	@Nullable String sessionId() {
		long newest = this.sessions;
		return (newest > 0) ? sessionId(newest) : null;
	}

	/**
	 * Returns the id that a session has in the log: the connection's name and a number.
	 */
	String sessionId(long number) {
		return this.name + "#" + number;
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
		return this.lastMessageNanos;
	}

	long messagesReceived() {
		return this.messagesReceived;
	}

	long messagesSent() {
		return this.messagesSent;
	}

	long bytesReceived() {
		return this.bytesReceived;
	}

	long bytesSent() {
		return this.bytesSent;
	}

}
