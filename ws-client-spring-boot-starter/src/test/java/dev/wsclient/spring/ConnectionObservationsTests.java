package dev.wsclient.spring;

import java.net.http.HttpHeaders;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

import io.micrometer.common.KeyValues;
import io.micrometer.common.docs.KeyName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.observation.DefaultMeterObservationHandler;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import io.micrometer.observation.ObservationView;
import io.micrometer.observation.tck.TestObservationRegistry;
import io.micrometer.observation.tck.TestObservationRegistryAssert;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

import dev.wsclient.WsConnection;
import dev.wsclient.WsState;
import dev.wsclient.WsStateChange;
import dev.wsclient.exception.WsConnectException;
import dev.wsclient.exception.WsHandshakeException;
import dev.wsclient.observe.WsEvents;
import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;
import dev.wsclient.spring.WsObservationDocumentation.LowKey;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ConnectionObservations} and {@link WsObservationAutoConfiguration}.
 */
@SuppressWarnings("UnusedMethod") // handlers are called by reflection
class ConnectionObservationsTests {

	private final TestObservationRegistry observations = TestObservationRegistry.create();

	/** On the event loop all happens in the thread of the test. */
	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, WsObservationAutoConfiguration.class,
				WsMetricsAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withBean(Handler.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost",
				"ws.clients.ticker.dispatch.mode=event-loop");

	private void run(BiConsumer<Fixture, Handler> test) {
		this.runner.withBean(ObservationRegistry.class, () -> this.observations)
			.run((context) -> test.accept(new Fixture(context), context.getBean(Handler.class)));
	}

	@Test
	void eachCallOfAHandlerIsAnObservationThatIsCurrentMeanwhile() {
		run((fixture, handler) -> {
			fixture.text("x");
			fixture.open();
			assertThat(handler.current).containsExactly("ticker message", "ticker open");
			assertThat(this.observations.getCurrentObservation()).isNull();
		});
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasNumberOfObservationsWithNameEqualTo("ws.client.handler", 2)
			.hasObservationWithNameEqualTo("ws.client.handler")
			.that()
			.hasContextualNameEqualTo("ticker message")
			.hasLowCardinalityKeyValue("client", "ticker")
			.hasLowCardinalityKeyValue("outcome", "success")
			.hasHighCardinalityKeyValue("ws.handler.kind", "message")
			.hasLowCardinalityKeyValue("method", "Handler.on")
			.hasBeenStarted()
			.hasBeenStopped()
			.doesNotHaveError();
	}

	@Test
	void failureIsRecordedAndItsHandlersJoinTheTrace() {
		run((fixture, handler) -> {
			fixture.text("throw");
			assertThat(handler.current).containsExactly("ticker message", "ticker error");
			assertThat(handler.parents).containsExactly(null, "ticker message");
			assertThat(this.observations.getCurrentObservation()).isNull();
		});
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasAnObservationWithAKeyValue("outcome", "error")
			.hasObservationWithNameEqualTo("ws.client.handler")
			.that()
			.hasError()
			.thenError()
			.hasMessage("as told");
	}

	@Test
	void successfulAttemptIsAnObservation() {
		run((fixture, handler) -> {
			WsEvents events = events(fixture);
			events.connectStarted(fixture.connection, 3);
			assertThat(events.handshakeHeaders(fixture.connection)).isEmpty();
			events.stateChanged(fixture.connection, new WsStateChange(WsState.CONNECTING, WsState.OPEN, null));
			TestObservationRegistryAssert.assertThat(this.observations)
				.hasObservationWithNameEqualTo("ws.client.connect")
				.that()
				.hasBeenStarted()
				.isNotStopped();
			events.connectSucceeded(fixture.connection, Duration.ZERO, Duration.ZERO);
		});
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasObservationWithNameEqualTo("ws.client.connect")
			.that()
			.hasContextualNameEqualTo("ticker connect")
			.hasLowCardinalityKeyValue("client", "ticker")
			.hasLowCardinalityKeyValue("outcome", "success")
			.hasHighCardinalityKeyValue("ws.attempt", "3")
			.hasHighCardinalityKeyValue("ws.uri", "ws://fake.example/feed")
			.hasHighCardinalityKeyValue("ws.status", "101")
			.hasBeenStopped()
			.doesNotHaveError();
	}

