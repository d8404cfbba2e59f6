package dev.wsclient.spring;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.AbstractHealthIndicator;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.Status;

import dev.wsclient.WsConnection;
import dev.wsclient.WsSnapshot;

/**
 * Health of a connection that the application has a bean of its own for: {@code UP} while
 * a session is open, otherwise {@code UNKNOWN}, as what is wanted of it is not known.
 */
class ReplacementHealthIndicator extends AbstractHealthIndicator {

	private final WsConnection connection;

	ReplacementHealthIndicator(WsConnection connection) {
		super("WebSocket health check failed");
		this.connection = connection;
	}

	@Override
	protected void doHealthCheck(Health.Builder builder) {
		@Nullable WsSnapshot snapshot = this.connection.snapshot();
		builder.status(this.connection.isOpen() ? Status.UP : Status.UNKNOWN);
		// A mock has none
		if (snapshot != null) {
			ConnectionHealthIndicator.details(builder, snapshot);
		}
	}

}
