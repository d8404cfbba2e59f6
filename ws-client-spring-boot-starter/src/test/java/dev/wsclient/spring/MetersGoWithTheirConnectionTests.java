package dev.wsclient.spring;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import java.util.stream.IntStream;

import io.micrometer.core.instrument.Clock;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.NamingConvention;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.ObservationRegistry;
import org.assertj.core.api.ThrowingConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.ApplicationContext;

import dev.wsclient.CloseStatus;
import dev.wsclient.WsCloseEvent;
import dev.wsclient.WsCloseEvent.Initiator;
import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.properties.ClientProperties;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests that the meters of a connection that is closed and forgotten are removed: all of
 * them, no others, and not those of the next one of its name.
 */
class MetersGoWithTheirConnectionTests {

	static final MeterFilter RENAMING = new MeterFilter() {

		@Override
		public Meter.Id map(Meter.Id id) {
			return id.withName("app." + id.getName().replace('.', '_'))
				.replaceTags(id.getTags().stream().map((tag) -> Tag.of("x_" + tag.getKey(), tag.getValue())).toList());
		}

	};

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, WsMetricsAutoConfiguration.class,
				WsObservationAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withPropertyValues("ws.defaults.dispatch.mode=event-loop");

	private static CompositeMeterRegistry composite() {
		SimpleMeterRegistry child = new SimpleMeterRegistry();
		child.config().meterFilter(RENAMING);
		return new CompositeMeterRegistry(Clock.SYSTEM, List.of(child));
	}

	static List<MeterRegistry> registries() {
		MeterRegistry renaming = new SimpleMeterRegistry();
		renaming.config().meterFilter(RENAMING);
		MeterRegistry untagging = new SimpleMeterRegistry();
		untagging.config().meterFilter(MeterFilter.ignoreTags("client", "state"));
		MeterRegistry denying = new SimpleMeterRegistry();
		denying.config().meterFilter(MeterFilter.denyNameStartsWith("ws.client.m"));
		MeterRegistry tagging = new SimpleMeterRegistry();
		tagging.config().commonTags("client", "all").namingConvention(NamingConvention.snakeCase);
		return List.of(new SimpleMeterRegistry(), renaming, untagging, denying, tagging, composite());
	}

	@ParameterizedTest
	@MethodSource("registries")
	void allOfThemWhateverAFilterMakesOfThem(MeterRegistry registry) {
		registry.counter("ws.client.count", "client", "tenant").increment();
		run(registry, (context) -> {
			Set<Meter.Id> before = ids(registry);
			for (int i = 0; i < 3; i++) {
				use(context, open(context, "tenant"));
				context.getBean(WsConnections.class).close("tenant").toCompletableFuture().join();
				assertThat(ids(registry)).isEqualTo(before);
			}
		});
	}

	private static Set<Meter.Id> ids(MeterRegistry registry) {
		Set<Meter.Id> ids = new HashSet<>();
		registry.getMeters().forEach((meter) -> ids.add(meter.getId()));
		if (registry instanceof CompositeMeterRegistry composite) {
			composite.getRegistries().forEach((child) -> ids.addAll(ids(child)));
		}
		return ids;
	}