	@Test
	void refusedAttemptHasErrorAndStatus() {
		run((fixture, handler) -> {
			events(fixture).connectStarted(fixture.connection, 0);
			events(fixture).connectFailed(fixture.connection, new WsHandshakeException(Fixture.CONTEXT, "refused", 503,
					HttpHeaders.of(Map.of(), (name, value) -> true), ""), Duration.ZERO);
		});
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasObservationWithNameEqualTo("ws.client.connect")
			.that()
			.hasLowCardinalityKeyValue("outcome", "failure")
			.hasHighCardinalityKeyValue("ws.status", "503")
			.hasBeenStopped()
			.hasError();
	}

	@Test
	void attemptThatTheApplicationGivesUpIsCancelled() {
		run((fixture, handler) -> {
			events(fixture).connectStarted(fixture.connection, 0);
			events(fixture).stateChanged(fixture.connection,
					new WsStateChange(WsState.CONNECTING, WsState.CLOSED, null));
		});
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasObservationWithNameEqualTo("ws.client.connect")
			.that()
			.hasLowCardinalityKeyValue("outcome", "cancelled")
			.hasHighCardinalityKeyValue("ws.status", "none")
			.hasBeenStopped()
			.doesNotHaveError();
	}

	@Test
	void failedAttemptIsReportedOnceThoughItsStateChangesFirst() {
		run((fixture, handler) -> {
			WsConnectException error = new WsConnectException(Fixture.CONTEXT, "refused", null);
			events(fixture).connectStarted(fixture.connection, 0);
			events(fixture).stateChanged(fixture.connection,
					new WsStateChange(WsState.CONNECTING, WsState.BACKOFF, error));
			events(fixture).connectFailed(fixture.connection, error, Duration.ZERO);
		});
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasNumberOfObservationsEqualTo(1)
			.hasObservationWithNameEqualTo("ws.client.connect")
			.that()
			.hasLowCardinalityKeyValue("outcome", "failure")
			.hasError();
	}

	private static WsEvents events(Fixture fixture) {
		return fixture.client().options("ticker").events();
	}

	@Test
	void whatAnObservationHandlerPutsIntoTheCarrierBecomesHeaders() {
		this.observations.observationConfig().observationHandler(new ObservationHandler<WsConnectObservationContext>() {

			@Override
			public void onStart(WsConnectObservationContext context) {
				context.getSetter().set(Objects.requireNonNull(context.getCarrier()), "traceparent", "00-1-2-01");
			}

			@Override
			public boolean supportsContext(Observation.Context context) {
				return context instanceof WsConnectObservationContext;
			}

		});
		run((fixture, handler) -> {
			assertThat(events(fixture).handshakeHeaders(fixture.connection)).isEmpty();
			events(fixture).connectStarted(fixture.connection, 0);
			assertThat(events(fixture).handshakeHeaders(fixture.connection))
				.containsOnly(Map.entry("traceparent", "00-1-2-01"));
			events(fixture).connectSucceeded(fixture.connection, Duration.ZERO, Duration.ZERO);
			assertThat(events(fixture).handshakeHeaders(fixture.connection)).isEmpty();
		});
	}

