package dev.wsclient.sample;

import java.time.Duration;

import org.springframework.stereotype.Component;

import dev.wsclient.options.WsOptions;
import dev.wsclient.spring.WsOptionsCustomizer;

/**
 * Gives connections to the sample's own feed server deadlines so short that the page
 * shows within seconds what they do. Anybody else's server is left in peace.
 */
@Component
class FeedOptions implements WsOptionsCustomizer {

	/**
	 * Shorter than the silence between two bursts of the feed, so that there are pings.
	 */
	private static final Duration PING_INTERVAL = Duration.ofMillis(400);

	private static final Duration PING_TIMEOUT = Duration.ofSeconds(3);

	private static final Duration MESSAGE_TIMEOUT = Duration.ofSeconds(8);

	private final Network network;

	FeedOptions(Network network) {
		this.network = network;
	}

	@Override
	public void customize(String name, WsOptions.Builder builder) {
		if (this.network.leadsTo(name)) {
			builder.pingInterval(PING_INTERVAL).pingTimeout(PING_TIMEOUT).messageTimeout(MESSAGE_TIMEOUT);
		}
	}

}
