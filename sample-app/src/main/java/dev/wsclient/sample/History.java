package dev.wsclient.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;

import org.jspecify.annotations.Nullable;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Component;

import dev.wsclient.WsSnapshot;
import dev.wsclient.WsState;
import dev.wsclient.spring.WsConnections;

/**
 * Looks at all connections once a second and remembers five minutes.
 */
@Component
class History {

	private static final int LIMIT = 300;

	private final WsConnections connections;

	private final Map<String, Deque<Point>> points = new ConcurrentHashMap<>();

	private final Map<String, Sight> lastSights = new ConcurrentHashMap<>();

	History(WsConnections connections) {
		this.connections = connections;
	}

	@Scheduled(fixedRate = 1000)
	void look() {
		this.connections.asMap().forEach((name, connection) -> {
			Sight sight = new Sight(Instant.now(), connection.snapshot());
			Sight last = this.lastSights.put(name, sight);
			if (last != null) {
				add(this.points.computeIfAbsent(name, (each) -> new ConcurrentLinkedDeque<>()), sight.since(last));
			}
		});
	}

	private void add(Deque<Point> points, Point point) {
		points.addLast(point);
		if (points.size() > LIMIT) {
			points.pollFirst();
		}
	}

	/**
	 * Returns what was seen of a connection.
	 * @param name the name of the connection
	 * @param after the points before and at this moment are left out
	 * @return the oldest first
	 */
	List<Point> of(String name, Instant after) {
		Deque<Point> points = this.points.get(name);
		return (points != null) ? points.stream().filter((point) -> point.time().isAfter(after)).toList() : List.of();
	}

	/**
	 * One second of a connection.
	 *
	 * @param time its end
	 * @param state the state then
	 * @param paused whether the socket was not being read then
	 * @param received messages received per second
	 * @param sent messages written per second
	 * @param roundTrip the newest ping's round trip if there was a session
	 */
	record Point(Instant time, WsState state, boolean paused, double received, double sent,
			@Nullable Duration roundTrip) {

	}

	private record Sight(Instant time, WsSnapshot snapshot) {

		Point since(Sight last) {
			double seconds = Duration.between(last.time, this.time).toNanos() / 1e9;
			return new Point(this.time, this.snapshot.state(), this.snapshot.paused(),
					(this.snapshot.messagesReceived() - last.snapshot.messagesReceived()) / seconds,
					(this.snapshot.messagesSent() - last.snapshot.messagesSent()) / seconds,
					(this.snapshot.state() == WsState.OPEN) ? this.snapshot.roundTrip() : null);
		}

	}

}
