package dev.wsclient.spring;

import java.util.ArrayList;
import java.util.List;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.observation.GlobalObservationConvention;
import io.micrometer.observation.Observation;
import io.micrometer.observation.ObservationFilter;
import io.micrometer.observation.ObservationHandler;
import io.micrometer.observation.ObservationRegistry;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationRegistryCustomizer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

import dev.wsclient.spring.HandlerMethodTests.Fixture;
import dev.wsclient.spring.WsClientAutoConfigurationTests.FakeClientConfiguration;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Tests for {@link ObservationAudience}, with what Spring Boot itself configures for
 * observations.
 */
@SuppressWarnings("UnusedMethod") // handlers are called by reflection
class ObservationAudienceTests {

	private final ApplicationContextRunner runner = new ApplicationContextRunner()
		.withConfiguration(
				AutoConfigurations.of(MetricsAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
						ObservationAutoConfiguration.class, WsClientAutoConfiguration.class,
						WsObservationAutoConfiguration.class, WsMetricsAutoConfiguration.class))
		.withUserConfiguration(FakeClientConfiguration.class)
		.withBean(Handler.class)
		.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost",
				"ws.clients.ticker.dispatch.mode=event-loop");

	/**
	 * Handles a message.
	 * @return whether the call was observed; it is timed in any case
	 */
	private static boolean observed(ApplicationContextRunner runner) {
		List<Boolean> observed = new ArrayList<>();
		runner.run((context) -> {
			new Fixture(context).text("x");
			assertThat(context.getBean(MeterRegistry.class)
				.get("ws.client.handler")
				.tags("client", "ticker", "outcome", "success", "error", "none")
				.timer()
				.count()).isEqualTo(1);
			observed.addAll(context.getBean(Handler.class).observed);
		});
		assertThat(observed).hasSize(1);
		return observed.get(0);
	}

	@Test
	void timerStandsInForSpringBootsHandlerOfMeters() {
		assertThat(observed(this.runner)).isFalse();
	}

	@Test
	void ownMetersAndFiltersOfMetersNeedNoObservation() {
		assertThat(observed(this.runner.withBean(MeterFilter.class, () -> MeterFilter.denyNameStartsWith("other"))))
			.isFalse();
	}

	@Test
	void eachHandlerOfObservationsHearsOfThem() {
		assertThat(observed(this.runner.withBean(ObservationHandler.class, () -> (context) -> true))).isTrue();
	}

	@Test
	void conventionsAndFiltersChangeWhatIsRecorded() {
		assertThat(observed(
				this.runner.withBean(WsHandlerObservationConvention.class, DefaultWsHandlerObservationConvention::new)))
			.isTrue();
		assertThat(observed(this.runner.withUserConfiguration(GlobalConvention.class))).isTrue();
		assertThat(observed(this.runner.withBean(ObservationFilter.class, () -> (context) -> context))).isTrue();
	}

	@Test
	void keyValuesOfThePropertiesAreRecorded() {
		ApplicationContextRunner tagged = this.runner.withPropertyValues("management.observations.key-values.zone=a");
		assertThat(observed(tagged)).isTrue();
		tagged.run((context) -> {
			new Fixture(context).text("x");
			assertThat(context.getBean(MeterRegistry.class).get("ws.client.handler").tag("zone", "a").timer().count())
				.isEqualTo(1);
		});
	}

	@Test
	void customizersOfTheRegistryMayAddAnybody() {
		assertThat(observed(this.runner.withUserConfiguration(Customizer.class))).isTrue();
	}

	@Test
	void withoutTheConnectionsMetersObservationsRecordTheTimer() {
		ApplicationContextRunner runner = new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(MetricsAutoConfiguration.class,
					SimpleMetricsExportAutoConfiguration.class, ObservationAutoConfiguration.class,
					WsClientAutoConfiguration.class, WsObservationAutoConfiguration.class))
			.withUserConfiguration(FakeClientConfiguration.class)
			.withBean(Handler.class)
			.withPropertyValues("ws.defaults.auto-start=false", "ws.clients.ticker.url=ws://localhost",
					"ws.clients.ticker.dispatch.mode=event-loop");
		assertThat(observed(runner)).isTrue();
	}

	/**
	 * Remembers whether its calls are observed.
	 */
	static class Handler {

		final List<Boolean> observed = new ArrayList<>();

		private final ObservationRegistry registry;

		Handler(ObjectProvider<ObservationRegistry> registry) {
			this.registry = registry.getObject();
		}

		@OnWsMessage
		void on(String text) {
			@Nullable Observation current = this.registry.getCurrentObservation();
			this.observed.add(current != null);
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class GlobalConvention {

		@Bean
		GlobalObservationConvention<Observation.Context> globalConvention() {
			return (context) -> false;
		}

	}

	@Configuration(proxyBeanMethods = false)
	static class Customizer {

		@Bean
		ObservationRegistryCustomizer<ObservationRegistry> customizer() {
			return (registry) -> registry.observationConfig().observationHandler((context) -> true);
		}

	}

}
