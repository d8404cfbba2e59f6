package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.autoconfigure.ssl.SslAutoConfiguration;
import org.springframework.boot.autoconfigure.task.TaskExecutionAutoConfiguration;
import org.springframework.boot.jackson.autoconfigure.JacksonAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.CompositeMeterRegistryAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.MetricsAutoConfiguration;
import org.springframework.boot.micrometer.metrics.autoconfigure.export.simple.SimpleMetricsExportAutoConfiguration;
import org.springframework.boot.micrometer.observation.autoconfigure.ObservationAutoConfiguration;
import org.springframework.boot.micrometer.tracing.autoconfigure.MicrometerTracingAutoConfiguration;
import org.springframework.boot.micrometer.tracing.brave.autoconfigure.BraveAutoConfiguration;
import org.springframework.boot.security.oauth2.client.autoconfigure.OAuth2ClientAutoConfiguration;
import org.springframework.boot.test.context.FilteredClassLoader;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.validation.autoconfigure.ValidationAutoConfiguration;

import dev.wsclient.app.echo.EchoApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests without one of the optional libraries: what belongs to it is not there, and all
 * else is and works. Once as {@link FilteredClassLoader} sees it, where conditions
 * decide, and once with a class path that really lacks it, where a class that is linked
 * by mistake would not load.
 */
