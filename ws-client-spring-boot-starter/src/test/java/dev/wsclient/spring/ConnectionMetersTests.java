package dev.wsclient.spring;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.WsConnection;
import dev.wsclient.WsMessage;
import dev.wsclient.WsState;
import dev.wsclient.exception.WsClosedException;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsException;
import dev.wsclient.exception.WsSendException.Outcome;
import dev.wsclient.exception.WsTimeoutException;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.spring.HandlerMethodTests.Fixture;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionMeters} and {@link WsMetricsAutoConfiguration}.
 */
class ConnectionMetersTests {

	private final MeterRegistry registry = new SimpleMeterRegistry();

	private final FakeWsConnection connection = new FakeWsConnection("ticker");

	private final ConnectionMeters meters = new ConnectionMeters(new MeterUses(this.registry), "ticker");

	private double value(String name, String... tags) {
		Meter meter = this.registry.get("ws.client." + name).tags("client", "ticker").tags(tags).meter();
		return meter.measure().iterator().next().getValue();
	}

	@Test
	void everyDocumentedMeterIsThereFromTheStartWithItsTags() {
		this.meters.bind(this.connection);
		call(null);
		Map<String, Set<String>> found = new TreeMap<>();
		for (Meter meter : this.registry.getMeters()) {
			found.computeIfAbsent(meter.getId().getName(), (name) -> new TreeSet<>())
				.addAll(meter.getId().getTags().stream().map(Tag::getKey).toList());
		}
		Map<String, Set<String>> documented = new TreeMap<>();
		for (WsMeters meter : WsMeters.values()) {
			documented.put(meter.getName(),
					new TreeSet<>(Arrays.stream(meter.getKeyNames()).map((key) -> key.asString()).toList()));
			assertThat(this.registry.get(meter.getName()).meters()).allSatisfy((each) -> {
				assertThat(each.getId().getType()).isEqualTo(meter.getType());
				assertThat(each.getId().getDescription()).isNotBlank().isEqualTo(meter.description());
				if (meter.getType() != Meter.Type.TIMER) {
					assertThat(each.getId().getBaseUnit()).isEqualTo(meter.getBaseUnit());
				}
			});
		}
		assertThat(found).isEqualTo(documented);
	}

	@Test
	void everyMeterIsOnThePageForOperatorsWithItsTags() throws IOException {
		List<String> page = Files.readAllLines(Path.of("..", "docs", "operations.md"));
		for (WsMeters meter : WsMeters.values()) {
			assertThat(page).anySatisfy((line) -> {
				assertThat(line).startsWith("| `ws.client.").contains("`" + meter.getName() + "`");
				for (KeyName key : meter.getKeyNames()) {
					assertThat(key == WsMeters.Tag.CLIENT || line.contains("`" + key.asString() + "`")).isTrue();
				}
			});
		}
	}

	@Test
	void messagesAndBytesAreCountedByDirectionAndType() {
		this.meters.messageReceived(this.connection, WsMessage.Type.TEXT, 10);
		this.meters.messageReceived(this.connection, WsMessage.Type.TEXT, 5);
		this.meters.messageReceived(this.connection, WsMessage.Type.BINARY, 3);
		this.meters.messageSent(this.connection, WsMessage.Type.TEXT, 7);
		this.meters.messageSent(this.connection, WsMessage.Type.BINARY, 0);
		assertThat(value("messages", "direction", "in", "type", "text")).isEqualTo(2);
		assertThat(value("bytes", "direction", "in", "type", "text")).isEqualTo(15);
		assertThat(value("messages", "direction", "in", "type", "binary")).isEqualTo(1);
		assertThat(value("messages", "direction", "out", "type", "text")).isEqualTo(1);
		assertThat(value("bytes", "direction", "out", "type", "text")).isEqualTo(7);
		assertThat(value("messages", "direction", "out", "type", "binary")).isEqualTo(1);
	}

