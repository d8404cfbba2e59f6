package dev.wsclient.sample;

import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

import dev.wsclient.WsConnection;
import dev.wsclient.WsSnapshot;
import dev.wsclient.exception.WsSendException;
import dev.wsclient.sample.History.Point;
import dev.wsclient.sample.LastMessages.Received;
import dev.wsclient.sample.Timeline.Change;
import dev.wsclient.spring.WsConnections;

/**
 * Gives the page its figures, and sends what is typed there. Connecting, disconnecting
 * and so on are the matter of the starter's endpoint {@code wsclients}.
 */
@RestController
class DashboardController {

	private final WsConnections connections;

	private final MeterRegistry meters;

	private final Network network;

	private final History history;

	private final Timeline timeline;

	private final LastMessages messages;

	DashboardController(WsConnections connections, MeterRegistry meters, Network network, History history,
			Timeline timeline, LastMessages messages) {
		this.connections = connections;
		this.meters = meters;
		this.network = network;
		this.history = history;
		this.timeline = timeline;
		this.messages = messages;
	}

	@GetMapping("/api/dashboard")
	Dashboard dashboard(@RequestParam(defaultValue = "1970-01-01T00:00:00Z") Instant after) {
		return new Dashboard(Instant.now(),
				this.connections.stream().map((connection) -> view(connection, after)).toList(),
				this.timeline.changes());
	}

	private ConnectionView view(WsConnection connection, Instant after) {
		String name = connection.name();
		double notSent = this.meters.find("ws.client.drops")
			.tag("client", name)
			.counters()
			.stream()
			.mapToDouble(Counter::count)
			.sum();
		return new ConnectionView(connection.snapshot(), (long) notSent, this.network.leadsTo(name),
				this.history.of(name, after), this.messages.of(name));
	}

	/**
	 * Sends a text message. Takes JSON only, which pages of other origins may not send.
	 * @param name the name of the connection
	 * @param message the message
	 * @return completes when it is known what became of the message
	 */
	@PostMapping(path = "/api/connections/{name}/messages", consumes = MediaType.APPLICATION_JSON_VALUE)
	CompletionStage<SendResult> send(@PathVariable String name, @RequestBody Outgoing message) {
		WsConnection connection = this.connections.asMap().get(name);
		if (connection == null) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "There is no such connection");
		}
		return connection.send(message.text()).handle((sent, error) -> SendResult.of(error));
	}

	/**
	 * All that the page shows.
	 *
	 * @param now the time here, as the page's clock may differ
	 * @param connections the connections
	 * @param changes the newest changes of state of all of them, the newest first
	 */
	record Dashboard(Instant now, List<ConnectionView> connections, List<Change> changes) {

	}

	/**
	 * A connection.
	 *
	 * @param snapshot its figures
	 * @param notSent how many messages were not sent
	 * @param ownFeed whether it goes to the sample's own feed server
	 * @param history what was seen of it, the oldest first
	 * @param messages its newest messages, the newest first
	 */
	record ConnectionView(WsSnapshot snapshot, long notSent, boolean ownFeed, List<Point> history,
			List<Received> messages) {

	}

	/**
	 * What to send.
	 *
	 * @param text the text
	 */
	record Outgoing(String text) {

		Outgoing {
			Objects.requireNonNull(text, "text");
		}

	}

	/**
	 * What became of a message.
	 *
	 * @param outcome what became of it
	 * @param reason why it was not written, or {@code null}
	 */
	record SendResult(String outcome, @Nullable String reason) {

		static SendResult of(@Nullable Throwable error) {
			if (error == null) {
				return new SendResult("WRITTEN", null);
			}
			return new SendResult((error instanceof WsSendException failure) ? failure.outcome().name() : "FAILED",
					error.getMessage());
		}

	}

}
