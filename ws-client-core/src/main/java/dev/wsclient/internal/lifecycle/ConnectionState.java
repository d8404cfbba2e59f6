package dev.wsclient.internal.lifecycle;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.internal.time.Ticker;

/**
 * The state of a connection and the moves that are legal. Changed on the event loop, read
 * anywhere.
 */
final class ConnectionState {

	private static final Map<WsState, Set<WsState>> LEGAL = Map.of( //
			WsState.IDLE, EnumSet.of(WsState.CONNECTING, WsState.BACKOFF, WsState.CLOSED), //
			WsState.CONNECTING, EnumSet.of(WsState.OPEN, WsState.BACKOFF, WsState.CLOSED), //
			WsState.OPEN, EnumSet.of(WsState.CLOSING, WsState.BACKOFF, WsState.CLOSED), //
			WsState.CLOSING, EnumSet.of(WsState.BACKOFF, WsState.CLOSED), //
			WsState.BACKOFF, EnumSet.of(WsState.CONNECTING, WsState.CLOSED), //
			WsState.CLOSED, EnumSet.of(WsState.CONNECTING, WsState.BACKOFF));

	private final Ticker ticker;

	private volatile Entered current;

	ConnectionState(Ticker ticker) {
		this.ticker = ticker;
		this.current = new Entered(WsState.IDLE, ticker.now());
	}

	WsState get() {
		return this.current.state;
	}

	Instant since() {
		return this.current.since;
	}

	WsStateChange move(WsState to, @Nullable Throwable cause) {
		WsState from = this.current.state;
		if (!isLegal(from, to)) {
			throw new IllegalStateException("A connection can't move from " + from + " to " + to);
		}
		this.current = new Entered(to, this.ticker.now());
		return new WsStateChange(from, to, cause);
	}

	static boolean isLegal(WsState from, WsState to) {
		return LEGAL.getOrDefault(from, Set.of()).contains(to);
	}

	/**
	 * A state and when it was entered, read together.
	 */
	private record Entered(WsState state, Instant since) {

	}

}