	@Test
	void connectsHandshakesAndPingsAreMeasured() {
		this.meters.connectSucceeded(this.connection, Duration.ofMillis(5), Duration.ofMillis(20));
		this.meters.connectFailed(this.connection, network(), Duration.ofMillis(5));
		this.meters.connectFailed(this.connection, network(), Duration.ofMillis(5));
		this.meters.pingRoundTrip(this.connection, Duration.ofMillis(3));
		assertThat(value("connects", "outcome", "success")).isEqualTo(1);
		assertThat(value("connects", "outcome", "failure")).isEqualTo(2);
		assertThat(this.registry.get("ws.client.handshake").timer().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(20);
		assertThat(this.registry.get("ws.client.ping.rtt").timer().totalTime(TimeUnit.MILLISECONDS)).isEqualTo(3);
	}

	private static WsException network() {
		return new WsConnectException(Fixture.CONTEXT, "refused", null);
	}

	@Test
	void reconnectsTellWhy() {
		reconnect(network());
		reconnect(new WsTimeoutException(Fixture.CONTEXT, WsTimeoutException.Deadline.PONG, Duration.ofSeconds(1)));
		reconnect(new IllegalStateException());
		reconnect(null);
		reconnect(closed(1001));
		reconnect(closed(1006));
		close(1006, Initiator.NETWORK);
		reconnect(null);
		this.connection.refusedSince = Instant.EPOCH;
		reconnect(closed(1008));
		reconnect(null);
		this.meters.connectFailed(this.connection, network(), Duration.ofMillis(5));
		assertThat(value("connects", "outcome", "refused")).isEqualTo(1);
		assertThat(value("connects", "outcome", "failure")).isZero();
		assertThat(value("reconnects", "reason", "refused")).isEqualTo(1);
		assertThat(value("reconnects", "reason", "network")).isEqualTo(2);
		assertThat(value("reconnects", "reason", "timeout")).isEqualTo(1);
		assertThat(value("reconnects", "reason", "other")).isEqualTo(1);
		assertThat(value("reconnects", "reason", "closed")).isEqualTo(1);
		assertThat(value("reconnects", "reason", "requested")).isEqualTo(3);
	}

	private static WsException closed(int code) {
		return new WsClosedException(Fixture.CONTEXT, "closed", new CloseStatus(code, ""), null);
	}

	private void reconnect(@Nullable Throwable cause) {
		this.meters.reconnectScheduled(this.connection, 1, Duration.ZERO, cause);
	}

	private void close(int code, Initiator initiator) {
		this.meters.sessionClosed(this.connection,
				new WsCloseEvent(new CloseStatus(code, ""), initiator, true, null, true));
	}

	@Test
	void closeCodesOfApplicationsAreOneClass() {
		close(1001, Initiator.SERVER);
		close(1011, Initiator.SERVER);
		close(4001, Initiator.SERVER);
		close(4999, Initiator.SERVER);
		close(3000, Initiator.SERVER);
		assertThat(value("closes", "code", "1000")).isZero();
		assertThat(value("closes", "code", "1001")).isEqualTo(1);
		assertThat(value("closes", "code", "1011")).isEqualTo(1);
		assertThat(value("closes", "code", "4xxx")).isEqualTo(2);
		assertThat(value("closes", "code", "3xxx")).isEqualTo(1);
	}

	@Test
	void dropsTellWhy() {
		this.meters.messageNotAccepted(this.connection, WsMessage.Type.TEXT, 1);
		this.meters.messageFailed(this.connection, WsMessage.Type.TEXT, 1, Outcome.LOST);
		assertThat(value("drops", "reason", "not-accepted")).isEqualTo(1);
		assertThat(value("drops", "reason", "lost")).isEqualTo(1);
		assertThat(value("drops", "reason", "dropped")).isZero();
		assertThat(value("drops", "reason", "expired")).isZero();
	}

	@Test
	void stateAndBufferAreGauges() {
		this.meters.bind(this.connection);
		assertThat(value("state", "state", "open")).isEqualTo(1);
		assertThat(value("state", "state", "backoff")).isZero();
		this.connection.state = WsState.BACKOFF;
		assertThat(value("state", "state", "open")).isZero();
		assertThat(value("state", "state", "backoff")).isEqualTo(1);
		assertThat(value("send.buffer")).isEqualTo(42);
		assertThat(value("send.buffer.messages")).isEqualTo(3);
	}

	@Test
	void queueOfHandlersAndPauseAreGauges() {
		this.meters.bind(this.connection);
		assertThat(value("handler.queue")).isZero();
		assertThat(value("paused")).isZero();
		this.connection.waitingCalls = 7;
		this.connection.paused = true;
		assertThat(value("handler.queue")).isEqualTo(7);
		assertThat(value("paused")).isEqualTo(1);
	}

	@Test
	void allMetersOfAConnectionAreRemovedWithIt() {
		this.meters.bind(this.connection);
		call(new IllegalStateException());
		close(4001, Initiator.SERVER);
		ConnectionMeters others = new ConnectionMeters(new MeterUses(this.registry), "orders");
		others.bind(new FakeWsConnection("orders"));
		this.registry.counter("ws.client.count", "client", "ticker").increment();
		int before = this.registry.getMeters().size();
		this.meters.unbind();
		assertThat(this.registry.getMeters()).hasSizeLessThan(before)
			.filteredOn((meter) -> meter.getId().getName().startsWith("ws.client."))
			.extracting((meter) -> meter.getId().getTag("client"))
			.containsOnly("orders", "ticker");
		assertThat(this.registry.get("ws.client.count").counter().count()).as("of the application").isEqualTo(1);
		assertThat(this.registry.get("ws.client.state").tags("client", "orders").gauges()).hasSize(6);
	}

	@Test
	void handlersAreTimed() {
		call(null);
		call(new IllegalStateException());
		this.meters.messageUnhandled();
		this.meters.messageFiltered();
		this.meters.messageFiltered();
		assertThat(value("handler", "method", "Object.wait", "outcome", "success", "error", "none")).isEqualTo(1);
		assertThat(value("handler", "outcome", "error", "error", "IllegalStateException")).isEqualTo(1);
		assertThat(value("messages.unhandled")).isEqualTo(1);
		assertThat(value("messages.filtered")).isEqualTo(2);
	}

	private void call(@Nullable Throwable failure) {
		HandlerMethod handler = HandlerMethodTests.anyHandler(this);
		HandlerScope scope = this.meters.handlerStarted(handler, WsHandlerEvent.plain(this.connection));
		if (failure != null) {
			scope.failed(failure);
		}
		scope.close();
	}

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, WsMetricsAutoConfiguration.class))
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost");

	@Test
	void metersAreRegisteredForEachClient() {
		this.runner.withBean(SimpleMeterRegistry.class)
			.withPropertyValues("ws.clients.orders.url=ws://localhost")
			.run((context) -> assertThat(context.getBean(MeterRegistry.class).get("ws.client.messages").meters())
				.extracting((meter) -> meter.getId().getTag("client"))
				.containsOnly("ticker", "orders")
				.hasSize(8));
	}

	@Test
	void startsWithoutARegistry() {
		this.runner
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ConnectionObserver.Factory.class));
	}

	@Test
	void startsWithoutMicrometer() {
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean(ConnectionObserver.Factory.class));
	}

	@Test
	void eventsOfTheApplicationAreToldBesideTheMeters() {
		List<String> heard = new ArrayList<>();
		this.runner.withBean(SimpleMeterRegistry.class)
			.withUserConfiguration(WsClientAutoConfigurationTests.FakeClientConfiguration.class)
			.withBean(WsOptionsCustomizer.class, () -> (name, builder) -> builder.events(new WsEvents() {

				@Override
				public void messageReceived(WsConnection source, WsMessage.Type type, int size) {
					heard.add(source.name() + size);
				}

			}))
			.run((context) -> {
				context.getBean(FakeWsClient.class)
					.options("ticker")
					.events()
					.messageReceived(this.connection, WsMessage.Type.TEXT, 9);
				assertThat(heard).containsExactly("ticker9");
				assertThat(context.getBean(MeterRegistry.class)
					.get("ws.client.bytes")
					.tags("direction", "in", "type", "text")
					.counter()
					.count()).isEqualTo(9);
			});
	}

}
