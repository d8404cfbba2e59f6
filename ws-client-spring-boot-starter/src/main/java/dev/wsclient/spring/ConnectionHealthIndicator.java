package dev.wsclient.spring;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import dev.wsclient.WsSnapshot;
import dev.wsclient.WsState;

/**
 * Health of one connection:
 * <ul>
 * <li>{@code UP} while a session is open, unless it is silent for too long;
 * <li>{@code UNKNOWN} without a session for a short time, and when none is wanted: never
 * connected, or closed by the application;
 * <li>{@code DOWN} without a session for too long, at once when the server refuses this
 * client and after giving up, or when silent for too long, if the connection is required;
 * otherwise {@code UNKNOWN}.
 * </ul>
 * {@code UNKNOWN} doesn't pull the whole down, and doesn't win over {@code UP}. The
 * details always tell the state.
 */
class ConnectionHealthIndicator extends AbstractHealthIndicator {

	private final ManagedConnection managed;

	private final InstantSource clock;

	ConnectionHealthIndicator(ManagedConnection managed, InstantSource clock) {
		super("WebSocket health check failed");
		this.managed = managed;
		this.clock = clock;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		WsSnapshot snapshot = this.managed.connection().snapshot();
		String trouble = trouble(snapshot);
		if (trouble != null) {
			builder.status(this.managed.settings().health().required() ? Status.DOWN : Status.UNKNOWN);
			builder.withDetail("reason", trouble);
		}
		else {
			builder.status((snapshot.state() == WsState.OPEN) ? Status.UP : Status.UNKNOWN);
		}
		details(builder, snapshot);
	}

	private @Nullable String trouble(WsSnapshot snapshot) {
		return switch (snapshot.state()) {
			case OPEN -> stale(snapshot);
			case IDLE -> null;
			case CLOSED -> this.managed.tracker().hasFailed()
					? "closed by an error, the server or the failure of a handler, and not reconnecting: see lastError and lastClose"
					: null;
			case CONNECTING, BACKOFF, CLOSING -> (snapshot.refusedSince() != null) ? refused(snapshot) : down();
		};
	}

	private @Nullable String stale(WsSnapshot snapshot) {
		Duration staleAfter = this.managed.settings().health().staleAfter();
		Instant sign = snapshot.since();
		if (snapshot.lastMessage() != null && snapshot.lastMessage().isAfter(sign)) {
			sign = snapshot.lastMessage();
		}
		return (staleAfter != null && isOver(sign, staleAfter))
				? "no message for longer than health.stale-after (" + staleAfter + ")" : null;
	}

	private static String refused(WsSnapshot snapshot) {
		return "the server or a proxy refuses this client since " + snapshot.refusedSince()
				+ ((snapshot.nextAttempt() != null) ? ", next attempt at " + snapshot.nextAttempt()
						: ", another attempt is under way");
	}

	private @Nullable String down() {
		Duration downAfter = this.managed.settings().health().downAfter();
		Instant since = this.managed.tracker().downSince();
		return (since != null && isOver(since, downAfter))
				? "no session for longer than health.down-after (" + downAfter + ")" : null;
	}

	private boolean isOver(Instant since, Duration limit) {
		return Duration.between(since, this.clock.instant()).compareTo(limit) >= 0;
	}

	/**
	 * Tells what a connection does.
	 * @param builder gets the details
	 * @param snapshot the connection at the moment
	 */
	static void details(Health.Builder builder, WsSnapshot snapshot) {
		builder.withDetail("state", snapshot.state().name());
		builder.withDetail("uri", snapshot.uri());
		builder.withDetail("since", snapshot.since());
		detail(builder, "session", snapshot.sessionId());
		builder.withDetail("sessions", snapshot.sessions());
		builder.withDetail("attempts", snapshot.attempts());
		detail(builder, "nextAttempt", snapshot.nextAttempt());
		detail(builder, "refusedSince", snapshot.refusedSince());
		detail(builder, "lastError", snapshot.lastError());
		detail(builder, "lastClose", (snapshot.lastClose() != null) ? snapshot.lastClose().toString() : null);
		detail(builder, "roundTrip", snapshot.roundTrip());
		detail(builder, "lastReceived", snapshot.lastReceived());
		detail(builder, "lastMessage", snapshot.lastMessage());
	}

	private static void detail(Health.Builder builder, String name, @Nullable Object value) {
		if (value != null) {
			builder.withDetail(name, value);
		}
	}

}
