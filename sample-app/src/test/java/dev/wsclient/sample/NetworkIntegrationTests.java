package dev.wsclient.sample;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.mock.env.MockEnvironment;

import dev.wsclient.options.WsOptions;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Tests of where connections lead, and how they are watched there.
 */
class NetworkIntegrationTests {

	private static final String OTHER = "wss://feed.example/v1";

	private final MockEnvironment environment = new MockEnvironment();

	private Network network;

	@BeforeEach
	void open() throws IOException {
		this.network = new Network(this.environment);
	}

	@AfterEach
	void close() {
		this.network.destroy();
	}

	@Test
	void leadsToTheOwnFeed() {
		assertThat(this.network.getUrls("market")).singleElement()
			.asString()
			.matches("ws://localhost:\\d+/feed/market");
		assertThat(options("market").pingInterval()).isEqualTo(Duration.ofMillis(400));
	}

	@Test
	void stepsBackForConfiguredUrl() {
		this.environment.setProperty("ws.clients.market.url", OTHER);
		assertThat(this.network.getUrls("market")).isEmpty();
		assertThat(this.network.getUrls("orders")).isNotEmpty();
		assertThat(options("market").pingInterval()).isEqualTo(WsOptions.builder(OTHER).build().pingInterval());
	}

	@Test
	void knowsNoOtherConnection() {
		assertThat(this.network.getUrls("news")).isEmpty();
	}

	@Test
	void secondRefusalIsNotEndedByTheTimerOfTheFirst() throws IOException {
		Wire wire = this.network.wire("market");
		int first = wire.refuse();
		int second = wire.refuse();
		wire.accept(first);
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(wire));
		wire.accept(second);
		connect(wire);
	}

	@Test
	void closedWireIsNotOpenedByTheTimerOfARefusal() {
		Wire wire = this.network.wire("market");
		int refusal = wire.refuse();
		wire.close();
		wire.accept(refusal);
		assertThatExceptionOfType(ConnectException.class).isThrownBy(() -> connect(wire));
	}

	private static void connect(Wire wire) throws IOException {
		new Socket(InetAddress.getLoopbackAddress(), wire.port()).close();
	}

	private WsOptions options(String name) {
		WsOptions.Builder builder = WsOptions.builder(OTHER);
		new FeedOptions(this.network).customize(name, builder);
		return builder.build();
	}

}
