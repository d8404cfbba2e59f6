package dev.wsclient.spring;

import java.time.InstantSource;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.health.contributor.CompositeHealthContributor;
import org.springframework.boot.health.contributor.HealthContributor;

/**
 * Health of all connections, one entry for each that there is at the moment: connections
 * may be opened and closed at run time.
 */
class ConnectionsHealthContributor implements CompositeHealthContributor {

	private final DefaultWsConnections connections;

	private final InstantSource clock;

	ConnectionsHealthContributor(DefaultWsConnections connections, InstantSource clock) {
		this.connections = connections;
		this.clock = clock;
	}

	@Override
	public @Nullable HealthContributor getContributor(String name) {
		ManagedConnection connection = this.connections.managed().get(name);
		return (connection != null) ? indicator(connection) : null;
	}

	@Override
	public Stream<Entry> stream() {
		return this.connections.managed()
			.entrySet()
			.stream()
			.map((entry) -> new Entry(entry.getKey(), indicator(entry.getValue())));
	}

	private HealthContributor indicator(ManagedConnection connection) {
		return new ConnectionHealthIndicator(connection, this.clock);
	}

}
