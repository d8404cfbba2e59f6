package dev.wsclient.spring;

import java.time.InstantSource;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;

import dev.wsclient.WsConnection;

/**
 * Health of all connections, one entry for each that there is at the moment: connections
 * may be opened and closed at run time.
 */
class ConnectionsHealthContributor implements CompositeHealthContributor {

	private final ConnectionRegistry connections;

	private final InstantSource clock;

	ConnectionsHealthContributor(ConnectionRegistry connections, InstantSource clock) {
		this.connections = connections;
		this.clock = clock;
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		ManagedConnection managed = this.connections.managed().get(name);
		if (managed != null) {
			return new ConnectionHealthIndicator(managed, this.clock);
		}
		WsConnection replacement = this.connections.find(name);
		return (replacement != null) ? new ReplacementHealthIndicator(replacement) : null;
	}

	@Override
	public Stream<Entry> stream() {
		return this.connections.all().keySet().stream().<Entry>mapMulti((name, entries) -> {
			HealthContributor contributor = getContributor(name);
			if (contributor != null) {
				entries.accept(new Entry(name, contributor));
			}
		});
	}

}
