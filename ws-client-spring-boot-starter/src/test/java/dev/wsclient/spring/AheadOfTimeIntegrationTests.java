package dev.wsclient.spring;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.eclipse.jetty.websocket.api.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import dev.wsclient.app.market.MarketApplication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

/**
 * Tests of an application that is processed ahead of time, as
 * {@code spring-boot:process-aot} does it, and started with
 * {@code -Dspring.aot.enabled=true}.
 */
@Timeout(180)
class AheadOfTimeIntegrationTests {

	private static final Duration PATIENCE = Duration.ofSeconds(60);

	private static final List<String> ARGUMENTS = List.of("--spring.main.banner-mode=off",
			"--spring.main.web-application-type=none");

	@TempDir
	private Path folder;

	@Test
	void processedApplicationConnectsAndItsHandlersTakeAndReturnJson() throws Exception {
		process("--ws.clients.market.url=ws://not-known-before-run-time.example");
		compile();
		List<String> received = new CopyOnWriteArrayList<>();
		try (JettyWsServer server = new JettyWsServer(new JettyWsServer.Script() {

			@Override
			public void onOpen(Session session) {
				session.sendText("{\"type\":\"trade\",\"symbol\":\"X\",\"price\":1.5,\"size\":4}", Callback.NOOP);
			}

			@Override
			public void onText(Session session, String text) {
				received.add(text);
			}

		});
				ApplicationProcess application = start("--ws.clients.market.url=" + server.url(),
						"--ws.clients.later.url=" + server.url())) {
			await().atMost(PATIENCE)
				.failFast("the application ended", () -> !application.isAlive())
				.untilAsserted(() -> assertThat(received).containsExactlyInAnyOrder(
						"{\"op\":\"subscribe\",\"channels\":[{\"name\":\"trades of market\"}]}",
						"{\"symbol\":\"X\",\"value\":6.0}"));
			assertThat(application.output()).contains("Starting AOT-processed MarketApplication")
				.contains("marketWsConnection is market")
				.as("not known when it was processed")
				.contains("laterWsConnection is later");
		}
		try (ApplicationProcess application = start("--ws.clients.other.url=ws://other.example")) {
			assertThat(application.awaitEnd()).isNotZero();
			assertThat(application.output()).contains("The connection 'ws.clients.market' was configured when the "
					+ "application was processed ahead of time, and isn't now; configured are [other].");
		}
	}

	private ApplicationProcess start(String... arguments) {
		return new ApplicationProcess(MarketApplication.class.getName(),
				this.folder.resolve("classes") + File.pathSeparator + this.folder.resolve("resources")
						+ File.pathSeparator + ApplicationProcess.classPath((name) -> true),
				List.of("-Dspring.aot.enabled=true"), with(arguments));
	}

	private static List<String> with(String... arguments) {
		List<String> all = new ArrayList<>(ARGUMENTS);
		all.addAll(List.of(arguments));
		return all;
	}

	private void process(String... arguments) throws InterruptedException {
		List<String> all = new ArrayList<>(List.of(MarketApplication.class.getName(),
				this.folder.resolve("sources").toString(), this.folder.resolve("resources").toString(),
				this.folder.resolve("classes").toString(), "dev.wsclient.app", "market"));
		all.addAll(with(arguments));
		try (ApplicationProcess processor = new ApplicationProcess(
				"org.springframework.boot.SpringApplicationAotProcessor", ApplicationProcess.classPath((name) -> true),
				List.of(), all)) {
			assertThat(processor.awaitEnd()).as(processor.output()).isZero();
		}
	}

	private void compile() throws IOException {
		JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
		try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null);
				Stream<Path> sources = Files.walk(this.folder.resolve("sources"))) {
			List<Path> sourceFiles = sources.filter((file) -> file.toString().endsWith(".java")).toList();
			boolean compiled = compiler
				.getTask(null, files, null,
						List.of("-proc:none", "-nowarn", "-d", this.folder.resolve("classes").toString(), "-cp",
								ApplicationProcess.classPath((name) -> true) + File.pathSeparator
										+ this.folder.resolve("classes")),
						null, files.getJavaFileObjectsFromPaths(sourceFiles))
				.call();
			assertThat(compiled).isTrue();
		}
	}

}
