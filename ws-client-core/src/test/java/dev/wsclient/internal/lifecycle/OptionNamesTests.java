package dev.wsclient.internal.lifecycle;

import java.time.Duration;
import java.util.Map;

import org.junit.jupiter.api.Test;

import dev.wsclient.exception.ErrorContext.Phase;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.exception.WsTimeoutException.Deadline;
import dev.wsclient.internal.transport.Failure;
import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that errors name options as the user knows them.
 */
class OptionNamesTests {

	private final WsOptions options = WsOptions.builder("wss://feed.example")
		.name("feed")
		.optionNames(Map.of("maxMessageSize", "ws.clients.{name}.max-message-size", "handshakeTimeout",
				"handshake-timeout", "handshakeTimeout of WsTls", "ssl.handshake-timeout", "whenFull", "when-full",
				"proxy", "ws.clients.{name}.proxy"))
		.build();

	private final OptionNames names = new OptionNames(this.options);

	@Test
	void nameInATextIsTheUsers() {
		assertThat(this.names.in("of at most 10 bytes (maxMessageSize), was 11"))
			.isEqualTo("of at most 10 bytes (ws.clients.feed.max-message-size), was 11");
		assertThat(this.names.in("whenFull or whenFull")).isEqualTo("when-full or when-full");
		assertThat(this.names.in("see handshakeTimeout of WsTls")).isEqualTo("see ssl.handshake-timeout");
		assertThat(this.names.in("see handshakeTimeout")).isEqualTo("see handshake-timeout");
	}

	@Test
	void plainWordIsTranslatedAsAnOptionOnly() {
		assertThat(this.names.of("proxy")).isEqualTo("ws.clients.feed.proxy");
		assertThat(this.names.of("port")).isEqualTo("port");
	}

	@Test
	void otherTextStaysAsItIs() {
		assertThat(this.names.in("whenFullest, newwhenFull")).isEqualTo("whenFullest, newwhenFull");
		String text = "nothing here, but a proxy";
		assertThat(this.names.in(text)).isSameAs(text);
		WsOptions plain = WsOptions.builder("wss://feed.example").build();
		assertThat(new OptionNames(plain).in("maxMessageSize")).isEqualTo("maxMessageSize");
	}

	@Test
	void errorsOfAllKindsAreTranslated() {
		ErrorFactory errors = new ErrorFactory(new ConnectionFigures("feed", "wss://feed.example"), this.names);
		assertThat(errors.send(Outcome.DROPPED, Phase.OPEN, "dropped (whenFull)", null))
			.hasMessageContaining("(when-full)");
		assertThat(errors.of(new Failure.Timeout(Deadline.TLS, Duration.ofSeconds(1)), Phase.TLS, true))
			.hasMessageContaining("(ssl.handshake-timeout)");
		assertThat(errors.of(new Failure.Network("see maxMessageSize", null), Phase.CONNECT, true))
			.hasMessageContaining("see ws.clients.feed.max-message-size");
	}

}