	private void run(MeterRegistry registry, ThrowingConsumer<ApplicationContext> test) {
		ObservationRegistry observations = ObservationRegistry.create();
		observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(registry));
		this.runner.withBean(MeterRegistry.class, () -> registry)
			.withBean(ObservationRegistry.class, () -> observations)
			.run((context) -> {
				assertThat(context).hasNotFailed();
				test.accept(context);
			});
	}

	private static String open(ApplicationContext context, String name) {
		ClientProperties settings = new ClientProperties();
		settings.setUrl("ws://localhost");
		context.getBean(WsConnections.class).open(name, settings, new FailingHandler());
		return name;
	}

	private static void use(ApplicationContext context, String name) {
		FakeWsConnection connection = new FakeWsConnection(name);
		FakeWsClient client = context.getBean(FakeWsClient.class);
		WsEvents events = client.options(name).events();
		events.connectStarted(connection, 0);
		events.connectSucceeded(connection, Duration.ZERO, Duration.ZERO);
		events.reconnectScheduled(connection, 1, Duration.ZERO, new IllegalStateException());
		events.sessionClosed(connection,
				new WsCloseEvent(new CloseStatus(4001, ""), Initiator.SERVER, true, null, true));
		client.listener(name).onMessage(connection, FakeWsMessage.text("ok"));
		client.listener(name).onMessage(connection, FakeWsMessage.text("fail"));
	}

	@Test
	void thoseOfTheNextConnectionOfTheNameStay() {
		MeterRegistry registry = new SimpleMeterRegistry();
		run(registry, (context) -> {
			WsConnections connections = context.getBean(WsConnections.class);
			open(context, "tenant");
			connections.close("tenant");
			open(context, "tenant");
			FakeWsConnection current = (FakeWsConnection) connections.get("tenant");
			current.state = WsState.BACKOFF;
			assertThat(registry.get("ws.client.state").tags("client", "tenant", "state", "backoff").gauge().value())
				.isEqualTo(1);
		});
	}

	/**
	 * With the name free before the meters were gone, the next connection lost its own.
	 */
	@Test
	void nameIsFreeWhenTheyAreGone() {
		List<Boolean> free = new CopyOnWriteArrayList<>();
		this.runner.withBean(ConnectionObserver.Factory.class, () -> (client) -> new ConnectionObserver() {

			private WsConnection connection;

			@Override
			public void bind(WsConnection connection) {
				this.connection = connection;
			}

			@Override
			public void unbind() {
				free.add(!names.get().contains(this.connection.name()));
			}

		}).run((context) -> {
			names = () -> context.getBean(WsConnections.class).names();
			open(context, "tenant");
			context.getBean(WsConnections.class).close("tenant");
			context.getBean(WsConnections.class).find("tenant").ifPresent((left) -> free.add(true));
			assertThat(free).containsExactly(false);
		});
	}

	private static Supplier<Set<String>> names = Set::of;

	@Test
	void oneThatComesLateIsNotMade() {
		MeterRegistry registry = new SimpleMeterRegistry();
		run(registry, (context) -> {
			open(context, "tenant");
			FakeWsClient client = context.getBean(FakeWsClient.class);
			context.getBean(WsConnections.class).close("tenant");
			Set<Meter.Id> before = ids(registry);
			use(context, "tenant");
			assertThat(client.names()).contains("tenant");
			assertThat(ids(registry)).isEqualTo(before);
		});
	}

	@Test
	void sharedOnesGoWithTheLast() {
		MeterRegistry registry = new SimpleMeterRegistry();
		registry.config().meterFilter(MeterFilter.ignoreTags("client"));
		run(registry, (context) -> {
			WsConnections connections = context.getBean(WsConnections.class);
			open(context, "one");
			open(context, "two");
			connections.close("one");
			assertThat(registry.find("ws.client.connects").counters()).isNotEmpty();
			connections.close("two");
			assertThat(registry.find("ws.client.connects").counters()).isEmpty();
		});
	}

	@Test
	void removingThoseOfOneLooksAtNoOthers() {
		CountingRegistry registry = new CountingRegistry();
		run(registry, (context) -> {
			IntStream.range(0, 20).forEach((i) -> open(context, "tenant" + i));
			registry.scans = 0;
			IntStream.range(0, 20).forEach((i) -> context.getBean(WsConnections.class).close("tenant" + i));
			assertThat(registry.scans).isZero();
			assertThat(registry.getMeters()).isEmpty();
		});
	}

	@Test
	void namesAreThoseOfMicrometersConvention() {
		assertThat(WsMeters.values()).allSatisfy((meter) -> {
			assertThat(meter.getName()).matches("ws\\.client(\\.[a-z]+)+");
			for (var key : meter.getKeyNames()) {
				assertThat(key.asString()).matches("[a-z]+(\\.[a-z]+)*");
			}
		});
	}

	@Test
	void timerOfHandlersTellsMethodAndErrorAlsoOfAnAnonymousClass() {
		MeterRegistry registry = new SimpleMeterRegistry();
		this.runner.withBean(MeterRegistry.class, () -> registry).run((context) -> {
			open(context, "tenant");
			use(context, "tenant");
			assertThat(registry.get("ws.client.handler")
				.timers()
				.stream()
				.map((timer) -> timer.getId().getTag("method") + " " + timer.getId().getTag("error"))
				.distinct()
				.sorted()
				.toList()).containsExactly("FailingHandler.on IllegalStateException", "FailingHandler.on none");
		});
	}

	/**
	 * Counts how often all meters are asked for.
	 */
	static class CountingRegistry extends SimpleMeterRegistry {

		int scans;

		@Override
		public List<Meter> getMeters() {
			this.scans++;
			return super.getMeters();
		}

	}

	/**
	 * Fails if told, by an exception of an anonymous class.
	 */
	static class FailingHandler {

		@OnWsMessage
		void on(String text) {
			if (text.equals("fail")) {
				throw new IllegalStateException("as told") {

				};
			}
		}

	}

}
