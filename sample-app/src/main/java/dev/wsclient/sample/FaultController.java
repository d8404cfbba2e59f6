package dev.wsclient.sample;

import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.scheduling.TaskScheduler;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Makes the sample's own feed server, or the network to it, misbehave. Takes JSON only,
 * which pages of other origins may not send.
 */
@RestController
class FaultController {

	private static final Logger logger = LoggerFactory.getLogger(FaultController.class);

	private static final Duration REFUSAL = Duration.ofSeconds(20);

	private final Network network;

	private final FeedServer feed;

	private final TaskScheduler scheduler;

	FaultController(Network network, FeedServer feed, TaskScheduler scheduler) {
		this.network = network;
		this.feed = feed;
		this.scheduler = scheduler;
	}

	@PostMapping(path = "/api/connections/{name}/faults/{fault}", consumes = MediaType.APPLICATION_JSON_VALUE)
	@ResponseStatus(HttpStatus.NO_CONTENT)
	void inject(@PathVariable String name, @PathVariable Fault fault) {
		if (!this.network.leadsTo(name)) {
			throw new ResponseStatusException(HttpStatus.NOT_FOUND, "It is not the sample's own feed");
		}
		logger.info("The feed of {} is made to misbehave: {}", name, fault.name().toLowerCase(Locale.ROOT));
		Wire wire = this.network.wire(name);
		switch (fault) {
			case CUT -> wire.cut();
			case SILENCE -> wire.goSilent();
			case STALL -> this.feed.stall(name);
			case FLOOD -> this.feed.flood(name);
			case RESTART -> this.feed.restart(name);
			case REFUSE -> {
				int refusal = wire.refuse();
				this.scheduler.schedule(() -> wire.accept(refusal), Instant.now().plus(REFUSAL));
			}
		}
	}

	/**
	 * What can go wrong.
	 */
	enum Fault {

		/**
		 * The network resets the connection.
		 */
		CUT,

		/**
		 * Nothing gets through any more, and nobody says so: half-open.
		 */
		SILENCE,

		/**
		 * The server is alive and answers pings, but sends no messages.
		 */
		STALL,

		/**
		 * The server sends far more than can be handled.
		 */
		FLOOD,

		/**
		 * The server closes with 1012.
		 */
		RESTART,

		/**
		 * The network resets the connection and takes none for 20 seconds.
		 */
		REFUSE

	}

}