	@Test
	void documentedKeysAreThoseOfTheDefaultConventions() {
		run((fixture, handler) -> {
			fixture.text("x");
			events(fixture).connectStarted(fixture.connection, 0);
			events(fixture).connectSucceeded(fixture.connection, Duration.ZERO, Duration.ZERO);
		});
		List<String> names = new ArrayList<>();
		for (WsObservationDocumentation each : WsObservationDocumentation.values()) {
			String name = DefaultWsHandlerObservationConvention.class.equals(each.getDefaultConvention())
					? "ws.client.handler" : "ws.client.connect";
			names.add(name);
			TestObservationRegistryAssert.assertThat(this.observations)
				.hasObservationWithNameEqualTo(name)
				.that()
				.satisfies((context) -> {
					assertThat(context.getLowCardinalityKeyValues()).extracting((pair) -> pair.getKey())
						.containsExactlyInAnyOrder(keys(each.getLowCardinalityKeyNames()));
					assertThat(context.getHighCardinalityKeyValues()).extracting((pair) -> pair.getKey())
						.containsExactlyInAnyOrder(keys(each.getHighCardinalityKeyNames()));
				});
		}
		assertThat(names).containsExactlyInAnyOrder("ws.client.handler", "ws.client.connect");
	}

	private static String[] keys(KeyName[] names) {
		return List.of(names).stream().map(KeyName::asString).toArray(String[]::new);
	}

	@Test
	void conventionsOfTheApplicationWin() {
		this.runner.withBean(ObservationRegistry.class, () -> this.observations)
			.withBean(WsHandlerObservationConvention.class, () -> new DefaultWsHandlerObservationConvention() {

				@Override
				public KeyValues getLowCardinalityKeyValues(WsHandlerObservationContext context) {
					return super.getLowCardinalityKeyValues(context).and("size",
							String.valueOf(Objects.requireNonNull(context.getEvent().message()).size()));
				}

			})
			.withBean(WsConnectObservationConvention.class, () -> new DefaultWsConnectObservationConvention() {

				@Override
				public String getName() {
					return "feeds";
				}

			})
			.run((context) -> {
				Fixture fixture = new Fixture(context);
				fixture.text("four");
				events(fixture).connectStarted(fixture.connection, 0);
			});
		TestObservationRegistryAssert.assertThat(this.observations).hasObservationWithNameEqualTo("feeds");
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasObservationWithNameEqualTo("ws.client.handler")
			.that()
			.hasLowCardinalityKeyValue("size", "4");
	}

	@Test
	void conventionThatThrowsCostsTheObservationAndNotTheMessage() {
		this.runner.withBean(ObservationRegistry.class, () -> this.observations)
			.withBean(WsHandlerObservationConvention.class, () -> new DefaultWsHandlerObservationConvention() {

				@Override
				public KeyValues getLowCardinalityKeyValues(WsHandlerObservationContext context) {
					throw new IllegalStateException("from the convention");
				}

			})
			.run((context) -> {
				new Fixture(context).text("x");
				assertThat(context.getBean(Handler.class).current).hasSize(1);
			});
	}

