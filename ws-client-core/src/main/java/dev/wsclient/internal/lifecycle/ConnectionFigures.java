package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

import org.jspecify.annotations.Nullable;

import dev.wsclient.CloseStatus;

/**
 * What a snapshot shows besides the state. Written on the event loop only, read anywhere.
 */
final class ConnectionFigures {

	private final AtomicLong messagesReceived = new AtomicLong();

	private final AtomicLong messagesSent = new AtomicLong();

	private final AtomicLong bytesReceived = new AtomicLong();

	private final AtomicLong bytesSent = new AtomicLong();

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

	ConnectionFigures(String uri) {
		this.uri = uri;
	}

	void messageReceived(long size) {
		add(this.messagesReceived, 1);
		add(this.bytesReceived, size);
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
