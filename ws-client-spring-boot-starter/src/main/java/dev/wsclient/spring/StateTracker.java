package dev.wsclient.spring;

import java.time.Instant;
import java.time.InstantSource;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsCloseEvent;
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

	private volatile boolean failed;

	private volatile boolean handlerFailed;

	/** {@code null} until the connection is opened for the first time. */
	private volatile @Nullable Thread eventLoop;

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
		}
		else if (isAtRest(change.from()) || change.from() == WsState.OPEN) {
			this.downSince = this.clock.instant();
		}
		if (change.to() == WsState.CLOSED) {
			this.close.run();
		}
	}

	/**
	 * A close that the server asked for and that is final carries no error, but is none
	 * that the application wanted.
	 */
	@Override
	public void sessionClosed(WsConnection connection, WsCloseEvent event) {
		if (!event.willReconnect() && event.initiator() != WsCloseEvent.Initiator.CLIENT) {
			this.failed = true;
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