@Timeout(90)
class AbsencesIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(30);

	private static final Pattern WEB = Pattern
		.compile("spring-boot-(starter-)?(webmvc|tomcat|servlet|webflux|reactor-netty)|tomcat");

	private static final String[] PROPERTIES = { "spring.main.web-application-type=none", "spring.main.banner-mode=off",
			"spring.main.register-shutdown-hook=false", "management.endpoints.web.exposure.include=*",
			"management.tracing.sampling.probability=1", "spring.security.oauth2.client.registration.idp.client-id=id",
			"spring.security.oauth2.client.registration.idp.client-secret=hush",
			"spring.security.oauth2.client.registration.idp.authorization-grant-type=client_credentials",
			"spring.security.oauth2.client.provider.idp.token-uri=http://localhost:1/token" };

	private final List<String> received = new CopyOnWriteArrayList<>();

	private final JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

		@Override
		public void onOpen(Session session) {
			session.sendText("ping?", Callback.NOOP);
			session.sendBinary(ByteBuffer.wrap("bytes".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
		}

		@Override
		public void onText(Session session, String text) {
			AbsencesIntegrationTests.this.received.add(text);
		}

		@Override
		public void onBinary(Session session, ByteBuffer payload) {
			AbsencesIntegrationTests.this.received.add("binary " + StandardCharsets.UTF_8.decode(payload));
		}

	});

	@AfterEach
	void closeServer() {
		this.server.close();
	}

	private ApplicationContextRunner runner() {
		return new ApplicationContextRunner()
			.withConfiguration(AutoConfigurations.of(WsClientAutoConfiguration.class, WsHandlerAutoConfiguration.class,
					WsClientsEndpointAutoConfiguration.class, WsHealthContributorAutoConfiguration.class,
					WsMetricsAutoConfiguration.class, WsObservationAutoConfiguration.class,
					WsOAuth2AutoConfiguration.class, TaskExecutionAutoConfiguration.class, SslAutoConfiguration.class,
					JacksonAutoConfiguration.class, ValidationAutoConfiguration.class,
					OAuth2ClientAutoConfiguration.class, MetricsAutoConfiguration.class,
					CompositeMeterRegistryAutoConfiguration.class, SimpleMetricsExportAutoConfiguration.class,
					ObservationAutoConfiguration.class, MicrometerTracingAutoConfiguration.class,
					BraveAutoConfiguration.class))
			.withUserConfiguration(Handlers.class)
			.withPropertyValues(PROPERTIES)
			.withPropertyValues("ws.clients.feed.url=" + this.server.url());
	}

	private void awaitEcho() {
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(this.received).containsExactlyInAnyOrder("hello", "echo ping?", "binary bytes"));
	}

	private List<String> handshakeHeaders() {
		return this.server.handshakes.stream()
			.flatMap((headers) -> headers.keySet().stream())
			.map((name) -> name.toLowerCase(Locale.ROOT))
			.toList();
	}

	@Test
	void withAllLibrariesAllIsThere() {
		runner().run((context) -> {
			awaitEcho();
			assertThat(context.getBeanDefinitionNames()).contains(beans(null));
			assertThat(handshakeHeaders()).contains("traceparent");
		});
	}

	@ParameterizedTest
	@EnumSource
	void whatBelongsToAHiddenLibraryIsNotConfigured(Absence absence) {
		runner().withClassLoader(new FilteredClassLoader(absence.packages())).run((context) -> {
			assertThat(context).hasNotFailed();
			awaitEcho();
			assertThat(context.getBeanDefinitionNames()).contains(beans(absence));
			assertThat(absence.beans()).noneMatch(context::containsBean);
		});
	}

	@ParameterizedTest
	@EnumSource
	void worksWithoutTheLibrary(Absence absence) throws Exception {
		String[] arguments = Stream
			.concat(Arrays.stream(PROPERTIES), Stream.of("ws.clients.feed.url=" + this.server.url()))
			.map((property) -> "--" + property)
			.toArray(String[]::new);
		try (IsolatedApplication application = new IsolatedApplication(EchoApplication.class,
				(name) -> !WEB.matcher(name).lookingAt() && !absence.jars.matcher(name).lookingAt(), arguments)) {
			awaitEcho();
			assertThat(application.hasClass(absence.type)).isFalse();
			assertThat(application.beanNames()).contains(beans(absence));
			assertThat(absence.beans()).noneMatch(application.beanNames()::contains);
			if (absence == Absence.TRACING || absence == Absence.MICROMETER) {
				assertThat(handshakeHeaders()).contains("sec-websocket-key").doesNotContain("traceparent");
			}
		}
		await().atMost(PATIENCE).untilAsserted(() -> assertThat(this.server.closes).containsExactly("1001"));
	}

	/**
	 * The beans that are there without one library.
	 */
	private static String[] beans(@Nullable Absence absence) {
		return Arrays.stream(Absence.values())
			.filter((each) -> each != absence && !(absence == Absence.MICROMETER && each == Absence.TRACING))
			.flatMap((each) -> each.beans().stream())
			.collect(Collectors.toSet())
			.toArray(String[]::new);
	}

	/**
	 * As those of {@link EchoApplication}.
	 */
	static class Handlers {

		@OnWsOpen
		String opened() {
			return "hello";
		}

		@OnWsMessage
		String received(String text) {
			return "echo " + text;
		}

		@OnWsMessage
		byte[] received(byte[] payload) {
			return payload;
		}

	}

	/**
	 * A library that is not there.
	 */
	enum Absence {

		ACTUATOR("org.springframework.boot.actuate.endpoint.annotation.Endpoint",
				"spring-boot-(starter-)?(actuator|health)",
				"org.springframework.boot.actuate,org.springframework.boot.health.contributor",
				"wsClientsEndpoint,wsHealthContributor"),

		MICROMETER("io.micrometer.core.instrument.MeterRegistry",
				"micrometer|context-propagation|spring-boot-(starter-)?micrometer|brave|zipkin", "io.micrometer",
				"wsConnectionMetersFactory,wsConnectionObservationsFactory"),

		JACKSON("tools.jackson.databind.json.JsonMapper", "jackson|spring-boot-(starter-)?jackson", "tools.jackson",
				"wsJsonCodec"),

		REACTOR("reactor.core.publisher.Flux", "reactor|reactive-streams|spring-boot-(starter-)?(reactor|webflux)",
				"reactor,org.reactivestreams", ""),

		SECURITY("org.springframework.security.oauth2.client.registration.ClientRegistration",
				"spring-security|spring-boot-(starter-)?security|nimbus|oauth2", "org.springframework.security",
				"wsBearerTokens"),

		TRACING("brave.Tracer", "brave|micrometer-tracing|spring-boot-micrometer-tracing|zipkin",
				"io.micrometer.tracing,brave", "braveTracer"),

		VALIDATION("jakarta.validation.Validator",
				"spring-boot-(starter-)?validation|hibernate-validator|jakarta.validation",
				"jakarta.validation,org.hibernate.validator", "wsPayloadValidator");

		/** A class of the library. */
		private final String type;

		private final Pattern jars;

		private final String packages;

		/** What is there because of it. */
		private final String beans;

		Absence(String type, String jars, String packages, String beans) {
			this.type = type;
			this.jars = Pattern.compile(jars);
			this.packages = packages;
			this.beans = beans;
		}

		String[] packages() {
			return this.packages.split(",");
		}

		List<String> beans() {
			return this.beans.isEmpty() ? List.of() : List.of(this.beans.split(","));
		}

	}

}
