package dev.wsclient;

import java.io.BufferedReader;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Properties;

import org.junit.jupiter.api.Test;

import dev.wsclient.testserver.NettyServer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/**
 * Many idle connections on two event loops. The server is in this process; the client has
 * a JVM of its own, so that its figures are not the server's.
 */
class IdleConnectionsSoak {

	private static final int CONNECTIONS = Integer.getInteger("test.connections", 10_000);

	/**
	 * What a process needs besides.
	 */
	private static final int OTHER_DESCRIPTORS = 500;

	@Test
	void idleConnectionsCostLittle() throws Exception {
		assumeThat(Resources.maxDescriptors())
			.as("open files a process may have: raise the limit, e.g. ulimit -n %d, or choose fewer connections by "
					+ "-Dtest.connections", CONNECTIONS + OTHER_DESCRIPTORS)
			.isGreaterThanOrEqualTo(CONNECTIONS + OTHER_DESCRIPTORS);
		try (NettyServer server = new NettyServer()) {
			server.start();
			// The heap is touched at once, so that what grows is native
			Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin/java").toString(),
					"-Xms256m", "-Xmx256m", "-XX:+AlwaysPreTouch", "-Dio.netty.leakDetection.level=disabled", "-cp",
					System.getProperty("java.class.path"), IdleClient.class.getName(), server.uri(),
					String.valueOf(CONNECTIONS))
				.redirectError(ProcessBuilder.Redirect.INHERIT)
				.start();
			try (BufferedReader out = process.inputReader(); OutputStream in = process.getOutputStream()) {
				assertThat(out.readLine()).isEqualTo("open");
				server.session(CONNECTIONS);
				in.write('\n');
				in.flush();
				Properties figures = new Properties();
				figures.load(out);
				assertThat(process.waitFor()).isZero();
				System.out.printf(
						"%d idle connections on 2 event loops, bytes a connection: %s heap, %s native (resident), "
								+ "%s of it Netty's buffers%n",
						CONNECTIONS, figures.get("heap"), figures.get("resident"), figures.get("direct"));
				assertThat(figures.getProperty("echoes")).isEqualTo(String.valueOf(CONNECTIONS));
				assertThat(Long.parseLong(figures.getProperty("heap"))).isLessThan(16 * 1024);
				assertThat(Long.parseLong(figures.getProperty("threads"))).isLessThan(10);
			}
			finally {
				process.destroyForcibly();
			}
		}
	}

}
