package dev.wsclient.spring;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.api.condition.JRE;

import dev.wsclient.app.echo.EchoApplication;
import dev.wsclient.app.restart.Restarts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of applications in JVMs of their own: how long they live, and what they need on
 * their class path.
 */
@Timeout(180)
class ApplicationProcessIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final String WEB_MVC = "spring-boot-(starter-)?(webmvc|tomcat|servlet)|spring-webmvc|tomcat"
			+ "|jakarta.servlet";

	private static final String REACTIVE = "spring-boot-(starter-)?(webflux|reactor)|spring-webflux|reactor"
			+ "|reactive-streams";

	private static final String OPTIONAL = "spring-boot-(starter-)?"
			+ "(actuator|health|micrometer|jackson|security|validation)|micrometer|context-propagation|brave|jackson"
			+ "|spring-security|nimbus|oauth2|hibernate-validator|jakarta.validation";

	private final List<String> received = new CopyOnWriteArrayList<>();

	private final JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

		@Override
		public void onText(Session session, String text) {
			ApplicationProcessIntegrationTests.this.received.add(text);
		}

		@Override
		public void onBinary(Session session, ByteBuffer payload) {
			ApplicationProcessIntegrationTests.this.received.add("binary " + StandardCharsets.UTF_8.decode(payload));
		}

	});

	@AfterEach
	void closeServer() {
		this.server.close();
	}

	private ApplicationProcess start(String classPath, String... arguments) {
		List<String> all = new ArrayList<>(List.of("--server.port=0", "--spring.main.banner-mode=off"));
		all.addAll(List.of(arguments));
		return new ApplicationProcess(EchoApplication.class.getName(), classPath, List.of(), all);
	}

	/**
	 * Returns the class path of the tests without some jars.
	 * @param removed begins of their names, as regular expressions
	 */
	private static String classPathWithout(String... removed) {
		Pattern pattern = Pattern.compile(String.join("|", removed));
		return ApplicationProcess.classPath((name) -> !pattern.matcher(name).lookingAt());
	}

	private String feed() {
		return "--ws.clients.feed.url=" + this.server.url();
	}

	private void awaitEcho(ApplicationProcess application) {
		awaitOutput(application, EchoApplication.MAIN_RETURNS);
		await().atMost(PATIENCE).until(() -> this.received.contains("hello"));
		this.server.eachSession((session) -> {
			session.sendText("ping?", Callback.NOOP);
			session.sendBinary(ByteBuffer.wrap("bytes".getBytes(StandardCharsets.UTF_8)), Callback.NOOP);
		});
		await().atMost(PATIENCE)
			.untilAsserted(
					() -> assertThat(this.received).containsExactlyInAnyOrder("hello", "echo ping?", "binary bytes"));
	}

	private static void awaitOutput(ApplicationProcess application, String text) {
		await().atMost(PATIENCE)
			.failFast("the application ended", () -> !application.isAlive() && !application.output().contains(text))
			.untilAsserted(() -> assertThat(application.output()).contains(text));
	}

	private void livesUntilItIsTerminated(String... arguments) throws InterruptedException {
		List<String> all = new ArrayList<>(List.of(feed(), "--spring.main.web-application-type=none"));
		all.addAll(List.of(arguments));
		try (ApplicationProcess application = start(classPathWithout(WEB_MVC, REACTIVE), all.toArray(String[]::new))) {
			awaitEcho(application);
			application.terminate();
			assertThat(application.awaitEnd()).as("ended by SIGTERM").isEqualTo(128 + 15);
			assertThat(this.server.closes).containsExactly("1001");
		}
	}

	@Test
	void applicationWithoutWebServerLivesUntilItIsTerminated() throws InterruptedException {
		livesUntilItIsTerminated();
	}

	@Test
	@EnabledForJreRange(min = JRE.JAVA_21)
	void applicationWithVirtualThreadsLivesUntilItIsTerminated() throws InterruptedException {
		livesUntilItIsTerminated("--spring.threads.virtual.enabled=true");
	}

	@Test
	void applicationWithConnectionsThatDoNotStartEndsByItself() throws InterruptedException {
		try (ApplicationProcess application = start(classPathWithout(WEB_MVC, REACTIVE), feed(),
				"--ws.clients.feed.auto-start=false")) {
			assertThat(application.awaitEnd()).as(application.output()).isZero();
			assertThat(application.output()).contains(EchoApplication.MAIN_RETURNS);
			assertThat(this.server.handshakes).isEmpty();
		}
	}

	@Test
	void worksWithoutActuatorMicrometerJacksonReactorAndSecurity() {
		String classPath = classPathWithout(WEB_MVC, REACTIVE, OPTIONAL);
		assertThat(classPath).doesNotContain("actuator")
			.doesNotContain("micrometer")
			.doesNotContain("jackson")
			.doesNotContain("reactor")
			.doesNotContain("spring-security")
			.contains("netty-handler");
		try (ApplicationProcess application = start(classPath, feed())) {
			awaitEcho(application);
		}
	}

	@Test
	void worksWithWebMvc() {
		try (ApplicationProcess application = start(classPathWithout(REACTIVE), feed())) {
			awaitOutput(application, "Tomcat started on port");
			awaitEcho(application);
		}
	}

	@Test
	void worksWithWebFlux() {
		try (ApplicationProcess application = start(classPathWithout(WEB_MVC), feed())) {
			awaitOutput(application, "Netty started on port");
			awaitEcho(application);
		}
	}

	@Test
	void restartInTheSameJvmLeavesNeitherThreadsNorClasses() throws InterruptedException {
		this.server.script(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				session.sendText("ping?", Callback.NOOP);
				session.sendBinary(ByteBuffer.wrap(new byte[] { 1 }), Callback.NOOP);
			}

		});
		// Caches of libraries hold classes by soft references
		try (ApplicationProcess application = new ApplicationProcess(Restarts.class.getName(),
				classPathWithout(WEB_MVC, REACTIVE), List.of("-XX:SoftRefLRUPolicyMSPerMB=0"),
				List.of(feed(), "--spring.main.banner-mode=off"))) {
			assertThat(application.awaitEnd()).as(application.output()).isZero();
			assertThat(application.output()).contains(Restarts.NOTHING_LEFT);
			assertThat(this.server.closes).containsExactly("1001", "1001", "1001", "1001");
		}
	}

}
