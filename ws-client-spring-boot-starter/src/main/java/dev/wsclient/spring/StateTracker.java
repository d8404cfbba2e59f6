package dev.wsclient.spring;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;

/**
 * Remembers since when a connection has been without a session, and whether it was closed
 * against the will of the application. Written by the event loop, read by any thread.
 */
class StateTracker implements ConnectionObserver {

	private final InstantSource clock;

	private volatile @Nullable Instant downSince;

	/**
	 * Whether the time without a session is an outage, not the wish of the application.
	 * Event loop only.
	 */
	private boolean outage;

	private volatile boolean failed;

	private volatile boolean handlerFailed;

	/** {@code null} until the connection is opened for the first time. */
	private volatile @Nullable Thread eventLoop;

	private volatile Runnable sessionEnd = () -> {
	};

	private volatile Runnable close = () -> {
	};

	StateTracker(InstantSource clock) {
		this.clock = clock;
	}

	@Override
	public void stateChanged(WsConnection connection, WsStateChange change) {
		this.eventLoop = Thread.currentThread();
		this.failed = change.to() == WsState.CLOSED && (change.cause() != null || this.handlerFailed);
		if (change.to() == WsState.CONNECTING) {
			this.handlerFailed = false;
		}
		if (change.to() == WsState.OPEN) {
			this.downSince = null;
			this.outage = false;
		}
		else if (isAtRest(change.from()) || change.from() == WsState.OPEN) {
			this.downSince = this.clock.instant();
		}
		if (change.to() == WsState.BACKOFF && change.cause() != null) {
			this.outage = true;
		}
		if (change.from() == WsState.OPEN) {
			this.sessionEnd.run();
		}
		if (change.to() == WsState.CLOSED) {
			this.close.run();
		}
	}

	/**
	 * A wait that the application asked for is no outage, so the time runs from its end.
	 * Within an outage it runs on.
	 */
	@Override
	public void reconnectScheduled(WsConnection connection, int attempt, Duration delay, @Nullable Throwable cause) {
		if (cause == null && !this.outage) {
			this.downSince = this.clock.instant().plus(delay);
		}
	}

	/**
	 * The connection is about to be closed because a handler failed. Any thread.
	 */
	void handlerFailed() {
		this.handlerFailed = true;
	}

	private static boolean isAtRest(WsState state) {
		return state == WsState.IDLE || state == WsState.CLOSED;
	}

	/**
	 * Sets what is to happen when a session ends; replaces what was set before.
	 * @param task called on the event loop
	 */
	void whenSessionEnds(Runnable task) {
		this.sessionEnd = task;
	}

	/**
	 * Sets what is to happen when the connection is closed; replaces what was set before.
	 * @param task called on the event loop, maybe before the listener hears of it
	 */
	void whenClosed(Runnable task) {
		this.close = task;
	}

	/**
	 * Whether the caller is on the event loop of the connection.
	 * @return {@code true} if it is, so that it must not wait for the connection
	 */
	boolean isOnEventLoop() {
		return Thread.currentThread().equals(this.eventLoop);
	}

	/**
	 * Returns since when there has been no session.
	 * @return the moment, or {@code null} if there is one or none was ever asked for
	 */
	@Nullable Instant downSince() {
		return this.downSince;
	}

	/**
	 * Whether an error, the server or the failure of a handler closed the connection for
	 * good.
	 * @return {@code true} until it is connected again
	 */
	boolean hasFailed() {
		return this.failed;
	}

}