	@Test
	void observationsRecordTheTimerOfHandlersInPlaceOfTheMeters() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		this.observations.observationConfig().observationHandler(new DefaultMeterObservationHandler(meters));
		this.runner.withBean(ObservationRegistry.class, () -> this.observations)
			.withBean(MeterRegistry.class, () -> meters)
			.run((context) -> {
				new Fixture(context).text("x");
				new Fixture(context).text("throw");
				assertThat(handled(meters, "success", "none")).as("a message, an error").isEqualTo(2);
				assertThat(handled(meters, "error", "IllegalStateException")).isEqualTo(1);
				assertThat(meters.get("ws.client.handler").timers())
					.allSatisfy((timer) -> assertThat(timer.getId().getTags()).extracting((tag) -> tag.getKey())
						.containsExactlyInAnyOrder(keys(WsMeters.HANDLER.getKeyNames())));
			});
	}

	@Test
	void metersTimeHandlersThatAreNotObserved() {
		SimpleMeterRegistry meters = new SimpleMeterRegistry();
		this.observations.observationConfig()
			.observationHandler(new DefaultMeterObservationHandler(meters))
			.observationPredicate((name, context) -> !name.equals("ws.client.handler"));
		this.runner.withBean(ObservationRegistry.class, () -> this.observations)
			.withBean(MeterRegistry.class, () -> meters)
			.run((context) -> {
				new Fixture(context).text("x");
				assertThat(handled(meters, "success", "none")).isEqualTo(1);
			});
		TestObservationRegistryAssert.assertThat(this.observations).doesNotHaveAnyObservation();
	}

	private static long handled(MeterRegistry meters, String outcome, String error) {
		return meters.get("ws.client.handler")
			.tags("client", "ticker", "outcome", outcome, "error", error)
			.timer()
			.count();
	}

	@Test
	void nothingIsObservedWithoutARegistryOrWithOneThatNobodyListensTo() {
		this.runner.run((context) -> {
			assertThat(context).hasNotFailed().doesNotHaveBean("wsConnectionObservationsFactory");
			new Fixture(context).text("x");
			assertThat(context.getBean(Handler.class).current).containsOnlyNulls().hasSize(1);
		});
		ConnectionObservations deaf = new ConnectionObservations(ObservationRegistry.create(), null,
				ObservedMeters.NONE);
		WsConnection connection = new FakeWsConnection("ticker");
		HandlerMethod handler = HandlerMethodTests.anyHandler(this);
		assertThat(new HandlerObservations(ObservationRegistry.create(), null, ObservedMeters.NONE)
			.handlerStarted(handler, WsHandlerEvent.plain(connection))).isSameAs(HandlerScope.NONE);
		deaf.connectStarted(connection, 0);
		deaf.connectSucceeded(connection, Duration.ZERO, Duration.ZERO);
	}

	@Test
	void startsWithoutMicrometersObservations() {
		this.runner.withClassLoader(new FilteredClassLoader("io.micrometer"))
			.run((context) -> assertThat(context).hasNotFailed().doesNotHaveBean("wsConnectionObservationsFactory"));
	}

	@Test
	void observesWithoutMicrometersMeters() {
		this.runner.withBean(ObservationRegistry.class, () -> this.observations)
			.withClassLoader(new FilteredClassLoader("io.micrometer.core", "io.micrometer.tracing"))
			.run((context) -> new Fixture(context).text("x"));
		TestObservationRegistryAssert.assertThat(this.observations)
			.hasObservationWithNameEqualTo("ws.client.handler")
			.that()
			.hasLowCardinalityKeyValue(LowKey.OUTCOME.asString(), "success");
	}

	@Test
	void nothingIsObservedWhenAllIsDisabled() {
		this.runner.withBean(ObservationRegistry.class, () -> this.observations)
			.withPropertyValues("ws.enabled=false")
			.run((context) -> assertThat(context).doesNotHaveBean("wsConnectionObservationsFactory"));
	}

	/**
	 * Remembers the current observation of its calls.
	 */
	static class Handler {

		final List<@Nullable String> current = new ArrayList<>();

		final List<@Nullable String> parents = new ArrayList<>();

		private final @Nullable ObservationRegistry registry;

		Handler(ObjectProvider<ObservationRegistry> registry) {
			this.registry = registry.getIfAvailable();
		}

		@OnWsMessage
		void on(String text) {
			remember();
			if (text.equals("throw")) {
				throw new IllegalStateException("as told");
			}
		}

		@OnWsOpen
		void opened() {
			remember();
		}

		@OnWsError
		void failed(Throwable error) {
			remember();
		}

		private void remember() {
			Observation observation = (this.registry != null) ? this.registry.getCurrentObservation() : null;
			this.current.add((observation != null) ? describe(observation.getContextView()) : null);
			ObservationView parent = (observation != null) ? observation.getContextView().getParentObservation() : null;
			this.parents.add((parent != null) ? describe(parent.getContextView()) : null);
		}

		private static String describe(Observation.ContextView context) {
			WsHandlerObservationContext call = (WsHandlerObservationContext) context;
			return call.getClient() + " " + call.getHandlerKind() + (call.isFinished() ? " finished" : "");
		}

	}

}
